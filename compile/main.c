/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-compile: the verb table. */
#include "config.h"

#include "compile/cmd.h"

static const AakVerb verbs[] = {
  { "build", "compile profiles into a bundle", aak_cmd_build },
  { "check", "look for what is wrong with profiles", aak_cmd_check },
  { "configmap", "write a bundle as a Kubernetes ConfigMap", aak_cmd_configmap },
  { "diff", "compare what two policies allow", aak_cmd_diff },
  { "features", "show or save a kernel's AppArmor feature set", aak_cmd_features },
  { "query", "ask what a compiled profile allows", aak_cmd_query },
  { "report", "write profiles as a page that somebody can sign off", aak_cmd_report },
  { "score", "rate how much profiles leave open", aak_cmd_score },
  { "doctor", "look for what is wrong with this machine (exit 3: a problem)", aak_cmd_doctor },
  { NULL },
};

static const AakProgram program = { .name = "aa-compile", .verbs = verbs };

int
main (int argc, char **argv)
{
  return aak_cli_main (&program, argc, argv);
}
