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

/* The value that matches the abstract address of these bytes. */
static char *
abstract_token (const char *bytes, gsize len)
{
  g_autoptr (GString) pattern = g_string_new ("@");
  aak_path_pattern_append_name (pattern, bytes, len);
  return g_strdup_printf ("\"%s\"", pattern->str);
}

char **
aak_unix_address_tokens (const char *address)
{
  g_autoptr (GStrvBuilder) tokens = g_strv_builder_new ();
  if (*address != '@')
    {
      g_strv_builder_add (tokens, *address == '\0' || *address == '/' ? "" : "none");
      return g_strv_builder_end (tokens);
    }
  const char *name = address + 1;
  g_autofree char *as_name = abstract_token (name, strlen (name));
  g_strv_builder_add (tokens, as_name);
  g_autoptr (GString) bytes = bytes_of_hex (name);
  if (bytes != NULL)
    {
      g_autofree char *as_bytes = abstract_token (bytes->str, bytes->len);
      g_strv_builder_add (tokens, as_bytes);
    }
  return g_strv_builder_end (tokens);
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
