/* SPDX-License-Identifier: GPL-2.0-or-later
 * Obstacles to rules, class by class. */
#include "config.h"

#include "learn/writable.h"

#include "learn/access-fields.h"
#include "learn/inet-access.h"
#include "learn/inet-rules.h"
#include "learn/rule-words.h"
#include "lib/error.h"

#include <string.h>

static const char no_word[] = "AppArmor has no word for it";

static const char *const
    abi_words[] = { [AAK_ABI_3_0] = "3.0", [AAK_ABI_4_0] = "4.0", [AAK_ABI_4_0_IP] = "4.0-ip" };

const char *
aak_abi_word (AakAbi abi)
{
  return abi_words[abi];
}

gboolean
aak_abi_from_word (const char *word, AakAbi *out, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (abi_words); i++)
    if (strcmp (word, abi_words[i]) == 0)
      {
        *out = (AakAbi) i;
        return TRUE;
      }
  g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "--abi %s: 3.0, 4.0 or 4.0-ip is needed", word);
  return FALSE;
}

static const char *
unless_known (AakRuleWords words, const char *word)
{
  return aak_rule_word_is_known (words, word) ? NULL : no_word;
}

static const char *
mount_obstacle (const AakRule *rule)
{
  static const char *const operations[] = { "mount",       "remount", "bind",       "move",
                                            "propagation", "umount",  "pivot_root", NULL };
  g_auto (GStrv) details = aak_access_unpack (AAK_CLASS_MOUNT, rule->detail);
  if (*rule->name != '/')
    return "the path is disconnected from every root";
  if (!g_strv_contains (operations, details[0])
      || (*details[3] != '\0' && !aak_rule_mount_flags_are_known (details[3])))
    return no_word;
  g_autofree char *words = aak_rule_mount_words (details[0], details[3]);
  return words != NULL ? NULL : no_word;
}

static const char *
mqueue_obstacle (const AakRule *rule)
{
  if (strcmp (rule->detail, "posix") == 0)
    return *rule->name == '/' ? NULL : no_word;
  gboolean number = strspn (rule->name, "0123456789") == strlen (rule->name);
  return strcmp (rule->detail, "sysv") == 0 && number ? NULL : no_word;
}

static const char *
limit_obstacle (const AakRule *rule)
{
  guint64 value;
  return g_ascii_string_to_unsigned (rule->detail, 10, 0, G_MAXUINT64, &value, NULL)
             ? unless_known (AAK_WORDS_LIMIT, rule->name)
             : no_word;
}

/* A hat is a profile of its own, and what it did is under this one. */
static const char *
change_obstacle (const AakRule *rule)
{
  static const char *const operations[] = { "change_profile", "change_onexec", "stack", NULL };
  if (strcmp (rule->detail, "change_hat") == 0)
    return "a hat is a profile of its own";
  return *rule->name != '\0' && g_strv_contains (operations, rule->detail) ? NULL : no_word;
}

/* Those that every abi has. */
static const char *
obstacle (const AakRule *rule)
{
  switch (rule->class)
    {
    case AAK_CLASS_CAPABILITY:
      return unless_known (AAK_WORDS_CAPABILITY, rule->name);
    case AAK_CLASS_NETWORK:
      return aak_rule_word_is_known (AAK_WORDS_FAMILY, rule->name)
                 ? unless_known (AAK_WORDS_SOCKET, rule->detail)
                 : no_word;
    case AAK_CLASS_SIGNAL:
      return *rule->name != '\0' ? unless_known (AAK_WORDS_SIGNAL, rule->detail) : no_word;
    case AAK_CLASS_PTRACE:
      return *rule->name != '\0' ? NULL : no_word;
    case AAK_CLASS_UNIX:
      return unless_known (AAK_WORDS_SOCKET, rule->name);
    case AAK_CLASS_MOUNT:
      return mount_obstacle (rule);
    case AAK_CLASS_CHANGE_PROFILE:
      return change_obstacle (rule);
    case AAK_CLASS_RLIMIT:
      return limit_obstacle (rule);
    case AAK_CLASS_USERNS:
      return strcmp (rule->name, "create") == 0 ? NULL : no_word;
    case AAK_CLASS_MQUEUE:
      return mqueue_obstacle (rule);
    case AAK_CLASS_INET:
      return aak_inet_rule_is_sound (rule) ? NULL : no_word;
    case AAK_CLASS_FILE:
    case AAK_CLASS_IO_URING:
    case AAK_CLASS_DBUS:
    case AAK_CLASS_EXEC:
    case AAK_CLASS_SYSCALL:
    case AAK_CLASS_POLICY:
    case AAK_CLASS_OTHER:
      return NULL;
    }
  return NULL;
}

gboolean
aak_writable_has_perms (AakClass class, guint perms)
{
  /* Classes whose rules have no permissions are not here. */
  static const guint of_class[] = {
    [AAK_CLASS_FILE] = AAK_PERM_R | AAK_PERM_W | AAK_PERM_A | AAK_PERM_X | AAK_PERM_M | AAK_PERM_L
                       | AAK_PERM_K | AAK_PERM_C | AAK_PERM_D,
    [AAK_CLASS_SIGNAL] = AAK_PERM_SEND | AAK_PERM_RECEIVE,
    [AAK_CLASS_PTRACE] = AAK_PERM_READ | AAK_PERM_TRACE | AAK_PERM_READBY | AAK_PERM_TRACEDBY,
    [AAK_CLASS_UNIX] = AAK_PERM_SEND | AAK_PERM_RECEIVE | AAK_PERM_CREATE | AAK_PERM_BIND
                       | AAK_PERM_CONNECT | AAK_PERM_LISTEN | AAK_PERM_ACCEPT | AAK_PERM_GETATTR
                       | AAK_PERM_SETATTR | AAK_PERM_GETOPT | AAK_PERM_SETOPT | AAK_PERM_SHUTDOWN,
    [AAK_CLASS_MQUEUE] = AAK_PERM_CREATE | AAK_PERM_READ | AAK_PERM_WRITE | AAK_PERM_OPEN
                         | AAK_PERM_DELETE | AAK_PERM_GETATTR | AAK_PERM_SETATTR,
    [AAK_CLASS_DBUS] = AAK_PERM_SEND | AAK_PERM_RECEIVE | AAK_PERM_BIND | AAK_PERM_EAVESDROP,
    [AAK_CLASS_INET] = AAK_INET_LOCAL | AAK_INET_REMOTE,
    [AAK_CLASS_OTHER] = 0,
  };
  return of_class[class] == 0 || (perms != 0 && (perms & ~of_class[class]) == 0);
}

static gboolean
is_mediated (AakClass class, AakAbi abi)
{
  if (class == AAK_CLASS_USERNS || class == AAK_CLASS_MQUEUE)
    return abi >= AAK_ABI_4_0;
  if (class == AAK_CLASS_INET)
    return abi >= AAK_ABI_4_0_IP;
  return class != AAK_CLASS_IO_URING;
}

void
aak_writable_check (AakRule *rule, AakAbi abi)
{
  static const char *const unmediated[] = { [AAK_ABI_3_0] = "not mediated under abi 3.0",
                                            [AAK_ABI_4_0] = "not mediated under abi 4.0",
                                            [AAK_ABI_4_0_IP] = "not mediated under abi 4.0-ip" };
  rule->narrow = rule->addressed && is_mediated (AAK_CLASS_INET, abi);
  rule->unmediated = !is_mediated (rule->class, abi);
  rule->unwritable = rule->unmediated ? unmediated[abi] : obstacle (rule);
  if (rule->unwritable == NULL && !aak_writable_has_perms (rule->class, rule->perms))
    rule->unwritable = no_word;
}

void
aak_writable_set_abi (AakProfile *profile, AakAbi abi)
{
  profile->abi = abi;
  for (guint i = 0; i < profile->rules->len; i++)
    {
      AakRule *rule = g_ptr_array_index (profile->rules, i);
      if (rule->class != AAK_CLASS_FILE)
        aak_writable_check (rule, abi);
    }
  for (guint i = 0; i < profile->children->len; i++)
    aak_writable_set_abi (((AakChild *) g_ptr_array_index (profile->children, i))->profile, abi);
}
