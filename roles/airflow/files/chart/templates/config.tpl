{{- if contains "Celery" .Values.executor }}
{{- fail "The embedded chart knows no Celery: use the KubernetesExecutor, or the official chart." }}
{{- end }}
{{- if .Values.dags.gitSync.enabled }}
{{- fail "The embedded chart has no git-sync: put the DAGs on the volume of dags.persistence, or use the official chart." }}
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
  airflow.cfg: |
    {{- include "airflow.cfg" . | nindent 4 }}
  pod_template_file.yaml: |
    {{- include "airflow.podTemplate" . | nindent 4 }}
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
