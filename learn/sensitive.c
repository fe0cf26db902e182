/* SPDX-License-Identifier: GPL-2.0-or-later
 * The table of sensitive accesses. */
#include "config.h"

#include "learn/sensitive.h"

#include "learn/access-fields.h"

#include <fnmatch.h>
#include <string.h>

#define WRITE (AAK_PERM_W | AAK_PERM_A | AAK_PERM_C | AAK_PERM_D | AAK_PERM_L)

/* What fnmatch() says, which is asked only where the first literal part of the pattern is there. */
static gboolean
matches (const char *pattern, const char *path)
{
  gboolean anywhere = *pattern == '*';
  const char *literal = pattern + anywhere;
  gsize len = strcspn (literal, "*?[");
  gboolean there = anywhere ? memmem (path, strlen (path), literal, len) != NULL
                            : strncmp (path, literal, len) == 0;
  return there && fnmatch (pattern, path, 0) == 0;
}

static gboolean
matches_one (char *const *patterns, const char *text)
{
  for (; *patterns != NULL; patterns++)
    if (matches (*patterns, text))
      return TRUE;
  return FALSE;
}

/* Patterns for the detail at @index. */
static gboolean
matches_detail (char *const *patterns, const AakRule *rule, guint index)
{
  g_auto (GStrv) details = *patterns != NULL ? aak_access_unpack (rule->class, rule->detail) : NULL;
  return details != NULL && matches_one (patterns, details[index]);
}

static gboolean
has_name (char *const *names, const AakRule *rule)
{
  return g_strv_contains ((const char *const *) names, rule->name);
}

static gboolean
applies_to_dbus (const AakSensitive *sensitive, const AakRule *rule)
{
  if (sensitive->eavesdrop && (rule->perms & AAK_PERM_EAVESDROP) != 0)
    return TRUE;
  return strcmp (rule->name, "system") == 0 && (rule->perms & AAK_PERM_SEND) != 0
         && matches_detail (sensitive->destinations, rule, 3);
}

static gboolean
applies (const AakSensitive *sensitive, const AakRule *rule, const char *path)
{
  const char *class = aak_access_class_word (rule->class);
  if (class != NULL && g_strv_contains ((const char *const *) sensitive->classes, class))
    return TRUE;
  switch (rule->class)
    {
    case AAK_CLASS_FILE:
      return matches_one (sensitive->paths, path)
             || ((rule->perms & WRITE) != 0 && matches_one (sensitive->written, path));
    case AAK_CLASS_CAPABILITY:
      return has_name (sensitive->capabilities, rule);
    case AAK_CLASS_NETWORK:
      return has_name (sensitive->families, rule);
    case AAK_CLASS_PTRACE:
      return (rule->perms & sensitive->ptrace) != 0;
    case AAK_CLASS_UNIX:
      return matches_detail (sensitive->sockets, rule, 1);
    case AAK_CLASS_SYSCALL:
      return g_strv_contains ((const char *const *) sensitive->syscalls, rule->detail);
    case AAK_CLASS_IO_URING:
      return has_name (sensitive->io_uring, rule);
    case AAK_CLASS_DBUS:
      return applies_to_dbus (sensitive, rule);
    case AAK_CLASS_MOUNT:
    case AAK_CLASS_USERNS:
    case AAK_CLASS_CHANGE_PROFILE:
    case AAK_CLASS_SIGNAL:
    case AAK_CLASS_RLIMIT:
    case AAK_CLASS_MQUEUE:
    case AAK_CLASS_EXEC:
    case AAK_CLASS_INET:
    case AAK_CLASS_POLICY:
    case AAK_CLASS_OTHER:
      return FALSE;
    }
  return FALSE;
}

const AakSensitive *
aak_sensitive_find (const AakRule *rule, const char *path, const AakAllowList *allowed)
{
  const GPtrArray *table = aak_sensitive_table ();
  for (guint i = 0; i < table->len; i++)
    {
      const AakSensitive *sensitive = table->pdata[i];
      if (sensitive->silenced == NULL && applies (sensitive, rule, path)
          && (allowed == NULL || !aak_allow_list_has (allowed, sensitive->id)))
        return sensitive;
    }
  return NULL;
}

gboolean
aak_sensitive_is_secret (const char *path)
{
  static const char *const endings[] = {
    ".key", ".pem", ".p12", ".pfx", ".env", "/token", ".kdbx"
  };
  static const char *const parts[] = { "secret", "id_rsa", "shadow", "password", "credential" };
  g_autofree char *lower = g_ascii_strdown (path, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i]))
      return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (strstr (lower, parts[i]) != NULL)
      return TRUE;
  return FALSE;
}
