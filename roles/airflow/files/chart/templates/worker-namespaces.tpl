{{- /* What a task pod needs in its own namespace, and the right to launch it there: never a ClusterRole. */}}
{{- $worker := .Values.workers.kubernetes }}
{{- $names := dict "root" . "name" "worker" }}
{{- $scheduler := include "airflow.serviceAccountName" (dict "root" . "component" .Values.scheduler "name" "scheduler") }}
{{- $apiServer := include "airflow.serviceAccountName" (dict "root" . "component" .Values.apiServer "name" "api-server") }}
{{- range $namespace := splitList "," (include "airflow.workerNamespaces" .) }}
{{- if $worker.serviceAccount.create }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "airflow.serviceAccountName" (dict "root" $ "component" $worker "name" "worker") }}
  namespace: {{ $namespace }}
  labels:
    {{- include "airflow.labels" $names | nindent 4 }}
  {{- with $worker.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: {{ $worker.serviceAccount.automountServiceAccountToken }}
{{- end }}
{{- if ne $namespace $.Release.Namespace }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "airflow.configName" $ }}
  namespace: {{ $namespace }}
  labels:
    {{- include "airflow.labels" $names | nindent 4 }}
data:
  {{- include "airflow.workerConfig" $ | nindent 2 }}
{{- end }}
{{- if and $.Values.rbac.create $.Values.allowPodLaunching (contains "KubernetesExecutor" $.Values.executor) }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {{ $.Release.Name }}-pod-launcher
  namespace: {{ $namespace }}
  labels:
    {{- include "airflow.labels" $names | nindent 4 }}
rules:
  # get: a pod of an older scheduler is read before it is adopted; patch: adopting it, and marking it as done.
  - apiGroups:
      - ""
    resources:
      - pods
    verbs:
      - create
      - delete
      - get
      - list
      - patch
      - watch
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ $.Release.Name }}-pod-launcher
  namespace: {{ $namespace }}
  labels:
    {{- include "airflow.labels" $names | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ $.Release.Name }}-pod-launcher
subjects:
  - kind: ServiceAccount
    name: {{ $scheduler }}
    namespace: {{ $.Release.Namespace }}
{{- end }}
{{- if and $.Values.rbac.create $.Values.apiServer.allowPodLogReading }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {{ $.Release.Name }}-pod-log-reader
  namespace: {{ $namespace }}
  labels:
    {{- include "airflow.labels" $names | nindent 4 }}
rules:
  - apiGroups:
      - ""
    resources:
      - pods
    verbs:
      - list
  - apiGroups:
      - ""
    resources:
      - pods/log
    verbs:
      - get
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ $.Release.Name }}-pod-log-reader
  namespace: {{ $namespace }}
  labels:
    {{- include "airflow.labels" $names | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ $.Release.Name }}-pod-log-reader
subjects:
  - kind: ServiceAccount
    name: {{ $apiServer }}
    namespace: {{ $.Release.Namespace }}
{{- end }}
{{- end }}
