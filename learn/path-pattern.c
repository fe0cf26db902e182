/* SPDX-License-Identifier: GPL-2.0-or-later
 * Escaping. */
#include "config.h"

#include "learn/path-pattern.h"

#include <string.h>

void
aak_path_pattern_append_literal (GString *out, const char *bytes, gsize len)
{
  for (gsize i = 0; i < len; i++)
    {
      guchar c = (guchar) bytes[i];
      if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
        g_string_append_printf (out, "\\%03o", c);
      else if (strchr ("*?[]{}^", c) != NULL)
        g_string_append_printf (out, "\\%c", c);
      else
        g_string_append_c (out, (char) c);
    }
}

void
aak_path_pattern_append_name (GString *out, const char *bytes, gsize len)
{
  for (gsize i = 0; i < len; i++)
    if (i > 0 && bytes[i] == '/' && bytes[i - 1] == '/')
      g_string_append (out, "[/]");
    else
      aak_path_pattern_append_literal (out, bytes + i, 1);
}

const char *
aak_path_pattern_take_escape (const char *at, guchar *out)
{
  guint byte = 0, digits = 0;
  for (; digits < 3 && at[digits] >= '0' && at[digits] <= '7'; digits++)
    byte = byte * 8 + (guint) (at[digits] - '0');
  gboolean octal = digits == 3 && byte <= 0xff;
  *out = octal ? (guchar) byte : (guchar) *at;
  if (octal)
    return at + 3;
  return *at != '\0' ? at + 1 : NULL;
}

char *
aak_path_pattern_quote (const char *pattern)
{
  for (const char *p = pattern; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("/._-+@%:~*?[]{}", *p) == NULL)
      return g_strdup_printf ("\"%s\"", pattern);
  return g_strdup (pattern);
}

char *
aak_path_pattern_literal (const char *pattern)
{
  g_autoptr (GString) bytes = g_string_new (NULL);
  for (const char *p = pattern; *p != '\0';)
    {
      guchar byte = (guchar) *p;
      if (strchr ("*?[]{}^", *p) != NULL || strncmp (p, "@{", 2) == 0)
        return NULL;
      p = *p == '\\' ? aak_path_pattern_take_escape (p + 1, &byte) : p + 1;
      if (p == NULL)
        return NULL;
      g_string_append_c (bytes, (char) byte);
    }
  return g_string_free (g_steal_pointer (&bytes), FALSE);
}
