/* SPDX-License-Identifier: GPL-2.0-or-later
 * Naming children. */
#include "config.h"

#include "learn/child-name.h"

#include <string.h>

static gboolean
is_plain (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("/._+@-", c) != NULL);
}

/* As the kernel writes the path of a program that it executes. */
static gboolean
is_normal (const char *path)
{
  gsize len = strlen (path);
  return path[0] == '/' && len > 1 && path[len - 1] != '/' && strstr (path, "//") == NULL;
}

char *
aak_child_name_for (const char *path)
{
  if (!is_normal (path))
    return NULL;
  g_autoptr (GString) name = g_string_new (NULL);
  for (const char *p = path; *p != '\0' && name->len <= AAK_CHILD_NAME_MAX; p++)
    if (is_plain (*p))
      g_string_append_c (name, *p);
    else
      g_string_append_printf (name, "%%%02X", (guchar) *p);
  return name->len <= AAK_CHILD_NAME_MAX ? g_string_free (g_steal_pointer (&name), FALSE) : NULL;
}

gboolean
aak_child_name_is_sound (const char *name)
{
  gsize len = strlen (name);
  if (len == 0 || len > AAK_CHILD_NAME_MAX || name[len - 1] == '/' || strstr (name, "//") != NULL
      || g_str_has_prefix (name, "null-"))
    return FALSE;
  for (const char *p = name; *p != '\0'; p++)
    if (!is_plain (*p) && *p != '%')
      return FALSE;
  return TRUE;
}
