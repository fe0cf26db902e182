/* SPDX-License-Identifier: GPL-2.0-or-later
 * The manifest of a Kubernetes ConfigMap that holds a bundle in its flat form (lib/bundle.h), whose
 * names are keys as Kubernetes takes them. */
#pragma once

#include "lib/bundle.h"

#define AAK_CONFIG_MAP_NAME "aakit-profiles"
/* What the API server takes of data (MaxSecretSize in the API's types). */
#define AAK_CONFIG_MAP_MAX (1024 * 1024)

typedef struct
{
  char *name;          /* NULL: AAK_CONFIG_MAP_NAME */
  char *namespace;     /* NULL: the manifest says none */
  GPtrArray *features; /* char*: only what is compiled for these; NULL: all */
  gboolean immutable;
} AakConfigMapOptions;

/* The manifest, as YAML, and the size of its data. Every file is proved by its digest. The same
 * bundle gives the same bytes. INVALID where the bundle is damaged, has a name that cannot be a
 * key, or is not compiled for a set of @options, and where a name of @options is none that
 * Kubernetes takes; TOO_LARGE where a ConfigMap does not hold it. The caller frees it. */
char *aak_config_map_text (const AakBundle *bundle, const AakConfigMapOptions *options,
                           gsize *out_size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
