/* SPDX-License-Identifier: GPL-2.0-or-later
 * The options --base and --features of the verbs that make rules. */
#pragma once

#include "learn/refine.h"
#include "lib/cli.h"

#define AAK_BASE_OPTION     "Add what this profile lacks to its text, and change nothing else in it"
#define AAK_FEATURES_OPTION "With --base: for which kernel it is compiled (default: this one)"

typedef struct
{
  char *path;     /* of the text, or NULL */
  char *features; /* as of AakPolicyOpen */
} AakBaseOption;

/* Frees what is in it. */
void aak_base_option_clear (AakBaseOption *option);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AakBaseOption, aak_base_option_clear)

/* USAGE where @other, an option that was given ("--abi"; NULL: none was), does not go with --base,
 * or --features was given alone. */
gboolean aak_base_option_check (const AakBaseOption *option, const char *other,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens the base for @label: aak_base_open(). */
AakBase *aak_base_option_open (AakCli *cli, const AakBaseOption *option, const char *label,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Says which accesses the base forbids. */
void aak_base_option_report (AakCli *cli, const AakBase *base, const AakRefined *refined);

/* The text of the profile @label that lies where AppArmor's own tools look for it below @root
 * ("/etc/apparmor.d/k8s-web"), for a hint; NULL where there is none. Newly allocated. */
char *aak_base_option_suggest (const char *root, const char *label);
