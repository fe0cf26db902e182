/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-register: the verb table. */
#include "config.h"

#include "lib/privileges.h"
#include "register/cmd.h"

static const AakVerb verbs[] = {
  { "apply", "load what differs, and prove it", aak_cmd_apply },
  { "diff", "show what apply would do (exit 3: something)", aak_cmd_diff },
  { "status", "compare what was registered with the kernel (exit 3: a difference)",
    aak_cmd_status },
  { "watch", "keep the kernel at what PATH holds, as it changes", aak_cmd_watch },
  { "wait", "wait until profiles are loaded (exit 3: in vain)", aak_cmd_wait },
  { "rm", "unload profiles that no task wears", aak_cmd_rm },
  { "features", "show the id of this kernel's feature set", aak_cmd_features },
  { "doctor", "look for what is wrong with this node (exit 3: a problem)", aak_cmd_doctor },
  { NULL },
};

static const AakProgram program = {
  .name = "aa-register",
  .verbs = verbs,
  .begin = aak_privileges_drop,
};

int
main (int argc, char **argv)
{
  return aak_cli_main (&program, argc, argv);
}
