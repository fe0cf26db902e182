/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Asking rules. */
#include "config.h"

#include "lib/seccomp/answer.h"

#include <seccomp.h>
#include <string.h>

#define ARCH_PREFIX "SCMP_ARCH_"

static gboolean
has_name (const AakSeccompRule *rule, const char *name)
{
  for (guint i = 0; i < rule->names->len; i++)
    if (strcmp (rule->names->pdata[i], name) == 0)
      return TRUE;
  return FALSE;
}

/* Flags of clone that make name spaces must not be there. */
static gboolean
is_limited_clone (const AakSeccompRule *rule, const char *name)
{
  if (strcmp (name, "clone") != 0 || rule->args->len != 1)
    return FALSE;
  const AakSeccompArg *arg = &g_array_index (rule->args, AakSeccompArg, 0);
  return arg->op == SCMP_CMP_MASKED_EQ && arg->index <= 1 && arg->value == AAK_CLONE_NAMESPACES
         && arg->value_two == 0;
}

AakSeccompAnswer
aak_seccomp_answer (const AakSeccompProfile *profile, const char *name)
{
  AakSeccompAnswer answer = { .action = profile->action };
  for (guint i = 0; i < profile->rules->len; i++)
    {
      const AakSeccompRule *rule = profile->rules->pdata[i];
      if (!has_name (rule, name))
        continue;
      gboolean limited = is_limited_clone (rule, name);
      answer = (AakSeccompAnswer){ rule->action, TRUE, limited, rule };
      if (rule->args->len > 0 && !limited)
        continue;
      answer.depends = FALSE;
      break;
    }
  return answer;
}

gboolean
aak_seccomp_lets_pass (guint32 action)
{
  return action == SCMP_ACT_ALLOW || action == SCMP_ACT_LOG;
}

char *
aak_seccomp_arch_name (const char *word)
{
  g_autofree char *upper = g_ascii_strup (word, -1);
  return g_strconcat (ARCH_PREFIX, upper, NULL);
}

char *
aak_seccomp_arch_word (const char *name)
{
  return g_ascii_strdown (name + strlen (ARCH_PREFIX), -1);
}

gboolean
aak_seccomp_lists_arch (const AakSeccompProfile *profile, const char *word)
{
  g_autofree char *name = aak_seccomp_arch_name (word);
  for (guint i = 0; i < profile->architectures->len; i++)
    if (strcmp (profile->architectures->pdata[i], name) == 0)
      return TRUE;
  return FALSE;
}
