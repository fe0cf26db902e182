/* SPDX-License-Identifier: GPL-2.0-or-later
 * The words that AppArmor's rules have for the kernel's own names: those of apparmor_parser 3.0,
 * the oldest that profiles are written for. What is not among them must not be written into a
 * profile, wherever it came from. */
#pragma once

#include <glib.h>

typedef enum
{
  AAK_WORDS_FAMILY, /* address families */
  AAK_WORDS_SOCKET, /* socket types */
  AAK_WORDS_CAPABILITY,
  AAK_WORDS_SIGNAL, /* but rtmin+N, which aak_rule_word_is_known() knows too */
  AAK_WORDS_LIMIT,  /* resource limits */
  AAK_WORDS_MOUNT,  /* flags of mounts */
} AakRuleWords;

gboolean aak_rule_word_is_known (AakRuleWords words, const char *word);

/* TRUE where @flags, as the kernel prints them ("rw, nosuid"), are all known. */
gboolean aak_rule_mount_flags_are_known (const char *flags);

/* The flags that a rule for the mount operation @operation says of @flags, which are all known:
 * those that the kernel looks at. Parsers before 4.1 take `rw` beside `bind` for leave to mount
 * anything else as well (CVE-2016-1585). NULL where @flags are not those of @operation. Newly
 * allocated. */
char *aak_rule_mount_words (const char *operation, const char *flags);
