{{- if .Values.apiServer.enabled }}
{{- $component := .Values.apiServer }}
{{- $names := dict "root" . "name" "api-server" }}
{{- $probes := include "airflow.httpProbes" (dict
  "component" $component
  "path" "/api/v2/version"
  "port" .Values.ports.apiServer
  "probes" (list "startupProbe" "livenessProbe" "readinessProbe")) }}
{{- $ports := printf "ports:\n  - name: api-server\n    containerPort: %d\n    protocol: TCP" (int .Values.ports.apiServer) }}
{{- include "airflow.deployment" (dict
  "root" .
  "component" $component
  "name" "api-server"
  "secrets" (list "database" "fernet" "api" "jwt")
  "logs" true
  "probes" (printf "%s%s" $ports $probes)) }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}-api-server
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "airflow.labels" $names | nindent 4 }}
  {{- with $component.service.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: {{ $component.service.type }}
  selector:
    {{- include "airflow.selector" $names | nindent 4 }}
  ports:
    {{- range $component.service.ports }}
    - name: {{ .name }}
      protocol: {{ .protocol | default "TCP" }}
      port: {{ tpl (toString .port) $ }}
      targetPort: {{ tpl (toString (.targetPort | default $.Values.ports.apiServer)) $ }}
      {{- with .nodePort }}
      nodePort: {{ tpl (toString .) $ }}
      {{- end }}
    {{- end }}
  {{- with $component.service.loadBalancerIP }}
  loadBalancerIP: {{ . }}
  {{- end }}
  {{- with $component.service.loadBalancerSourceRanges }}
  loadBalancerSourceRanges:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
