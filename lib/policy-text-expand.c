/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Variables in patterns, as apparmor_parser puts their values in (parser_variable.c). */
#include "config.h"

#include "lib/policy-text.h"

#include <string.h>

#define MAX_PATTERNS 256
#define MAX_LENGTH   8192 /* of one */
#define MAX_STEPS    64   /* variables, also those in the values of others */

typedef struct
{
  const AakPolicyText *text;
  const AakPolicyTextProfile *profile;
  GPtrArray *pending; /* char*: patterns that may have variables */
  GPtrArray *done;
} Expansion;

/* The first variable of @pattern ("@{", not escaped), or NULL; *@out_end: behind its brace. */
static const char *
find_variable (const char *pattern, const char **out_end)
{
  for (const char *p = pattern; *p != '\0'; p++)
    {
      if (*p == '\\' && p[1] != '\0')
        p++;
      else if (p[0] == '@' && p[1] == '{')
        {
          const char *close = strchr (p, '}');
          *out_end = close != NULL ? close + 1 : NULL;
          return p;
        }
    }
  return NULL;
}

/* Adds what @pattern becomes with @value from @at to @end. */
static gboolean
put_value (Expansion *expansion, const char *pattern, const char *at, const char *end,
           const char *value)
{
  g_autofree char *head = g_strndup (pattern, (gsize) (at - pattern));
  char *whole = g_strconcat (head, value, end, NULL);
  g_ptr_array_add (expansion->pending, whole);
  return strlen (whole) <= MAX_LENGTH
         && expansion->pending->len + expansion->done->len <= MAX_PATTERNS;
}

/* The profile's own name, where none of its characters means something in a pattern. */
static const char *
own_name (const Expansion *expansion)
{
  const char *name = expansion->profile != NULL ? expansion->profile->name : NULL;
  return name != NULL && strpbrk (name, "*?[]{}^,\\@\"") == NULL ? name : NULL;
}

static gboolean
expand_first (Expansion *expansion, const char *pattern, const char *at, const char *end)
{
  if (end == NULL)
    return FALSE;
  g_autofree char *name = g_strndup (at + 2, (gsize) (end - at) - 3);
  if (strcmp (name, "profile_name") == 0)
    {
      const char *own = own_name (expansion);
      return own != NULL && put_value (expansion, pattern, at, end, own);
    }
  const AakPolicyTextVariable *variable = g_hash_table_lookup (expansion->text->variables, name);
  if (variable == NULL || variable->values == NULL)
    return FALSE;
  for (guint i = 0; i < variable->values->len; i++)
    if (!put_value (expansion, pattern, at, end, variable->values->pdata[i]))
      return FALSE;
  return TRUE;
}

/* Puts values in the place of one variable of each pattern. FALSE where it cannot be told. */
static gboolean
expand_all (Expansion *expansion)
{
  g_autoptr (GPtrArray) from = g_steal_pointer (&expansion->pending);
  expansion->pending = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < from->len; i++)
    {
      const char *end = NULL;
      const char *at = find_variable (from->pdata[i], &end);
      if (at == NULL)
        g_ptr_array_add (expansion->done, g_strdup (from->pdata[i]));
      else if (!expand_first (expansion, from->pdata[i], at, end))
        return FALSE;
    }
  return TRUE;
}

char **
aak_policy_text_expand (const AakPolicyText *text, const AakPolicyTextProfile *profile,
                        const char *pattern)
{
  g_autoptr (GPtrArray) done = g_ptr_array_new_with_free_func (g_free);
  Expansion expansion = { text, profile, g_ptr_array_new_with_free_func (g_free), done };
  g_ptr_array_add (expansion.pending, g_strdup (pattern));
  gboolean ok = TRUE;
  for (guint i = 0; ok && expansion.pending->len > 0; i++)
    ok = i < MAX_STEPS && expand_all (&expansion);
  g_ptr_array_unref (expansion.pending);
  if (!ok || done->len == 0)
    return NULL;
  g_ptr_array_add (done, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&done), FALSE);
}
