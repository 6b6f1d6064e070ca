{{/* A component of Airflow as a Deployment; the parameters are those of airflow.podSpec. */}}
{{- define "airflow.deployment" -}}
{{- $values := .root.Values -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .root.Release.Name }}-{{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "airflow.labels" . | nindent 4 }}
  {{- with .component.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  replicas: {{ .component.replicas }}
  revisionHistoryLimit: {{ .component.revisionHistoryLimit | default $values.revisionHistoryLimit }}
  # A start takes minutes on a small machine: Kubernetes must not call that a failure.
  progressDeadlineSeconds: 1200
  {{- with .component.strategy }}
  strategy:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  selector:
    matchLabels:
      {{- include "airflow.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "airflow.labels" . | nindent 8 }}
        {{- with .component.labels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        # Airflow reads all of these when it starts: a change must replace the pods.
        checksum/airflow-config: {{ include "airflow.cfg" .root | sha256sum }}
        checksum/metadata-secret: {{ $values.data.metadataSecretName | sha256sum }}
        checksum/probes: {{ (.root.Files.Glob "files/*.py").AsConfig | sha256sum }}
        {{- if .podTemplate }}
        checksum/pod-template: {{ include "airflow.podTemplate" .root | sha256sum }}
        {{- with $values.airflowLocalSettings }}
        checksum/airflow-local-settings: {{ tpl . $.root | sha256sum }}
        {{- end }}
        {{- end }}
        {{- if include "airflow.hasGitSync" . }}
        checksum/git-known-hosts: {{ $values.dags.gitSync.knownHosts | default "" | sha256sum }}
        {{- end }}
        {{- with $values.airflowPodAnnotations }}
        {{- tpl (toYaml .) $.root | nindent 8 }}
        {{- end }}
        {{- with .component.podAnnotations }}
        {{- tpl (toYaml .) $.root | nindent 8 }}
        {{- end }}
    spec:
      {{- include "airflow.podSpec" (merge (dict "restartPolicy" "Always" "wait" .component.waitForMigrations.enabled) .) | nindent 6 }}
{{- if .component.podDisruptionBudget.enabled }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .root.Release.Name }}-{{ .name }}-pdb
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "airflow.labels" . | nindent 4 }}
spec:
  selector:
    matchLabels:
      {{- include "airflow.selector" . | nindent 6 }}
  {{- toYaml .component.podDisruptionBudget.config | nindent 2 }}
{{- end }}
{{- end }}

{{/* When and how often a probe asks; takes the probe's values. */}}
{{- define "airflow.probeTimes" -}}
initialDelaySeconds: {{ .initialDelaySeconds }}
timeoutSeconds: {{ .timeoutSeconds }}
failureThreshold: {{ .failureThreshold }}
periodSeconds: {{ .periodSeconds }}
{{- end }}

{{/*
Startup and liveness probe by the process's own heartbeat in the database; takes root, component and jobType.
*/}}
{{- define "airflow.heartbeatProbes" -}}
{{- range $probe := list "startupProbe" "livenessProbe" }}
{{- $settings := get $.component $probe }}
{{ $probe }}:
  {{- include "airflow.probeTimes" $settings | nindent 2 }}
  exec:
    command:
      {{- if $settings.command }}
      {{- toYaml $settings.command | nindent 6 }}
      {{- else }}
      - python
      - {{ include "airflow.probesFolder" $.root }}/heartbeat.py
      - --job-type={{ $.jobType }}
      - --max-age={{ $.component.maxHeartbeatAgeSeconds }}
      {{- end }}
{{- end }}
{{- end }}

{{/* Probes by HTTP; takes component, port, path and the names of the probes. */}}
{{- define "airflow.httpProbes" -}}
{{- range $probe := .probes }}
{{- $settings := get $.component $probe }}
{{ $probe }}:
  {{- include "airflow.probeTimes" $settings | nindent 2 }}
  {{- if $settings.command }}
  exec:
    command:
      {{- toYaml $settings.command | nindent 6 }}
  {{- else }}
  httpGet:
    path: {{ $.path }}
    port: {{ $.port }}
    scheme: {{ $settings.scheme | default "HTTP" }}
  {{- end }}
{{- end }}
{{- end }}
