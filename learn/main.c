/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-learn: the verb table. */
#include "config.h"

#include "learn/cmd.h"

static const AakVerb verbs[] = {
  { "record", "Learn what a pod does and write its profile", aak_cmd_record },
  { "events", "Print what the kernel says about profiles, one event a line", aak_cmd_events },
  { "profile", "Print the profile of a state file", aak_cmd_profile },
  { "show", "Show what a state holds, and how complete it is", aak_cmd_show },
  { "report", "Write states as a page that somebody can sign off", aak_cmd_report },
  { "patch", "Print what a pod's containers need of their security context", aak_cmd_patch },
  { "merge", "Make one state of those of replicas, nodes and runs", aak_cmd_merge },
  { "diff", "Print what one state allows that another one does not", aak_cmd_diff },
  { "check", "Ask a profile whether it allows what was seen", aak_cmd_check },
  { "inspect", "Show what guards the pods of this node, side by side", aak_cmd_inspect },
  { "seccomp", "Print the seccomp profile of states, or make one that logs", aak_cmd_seccomp },
  { "doctor", "Look for what keeps this node from being heard", aak_cmd_doctor },
  { NULL },
};

static const AakProgram program = { .name = "aa-learn", .verbs = verbs };

int
main (int argc, char **argv)
{
  return aak_cli_main (&program, argc, argv);
}
