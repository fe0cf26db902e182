/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Escaping of untrusted bytes: one form for messages, states and JSON. */
#include "config.h"

#include "lib/escape.h"

static gboolean
is_plain (gunichar c)
{
  return c != '\\' && c != 0xfeff && g_unichar_isprint (c);
}

char *
aak_escape (const char *bytes, gsize len)
{
  GString *out = g_string_sized_new (len + 16);
  for (gsize i = 0; i < len;)
    {
      gunichar c = g_utf8_get_char_validated (bytes + i, (gssize) (len - i));
      gboolean valid = c != (gunichar) -1 && c != (gunichar) -2 && c != 0;
      gsize width = valid ? (gsize) g_unichar_to_utf8 (c, NULL) : 1;
      if (valid && is_plain (c))
        g_string_append_len (out, bytes + i, (gssize) width);
      else
        for (gsize k = 0; k < width; k++)
          g_string_append_printf (out, "\\x%02x", (guchar) bytes[i + k]);
      i += width;
    }
  return g_string_free (out, FALSE);
}

char *
aak_unescape (const char *text, gsize *out_len)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p != '\\')
        {
          g_string_append_c (out, *p);
          continue;
        }
      if (p[1] != 'x' || !g_ascii_isxdigit (p[2]) || !g_ascii_isxdigit (p[3]))
        return NULL;
      g_string_append_c (out,
                         (char) (g_ascii_xdigit_value (p[2]) * 16 + g_ascii_xdigit_value (p[3])));
      p += 3;
    }
  if (out_len != NULL)
    *out_len = out->len;
  return g_string_free (g_steal_pointer (&out), FALSE);
}
