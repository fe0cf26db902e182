/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Tables of words. */
#include "config.h"

#include "lib/policy/names.h"

#include "lib/policy/perms.h"

#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>

typedef struct
{
  const char *word;
  guint32 number;
} Word;

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
};

/* security/apparmor/include/sig_names.h */
#define SIGNAL_REALTIME 128
#define N_REALTIME      33
static const char *const signals[] = {
  "unknown", "hup",   "int",  "quit", "ill",  "trap", "abrt", "bus",    "fpe",
  "kill",    "usr1",  "segv", "usr2", "pipe", "alrm", "term", "stkflt", "chld",
  "cont",    "stop",  "stp",  "ttin", "ttou", "urg",  "xcpu", "xfsz",   "vtalrm",
  "prof",    "winch", "io",   "pwr",  "sys",  "emt",  "lost", "unused", "exists",
};

/* In the order of asm-generic/resource.h, which policy has on every machine. */
static const char *const limits[] = {
  "cpu",     "fsize", "data",  "stack",      "core",     "rss",  "nproc",  "nofile",
  "memlock", "as",    "locks", "sigpending", "msgqueue", "nice", "rtprio", "rttime",
};

static const Word families[] = {
  { "unspec", AF_UNSPEC },
  { "unix", AF_UNIX },
  { "inet", AF_INET },
  { "ax25", AF_AX25 },
  { "ipx", AF_IPX },
  { "appletalk", AF_APPLETALK },
  { "netrom", AF_NETROM },
  { "bridge", AF_BRIDGE },
  { "atmpvc", AF_ATMPVC },
  { "x25", AF_X25 },
  { "inet6", AF_INET6 },
  { "rose", AF_ROSE },
  { "netbeui", AF_NETBEUI },
  { "security", AF_SECURITY },
  { "key", AF_KEY },
  { "netlink", AF_NETLINK },
  { "packet", AF_PACKET },
  { "ash", AF_ASH },
  { "econet", AF_ECONET },
  { "atmsvc", AF_ATMSVC },
  { "rds", AF_RDS },
  { "sna", AF_SNA },
  { "irda", AF_IRDA },
  { "pppox", AF_PPPOX },
  { "wanpipe", AF_WANPIPE },
  { "llc", AF_LLC },
  { "ib", AF_IB },
  { "mpls", AF_MPLS },
  { "can", AF_CAN },
  { "tipc", AF_TIPC },
  { "bluetooth", AF_BLUETOOTH },
  { "iucv", AF_IUCV },
  { "rxrpc", AF_RXRPC },
  { "isdn", AF_ISDN },
  { "phonet", AF_PHONET },
  { "ieee802154", AF_IEEE802154 },
  { "caif", AF_CAIF },
  { "alg", AF_ALG },
  { "nfc", AF_NFC },
  { "vsock", AF_VSOCK },
  { "kcm", AF_KCM },
  { "qipcrtr", AF_QIPCRTR },
  { "smc", AF_SMC },
  { "xdp", AF_XDP },
  { "mctp", AF_MCTP },
};

static const Word socket_types[] = {
  { "stream", SOCK_STREAM },
  { "dgram", SOCK_DGRAM },
  { "raw", SOCK_RAW },
  { "rdm", SOCK_RDM },
  { "dccp", SOCK_DCCP },
  { "packet", SOCK_PACKET },
  { "seqpacket", SOCK_SEQPACKET },
};

#define MS_NOSYMFOLLOW_FLAG (1u << 8)  /* linux/mount.h; glibc has it from 2.33 on */
#define MS_NOUSER_FLAG      (1u << 31) /* linux/fs.h */
static const Word mount_options[] = {
  { "rw", 0 },
  { "ro", MS_RDONLY },
  { "suid", 0 },
  { "nosuid", MS_NOSUID },
  { "dev", 0 },
  { "nodev", MS_NODEV },
  { "exec", 0 },
  { "noexec", MS_NOEXEC },
  { "async", 0 },
  { "sync", MS_SYNCHRONOUS },
  { "remount", MS_REMOUNT },
  { "nomand", 0 },
  { "mand", MS_MANDLOCK },
  { "dirsync", MS_DIRSYNC },
  { "symfollow", 0 },
  { "nosymfollow", MS_NOSYMFOLLOW_FLAG },
  { "atime", 0 },
  { "noatime", MS_NOATIME },
  { "diratime", 0 },
  { "nodiratime", MS_NODIRATIME },
  { "bind", MS_BIND },
  { "rbind", MS_BIND | MS_REC },
  { "move", MS_MOVE },
  { "loud", 0 },
  { "silent", MS_SILENT },
  { "acl", MS_POSIXACL },
  { "unbindable", MS_UNBINDABLE },
  { "runbindable", MS_UNBINDABLE | MS_REC },
  { "private", MS_PRIVATE },
  { "rprivate", MS_PRIVATE | MS_REC },
  { "slave", MS_SLAVE },
  { "rslave", MS_SLAVE | MS_REC },
  { "shared", MS_SHARED },
  { "rshared", MS_SHARED | MS_REC },
  { "make-unbindable", MS_UNBINDABLE },
  { "make-runbindable", MS_UNBINDABLE | MS_REC },
  { "make-private", MS_PRIVATE },
  { "make-rprivate", MS_PRIVATE | MS_REC },
  { "make-slave", MS_SLAVE },
  { "make-rslave", MS_SLAVE | MS_REC },
  { "make-shared", MS_SHARED },
  { "make-rshared", MS_SHARED | MS_REC },
  { "relatime", MS_RELATIME },
  { "norelatime", 0 },
  { "iversion", MS_I_VERSION },
  { "noiversion", 0 },
  { "strictatime", MS_STRICTATIME },
  { "nouser", MS_NOUSER_FLAG },
};

static const Word file_perms[] = {
  { "r", AAK_MAY_READ }, { "w", AAK_MAY_WRITE },  { "a", AAK_MAY_APPEND },
  { "x", AAK_MAY_EXEC }, { "m", AAK_MAY_MMAP },   { "k", AAK_MAY_LOCK },
  { "l", AAK_MAY_LINK }, { "c", AAK_MAY_CREATE }, { "d", AAK_MAY_DELETE },
};

static const Word network_perms[] = {
  { "create", AAK_MAY_NET_CREATE },   { "bind", AAK_MAY_NET_BIND },
  { "connect", AAK_MAY_NET_CONNECT }, { "listen", AAK_MAY_NET_LISTEN },
  { "accept", AAK_MAY_NET_ACCEPT },   { "send", AAK_MAY_NET_SEND },
  { "receive", AAK_MAY_NET_RECEIVE }, { "getattr", AAK_MAY_NET_GETATTR },
  { "setattr", AAK_MAY_NET_SETATTR }, { "getopt", AAK_MAY_NET_GETOPT },
  { "setopt", AAK_MAY_NET_SETOPT },   { "shutdown", AAK_MAY_NET_SHUTDOWN },
};

static const Word signal_perms[] = {
  { "send", AAK_MAY_SIGNAL_SEND },
  { "receive", AAK_MAY_SIGNAL_RECEIVE },
};

static const Word ptrace_perms[] = {
  { "read", AAK_MAY_PTRACE_READ },
  { "trace", AAK_MAY_PTRACE_TRACE },
  { "readby", AAK_MAY_PTRACE_READ_BY },
  { "tracedby", AAK_MAY_PTRACE_TRACED_BY },
};

static const Word mount_perms[] = {
  { "mount", AAK_MAY_MOUNT },
  { "umount", AAK_MAY_UMOUNT },
  { "pivot_root", AAK_MAY_PIVOT_ROOT },
};

static const Word mqueue_perms[] = {
  { "create", AAK_MAY_CREATE },   { "read", AAK_MAY_READ },     { "write", AAK_MAY_WRITE },
  { "open", AAK_MAY_OPEN },       { "delete", AAK_MAY_DELETE }, { "getattr", AAK_MAY_GETATTR },
  { "setattr", AAK_MAY_SETATTR },
};

static const Word dbus_perms[] = {
  { "send", AAK_MAY_DBUS_SEND },
  { "receive", AAK_MAY_DBUS_RECEIVE },
  { "bind", AAK_MAY_DBUS_BIND },
  { "eavesdrop", AAK_MAY_DBUS_EAVESDROP },
};

static const struct
{
  const Word *words;
  guint n;
  const char *between;
} perms[] = {
  [AAK_PERM_WORDS_FILE] = { file_perms, G_N_ELEMENTS (file_perms), "" },
  [AAK_PERM_WORDS_NETWORK] = { network_perms, G_N_ELEMENTS (network_perms), "," },
  [AAK_PERM_WORDS_SIGNAL] = { signal_perms, G_N_ELEMENTS (signal_perms), "," },
  [AAK_PERM_WORDS_PTRACE] = { ptrace_perms, G_N_ELEMENTS (ptrace_perms), "," },
  [AAK_PERM_WORDS_MOUNT] = { mount_perms, G_N_ELEMENTS (mount_perms), "," },
  [AAK_PERM_WORDS_MQUEUE] = { mqueue_perms, G_N_ELEMENTS (mqueue_perms), "," },
  [AAK_PERM_WORDS_DBUS] = { dbus_perms, G_N_ELEMENTS (dbus_perms), "," },
  [AAK_PERM_WORDS_NONE] = { NULL, 0, "" },
};

/* --- numbers --------------------------------------------------------------------------------- */

static gboolean
find_name (const char *const *names, guint n, const char *word, guint *out_number)
{
  for (guint i = 0; i < n; i++)
    if (strcmp (names[i], word) == 0)
      {
        *out_number = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
find_word (const Word *words, guint n, const char *word, gsize len, guint32 *out_number)
{
  for (guint i = 0; i < n; i++)
    if (strncmp (words[i].word, word, len) == 0 && words[i].word[len] == '\0')
      {
        *out_number = words[i].number;
        return TRUE;
      }
  return FALSE;
}

gboolean
aak_policy_capability_number (const char *word, guint *out_number)
{
  return find_name (capabilities, G_N_ELEMENTS (capabilities), word, out_number);
}

gboolean
aak_policy_signal_number (const char *word, guint *out_number)
{
  guint64 number = 0;
  if (find_name (signals, G_N_ELEMENTS (signals), word, out_number))
    return TRUE;
  if (!g_str_has_prefix (word, "rtmin+")
      || !g_ascii_string_to_unsigned (word + strlen ("rtmin+"), 10, 0, N_REALTIME - 1, &number,
                                      NULL))
    return FALSE;
  *out_number = SIGNAL_REALTIME + (guint) number;
  return TRUE;
}

gboolean
aak_policy_limit_number (const char *word, guint *out_number)
{
  return find_name (limits, G_N_ELEMENTS (limits), word, out_number);
}

gboolean
aak_policy_family_number (const char *word, guint *out_number)
{
  return find_word (families, G_N_ELEMENTS (families), word, strlen (word), out_number);
}

gboolean
aak_policy_socket_type_number (const char *word, guint *out_number)
{
  return find_word (socket_types, G_N_ELEMENTS (socket_types), word, strlen (word), out_number);
}

gboolean
aak_policy_mount_flags (const char *word, guint32 *out_flags)
{
  return find_word (mount_options, G_N_ELEMENTS (mount_options), word, strlen (word), out_flags);
}

/* --- words ----------------------------------------------------------------------------------- */

static const char *
name_at (const char *const *names, guint n, guint number)
{
  return number < n ? names[number] : NULL;
}

static const char *
word_of (const Word *words, guint n, guint32 number)
{
  for (guint i = 0; i < n; i++)
    if (words[i].number == number)
      return words[i].word;
  return NULL;
}

const char *
aak_policy_capability_name (guint number)
{
  return name_at (capabilities, G_N_ELEMENTS (capabilities), number);
}

char *
aak_policy_signal_name (guint number)
{
  if (number >= SIGNAL_REALTIME && number < SIGNAL_REALTIME + N_REALTIME)
    return g_strdup_printf ("rtmin+%u", number - SIGNAL_REALTIME);
  return g_strdup (name_at (signals, G_N_ELEMENTS (signals), number));
}

const char *
aak_policy_limit_name (guint number)
{
  return name_at (limits, G_N_ELEMENTS (limits), number);
}

const char *
aak_policy_family_name (guint number)
{
  return word_of (families, G_N_ELEMENTS (families), number);
}

const char *
aak_policy_socket_type_name (guint number)
{
  return word_of (socket_types, G_N_ELEMENTS (socket_types), number);
}

const char *
aak_policy_mount_option (guint32 flags)
{
  return word_of (mount_options, G_N_ELEMENTS (mount_options), flags);
}

/* --- permissions ----------------------------------------------------------------------------- */

gboolean
aak_policy_perms_parse (AakPermWords words, const char *text, guint32 *out_mask)
{
  guint32 mask = 0;
  gsize between = strlen (perms[words].between);
  while (*text != '\0')
    {
      guint32 bit = 0;
      gsize len = between > 0 ? strcspn (text, perms[words].between) : 1;
      if (len == 0 || !find_word (perms[words].words, perms[words].n, text, len, &bit))
        return FALSE;
      mask |= bit;
      text += len;
      /* A comma must have something behind it. */
      if (*text != '\0' && between > 0 && *++text == '\0')
        return FALSE;
    }
  if (mask == 0)
    return FALSE;
  *out_mask = mask;
  return TRUE;
}

char *
aak_policy_perms_text (AakPermWords words, guint32 mask)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < perms[words].n; i++)
    if ((mask & perms[words].words[i].number) != 0)
      {
        g_string_append (text, text->len > 0 ? perms[words].between : "");
        g_string_append (text, perms[words].words[i].word);
      }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
