{{/* git-sync: DAGs from a Git repository, in a directory that the pod's containers share. */}}

{{/* Whether a pod has it; takes root and dags, as airflow.podSpec does. */}}
{{- define "airflow.hasGitSync" -}}
{{- if and .dags .root.Values.dags.gitSync.enabled }}true{{ end -}}
{{- end }}

{{- define "airflow.gitSyncImage" -}}
{{ .Values.images.gitSync.repository }}:{{ .Values.images.gitSync.tag }}
{{- end }}

{{- define "airflow.gitSyncEnv" -}}
{{- $git := .root.Values.dags.gitSync -}}
- name: GITSYNC_REPO
  value: {{ required "dags.gitSync.enabled wants dags.gitSync.repo" $git.repo | quote }}
- name: GITSYNC_REF
  value: {{ $git.ref | default $git.branch | quote }}
- name: GITSYNC_DEPTH
  value: {{ $git.depth | quote }}
- name: GITSYNC_ROOT
  value: /git
- name: GITSYNC_LINK
  value: repo
- name: GITSYNC_PERIOD
  value: {{ $git.period | quote }}
- name: GITSYNC_ADD_USER
  value: "true"
{{- if .once }}
- name: GITSYNC_ONE_TIME
  value: "true"
# A pod that cannot get its DAGs says so soon, whatever the sidecar puts up with.
- name: GITSYNC_MAX_FAILURES
  value: "3"
{{- else }}
- name: GITSYNC_MAX_FAILURES
  value: {{ $git.maxFailures | quote }}
{{- end }}
{{- if $git.sshKeySecret }}
- name: GITSYNC_SSH_KEY_FILE
  value: /etc/git-secret/ssh
- name: GITSYNC_SSH_KNOWN_HOSTS
  value: {{ not (empty $git.knownHosts) | quote }}
{{- if $git.knownHosts }}
- name: GITSYNC_SSH_KNOWN_HOSTS_FILE
  value: /etc/git-secret/known_hosts
{{- end }}
{{- else if $git.credentialsSecret }}
{{- range $variable := list "GITSYNC_USERNAME" "GITSYNC_PASSWORD" }}
- name: {{ $variable }}
  valueFrom:
    secretKeyRef:
      name: {{ $git.credentialsSecret }}
      key: {{ $variable }}
{{- end }}
{{- end }}
{{- with $git.env }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The container: once before the others (`once` is true), or for as long as they run. */}}
{{- define "airflow.gitSyncContainer" -}}
{{- $git := .root.Values.dags.gitSync -}}
{{- $parameters := dict "root" .root "component" $git -}}
- name: {{ $git.containerName }}{{ if .once }}-init{{ end }}
  image: {{ include "airflow.gitSyncImage" .root }}
  imagePullPolicy: {{ .root.Values.images.gitSync.pullPolicy }}
  securityContext:
    {{- merge (include "airflow.containerSecurity" $parameters | fromYaml) (dict "runAsUser" (int $git.uid)) | toYaml | nindent 4 }}
  env:
    {{- include "airflow.gitSyncEnv" . | nindent 4 }}
  {{- with $git.resources }}
  resources:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  volumeMounts:
    - name: dags
      mountPath: /git
    {{- if eq (include "airflow.readOnlyRoot" $parameters) "true" }}
    - name: tmp
      mountPath: /tmp
    {{- end }}
    {{- if $git.sshKeySecret }}
    - name: git-sync-ssh-key
      mountPath: /etc/git-secret/ssh
      subPath: gitSshKey
      readOnly: true
    {{- if $git.knownHosts }}
    - name: config
      mountPath: /etc/git-secret/known_hosts
      subPath: known_hosts
      readOnly: true
    {{- end }}
    {{- end }}
{{- end }}

{{/* The volumes of a pod with DAGs. */}}
{{- define "airflow.dagsVolumes" -}}
{{- $dags := .root.Values.dags -}}
{{- if $dags.persistence.enabled }}
- name: dags
  persistentVolumeClaim:
    claimName: {{ required "dags.persistence.enabled wants dags.persistence.existingClaim" $dags.persistence.existingClaim }}
{{- else if eq (include "airflow.mountsDags" .) "true" }}
- name: dags
  emptyDir: {}
{{- end }}
{{- if and $dags.gitSync.enabled $dags.gitSync.sshKeySecret }}
- name: git-sync-ssh-key
  secret:
    secretName: {{ $dags.gitSync.sshKeySecret }}
    # For the group: ssh refuses a key that others than its owner may read only where it is the owner itself.
    defaultMode: 288
{{- end }}
{{- end }}

{{/*
Whether a pod has a volume at the directory of DAGs. Where DAGs come as bundles the image's own directory does, unless a read-only
root file system hides it: Airflow wants the directory to be there.
*/}}
{{- define "airflow.mountsDags" -}}
{{- $dags := .root.Values.dags -}}
{{- if and .dags (or $dags.persistence.enabled $dags.gitSync.enabled (include "airflow.readOnlyRoot" .)) }}true{{ end -}}
{{- end }}
