/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Variables in patterns, as apparmor_parser puts their values in (parser_variable.c, and what its
 * option -D rule-exprs shows): all values of a variable, those of variables in them put in, become
 * one group of alternatives. */
#include "config.h"

#include "lib/policy/text.h"

#include <string.h>

#define MAX_VALUES 512   /* of one variable */
#define MAX_STEPS  1000  /* values that are looked at for a variable */
#define MAX_LENGTH 16384 /* of a pattern or of all values */
#define MAX_DEPTH  16    /* of variables in the values of variables */

typedef struct
{
  const AakPolicyText *text;
  const AakPolicyTextProfile *profile;
  guint steps;  /* taken so far */
  gboolean own; /* the profile's name was put in */
} Expansion;

/* The first variable of @pattern ("@{", not escaped), or NULL; *@out_end: behind its brace, or NULL
 * where there is none. */
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

/* The profile's own name, where none of its characters means something in a pattern. */
static const char *
own_name (const Expansion *expansion)
{
  const char *name = expansion->profile != NULL ? expansion->profile->name : NULL;
  return name != NULL && strpbrk (name, "*?[]{}^,\\@\"") == NULL ? name : NULL;
}

/* --- values ---------------------------------------------------------------------------------- */

static GPtrArray *values_of (Expansion *expansion, const char *name, guint depth);

/* Adds @value to @out, once for each combination of its variables' values. FALSE where it cannot be
 * told. */
static gboolean
add_value (Expansion *expansion, const char *value, guint depth, GPtrArray *out)
{
  const char *end = NULL;
  const char *at = find_variable (value, &end);
  if (out->len == MAX_VALUES || ++expansion->steps > MAX_STEPS || strlen (value) > MAX_LENGTH)
    return FALSE;
  if (at == NULL)
    {
      g_ptr_array_add (out, g_strdup (value));
      return TRUE;
    }
  g_autofree char *name = end != NULL ? g_strndup (at + 2, (gsize) (end - at) - 3) : NULL;
  g_autoptr (GPtrArray) inner =
      name != NULL && depth < MAX_DEPTH ? values_of (expansion, name, depth + 1) : NULL;
  g_autofree char *head = g_strndup (value, (gsize) (at - value));
  for (guint i = 0; inner != NULL && i < inner->len; i++)
    {
      g_autofree char *whole = g_strconcat (head, (const char *) inner->pdata[i], end, NULL);
      if (!add_value (expansion, whole, depth + 1, out))
        return FALSE;
    }
  return inner != NULL;
}

/* All values of the variable @name, without variables (char*); NULL where they cannot be told. */
static GPtrArray *
values_of (Expansion *expansion, const char *name, guint depth)
{
  g_autoptr (GPtrArray) out = g_ptr_array_new_with_free_func (g_free);
  if (strcmp (name, "profile_name") == 0)
    {
      const char *own = own_name (expansion);
      expansion->own = TRUE;
      g_ptr_array_add (out, g_strdup (own));
      return own != NULL ? g_steal_pointer (&out) : NULL;
    }
  const AakPolicyTextVariable *variable = g_hash_table_lookup (expansion->text->variables, name);
  if (variable == NULL || variable->values == NULL || variable->values->len == 0)
    return NULL;
  for (guint i = 0; i < variable->values->len; i++)
    if (!add_value (expansion, variable->values->pdata[i], depth, out))
      return NULL;
  return g_steal_pointer (&out);
}

/* --- patterns -------------------------------------------------------------------------------- */

/* Adds @value without slashes at the sides where the pattern has one already. */
static void
append_value (GString *out, const char *value, gboolean after_slash, gboolean before_slash)
{
  gsize len = strlen (value);
  gsize skip = after_slash ? strspn (value, "/") : 0;
  while (before_slash && len > skip && value[len - 1] == '/')
    len--;
  g_string_append_len (out, value + skip, (gssize) (len - skip));
}

/* The same, remembered by the text unless they are this profile's only; NULL as there. Owned by the
 * text, or by *@out_own, which the caller drops. */
static const GPtrArray *
lookup_values (Expansion *expansion, const char *name, GPtrArray **out_own)
{
  gpointer known = NULL;
  if (g_hash_table_lookup_extended (expansion->text->expanded, name, NULL, &known))
    return known;
  expansion->steps = 0;
  expansion->own = FALSE;
  GPtrArray *values = values_of (expansion, name, 0);
  if (expansion->own)
    *out_own = values;
  else
    g_hash_table_insert (expansion->text->expanded, g_strdup (name), values);
  return values;
}

static gboolean
append_variable (Expansion *expansion, GString *out, const char *at, const char *end)
{
  g_autofree char *name = end != NULL ? g_strndup (at + 2, (gsize) (end - at) - 3) : NULL;
  g_autoptr (GPtrArray) own G_GNUC_UNUSED = NULL;
  const GPtrArray *values = name != NULL ? lookup_values (expansion, name, &own) : NULL;
  if (values == NULL)
    return FALSE;
  gboolean after_slash = out->len > 0 && out->str[out->len - 1] == '/';
  gboolean several = values->len > 1;
  g_string_append (out, several ? "{" : "");
  for (guint i = 0; i < values->len && out->len <= MAX_LENGTH; i++)
    {
      g_string_append (out, i > 0 ? "," : "");
      append_value (out, values->pdata[i], after_slash, *end == '/');
    }
  g_string_append (out, several ? "}" : "");
  return TRUE;
}

char *
aak_policy_text_expand (const AakPolicyText *text, const AakPolicyTextProfile *profile,
                        const char *pattern)
{
  Expansion expansion = { .text = text, .profile = profile };
  g_autoptr (GString) out = g_string_new (NULL);
  const char *end = NULL;
  for (const char *at = find_variable (pattern, &end); at != NULL;
       at = find_variable (pattern, &end))
    {
      g_string_append_len (out, pattern, at - pattern);
      if (!append_variable (&expansion, out, at, end) || out->len > MAX_LENGTH)
        return NULL;
      pattern = end;
    }
  g_string_append (out, pattern);
  return out->len <= MAX_LENGTH ? g_string_free (g_steal_pointer (&out), FALSE) : NULL;
}
