/* SPDX-License-Identifier: GPL-2.0-or-later
 * From options to policy. */
#include "config.h"

#include "compile/policy-options.h"

#include "compile/learned-state.h"

void
aak_policy_options_clear (AakPolicyOptions *options)
{
  g_free (options->features);
  g_free (options->base);
  g_free (options->tree);
}

const char *
aak_policy_options_objection (const AakPolicyOptions *options)
{
  return options->tree == NULL && options->owner ? "--owner goes with --tree" : NULL;
}

AakPolicyOpen
aak_policy_options_open (const AakPolicyOptions *options, const AakCli *cli)
{
  return (AakPolicyOpen){ aak_cli_root (cli), options->features, options->base,
                          aak_learned_state_or_text };
}
