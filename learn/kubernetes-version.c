/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reading versions. */
#include "config.h"

#include "learn/kubernetes-version.h"

#include "lib/error.h"
#include "lib/escape.h"

#include <string.h>

#define OLDEST 19
#define NEWEST 999

gboolean
aak_kubernetes_version_parse (const char *text, guint *out_minor, GError **error)
{
  *out_minor = AAK_KUBERNETES_DEFAULT;
  if (text == NULL)
    return TRUE;
  g_auto (GStrv) parts = g_strsplit (*text == 'v' ? text + 1 : text, ".", 4);
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
