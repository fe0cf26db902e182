/* SPDX-License-Identifier: GPL-2.0-or-later
 * The tables of words. */
#include "config.h"

#include "learn/rule-words.h"

#include "lib/policy-names.h"

/* Words of the kernel's that apparmor_parser refuses. */
static const char *const refused_sockets[] = { "dccp", NULL };
static const char *const refused_signals[] = { "unknown", "lost", "unused", NULL };

static const char *const mount_flags[] = {
  "ro",         "rw",          "nosuid",      "nodev",    "noexec", "sync",   "remount", "mand",
  "dirsync",    "noatime",     "nodiratime",  "bind",     "rbind",  "move",   "silent",  "acl",
  "unbindable", "runbindable", "private",     "rprivate", "slave",  "rslave", "shared",  "rshared",
  "relatime",   "iversion",    "strictatime", "nouser",   NULL,
};

gboolean
aak_rule_word_is_known (AakRuleWords words, const char *word)
{
  guint number = 0;
  switch (words)
    {
    case AAK_WORDS_FAMILY:
      return aak_policy_family_number (word, &number);
    case AAK_WORDS_SOCKET:
      return aak_policy_socket_type_number (word, &number)
             && !g_strv_contains (refused_sockets, word);
    case AAK_WORDS_CAPABILITY:
      return aak_policy_capability_number (word, &number);
    case AAK_WORDS_SIGNAL:
      return aak_policy_signal_number (word, &number) && !g_strv_contains (refused_signals, word);
    case AAK_WORDS_LIMIT:
      return aak_policy_limit_number (word, &number);
    case AAK_WORDS_MOUNT:
      return g_strv_contains (mount_flags, word);
    }
  return FALSE;
}

gboolean
aak_rule_mount_flags_are_known (const char *flags)
{
  g_auto (GStrv) words = g_strsplit (flags, ", ", -1);
  for (char **word = words; *word != NULL; word++)
    if (!aak_rule_word_is_known (AAK_WORDS_MOUNT, *word))
      return FALSE;
  return TRUE;
}
