/* SPDX-License-Identifier: GPL-2.0-or-later
 * The options of the verbs that ask policy: which it is, and of which tree of files. */
#pragma once

#include "lib/cli.h"
#include "lib/policy/open.h"

typedef struct
{
  char *features; /* --features, or NULL */
  char *base;     /* --base, or NULL */
  char *tree;     /* --tree, or NULL */
  gboolean owner; /* --owner */
} AakPolicyOptions;

void aak_policy_options_clear (AakPolicyOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AakPolicyOptions, aak_policy_options_clear)

/* What is wrong with them, or NULL. */
const char *aak_policy_options_objection (const AakPolicyOptions *options);

/* How policy is opened with them: texts, and learned states. Owned by both. */
AakPolicyOpen aak_policy_options_open (const AakPolicyOptions *options, const AakCli *cli);

/* The entries that are the same in each verb, see aak_cli_parse(). */
#define AAK_POLICY_OPTIONS_BASE(options)                                                \
  {                                                                                     \
    "base", 0, 0, G_OPTION_ARG_FILENAME, &(options)->base,                              \
        "Where abi/, abstractions/ and tunables/ are (default: /etc/apparmor.d)", "DIR" \
  }
#define AAK_POLICY_OPTIONS_OWNER(options)                       \
  {                                                             \
    "owner", 0, 0, G_OPTION_ARG_NONE, &(options)->owner,        \
        "With --tree: take every file for the task's own", NULL \
  }
