/* SPDX-License-Identifier: GPL-2.0-or-later
 * Which Kubernetes something is written for. */
#pragma once

#include <glib.h>

#define AAK_KUBERNETES_OPTION  "The Kubernetes that the patch is for: 1.19 or later (default: 1.30)"
#define AAK_KUBERNETES_DEFAULT 30
/* From this one on a pod names its AppArmor profile with a field, before with an annotation:
 * KEP-24. */
#define AAK_KUBERNETES_APPARMOR_FIELD 30

/* Reads "1.29", also "v1.29.3" and "v1.29.3+k3s1"; NULL is the default. *@out_minor: 29. USAGE for
 * what is none, or is before 1.19, which has no field for seccomp. */
gboolean aak_kubernetes_version_parse (const char *text, guint *out_minor,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
