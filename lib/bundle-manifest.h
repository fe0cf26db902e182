/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What the manifest of a bundle says. */
#pragma once

#include "lib/bundle.h"
#include "lib/yaml.h"

#include <glib.h>

typedef struct
{
  char *parser;        /* the version of the parser that compiled it */
  guint64 serial;      /* that --serial gave it; 0: none */
  GPtrArray *features; /* of char *: the ids of the feature sets */
  GPtrArray *profiles; /* of AakBundleProfile */
  GPtrArray *seccomp;  /* of AakBundleSeccomp */
} AakBundleManifest;

/* Reads the manifest @yaml. INVALID where it is damaged, names a path that is not made by rule, or
 * a name twice; NEWER_SCHEMA where a newer aakit wrote it. Clear @out. */
gboolean aak_bundle_manifest_read (const AakYaml *yaml, AakBundleManifest *out,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_bundle_manifest_clear (AakBundleManifest *manifest);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AakBundleManifest, aak_bundle_manifest_clear)
