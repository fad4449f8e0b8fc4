{{/* Names, labels and addresses that several templates need. */}}

{{- define "heddle.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "heddle.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "heddle.labels" -}}
{{ include "heddle.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "heddle.serviceAccount" -}}
{{- if .Values.serviceAccount.name -}}
{{- .Values.serviceAccount.name -}}
{{- else if .Values.serviceAccount.create -}}
{{- include "heddle.name" . -}}
{{- else -}}
default
{{- end -}}
{{- end -}}

{{- define "heddle.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{/* "" for the root, "/console" else: what stands before every path. */}}
{{- define "heddle.prefix" -}}
{{- if ne .Values.basePath "/" -}}
{{- .Values.basePath -}}
{{- end -}}
{{- end -}}

{{- define "heddle.scheme" -}}
{{- if .Values.tls.secretName -}}
HTTPS
{{- else -}}
HTTP
{{- end -}}
{{- end -}}

{{/* Addresses of the console, with commas. */}}
{{- define "heddle.publicUrls" -}}
{{- if .Values.publicUrls -}}
{{- join "," .Values.publicUrls -}}
{{- else if .Values.ingress.enabled -}}
{{- if .Values.ingress.tls.enabled -}}
{{- printf "https://%s%s" .Values.ingress.host (include "heddle.prefix" .) -}}
{{- else -}}
{{- printf "http://%s%s" .Values.ingress.host (include "heddle.prefix" .) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Namespace where istiod and its ConfigMap are. */}}
{{- define "heddle.rootNamespace" -}}
{{- $mesh := .Values.config.mesh | default dict -}}
{{- $mesh.rootNamespace | default "istio-system" -}}
{{- end -}}

{{/* "false" where the console is told to change nothing. */}}
{{- define "heddle.changes" -}}
{{- $changes := .Values.config.changes | default dict -}}
{{- if hasKey $changes "enabled" -}}
{{- $changes.enabled -}}
{{- else -}}
true
{{- end -}}
{{- end -}}

{{/* Namespace of the journal of changes: the console's own, so that it may write no ConfigMap of anybody else's. */}}
{{- define "heddle.journalNamespace" -}}
{{- $changes := .Values.config.changes | default dict -}}
{{- $changes.namespace | default .Release.Namespace -}}
{{- end -}}
