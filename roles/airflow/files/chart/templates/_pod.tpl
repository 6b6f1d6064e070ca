{{/* The parts of a pod. Each takes a dict: root (the chart's context), component (its values), name. */}}

{{- define "airflow.podSecurity" -}}
{{- $own := dict
  "runAsNonRoot" true
  "runAsUser" (int .root.Values.uid)
  "runAsGroup" (int .root.Values.gid)
  "fsGroup" (int .root.Values.gid)
  "fsGroupChangePolicy" "OnRootMismatch"
  "seccompProfile" (dict "type" "RuntimeDefault") -}}
{{- $component := dig "securityContexts" "pod" (dict) .component -}}
{{- mergeOverwrite $own (deepCopy .root.Values.securityContexts.pod) (deepCopy $component) | toYaml -}}
{{- end }}

{{- define "airflow.containerSecurity" -}}
{{- $own := dict "allowPrivilegeEscalation" false "capabilities" (dict "drop" (list "ALL")) -}}
{{- $component := dig "securityContexts" "container" (dict) .component -}}
{{- mergeOverwrite $own (deepCopy .root.Values.securityContexts.containers) (deepCopy $component) | toYaml -}}
{{- end }}

{{- define "airflow.readOnlyRoot" -}}
{{- if (include "airflow.containerSecurity" . | fromYaml).readOnlyRootFilesystem }}true{{ end -}}
{{- end }}

{{- define "airflow.pullSecrets" -}}
{{- range . }}
- name: {{ if kindIs "string" . }}{{ . }}{{ else }}{{ .name }}{{ end }}
{{- end }}
{{- end }}

{{/* Nothing empty: Kubernetes leaves that out, and who compares would see a difference for ever. */}}
{{- define "airflow.placement" -}}
{{- $all := .root.Values -}}
{{- $affinity := .component.affinity | default $all.affinity -}}
{{- with .component.nodeSelector | default $all.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .component.tolerations | default $all.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .component.topologySpreadConstraints | default $all.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if $affinity }}
affinity:
  {{- toYaml $affinity | nindent 2 }}
{{- else if ne .name "worker" }}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- include "airflow.selector" . | nindent 14 }}
{{- end }}
{{- end }}

{{/* Environment without secrets, for every container. */}}
{{- define "airflow.commonEnv" -}}
- name: AIRFLOW_HOME
  value: {{ .Values.airflowHome }}
# The official image would import Airflow only to see whether the database answers.
- name: CONNECTION_CHECK_MAX_COUNT
  value: "0"
{{- with .Values.env }}
{{ tpl (toYaml .) $ }}
{{- end }}
{{- end }}

{{- define "airflow.secretEnv" -}}
{{- $values := .root.Values -}}
{{- $known := dict
  "database" (list "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN" $values.data.metadataSecretName "connection")
  "fernet" (list "AIRFLOW__CORE__FERNET_KEY" $values.fernetKeySecretName "fernet-key")
  "api" (list "AIRFLOW__API__SECRET_KEY" $values.apiSecretKeySecretName "api-secret-key")
  "jwt" (list "AIRFLOW__API_AUTH__JWT_SECRET" $values.jwtSecretName "jwt-secret") -}}
{{- range .secrets }}
{{- $entry := get $known . }}
- name: {{ index $entry 0 }}
  valueFrom:
    secretKeyRef:
      name: {{ index $entry 1 }}
      key: {{ index $entry 2 }}
{{- end }}
{{- end }}

{{- define "airflow.mounts" -}}
{{- $values := .root.Values -}}
{{- if eq (include "airflow.readOnlyRoot" .) "true" }}
- name: home
  mountPath: {{ $values.airflowHome }}
- name: tmp
  mountPath: /tmp
{{- end }}
- name: config
  mountPath: {{ $values.airflowHome }}/airflow.cfg
  subPath: airflow.cfg
  readOnly: true
{{- if .podTemplate }}
- name: config
  mountPath: {{ include "airflow.podTemplateFolder" .root }}/pod_template_file.yaml
  subPath: pod_template_file.yaml
  readOnly: true
{{- if $values.airflowLocalSettings }}
- name: config
  mountPath: {{ $values.airflowHome }}/config/airflow_local_settings.py
  subPath: airflow_local_settings.py
  readOnly: true
{{- end }}
{{- end }}
{{- if .probes }}
- name: probes
  mountPath: {{ include "airflow.probesFolder" .root }}
  readOnly: true
{{- end }}
{{- if eq (include "airflow.mountsDags" .) "true" }}
- name: dags
  mountPath: {{ include "airflow.dagsMount" .root }}
  {{- with $values.dags.persistence.subPath }}
  subPath: {{ . }}
  {{- end }}
  readOnly: true
{{- end }}
{{- if .logs }}
- name: logs
  mountPath: {{ include "airflow.logsFolder" .root }}
  {{- with $values.logs.persistence.subPath }}
  subPath: {{ . }}
  {{- end }}
{{- end }}
{{- with $values.volumeMounts }}
{{ toYaml . }}
{{- end }}
{{- with .component.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "airflow.volumes" -}}
{{- $values := .root.Values -}}
{{- if eq (include "airflow.readOnlyRoot" .) "true" }}
- name: home
  emptyDir: {}
- name: tmp
  emptyDir: {}
{{- end }}
- name: config
  configMap:
    name: {{ include "airflow.configName" .root }}
{{- if .probes }}
- name: probes
  configMap:
    name: {{ include "airflow.probesName" .root }}
{{- end }}
{{- if .dags }}
{{- include "airflow.dagsVolumes" . }}
{{- end }}
{{- if .logs }}
- name: logs
  {{- if $values.logs.persistence.enabled }}
  persistentVolumeClaim:
    claimName: {{ required "logs.persistence.enabled wants logs.persistence.existingClaim" $values.logs.persistence.existingClaim }}
  {{- else }}
  emptyDir: {}
  {{- end }}
{{- end }}
{{- with $values.volumes }}
{{ toYaml . }}
{{- end }}
{{- with .component.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/*
The spec of a pod that belongs to Airflow itself. In addition to root, component and name:
  secrets         which of database, fernet, api, jwt its containers get
  dags logs podTemplate   what it mounts; with podTemplate also the settings that change task pods
  restartPolicy   Always or OnFailure
  wait            whether it waits for the migrations first
  probes          the container's probes and ports, as text
*/}}
{{- define "airflow.podSpec" -}}
{{- $values := .root.Values -}}
{{- $mounts := include "airflow.mounts" (merge (dict "probes" true) .) -}}
{{- $image := include "airflow.image" .root -}}
serviceAccountName: {{ include "airflow.serviceAccountName" . }}
automountServiceAccountToken: {{ .component.serviceAccount.automountServiceAccountToken }}
enableServiceLinks: false
restartPolicy: {{ .restartPolicy }}
{{- with .component.terminationGracePeriodSeconds }}
terminationGracePeriodSeconds: {{ . }}
{{- end }}
{{- with .component.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- include "airflow.placement" . | nindent 0 }}
securityContext:
  {{- include "airflow.podSecurity" . | nindent 2 }}
{{- with $values.imagePullSecrets }}
imagePullSecrets:
  {{- include "airflow.pullSecrets" . | trim | nindent 2 }}
{{- end }}
{{- $gitSync := include "airflow.hasGitSync" . -}}
{{- if or $gitSync .wait .component.extraInitContainers }}
initContainers:
  {{- if $gitSync }}
  {{- include "airflow.gitSyncContainer" (dict "root" .root "once" true) | nindent 2 }}
  {{- end }}
  {{- if .wait }}
  - name: wait-for-airflow-migrations
    image: {{ $image }}
    imagePullPolicy: {{ $values.images.airflow.pullPolicy }}
    command:
      - python
      - {{ include "airflow.probesFolder" .root }}/wait_for_migrations.py
      - --timeout={{ $values.images.migrationsWaitTimeout }}
    securityContext:
      {{- include "airflow.containerSecurity" . | nindent 6 }}
    env:
      {{- include "airflow.commonEnv" .root | nindent 6 }}
      {{- include "airflow.secretEnv" (dict "root" .root "secrets" (list "database")) | trim | nindent 6 }}
      {{- with dig "waitForMigrations" "env" (list) .component }}
      {{- tpl (toYaml .) $.root | nindent 6 }}
      {{- end }}
    volumeMounts:
      {{- trim $mounts | nindent 6 }}
  {{- end }}
  {{- with .component.extraInitContainers }}
  {{- tpl (toYaml .) $.root | nindent 2 }}
  {{- end }}
{{- end }}
containers:
  - name: {{ .name }}
    image: {{ $image }}
    imagePullPolicy: {{ $values.images.airflow.pullPolicy }}
    {{- with .component.command }}
    command:
      {{- tpl (toYaml .) $.root | nindent 6 }}
    {{- end }}
    args:
      {{- tpl (toYaml .component.args) .root | nindent 6 }}
    securityContext:
      {{- include "airflow.containerSecurity" . | nindent 6 }}
    env:
      {{- include "airflow.commonEnv" .root | nindent 6 }}
      {{- include "airflow.secretEnv" . | trim | nindent 6 }}
      {{- with .component.env }}
      {{- tpl (toYaml .) $.root | nindent 6 }}
      {{- end }}
    {{- with .probes }}
    {{- trim . | nindent 4 }}
    {{- end }}
    {{- with .component.resources }}
    resources:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    volumeMounts:
      {{- trim $mounts | nindent 6 }}
  {{- if $gitSync }}
  {{- include "airflow.gitSyncContainer" (dict "root" .root "once" false) | nindent 2 }}
  {{- end }}
  {{- with .component.extraContainers }}
  {{- tpl (toYaml .) $.root | nindent 2 }}
  {{- end }}
volumes:
  {{- include "airflow.volumes" (merge (dict "probes" true) .) | trim | nindent 2 }}
{{- end }}
