{{- define "autoloss.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "autoloss.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "autoloss.name" . -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "autoloss.selector" -}}
app.kubernetes.io/name: {{ include "autoloss.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "autoloss.labels" -}}
{{ include "autoloss.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/component: {{ default "operator" .component }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "autoloss.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "autoloss.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "autoloss.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "autoloss.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- /* Names of cluster-wide objects: releases of one name in two namespaces must not meet. */ -}}
{{- define "autoloss.clusterName" -}}
{{- printf "%s-%s" .Release.Namespace (include "autoloss.fullname" .) -}}
{{- end -}}

{{- /* The rights of the operator: each verb is one that it uses, no other. */ -}}
{{- define "autoloss.rules" -}}
# What users want; only a status is written back.
- apiGroups: [autoloss.dev]
  resources: [losssearches]
  verbs: [get, list, watch]
# Trials; made, held and released, and deleted with their search or once nobody needs them.
- apiGroups: [autoloss.dev]
  resources: [detectortrainings]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [autoloss.dev]
  resources: [losssearches/status, detectortrainings/status]
  verbs: [patch]
# Owner references that block the owner's deletion need this where the API server enforces it.
- apiGroups: [autoloss.dev]
  resources: [losssearches/finalizers, detectortrainings/finalizers]
  verbs: [update]
# Attempts; created and deleted, never changed.
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, list, watch, create, delete]
# How an attempt ended, and how far it is.
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [pods/log]
  verbs: [get]
# The ledger; immutable, so there is nothing to update.
- apiGroups: [apps]
  resources: [controllerrevisions]
  verbs: [get, list, watch, create]
# Whether the queue exists that has long not admitted an attempt.
- apiGroups: [kueue.x-k8s.io]
  resources: [localqueues]
  verbs: [get]
# What happened; and why the Job controller can't make a pod.
- apiGroups: [""]
  resources: [events]
  verbs: [list, create]
{{- end -}}
