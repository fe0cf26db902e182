/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Transitions, from the bits of policy to the letters of rules. */
#include "config.h"

#include "lib/policy/exec.h"

#include <string.h>

AakExec
aak_policy_exec_of (const AakPolicyDb *files, guint32 xindex)
{
  guint32 type = xindex & AAK_X_TYPE;
  AakExecTarget alone = (xindex & AAK_X_INHERIT) != 0      ? AAK_EXEC_INHERIT
                        : (xindex & AAK_X_UNCONFINED) != 0 ? AAK_EXEC_UNCONFINED
                                                           : AAK_EXEC_NOWHERE;
  AakExec exec = { .scrubbed = (xindex & AAK_X_UNSAFE) == 0 };
  if (type == 0)
    exec.target = alone;
  else
    {
      exec.fallback = alone;
      exec.target = (xindex & AAK_X_CHILD) != 0 ? AAK_EXEC_CHILD : AAK_EXEC_PROFILE;
    }
  if (type == AAK_X_TABLE)
    {
      exec.target = AAK_EXEC_NAMED;
      exec.name = aak_policy_db_transition (files, xindex);
    }
  return exec;
}

gboolean
aak_policy_exec_equal (const AakExec *a, const AakExec *b)
{
  return a->target == b->target && a->fallback == b->fallback
         && (a->scrubbed == b->scrubbed || a->target == AAK_EXEC_INHERIT)
         && g_strcmp0 (a->name, b->name) == 0;
}

/* TRUE where @name is that of a child. The labels of a stack have "//&" between them. */
static gboolean
is_of_child (const char *name)
{
  const char *found = strstr (name, "//");
  while (found != NULL && found[2] == '&')
    found = strstr (found + 2, "//");
  return found != NULL;
}

char *
aak_policy_exec_text (const AakExec *exec)
{
  static const char *const targets[] = {
    [AAK_EXEC_NOWHERE] = "", [AAK_EXEC_INHERIT] = "i", [AAK_EXEC_PROFILE] = "p",
    [AAK_EXEC_CHILD] = "c",  [AAK_EXEC_NAMED] = "p",   [AAK_EXEC_UNCONFINED] = "u",
  };
  gboolean child = exec->target == AAK_EXEC_NAMED && is_of_child (exec->name);
  g_autofree char *text =
      g_strconcat (child ? "c" : targets[exec->target], targets[exec->fallback], "x", NULL);
  if (exec->scrubbed && exec->target != AAK_EXEC_INHERIT)
    *text = g_ascii_toupper (*text);
  return g_steal_pointer (&text);
}
