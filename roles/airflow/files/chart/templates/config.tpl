{{- if contains "Celery" .Values.executor }}
{{- fail "The embedded chart knows no Celery: use the KubernetesExecutor, or the official chart." }}
{{- end }}
{{- if and .Values.dags.gitSync.enabled .Values.dags.persistence.enabled }}
{{- fail "dags.persistence and dags.gitSync are two sources of the same DAGs: enable one of them." }}
{{- end }}
{{- if and .Values.dags.gitSync.enabled .Values.dags.gitSync.sshKey }}
{{- fail "dags.gitSync.sshKey would put the key into the release: put it into a Secret, and name that in dags.gitSync.sshKeySecret." }}
{{- end }}
{{- $names := dict "root" . "name" "config" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "airflow.configName" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "airflow.labels" $names | nindent 4 }}
data:
  {{- include "airflow.workerConfig" . | nindent 2 }}
  pod_template_file.yaml: |
    {{- include "airflow.podTemplate" . | nindent 4 }}
  {{- with .Values.airflowLocalSettings }}
  airflow_local_settings.py: |
    {{- tpl . $ | nindent 4 }}
  {{- end }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "airflow.probesName" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "airflow.labels" $names | nindent 4 }}
data:
  {{- (.Files.Glob "files/*.py").AsConfig | nindent 2 }}
