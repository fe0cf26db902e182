/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-compile: the verb table. */
#include "config.h"

#include "compile/cmd.h"

static const AakVerb verbs[] = {
  { "build", "compile profiles into a bundle", aak_cmd_build },
  { "features", "show or save a kernel's AppArmor feature set", aak_cmd_features },
  { NULL },
};

static const AakProgram program = {
  .name = "aa-compile",
  .summary = "compiles AppArmor profiles once, for every kernel of a fleet",
  .examples =
      "  aa-compile profiles/ -o bundle/\n"
      "  aa-compile k8s-web -o bundle/ --features node-a.features --features node-b.features\n",
  .verbs = verbs,
};

int
main (int argc, char **argv)
{
  return aak_cli_main (&program, argc, argv);
}
