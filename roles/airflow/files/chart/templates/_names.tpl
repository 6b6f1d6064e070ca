{{/* Names and addresses. */}}

{{- define "airflow.labels" -}}
tier: airflow
component: {{ .name }}
release: {{ .root.Release.Name }}
app.kubernetes.io/name: airflow
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- with .root.Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* What selects pods: it can never change, so it is as small as can be. */}}
{{- define "airflow.selector" -}}
tier: airflow
component: {{ .name }}
release: {{ .root.Release.Name }}
{{- end }}

{{- define "airflow.serviceAccountName" -}}
{{- with .component.serviceAccount.name -}}
{{ tpl . $.root }}
{{- else -}}
{{ if .component.serviceAccount.create }}{{ .root.Release.Name }}-{{ .name }}{{ else }}default{{ end }}
{{- end }}
{{- end }}

{{- define "airflow.configName" -}}
{{ .Release.Name }}-config
{{- end }}

{{- define "airflow.probesName" -}}
{{ .Release.Name }}-probes
{{- end }}

{{- define "airflow.apiServerHost" -}}
{{ .Release.Name }}-api-server.{{ .Release.Namespace }}.svc.{{ .Values.clusterDomain }}
{{- end }}

{{/* Where the volume with the DAGs is, and where in it they are. */}}
{{- define "airflow.dagsMount" -}}
{{ .Values.dags.mountPath | default (printf "%s/dags" .Values.airflowHome) }}
{{- end }}

{{- define "airflow.dagsFolder" -}}
{{ include "airflow.dagsMount" . }}
{{- if .Values.dags.gitSync.enabled }}/repo{{ with .Values.dags.gitSync.subPath }}/{{ . }}{{ end }}{{ end }}
{{- end }}

{{- define "airflow.logsFolder" -}}
{{ .Values.airflowHome }}/logs
{{- end }}

{{- define "airflow.podTemplateFolder" -}}
{{ .Values.airflowHome }}/pod_templates
{{- end }}

{{- define "airflow.probesFolder" -}}
/etc/airflow-probes
{{- end }}

{{- define "airflow.image" -}}
{{- $image := .Values.images.airflow -}}
{{- $repository := $image.repository | default .Values.defaultAirflowRepository -}}
{{- if $image.digest -}}
{{ $repository }}@{{ $image.digest }}
{{- else -}}
{{ $repository }}:{{ $image.tag | default .Values.defaultAirflowTag }}
{{- end -}}
{{- end }}

{{- define "airflow.workerRepository" -}}
{{ .Values.images.pod_template.repository | default .Values.images.airflow.repository | default .Values.defaultAirflowRepository }}
{{- end }}

{{- define "airflow.workerTag" -}}
{{ .Values.images.pod_template.tag | default .Values.images.airflow.tag | default .Values.defaultAirflowTag }}
{{- end }}

{{/* The namespaces in which the executor launches pods, as [kubernetes_executor] says, separated by commas. */}}
{{- define "airflow.workerNamespaces" -}}
{{- $executor := .Values.config.kubernetes_executor -}}
{{- $several := $executor.multi_namespace_mode_namespace_list | default "" -}}
{{- if $several -}}
{{ tpl (toString $several) . | replace " " "" }}
{{- else -}}
{{ tpl (toString $executor.namespace) . }}
{{- end -}}
{{- end }}
