{{- /* SPDX-License-Identifier: GPL-2.0-or-later */ -}}

{{- define "aakit.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{- /* The labels of the program that is named "program". */ -}}
{{- define "aakit.labels" -}}
app.kubernetes.io/name: {{ .program }}
app.kubernetes.io/part-of: aakit
{{- end -}}

{{- /* "field" or "annotation". */ -}}
{{- define "aakit.appArmor" -}}
{{- if ne .Values.appArmor "auto" -}}
{{ .Values.appArmor }}
{{- else if semverCompare ">=1.30.0-0" .Capabilities.KubeVersion.Version -}}
field
{{- else -}}
annotation
{{- end -}}
{{- end -}}

{{- define "aakit.configMap" -}}
{{- if .Values.profiles.existingConfigMap -}}
{{ .Values.profiles.existingConfigMap }}
{{- else if and .Values.profiles.texts .Values.profiles.rollout -}}
aakit-profiles-{{ .Values.profiles.texts | toJson | sha256sum | trunc 10 }}
{{- else -}}
aakit-profiles
{{- end -}}
{{- end -}}

{{- /* What every container of the chart may do; "add" names its capabilities. */ -}}
{{- define "aakit.securityContext" -}}
{{- if eq (include "aakit.appArmor" .) "field" }}
appArmorProfile:
  type: Unconfined
{{- end }}
runAsUser: 0
runAsGroup: 0
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
  add:
    {{- toYaml .add | nindent 4 }}
{{- end -}}
