{{- if .Values.triggerer.enabled }}
{{- $component := .Values.triggerer }}
{{- $probes := include "airflow.heartbeatProbes" (dict
  "root" .
  "component" $component
  "jobType" "TriggererJob") }}
{{- include "airflow.deployment" (dict
  "root" .
  "component" $component
  "name" "triggerer"
  "secrets" (list "database" "fernet" "api")
  "dags" .Values.dags.persistence.enabled
  "logs" true
  "probes" $probes) }}
{{- end }}
