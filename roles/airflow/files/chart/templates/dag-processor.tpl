{{- if .Values.dagProcessor.enabled }}
{{- $component := .Values.dagProcessor }}
{{- $probes := include "airflow.heartbeatProbes" (dict
  "root" .
  "component" $component
  "jobType" "DagProcessorJob") }}
{{- include "airflow.deployment" (dict
  "root" .
  "component" $component
  "name" "dag-processor"
  "secrets" (list "database" "fernet")
  "dags" true
  "logs" true
  "probes" $probes) }}
{{- end }}
