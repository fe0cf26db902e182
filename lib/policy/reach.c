/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A walk over the states behind a directory's name, the nearest first. */
#include "config.h"

#include "lib/policy/reach.h"

#include "lib/policy/answer.h"

#include <string.h>

/* Bytes that names are made of, which are tried before all others: what is found is to be read. */
static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789._-ABCDEFGHIJKLMNOPQRSTUVWXYZ/";

typedef struct
{
  guint32 state;
  guint32 parent; /* index of the step that @byte leads from; its own for the first */
  guint8 byte;
} Step;

typedef struct
{
  const AakPolicyProfile *profile;
  const AakPolicyDb *files;
  const AakReach *reach;
  GArray *steps; /* Step, as they were found */
  guint8 *seen;  /* of each state, twice: behind a slash too */
} Walk;

static void
walk_clear (Walk *walk)
{
  g_array_unref (walk->steps);
  g_free (walk->seen);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walk, walk_clear)

/* The name behind the directory's that leads to the step @index. */
static char *
name_of (const Walk *walk, guint index)
{
  g_autoptr (GString) name = g_string_new (NULL);
  const Step *step = &g_array_index (walk->steps, Step, index);
  for (; step->parent != index; step = &g_array_index (walk->steps, Step, index))
    {
      g_string_prepend_c (name, (char) step->byte);
      index = step->parent;
    }
  g_string_prepend (name, walk->reach->below);
  return g_string_free (g_steal_pointer (&name), FALSE);
}

/* TRUE where a program may run without confinement: because the rule says so, because it does where
 * the profile that the rule names is not loaded, or because that is what it names. */
static gboolean
leaves (const AakExec *exec)
{
  return exec->target == AAK_EXEC_UNCONFINED
         || (exec->target != AAK_EXEC_NOWHERE && exec->fallback == AAK_EXEC_UNCONFINED)
         || (exec->target == AAK_EXEC_NAMED && strcmp (exec->name, "unconfined") == 0);
}

static AakAnswer
ask (const Walk *walk, guint32 state)
{
  const AakReach *reach = walk->reach;
  AakAnswer answer =
      aak_policy_answer_file (walk->profile, walk->files, state, reach->request, reach->owner);
  if (answer.allowed && reach->unconfined && !leaves (&answer.exec))
    {
      answer.allowed = FALSE;
      answer.denied |= AAK_MAY_EXEC;
    }
  return answer;
}

/* Goes from the step @from on by @byte, unless it was there already. TRUE, and the answer, where
 * that is an end. No name has two slashes in a row, and rules rely on that: a star matches none
 * behind a slash. */
static gboolean
go (Walk *walk, guint from, guint8 byte, AakAnswer *out)
{
  const Step *before = &g_array_index (walk->steps, Step, from);
  gboolean slash = byte == '/';
  if (slash && before->byte == '/')
    return FALSE;
  Step step = { aak_policy_db_match (walk->files, before->state, &byte, 1), from, byte };
  guint8 *seen = &walk->seen[2 * (gsize) step.state + (slash ? 1 : 0)];
  if (step.state == AAK_POLICY_DFA_NOMATCH || *seen)
    return FALSE;
  *seen = TRUE;
  g_array_append_val (walk->steps, step);
  AakAnswer answer = ask (walk, step.state);
  if (answer.allowed)
    *out = answer;
  return answer.allowed;
}

/* TRUE where the step @from leads to an end at once. A NUL ends every name. */
static gboolean
go_all (Walk *walk, guint from, AakAnswer *out)
{
  for (const char *p = plain; *p != '\0'; p++)
    if (go (walk, from, (guint8) *p, out))
      return TRUE;
  for (guint byte = 1; byte <= G_MAXUINT8; byte++)
    if (go (walk, from, (guint8) byte, out))
      return TRUE;
  return FALSE;
}

AakAnswer
aak_policy_reach (const AakPolicyProfile *profile, const AakReach *reach, char **out_name)
{
  *out_name = NULL;
  if (profile->mode == AAK_MODE_UNCONFINED)
    return aak_policy_answer_unmediated (reach->request);
  guint32 start = AAK_POLICY_DFA_NOMATCH;
  const AakPolicyDb *files = aak_policy_answer_files (profile, &start);
  g_auto (Walk) walk = { profile, files, reach, g_array_new (FALSE, FALSE, sizeof (Step)),
                         g_new0 (guint8, 2 * (gsize) aak_policy_db_states (files)) };
  AakAnswer answer = ask (&walk, AAK_POLICY_DFA_NOMATCH);
  Step first = { aak_policy_db_match (files, start, reach->below, strlen (reach->below)), 0, '/' };
  g_array_append_val (walk.steps, first);
  for (guint i = 0; i < walk.steps->len; i++)
    if (go_all (&walk, i, &answer))
      {
        *out_name = name_of (&walk, walk.steps->len - 1);
        return answer;
      }
  return answer;
}
