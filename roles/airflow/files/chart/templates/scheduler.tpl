{{- if .Values.scheduler.enabled }}
{{- $component := .Values.scheduler }}
{{- $probes := include "airflow.httpProbes" (dict
  "component" $component
  "path" "/health"
  "port" .Values.ports.schedulerHealth
  "probes" (list "startupProbe" "livenessProbe")) }}
{{- include "airflow.deployment" (dict
  "root" .
  "component" $component
  "name" "scheduler"
  "secrets" (list "database" "fernet" "api" "jwt")
  "logs" true
  "podTemplate" true
  "probes" $probes) }}
{{- end }}
