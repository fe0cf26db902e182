/* SPDX-License-Identifier: GPL-2.0-or-later
 * The tables of words. */
#include "config.h"

#include "learn/rule-words.h"

#include <string.h>

static const char *const families[] = {
  "unspec",  "unix",    "inet",   "ax25",       "ipx",     "appletalk", "netrom",    "bridge",
  "atmpvc",  "x25",     "inet6",  "rose",       "netbeui", "security",  "key",       "netlink",
  "packet",  "ash",     "econet", "atmsvc",     "rds",     "sna",       "irda",      "pppox",
  "wanpipe", "llc",     "ib",     "mpls",       "can",     "tipc",      "bluetooth", "iucv",
  "rxrpc",   "isdn",    "phonet", "ieee802154", "caif",    "alg",       "nfc",       "vsock",
  "kcm",     "qipcrtr", "smc",    "xdp",        "mctp",    NULL,
};

static const char *const sockets[] = {
  "stream", "dgram", "seqpacket", "rdm", "raw", "packet", NULL
};

static const char *const capabilities[] = {
  "chown",
  "dac_override",
  "dac_read_search",
  "fowner",
  "fsetid",
  "kill",
  "setgid",
  "setuid",
  "setpcap",
  "linux_immutable",
  "net_bind_service",
  "net_broadcast",
  "net_admin",
  "net_raw",
  "ipc_lock",
  "ipc_owner",
  "sys_module",
  "sys_rawio",
  "sys_chroot",
  "sys_ptrace",
  "sys_pacct",
  "sys_admin",
  "sys_boot",
  "sys_nice",
  "sys_resource",
  "sys_time",
  "sys_tty_config",
  "mknod",
  "lease",
  "audit_write",
  "audit_control",
  "setfcap",
  "mac_override",
  "mac_admin",
  "syslog",
  "wake_alarm",
  "block_suspend",
  "audit_read",
  "perfmon",
  "bpf",
  "checkpoint_restore",
  NULL,
};

static const char *const signals[] = {
  "hup",   "int",  "quit", "ill",  "trap", "abrt",   "bus",    "fpe",    "kill",
  "usr1",  "segv", "usr2", "pipe", "alrm", "term",   "stkflt", "chld",   "cont",
  "stop",  "stp",  "ttin", "ttou", "urg",  "xcpu",   "xfsz",   "vtalrm", "prof",
  "winch", "io",   "pwr",  "sys",  "emt",  "exists", NULL,
};

static const char *const limits[] = {
  "cpu", "fsize", "data",       "stack",    "core", "rss",    "nproc",  "nofile", "memlock",
  "as",  "locks", "sigpending", "msgqueue", "nice", "rtprio", "rttime", NULL,
};

static const char *const mount_flags[] = {
  "ro",         "rw",          "nosuid",      "nodev",    "noexec", "sync",   "remount", "mand",
  "dirsync",    "noatime",     "nodiratime",  "bind",     "rbind",  "move",   "silent",  "acl",
  "unbindable", "runbindable", "private",     "rprivate", "slave",  "rslave", "shared",  "rshared",
  "relatime",   "iversion",    "strictatime", "nouser",   NULL,
};

static const char *const *const tables[] = {
  [AAK_WORDS_FAMILY] = families,
  [AAK_WORDS_SOCKET] = sockets,
  [AAK_WORDS_CAPABILITY] = capabilities,
  [AAK_WORDS_SIGNAL] = signals,
  [AAK_WORDS_LIMIT] = limits,
  [AAK_WORDS_MOUNT] = mount_flags,
};

/* rtmin+0 to rtmin+32 */
static gboolean
is_realtime (const char *word)
{
  guint64 number = 0;
  return g_str_has_prefix (word, "rtmin+")
         && g_ascii_string_to_unsigned (word + strlen ("rtmin+"), 10, 0, 32, &number, NULL);
}

gboolean
aak_rule_word_is_known (AakRuleWords words, const char *word)
{
  return g_strv_contains (tables[words], word) || (words == AAK_WORDS_SIGNAL && is_realtime (word));
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
