/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A seccomp profile as a file: the unit that is bundled, planned and placed. */
#pragma once

#include <glib.h>

typedef struct
{
  char *name;      /* "aakit/web.json", see lib/seccomp/name.h */
  GBytes *content; /* as it was written by whoever wrote it */
  char *sha256;    /* its digest, in hex */
} AakSeccompFile;

/* Takes @content in as the profile @name. INVALID or TOO_LARGE where aak_seccomp_profile_parse()
 * does not take it; @what (escaped) names it then. */
AakSeccompFile *aak_seccomp_file_new (const char *name, GBytes *content, const char *what,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
AakSeccompFile *aak_seccomp_file_ref (AakSeccompFile *file);
void aak_seccomp_file_unref (AakSeccompFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakSeccompFile, aak_seccomp_file_unref)
