/* SPDX-License-Identifier: GPL-2.0-or-later
 * One small function a rule class. */
#include "config.h"

#include "learn/rule-text.h"

#include "learn/access-fields.h"
#include "learn/inet-rules.h"
#include "learn/path-pattern.h"
#include "learn/rule-words.h"
#include "learn/unix-address.h"

#include <string.h>

char *
aak_rule_label_token (const char *label)
{
  g_autoptr (GString) pattern = g_string_new (NULL);
  aak_path_pattern_append_literal (pattern, label, strlen (label));
  return aak_path_pattern_quote (pattern->str);
}

char *
aak_rule_family_token (const char *label)
{
  g_autoptr (GString) pattern = g_string_new (NULL);
  aak_path_pattern_append_literal (pattern, label, strlen (label));
  g_string_append (pattern, "{,//**}");
  return g_strdup_printf ("\"%s\"", pattern->str);
}

/* The other side of an access: a label, or all labels of the family; empty where it is not known.
 */
static char *
peer_token (const AakRule *rule, const char *label)
{
  if (*label == '\0')
    return g_strdup ("");
  return rule->family != NULL && strcmp (label, rule->family) == 0 ? aak_rule_family_token (label)
                                                                   : aak_rule_label_token (label);
}

/* The same of a name where the parser makes one slash of several. */
static char *
name_token (const char *bytes)
{
  g_autoptr (GString) pattern = g_string_new (NULL);
  aak_path_pattern_append_name (pattern, bytes, strlen (bytes));
  return aak_path_pattern_quote (pattern->str);
}

/* Appends @before and the token of @bytes, where there are any. */
static void
append_token (GString *out, const char *before, const char *bytes)
{
  if (*bytes == '\0')
    return;
  g_autofree char *token = name_token (bytes);
  g_string_append_printf (out, "%s%s", before, token);
}

/* --- files ----------------------------------------------------------------------------------- */

/* The letters of a file rule: what creates or deletes writes, and w includes a. */
static char *
file_letters (guint perms)
{
  if (perms & (AAK_PERM_C | AAK_PERM_D))
    perms |= AAK_PERM_W;
  if (perms & AAK_PERM_W)
    perms &= ~(guint) AAK_PERM_A;
  static const struct
  {
    AakPerm perm;
    const char *letters;
  } order[] = {
    { AAK_PERM_R, "r" }, { AAK_PERM_W, "w" }, { AAK_PERM_A, "a" },  { AAK_PERM_M, "m" },
    { AAK_PERM_L, "l" }, { AAK_PERM_K, "k" }, { AAK_PERM_X, "ix" },
  };
  GString *letters = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    if (perms & order[i].perm)
      g_string_append (letters, order[i].letters);
  return g_string_free (letters, FALSE);
}

static char *
file_text (const AakRule *rule)
{
  g_autofree char *path = aak_path_pattern_quote (rule->name);
  g_autofree char *letters = file_letters (rule->perms);
  const char *owner = rule->owner ? "owner " : "";
  if (*rule->detail == '\0')
    return g_strdup_printf ("%s%s %s,", owner, path, letters);
  g_autofree char *target = aak_path_pattern_quote (rule->detail);
  return g_strdup_printf ("%slink %s -> %s,", owner, path, target);
}

/* --- processes ------------------------------------------------------------------------------- */

static char *
signal_text (const AakRule *rule)
{
  g_autofree char *peer = peer_token (rule, rule->name);
  g_autofree char *access = aak_perms_to_text (rule->perms);
  return g_strdup_printf ("signal (%s) set=(%s) peer=%s,", access, rule->detail, peer);
}

static char *
ptrace_text (const AakRule *rule)
{
  g_autofree char *peer = peer_token (rule, rule->name);
  g_autofree char *access = aak_perms_to_text (rule->perms);
  return g_strdup_printf ("ptrace (%s) peer=%s,", access, peer);
}

static char *
change_profile_text (const AakRule *rule)
{
  g_autoptr (GString) pattern = g_string_new (strcmp (rule->detail, "stack") == 0 ? "&" : NULL);
  aak_path_pattern_append_literal (pattern, rule->name, strlen (rule->name));
  g_autofree char *target = aak_path_pattern_quote (pattern->str);
  return g_strdup_printf ("change_profile -> %s,", target);
}

/* The kernel's number in the unit that the parser takes (apparmor_parser, parser_yacc.y,
 * do_set_rlimit()): a nice of N is held as 20 - N, as far as there are such, and two limits are
 * times. */
static char *
limit_text (const AakRule *rule)
{
  guint64 value = g_ascii_strtoull (rule->detail, NULL, 10);
  const char *unit = "";
  gboolean nice = strcmp (rule->name, "nice") == 0;
  if (value == G_MAXUINT64 || (nice && value > 40))
    return g_strdup_printf ("set rlimit %s <= infinity,", rule->name);
  if (nice)
    return g_strdup_printf ("set rlimit nice <= %d,", 20 - (int) MAX (value, 1));
  if (strcmp (rule->name, "cpu") == 0)
    unit = "s";
  if (strcmp (rule->name, "rttime") == 0)
    unit = "us";
  return g_strdup_printf ("set rlimit %s <= %" G_GUINT64_FORMAT "%s,", rule->name, value, unit);
}

/* --- unix sockets, D-Bus --------------------------------------------------------------------- */

/* " peer=(addr=..., label=...)", or nothing where neither is known. @label is a token. */
static void
append_peer (GString *out, const char *first_key, const char *first, const char *label)
{
  if (*first == '\0' && *label == '\0')
    return;
  g_string_append (out, " peer=(");
  if (*first != '\0')
    g_string_append_printf (out, "%s%s%s", first_key, first, *label != '\0' ? ", " : "");
  if (*label != '\0')
    g_string_append_printf (out, "label=%s", label);
  g_string_append_c (out, ')');
}

static void
append_unix_rule (GString *out, const char *head, const char *address, const char *peer_address,
                  const char *peer)
{
  g_string_append_printf (out, "%s%s", out->len > 0 ? " " : "", head);
  if (*address != '\0')
    g_string_append_printf (out, " addr=%s", address);
  append_peer (out, "addr=", peer_address, peer);
  g_string_append_c (out, ',');
}

/* Several rules where an address can be read in two ways; on one line, as a comment may be before
 * it. */
static char *
unix_text (const AakRule *rule)
{
  g_auto (GStrv) details = aak_access_unpack (AAK_CLASS_UNIX, rule->detail);
  g_autofree char *access = aak_perms_to_text (rule->perms);
  g_autofree char *head = g_strdup_printf ("unix (%s) type=%s", access, rule->name);
  g_auto (GStrv) addresses = aak_unix_address_tokens (details[0]);
  g_auto (GStrv) peer_addresses = aak_unix_address_tokens (details[1]);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *label = peer_token (rule, details[2]);
  for (char **address = addresses; *address != NULL; address++)
    for (char **peer_address = peer_addresses; *peer_address != NULL; peer_address++)
      append_unix_rule (out, head, *address, *peer_address, label);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static char *
dbus_text (const AakRule *rule)
{
  g_auto (GStrv) details = aak_access_unpack (AAK_CLASS_DBUS, rule->detail);
  g_autofree char *access = aak_perms_to_text (rule->perms);
  g_autoptr (GString) out = g_string_new (NULL);
  g_string_append_printf (out, "dbus (%s)", access);
  append_token (out, " bus=", rule->name);
  append_token (out, " path=", details[0]);
  append_token (out, " interface=", details[1]);
  append_token (out, " member=", details[2]);
  if (rule->perms & AAK_PERM_BIND)
    append_token (out, " name=", details[3]);
  else
    {
      g_autofree char *name = *details[3] != '\0' ? name_token (details[3]) : g_strdup ("");
      g_autofree char *label = peer_token (rule, details[4]);
      append_peer (out, "name=", name, label);
    }
  g_string_append_c (out, ',');
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* --- mounts ---------------------------------------------------------------------------------- */

enum
{
  MOUNT_OPERATION,
  MOUNT_SOURCE,
  MOUNT_FSTYPE,
  MOUNT_FLAGS,
};

/* Of the forms that a mount rule has, the one of its operation. Flags that are all zero are not
 * told, and mean rw. */
static char *
mount_text (const AakRule *rule)
{
  g_auto (GStrv) details = aak_access_unpack (AAK_CLASS_MOUNT, rule->detail);
  const char *operation = details[MOUNT_OPERATION];
  g_autofree char *words = aak_rule_mount_words (operation, details[MOUNT_FLAGS]);
  const char *flags = words != NULL ? words : details[MOUNT_FLAGS];
  g_autofree char *mountpoint = name_token (rule->name);
  g_autoptr (GString) out = g_string_new (NULL);
  if (strcmp (operation, "umount") == 0)
    return g_strdup_printf ("umount %s,", mountpoint);
  if (strcmp (operation, "pivot_root") == 0)
    {
      g_string_append (out, "pivot_root");
      append_token (out, " oldroot=", details[MOUNT_SOURCE]);
      g_string_append_printf (out, " %s,", mountpoint);
      return g_string_free (g_steal_pointer (&out), FALSE);
    }
  gboolean remount = strcmp (operation, "remount") == 0;
  g_string_append (out, remount ? "remount" : "mount");
  if (strcmp (operation, "mount") == 0)
    append_token (out, " fstype=", details[MOUNT_FSTYPE]);
  g_string_append_printf (out, " options=(%s)", *flags != '\0' ? flags : "rw");
  if (!remount && strcmp (operation, "propagation") != 0)
    append_token (out, " ", details[MOUNT_SOURCE]);
  g_string_append_printf (out, remount ? " %s," : " -> %s,", mountpoint);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* --- message queues, io_uring ---------------------------------------------------------------- */

static char *
mqueue_text (const AakRule *rule)
{
  g_autofree char *access = aak_perms_to_text (rule->perms);
  g_autoptr (GString) out = g_string_new (NULL);
  g_string_append_printf (out, "mqueue (%s) type=%s", access, rule->detail);
  append_token (out, " ", rule->name); /* System V queues have no name in records */
  g_string_append_c (out, ',');
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static char *
io_uring_text (const AakRule *rule)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_string_append_printf (out, "io_uring %s", rule->name);
  if (*rule->detail != '\0')
    {
      g_autofree char *peer = peer_token (rule, rule->detail);
      g_string_append_printf (out, " label=%s", peer);
    }
  g_string_append_c (out, ',');
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* --- all ------------------------------------------------------------------------------------- */

char *
aak_rule_text (const AakRule *rule)
{
  switch (rule->class)
    {
    case AAK_CLASS_FILE:
      return file_text (rule);
    case AAK_CLASS_CAPABILITY:
      return g_strdup_printf ("capability %s,", rule->name);
    case AAK_CLASS_NETWORK:
      return rule->narrow ? aak_inet_rule_narrow_text (rule)
                          : g_strdup_printf ("network %s %s,", rule->name, rule->detail);
    case AAK_CLASS_INET:
      return aak_inet_rule_text (rule);
    case AAK_CLASS_SIGNAL:
      return signal_text (rule);
    case AAK_CLASS_PTRACE:
      return ptrace_text (rule);
    case AAK_CLASS_UNIX:
      return unix_text (rule);
    case AAK_CLASS_MOUNT:
      return mount_text (rule);
    case AAK_CLASS_USERNS:
      return g_strdup_printf ("userns %s,", rule->name);
    case AAK_CLASS_CHANGE_PROFILE:
      return change_profile_text (rule);
    case AAK_CLASS_RLIMIT:
      return limit_text (rule);
    case AAK_CLASS_MQUEUE:
      return mqueue_text (rule);
    case AAK_CLASS_IO_URING:
      return io_uring_text (rule);
    case AAK_CLASS_DBUS:
      return dbus_text (rule);
    case AAK_CLASS_SYSCALL: /* of no profile: learn/syscall-diff.h */
      return g_strconcat (rule->name, *rule->name != '\0' ? " " : "", rule->detail, NULL);
    case AAK_CLASS_EXEC:
    case AAK_CLASS_POLICY:
    case AAK_CLASS_OTHER:
      break;
    }
  return g_strdup ("");
}
