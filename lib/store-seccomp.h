/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The seccomp profiles among what is registered. */
#pragma once

#include "lib/yaml.h"

#include <glib.h>

typedef struct
{
  char *name;   /* "aakit/web.json", see lib/seccomp/name.h */
  char *dir;    /* below which it lies, the kubelet's: absolute, without the root */
  char *sha256; /* of the file, in hex */
} AakStoreSeccomp;

/* An array that owns its AakStoreSeccomp, sorted by name. */
GPtrArray *aak_store_seccomp_new (void);
GPtrArray *aak_store_seccomp_copy (const GPtrArray *entries);

/* The entry for @name, or NULL. */
const AakStoreSeccomp *aak_store_seccomp_find (const GPtrArray *entries, const char *name);

/* Notes @name with what it is; takes the place of an older entry. */
void aak_store_seccomp_put (GPtrArray *entries, const char *name, const char *dir,
                            const char *sha256);
/* Forgets @name. */
void aak_store_seccomp_drop (GPtrArray *entries, const char *name);

/* The key "seccomp" of the mapping @root: nothing where there is none. INVALID where it leads to
 * another path than a seccomp profile's. */
gboolean aak_store_seccomp_read (AakYamlNode root, GPtrArray *entries,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes it, where there are any. */
void aak_store_seccomp_write (AakYamlWriter *writer, const GPtrArray *entries);
