/* SPDX-License-Identifier: GPL-2.0-or-later
 * Addresses of unix sockets. */
#include "config.h"

#include "learn/unix-address.h"

#include "learn/path-pattern.h"

#include <string.h>

/* The kernel writes hex where a byte is one of these (audit_string_contains_control()). */
static gboolean
asks_for_hex (guchar byte)
{
  return byte < 0x21 || byte > 0x7e || byte == '"';
}

/* The bytes of which @name can be the hex, or NULL. */
static GString *
bytes_of_hex (const char *name)
{
  gsize len = strlen (name);
  gboolean needed = FALSE;
  if (len == 0 || len % 2 != 0 || strspn (name, "0123456789ABCDEF") != len)
    return NULL;
  g_autoptr (GString) bytes = g_string_new (NULL);
  for (gsize i = 0; i < len; i += 2)
    {
      int byte = g_ascii_xdigit_value (name[i]) * 16 + g_ascii_xdigit_value (name[i + 1]);
      needed |= asks_for_hex ((guchar) byte);
      g_string_append_c (bytes, (char) byte);
    }
  return needed ? g_steal_pointer (&bytes) : NULL;
}

/* {NAME,BYTES}; a comma of the bytes must not end them. */
static void
append_both (GString *pattern, const char *name, const GString *bytes)
{
  g_autoptr (GString) other = g_string_new (NULL);
  aak_path_pattern_append_name (other, bytes->str, bytes->len);
  g_string_replace (other, ",", "\\054", 0);
  g_string_append_printf (pattern, "{%s,%s}", name, other->str);
}

char *
aak_unix_address_token (const char *address)
{
  if (*address == '\0' || *address == '/')
    return g_strdup ("");
  if (*address != '@')
    return g_strdup ("none");
  g_autoptr (GString) pattern = g_string_new ("@");
  g_autoptr (GString) bytes = bytes_of_hex (address + 1);
  if (bytes == NULL)
    aak_path_pattern_append_name (pattern, address + 1, strlen (address + 1));
  else
    append_both (pattern, address + 1, bytes);
  return g_strdup_printf ("\"%s\"", pattern->str);
}

static GBytes *
abstract_name (const char *name, gsize len)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_byte_array_append (bytes, (const guint8 *) "", 1);
  g_byte_array_append (bytes, (const guint8 *) name, (guint) len);
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

GPtrArray *
aak_unix_address_bytes (const char *address)
{
  GPtrArray *forms = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  if (*address == '@')
    {
      g_autoptr (GString) bytes = bytes_of_hex (address + 1);
      g_ptr_array_add (forms, abstract_name (address + 1, strlen (address + 1)));
      if (bytes != NULL)
        g_ptr_array_add (forms, abstract_name (bytes->str, bytes->len));
    }
  else
    g_ptr_array_add (forms, g_bytes_new (address, *address == '/' ? strlen (address) : 0));
  return forms;
}
