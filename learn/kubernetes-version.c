/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reading versions. */
#include "config.h"

#include "learn/kubernetes-version.h"

#include "lib/error.h"
#include "lib/escape.h"

#include <string.h>

#define OLDEST 19
#define NEWEST 999

/* What stands behind a version where distributions have one of their own: "+k3s1", "-gke.100";
 * "29+" is a minor version of theirs. NULL where @text has what none has. */
static char *
cut_build (const char *text)
{
  const char *start = *text == 'v' ? text + 1 : text;
  gsize len = strspn (start, G_CSET_DIGITS ".");
  const char *rest = start + len;
  gsize more = strspn (rest, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "+-.");
  if (rest[more] != '\0' || (*rest != '\0' && *rest != '+' && *rest != '-'))
    return NULL;
  return g_strndup (start, len);
}

gboolean
aak_kubernetes_version_parse (const char *text, guint *out_minor, GError **error)
{
  *out_minor = AAK_KUBERNETES_DEFAULT;
  if (text == NULL)
    return TRUE;
  g_autofree char *plain = cut_build (text);
  g_auto (GStrv) parts = g_strsplit (plain != NULL ? plain : "", ".", 4);
  guint count = g_strv_length (parts);
  guint64 numbers[3] = { 0 };
  gboolean valid = count == 2 || count == 3;
  for (guint i = 0; valid && i < count; i++)
    valid = g_ascii_string_to_unsigned (parts[i], 10, 0, NEWEST, &numbers[i], NULL);
  if (valid && numbers[0] == 1 && numbers[1] >= OLDEST)
    {
      *out_minor = (guint) numbers[1];
      return TRUE;
    }
  g_autofree char *shown = aak_escape (text, strlen (text));
  g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE,
               "--kubernetes %s: a version such as 1.29 is needed, 1.%d or later", shown, OLDEST);
  return FALSE;
}
