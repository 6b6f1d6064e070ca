{{- define "airflow.job" -}}
{{- $pod := include "airflow.podSpec" (merge (dict "restartPolicy" .component.restartPolicy) .) -}}
{{- $labels := include "airflow.labels" . -}}
apiVersion: batch/v1
kind: Job
metadata:
  # A Job cannot be changed. With its pod's checksum in the name, an upgrade that changes the pod makes another Job.
  name: {{ .root.Release.Name }}-{{ .name }}-{{ $pod | sha256sum | trunc 10 }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- $labels | nindent 4 }}
  {{- with .component.jobAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  backoffLimit: 10
  {{- if not (kindIs "invalid" .component.ttlSecondsAfterFinished) }}
  ttlSecondsAfterFinished: {{ .component.ttlSecondsAfterFinished }}
  {{- end }}
  template:
    metadata:
      labels:
        {{- $labels | nindent 8 }}
      {{- with .component.annotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      {{- $pod | nindent 6 }}
{{- end }}

{{- if .Values.migrateDatabaseJob.enabled }}
---
{{ include "airflow.job" (dict
  "root" .
  "component" .Values.migrateDatabaseJob
  "name" "migrate-database"
  "secrets" (list "database" "fernet")) }}
{{- end }}
{{- if .Values.createUserJob.enabled }}
---
{{ include "airflow.job" (dict
  "root" .
  "component" .Values.createUserJob
  "name" "create-user"
  "wait" true
  "secrets" (list "database" "fernet" "api")) }}
{{- end }}
