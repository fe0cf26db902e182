/* SPDX-License-Identifier: GPL-2.0-or-later
 * The tables of words. */
#include "config.h"

#include "learn/rule-words.h"

#include "lib/policy/names.h"

#include <string.h>

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

/* --- flags of mounts ------------------------------------------------------------------------- */

/* What the flags of an operation must have one of, and those of a plain mount none. */
static const struct
{
  const char *operation;
  gboolean
      alone; /* the kernel looks at no other flag (mount.c, aa_bind_mount() and the like) ... */
  const char *but; /* ... but this one */
  const char *words[9];
} mount_operations[] = {
  { "remount", FALSE, NULL, { "remount" } },
  { "bind", TRUE, NULL, { "bind", "rbind" } },
  { "move", TRUE, NULL, { "move" } },
  { "propagation",
    TRUE,
    "silent",
    { "unbindable", "runbindable", "private", "rprivate", "slave", "rslave", "shared",
      "rshared" } },
};

static char *
operation_words (gsize row, char **flags)
{
  g_autoptr (GString) own = g_string_new (NULL);
  gboolean has_own = FALSE;
  for (char **word = flags; *word != NULL; word++)
    {
      gboolean mine = g_strv_contains (mount_operations[row].words, *word);
      has_own |= mine;
      if (mine || !mount_operations[row].alone || g_strcmp0 (*word, mount_operations[row].but) == 0)
        g_string_append_printf (own, "%s%s", own->len > 0 ? ", " : "", *word);
    }
  return has_own ? g_strdup (own->str) : NULL;
}

char *
aak_rule_mount_words (const char *operation, const char *flags)
{
  g_auto (GStrv) all = g_strsplit (flags, ", ", -1);
  for (gsize i = 0; i < G_N_ELEMENTS (mount_operations); i++)
    {
      g_autofree char *words = operation_words (i, all);
      if (strcmp (operation, mount_operations[i].operation) == 0)
        return g_steal_pointer (&words);
      if (strcmp (operation, "mount") == 0 && words != NULL)
        return NULL;
    }
  return g_strdup (flags);
}
