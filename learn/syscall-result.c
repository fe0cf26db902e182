/* SPDX-License-Identifier: GPL-2.0-or-later
 * Writing the seccomp profile of a recording. */
#include "config.h"

#include "learn/syscall-result.h"

#include "learn/label.h"
#include "learn/syscall-explain.h"
#include "learn/syscall-json.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"
#include "lib/seccomp/name.h"
#include "lib/seccomp/profile.h"

#include <string.h>

static gboolean
is_text_of (const AakObservations *older, gboolean exact, const char *text)
{
  g_autoptr (AakSyscallProfile) profile = aak_syscall_profile_new (older, exact);
  g_autofree char *made = aak_syscall_profile_json (profile);
  return strcmp (made, text) == 0;
}

/* TRUE where the file at @path is there and is nothing that we made of the older state. */
static gboolean
is_edited (const char *path, const AakObservations *older)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = aak_fs_read (path, AAK_SECCOMP_MAX_SIZE, &error);
  if (bytes == NULL)
    return !g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND);
  gsize len = 0;
  const char *data = g_bytes_get_data (bytes, &len);
  g_autofree char *found = g_strndup (data != NULL ? data : "", len);
  return older == NULL || (!is_text_of (older, FALSE, found) && !is_text_of (older, TRUE, found));
}

/* Where the profile of @label goes. */
static char *
choose_path (AakCli *cli, const char *dir, const char *label, const AakObservations *older)
{
  g_autofree char *file = aak_label_file_name (label);
  g_autofree char *name = g_strconcat (file, AAK_SECCOMP_SUFFIX, NULL);
  g_autofree char *path = g_build_filename (dir, name, NULL);
  if (!is_edited (path, older))
    return g_steal_pointer (&path);
  g_autofree char *shown = aak_escape (path, strlen (path));
  aak_cli_warn (cli,
                "%s was not written by aa-learn, or edited since: it stays, and the new profile "
                "goes to %s.new",
                shown, shown);
  return g_strconcat (path, ".new", NULL);
}

gboolean
aak_syscall_result_write (AakCli *cli, const char *dir, const AakObservations *whole,
                          const AakObservations *older, gboolean exact, char **out_path,
                          gboolean *out_finding, GError **error)
{
  g_autoptr (AakSyscallProfile) profile = aak_syscall_profile_new (whole, exact);
  *out_path = NULL;
  if (profile->seen == 0)
    return TRUE;
  g_autofree char *text = aak_syscall_profile_json (profile);
  g_autofree char *path = choose_path (cli, dir, profile->label, older);
  if (!aak_fs_write (path, text, strlen (text), 0644, error))
    return FALSE;
  aak_syscall_tell_omitted (cli, profile);
  *out_finding |= aak_syscall_profile_count_nameless (profile) > 0;
  *out_path = g_steal_pointer (&path);
  return TRUE;
}
