/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Escaping of untrusted bytes: one form for messages, states and JSON. */
#include "config.h"

#include "lib/escape.h"

#include <string.h>

static gboolean
is_plain (gunichar c)
{
  return c != '\\' && c != 0xfeff && g_unichar_isprint (c);
}

/* How many of the first bytes are printable ASCII and no backslash: in most strings all. */
static gsize
count_ascii (const char *bytes, gsize len)
{
  gsize count = 0;
  while (count < len && bytes[count] >= ' ' && bytes[count] <= '~' && bytes[count] != '\\')
    count++;
  return count;
}

char *
aak_escape (const char *bytes, gsize len)
{
  gsize i = count_ascii (bytes, len);
  if (i == len)
    return g_strndup (len > 0 ? bytes : "", len);
  GString *out = g_string_sized_new (len + 16);
  g_string_append_len (out, bytes, (gssize) i);
  while (i < len)
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
aak_escape_rule (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isprint (*p))
      return aak_escape (text, strlen (text));
  return g_strdup (text);
}

char *
aak_unescape (const char *text, gsize *out_len)
{
  gsize plain = strcspn (text, "\\");
  g_autoptr (GString) out = g_string_new_len (text, (gssize) plain);
  for (const char *p = text + plain; *p != '\0'; p++)
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
