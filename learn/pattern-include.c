/* SPDX-License-Identifier: GPL-2.0-or-later
 * Patterns of learned profiles as the parser sees them, with what their variables stand for. */
#include "config.h"

#include "learn/pattern-include.h"

#include "learn/profile-writer.h"
#include "lib/policy/glob.h"

#include <string.h>

/* About a millisecond; patterns that are like one another take a thousandth. */
#define BUDGET (1000u * 1000)

/* @pattern with the patterns that its variables stand for; NULL where it names one that learned
 * profiles do not have. Newly allocated. */
static char *
expand (const char *pattern)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (const char *at = strstr (pattern, "@{"); at != NULL; at = strstr (pattern, "@{"))
    {
      if (at > pattern && at[-1] == '\\')
        return NULL;
      g_autofree char *name = g_strndup (at, strcspn (at, "}") + 1);
      const char *value = aak_profile_variable (name);
      if (value == NULL)
        return NULL;
      g_string_append_len (text, pattern, at - pattern);
      g_string_append (text, value);
      pattern = at + strlen (name);
    }
  g_string_append (text, pattern);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static AakPolicyGlob *
compile (const char *pattern)
{
  g_autofree char *text = expand (pattern);
  return text != NULL ? aak_policy_glob_new (text) : NULL;
}

gboolean
aak_pattern_includes (const char *outer, const char *inner)
{
  guint64 budget = BUDGET;
  g_autoptr (AakPolicyGlob) a = compile (outer);
  g_autoptr (AakPolicyGlob) b = a != NULL ? compile (inner) : NULL;
  return b != NULL && aak_policy_glob_includes (a, b, &budget);
}
