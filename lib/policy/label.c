/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Matches labels against rules, stacked ones as the kernel does. */
#include "config.h"

#include "lib/policy/label.h"

#include <string.h>

#define STACK "//&"

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The profiles of @label in the kernel's order, each once. */
static GPtrArray *
components (const char *label)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) words = g_strsplit (label, STACK, -1);
  for (char **word = words; *word != NULL; word++)
    g_ptr_array_add (parts, g_strdup (*word));
  g_ptr_array_sort (parts, compare);
  for (guint i = parts->len; i > 1; i--)
    if (strcmp (parts->pdata[i - 1], parts->pdata[i - 2]) == 0)
      g_ptr_array_remove_index (parts, i - 1);
  return parts;
}

static AakPerms
perms_at (const AakPolicyDb *db, guint32 state)
{
  return state != AAK_POLICY_DFA_NOMATCH ? aak_policy_db_perms (db, state, TRUE) : (AakPerms){ 0 };
}

static AakPerms
whole (const AakPolicyDb *db, guint32 state, GPtrArray *parts)
{
  for (guint i = 0; i < parts->len; i++)
    {
      if (i > 0)
        state = aak_policy_db_match (db, state, STACK, strlen (STACK));
      state = aak_policy_db_match (db, state, parts->pdata[i], strlen (parts->pdata[i]));
    }
  return perms_at (db, state);
}

static AakPerms
each (const AakPolicyDb *db, guint32 start, GPtrArray *parts)
{
  AakPerms all = { .allow = G_MAXUINT32, .quiet = G_MAXUINT32 };
  for (guint i = 0; i < parts->len; i++)
    {
      const char *part = parts->pdata[i];
      guint32 state = aak_policy_db_match (db, start, part, strlen (part));
      AakPerms perms = perms_at (db, state);
      if (state == AAK_POLICY_DFA_NOMATCH)
        return perms;
      all.deny |= perms.deny;
      all.allow &= perms.allow & ~perms.deny;
      all.audit |= perms.audit & perms.allow;
      all.quiet &= perms.quiet & ~perms.allow;
    }
  return all;
}

AakPerms
aak_policy_label_perms (const AakPolicyDb *db, guint32 start, const char *label, guint32 request)
{
  /* Nearly every label is one profile: no list is made for it. */
  if (strstr (label, STACK) == NULL)
    return perms_at (db, aak_policy_db_match (db, start, label, strlen (label)));
  g_autoptr (GPtrArray) parts = components (label);
  AakPerms perms = whole (db, start, parts);
  return (perms.allow & ~perms.deny & request) == request ? perms : each (db, start, parts);
}

AakPerms
aak_policy_label_each_perms (const AakPolicyDb *db, guint32 start, const char *label)
{
  g_autoptr (GPtrArray) parts = components (label);
  return parts->len > 0 ? each (db, start, parts) : perms_at (db, start);
}
