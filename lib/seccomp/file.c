/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The life of a file. */
#include "config.h"

#include "lib/seccomp/file.h"

#include "lib/seccomp/profile.h"
#include "lib/sha256.h"

AakSeccompFile *
aak_seccomp_file_new (const char *name, GBytes *content, const char *what, GError **error)
{
  g_autoptr (AakSeccompProfile) profile = aak_seccomp_profile_parse (what, content, error);
  if (profile == NULL)
    return NULL;
  AakSeccompFile *file = g_rc_box_new0 (AakSeccompFile);
  file->name = g_strdup (name);
  file->content = g_bytes_ref (content);
  file->sha256 = aak_sha256_of (content);
  return file;
}

AakSeccompFile *
aak_seccomp_file_ref (AakSeccompFile *file)
{
  return g_rc_box_acquire (file);
}

static void
file_clear (gpointer data)
{
  AakSeccompFile *file = data;
  g_free (file->name);
  g_bytes_unref (file->content);
  g_free (file->sha256);
}

void
aak_seccomp_file_unref (AakSeccompFile *file)
{
  g_rc_box_release_full (file, file_clear);
}
