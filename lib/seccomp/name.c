/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Names by rule. */
#include "config.h"

#include "lib/seccomp/name.h"

#include "lib/error.h"
#include "lib/escape.h"

#include <string.h>

#define PREFIX AAK_SECCOMP_DIR "/"
#define SUFFIX ".json"
/* Of a file, with room for the name of a temporary one: NAME_MAX is 255. */
#define MAX_FILE 200

gboolean
aak_seccomp_is_path (const char *path)
{
  return g_str_has_suffix (path, SUFFIX);
}

/* TRUE for a file that is called by rule. Kubernetes refuses paths with ".."
 * (pkg/apis/core/validation, validateLocalDescendingPath()). */
static gboolean
is_file (const char *file)
{
  gsize len = strlen (file);
  return g_str_has_suffix (file, SUFFIX) && len > strlen (SUFFIX) && len <= MAX_FILE
         && g_ascii_isalnum (*file) && strstr (file, "..") == NULL
         && strspn (file, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "._-") == len;
}

char *
aak_seccomp_name_of (const char *path, GError **error)
{
  g_autofree char *base = g_path_get_basename (path);
  const char *suffix = g_str_has_suffix (base, AAK_SECCOMP_SUFFIX) ? AAK_SECCOMP_SUFFIX : SUFFIX;
  gsize len = g_str_has_suffix (base, suffix) ? strlen (base) - strlen (suffix) : 0;
  g_autofree char *file = g_strdup_printf ("%.*s" SUFFIX, (int) len, base);
  if (is_file (file))
    return g_strconcat (PREFIX, file, NULL);
  g_autofree char *shown = aak_escape (path, strlen (path));
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
               "%s: a seccomp profile is called NAME.json or NAME.seccomp.json, NAME being of "
               "letters, digits, '.', '_' and '-', and beginning with one of the first two",
               shown);
  return NULL;
}

gboolean
aak_seccomp_is_name (const char *name)
{
  return g_str_has_prefix (name, PREFIX) && is_file (name + strlen (PREFIX));
}

const char *
aak_seccomp_name_file (const char *name)
{
  return name + strlen (PREFIX);
}
