{{/* airflow.cfg and the task pods' template. */}}

{{- define "airflow.cfg" -}}
{{- range $section, $settings := .Values.config }}
[{{ $section }}]
{{- range $key, $value := $settings }}
{{ $key }} = {{ tpl (toString $value) $ | replace "\n" "\n  " }}
{{- end }}
{{ end }}
{{- end }}

{{/* The files of the ConfigMap that a task pod mounts. */}}
{{- define "airflow.workerConfig" -}}
airflow.cfg: |
  {{- include "airflow.cfg" . | nindent 2 }}
{{- if .Values.dags.gitSync.enabled }}
{{- with .Values.dags.gitSync.knownHosts }}
known_hosts: |
  {{- . | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}

{{/*
A task pod talks to the execution API with the token that the scheduler hands it. It gets no Secret but that of git-sync:
neither the database's address, nor the Fernet key, nor the key that signs tokens.
*/}}
{{- define "airflow.podTemplate" -}}
{{- $worker := .Values.workers.kubernetes -}}
apiVersion: v1
kind: Pod
metadata:
  name: airflow-worker
  labels:
    {{- include "airflow.labels" (dict "root" . "name" "worker") | nindent 4 }}
    {{- with $worker.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $worker.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  restartPolicy: Never
  serviceAccountName: {{ include "airflow.serviceAccountName" (dict "root" . "component" $worker "name" "worker") }}
  automountServiceAccountToken: {{ $worker.serviceAccount.automountServiceAccountToken }}
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ $worker.terminationGracePeriodSeconds }}
  {{- include "airflow.placement" (dict "root" . "component" $worker "name" "worker") | nindent 2 }}
  securityContext:
    {{- include "airflow.podSecurity" (dict "root" . "component" $worker) | nindent 4 }}
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets:
    {{- include "airflow.pullSecrets" . | trim | nindent 4 }}
  {{- end }}
  {{- if .Values.dags.gitSync.enabled }}
  initContainers:
    {{- include "airflow.gitSyncContainer" (dict "root" . "once" true) | nindent 4 }}
  {{- end }}
  containers:
    - name: base
      image: {{ include "airflow.workerRepository" . }}:{{ include "airflow.workerTag" . }}
      imagePullPolicy: {{ .Values.images.pod_template.pullPolicy }}
      securityContext:
        {{- include "airflow.containerSecurity" (dict "root" . "component" $worker) | nindent 8 }}
      env:
        # The executor's own pods run tasks, they launch none.
        - name: AIRFLOW__CORE__EXECUTOR
          value: LocalExecutor
        {{- include "airflow.commonEnv" . | nindent 8 }}
        {{- with $worker.env }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with $worker.resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      volumeMounts:
        {{- include "airflow.mounts" (dict "root" . "component" $worker "dags" true "logs" true) | trim | nindent 8 }}
  volumes:
    {{- include "airflow.volumes" (dict "root" . "component" $worker "dags" true "logs" true) | trim | nindent 4 }}
{{- end }}
