/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The words for what policy has as numbers, as apparmor.d(5) and the kernel's records spell them.
 */
#pragma once

#include <glib.h>

/* Each sets @out_number and gives TRUE where @word is known. Numbers are those of this kernel's
 * headers, but signals, which AppArmor numbers alike on all machines ("hup" is 1, "exists" 35,
 * "rtmin+3" 131). */
gboolean aak_policy_capability_number (const char *word, guint *out_number);
gboolean aak_policy_signal_number (const char *word, guint *out_number);
gboolean aak_policy_limit_number (const char *word, guint *out_number);
gboolean aak_policy_family_number (const char *word, guint *out_number);
gboolean aak_policy_socket_type_number (const char *word, guint *out_number);

/* MS_* flags of one option of mount(8) or of a mount rule ("nosuid", "make-rslave"); those that
 * only say that a flag is not set ("rw", "suid") are 0. */
gboolean aak_policy_mount_flags (const char *word, guint32 *out_flags);

/* The same, back; NULL where there is no word. Static, but of a signal: the caller frees that. */
const char *aak_policy_capability_name (guint number);
char *aak_policy_signal_name (guint number);
const char *aak_policy_limit_name (guint number);
const char *aak_policy_family_name (guint number);
const char *aak_policy_socket_type_name (guint number);
/* The word for just these flags, which are not 0. */
const char *aak_policy_mount_option (guint32 flags);

/* Permissions are written with letters for files and with words elsewhere. */
typedef enum
{
  AAK_PERM_WORDS_FILE,
  AAK_PERM_WORDS_NETWORK,
  AAK_PERM_WORDS_SIGNAL,
  AAK_PERM_WORDS_PTRACE,
  AAK_PERM_WORDS_MOUNT,
  AAK_PERM_WORDS_MQUEUE,
  AAK_PERM_WORDS_DBUS,
  AAK_PERM_WORDS_NONE, /* of classes with one permission, which needs no word */
} AakPermWords;

/* The bits (AAK_MAY_*) that @text asks for: letters of "rwaxmklcd" without anything between them,
 * or words with commas between them ("send,receive"). FALSE where one is unknown, or there is
 * none. */
gboolean aak_policy_perms_parse (AakPermWords words, const char *text, guint32 *out_mask);

/* The same, back: in a fixed order; bits without a word stay away. The caller frees it. */
char *aak_policy_perms_text (AakPermWords words, guint32 mask);
