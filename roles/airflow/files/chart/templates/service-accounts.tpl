{{- $components := dict
  "scheduler" .Values.scheduler
  "api-server" .Values.apiServer
  "dag-processor" .Values.dagProcessor
  "triggerer" .Values.triggerer
  "migrate-database" .Values.migrateDatabaseJob
  "create-user" .Values.createUserJob }}
{{- range $name, $component := $components }}
{{- if and $component.enabled $component.serviceAccount.create }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "airflow.serviceAccountName" (dict "root" $ "component" $component "name" $name) }}
  namespace: {{ $.Release.Namespace }}
  labels:
    {{- include "airflow.labels" (dict "root" $ "name" $name) | nindent 4 }}
  {{- with $component.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: {{ $component.serviceAccount.automountServiceAccountToken }}
{{- end }}
{{- end }}
