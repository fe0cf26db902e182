/* SPDX-License-Identifier: GPL-2.0-or-later
 * Words and numbers of policy, both ways. */
#include "lib/policy/names.h"
#include "lib/policy/perms.h"

#include <criterion/criterion.h>
#include <sys/mount.h>
#include <sys/socket.h>

typedef gboolean (*Lookup) (const char *word, guint *out_number);

Test (policy_names, numbers)
{
  static const struct
  {
    Lookup lookup;
    const char *word;
    int number; /* -1: there is none */
  } rows[] = {
    { aak_policy_capability_number, "chown", 0 },
    { aak_policy_capability_number, "sys_ptrace", 19 },
    { aak_policy_capability_number, "checkpoint_restore", 40 },
    { aak_policy_capability_number, "CHOWN", -1 },
    { aak_policy_capability_number, "", -1 },
    { aak_policy_signal_number, "hup", 1 },
    { aak_policy_signal_number, "term", 15 },
    { aak_policy_signal_number, "exists", 35 },
    { aak_policy_signal_number, "rtmin+0", 128 },
    { aak_policy_signal_number, "rtmin+32", 160 },
    { aak_policy_signal_number, "rtmin+33", -1 },
    { aak_policy_signal_number, "rtmin+", -1 },
    { aak_policy_signal_number, "rtmin+-1", -1 },
    { aak_policy_signal_number, "15", -1 },
    { aak_policy_limit_number, "cpu", 0 },
    { aak_policy_limit_number, "nofile", 7 },
    { aak_policy_limit_number, "rttime", 15 },
    { aak_policy_limit_number, "files", -1 },
    { aak_policy_family_number, "unix", AF_UNIX },
    { aak_policy_family_number, "inet6", AF_INET6 },
    { aak_policy_family_number, "inet", AF_INET },
    { aak_policy_family_number, "ine", -1 },
    { aak_policy_socket_type_number, "stream", SOCK_STREAM },
    { aak_policy_socket_type_number, "streams", -1 },
    { aak_policy_mount_flags, "rw", 0 },
    { aak_policy_mount_flags, "nosuid", MS_NOSUID },
    { aak_policy_mount_flags, "make-rslave", MS_SLAVE | MS_REC },
    { aak_policy_mount_flags, "rslave", MS_SLAVE | MS_REC },
    { aak_policy_mount_flags, "private", MS_PRIVATE },
    { aak_policy_mount_flags, "rbind", MS_BIND | MS_REC },
    { aak_policy_mount_flags, "what", -1 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint number = 4711;
      gboolean known = rows[i].lookup (rows[i].word, &number);
      cr_expect_eq (known, rows[i].number >= 0, "%s", rows[i].word);
      cr_expect_eq (number, known ? (guint) rows[i].number : 4711, "%s: %u", rows[i].word, number);
    }
}

Test (policy_names, permissions)
{
  static const struct
  {
    AakPermWords words;
    const char *text;
    guint32 mask;     /* 0: not taken */
    const char *back; /* the same in the order of the tables */
  } rows[] = {
    { AAK_PERM_WORDS_FILE, "r", AAK_MAY_READ, "r" },
    { AAK_PERM_WORDS_FILE, "dcx", AAK_MAY_DELETE | AAK_MAY_CREATE | AAK_MAY_EXEC, "xcd" },
    { AAK_PERM_WORDS_FILE, "rr", AAK_MAY_READ, "r" },
    { AAK_PERM_WORDS_FILE, "rq", 0, NULL },
    { AAK_PERM_WORDS_FILE, "r,w", 0, NULL },
    { AAK_PERM_WORDS_FILE, "", 0, NULL },
    { AAK_PERM_WORDS_SIGNAL, "receive,send", AAK_MAY_SIGNAL_SEND | AAK_MAY_SIGNAL_RECEIVE,
      "send,receive" },
    { AAK_PERM_WORDS_SIGNAL, "send,", 0, NULL },
    { AAK_PERM_WORDS_SIGNAL, ",send", 0, NULL },
    { AAK_PERM_WORDS_SIGNAL, "sen", 0, NULL },
    { AAK_PERM_WORDS_PTRACE, "tracedby", AAK_MAY_PTRACE_TRACED_BY, "tracedby" },
    { AAK_PERM_WORDS_NETWORK, "create,connect", AAK_MAY_NET_CREATE | AAK_MAY_NET_CONNECT,
      "create,connect" },
    { AAK_PERM_WORDS_MQUEUE, "delete,read", AAK_MAY_READ | AAK_MAY_DELETE, "read,delete" },
    { AAK_PERM_WORDS_DBUS, "bind,send", AAK_MAY_DBUS_SEND | AAK_MAY_DBUS_BIND, "send,bind" },
    { AAK_PERM_WORDS_DBUS, "bind,read", 0, NULL },
    { AAK_PERM_WORDS_NONE, "r", 0, NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint32 mask = 0;
      gboolean taken = aak_policy_perms_parse (rows[i].words, rows[i].text, &mask);
      cr_expect_eq (taken, rows[i].mask != 0, "%s", rows[i].text);
      cr_expect_eq (mask, rows[i].mask, "%s: %x", rows[i].text, mask);
      g_autofree char *back = aak_policy_perms_text (rows[i].words, mask);
      cr_expect_str_eq (back, rows[i].back != NULL ? rows[i].back : "", "%s", rows[i].text);
    }
  g_autofree char *all = aak_policy_perms_text (AAK_PERM_WORDS_NETWORK, AAK_MAY_NET_ALL);
  guint32 mask = 0;
  cr_expect (aak_policy_perms_parse (AAK_PERM_WORDS_NETWORK, all, &mask));
  cr_expect_eq (mask, AAK_MAY_NET_ALL, "a word for every permission of sockets");
}
