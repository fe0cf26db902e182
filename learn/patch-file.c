/* SPDX-License-Identifier: GPL-2.0-or-later
 * Writing patches beside profiles. */
#include "config.h"

#include "learn/patch-file.h"

#include "learn/label.h"
#include "learn/pod-patch.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"
#include "lib/policy/policy.h"

#include <string.h>

#define MAX_BYTES (1u << 20)

/* NULL with an error where there is no container, or none that can be. */
static char *
text_of (const AakObservations *observations, guint minor, GError **error)
{
  g_autoptr (GPtrArray) needs = aak_security_needs (observations, NULL);
  return aak_pod_patch_text (needs, NULL, minor, error);
}

/* The version that the patch @found says it is for; 0 where it does not. */
static guint
version_of (const char *found)
{
  const char *line = strstr (found, AAK_POD_PATCH_VERSION);
  guint64 minor =
      line != NULL ? g_ascii_strtoull (line + strlen (AAK_POD_PATCH_VERSION), NULL, 10) : 0;
  return minor <= G_MAXUINT16 ? (guint) minor : 0;
}

/* TRUE where the file @path is there and is not what was made of the older state. */
static gboolean
is_edited (const AakPatchFile *where, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *found = aak_fs_read_text (path, MAX_BYTES, &error);
  if (found == NULL)
    return !g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND);
  g_autofree char *made =
      where->older != NULL ? text_of (where->older, version_of (found), NULL) : NULL;
  return made == NULL || strcmp (g_strchomp (made), found) != 0;
}

gboolean
aak_patch_file_write (AakCli *cli, const AakPatchFile *where, const AakObservations *whole,
                      char **out_path, GError **error)
{
  g_autoptr (GError) unusable = NULL;
  g_autofree char *file = aak_label_file_name (aak_observations_label (whole));
  g_autofree char *name = g_strconcat (file, AAK_POLICY_PATCH_SUFFIX, NULL);
  g_autofree char *path = g_build_filename (where->dir, name, NULL);
  *out_path = NULL;
  if (!aak_security_needs_any (whole))
    return TRUE;
  g_autofree char *text = text_of (whole, where->minor, &unusable);
  if (text == NULL)
    {
      aak_cli_warn (cli, "no patch of the pod is written: %s", unusable->message);
      return TRUE;
    }
  if (is_edited (where, path))
    {
      g_autofree char *shown = aak_escape (path, strlen (path));
      g_autofree char *other = g_strconcat (path, ".new", NULL);
      aak_cli_warn (cli,
                    "%s was not written by aa-learn, or edited since: it stays, and the new patch "
                    "goes to %s.new",
                    shown, shown);
      g_free (path);
      path = g_steal_pointer (&other);
    }
  if (!aak_fs_write (path, text, strlen (text), 0644, error))
    return FALSE;
  *out_path = g_steal_pointer (&path);
  return TRUE;
}
