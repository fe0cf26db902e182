/* SPDX-License-Identifier: GPL-2.0-or-later
 * The readers of the classes, and the tables that choose one: by `class=`, which kernels from 6.4
 * on write, or else by the operation (security/apparmor: file.c, net.c, ipc.c, mount.c,
 * capability.c, resource.c, task.c). A class or operation that is unknown here becomes
 * AAK_CLASS_OTHER, never an error. */
#include "config.h"

#include "learn/event-class.h"

#include "learn/event-detail.h"
#include "learn/inet-access.h"

#include <string.h>

typedef const char *(*ClassReader) (const AakRecord *record, AakEvent *out);

/* --- what several classes share -------------------------------------------------------------- */

/* The mask that was asked for; 4.x, Ubuntu's kernels and the younger classes call it `requested`.
 */
static char *
take_mask (const AakRecord *record)
{
  char *mask = aak_event_take_word (record, "requested_mask");
  return mask != NULL ? mask : aak_event_take_word (record, "requested");
}

gboolean
aak_event_take_perms (const AakRecord *record, AakEvent *out)
{
  g_autofree char *mask = take_mask (record);
  return mask != NULL && aak_perms_from_words (mask, &out->perms);
}

/* TRUE where all of the untrusted strings @keys that are there can be decoded. */
static gboolean
are_sound (const AakRecord *record, const char *const *keys)
{
  for (; *keys != NULL; keys++)
    {
      g_autofree char *value = NULL;
      if (!aak_event_take_string (record, *keys, &value))
        return FALSE;
    }
  return TRUE;
}

/* --- files ----------------------------------------------------------------------------------- */

static gboolean
ids_are_equal (const AakRecord *record, gboolean *out_known)
{
  const AakField *fsuid = aak_record_get (record, "fsuid"), *ouid = aak_record_get (record, "ouid");
  guint64 subject = 0, object = 0;
  *out_known = fsuid != NULL && ouid != NULL && aak_span_to_uint (fsuid->value, &subject)
               && aak_span_to_uint (ouid->value, &object);
  return *out_known && subject == object;
}

/* Kernels up to 2.6.38 write the owner's permissions and those of others apart, "rw::" and "::r".
 * A mask that has both is not the owner's alone. */
static gboolean
take_file_mask (const AakRecord *record, AakEvent *out)
{
  gboolean ids_known;
  g_autofree char *mask = take_mask (record);
  out->owner = ids_are_equal (record, &ids_known);
  if (mask == NULL)
    return FALSE;
  char *others = strchr (mask, ':');
  if (others == NULL || others[1] != ':')
    return aak_perms_from_letters (mask, &out->perms);
  *others = '\0';
  others += 2;
  out->owner = *others == '\0' && (out->owner || !ids_known);
  g_autofree char *letters = g_strconcat (mask, others, NULL);
  return aak_perms_from_letters (letters, &out->perms);
}

/* A file whose path the kernel could not tell (file.c, path_name()): an access, and none that a
 * rule could be made of. */
static const char *
read_nameless (AakEvent *out)
{
  out->class = AAK_CLASS_OTHER;
  return NULL;
}

/* An exec into a profile that was asked for before has no mask (domain.c, profile_onexec()). */
static gboolean
is_onexec (const AakRecord *record, const AakEvent *event)
{
  return strcmp (event->operation, "exec") == 0 && aak_record_get (record, "requested_mask") == NULL
         && aak_record_get (record, "target") != NULL;
}

static const char *
read_file (const AakRecord *record, AakEvent *out)
{
  if (is_onexec (record, out))
    return aak_event_read_onexec (record, out);
  out->class = AAK_CLASS_FILE;
  if (!take_file_mask (record, out))
    return "requested_mask missing or unknown";
  if (out->name == NULL)
    return read_nameless (out);
  /* "xm" and "wx": the exec has a record of its own. */
  if (strcmp (out->operation, "exec") != 0 && (out->perms & ~AAK_PERM_X) != 0)
    out->perms &= ~AAK_PERM_X;
  /* Kernels 2.6 call a link's target "name2". */
  const char *key = aak_record_get (record, "target") != NULL ? "target" : "name2";
  return aak_event_take_string (record, key, &out->target) ? NULL
                                                           : "target is neither quoted nor hex";
}

/* --- the other classes that are learned ------------------------------------------------------ */

static const char *
read_capability (const AakRecord *record, AakEvent *out)
{
  out->class = AAK_CLASS_CAPABILITY;
  out->detail = aak_event_take_word (record, "capname");
  if (out->detail == NULL && out->name != NULL)
    out->detail = g_steal_pointer (&out->name); /* 2.6 and 3.x kernels */
  return out->detail != NULL ? NULL : "capname missing";
}

/* The path of a bound socket, or in hex an abstract address, NUL bytes and all (lsm_audit.c). */
static gboolean
is_socket_path_sound (const AakRecord *record)
{
  const AakField *path = aak_record_get (record, "path");
  gsize len;
  g_autofree char *bytes = path != NULL ? aak_event_decode_bytes (path, &len) : NULL;
  return path == NULL || bytes != NULL;
}

static const char *
read_network (const AakRecord *record, AakEvent *out)
{
  static const char *const strings[] = { "peer", NULL };
  out->class = AAK_CLASS_NETWORK;
  out->family = aak_event_take_word (record, "family");
  out->detail = aak_event_take_word (record, "sock_type");
  if (out->family == NULL || out->detail == NULL)
    return "family or sock_type missing";
  aak_event_take_perms (record, out); /* older kernels name the operation only */
  if (!are_sound (record, strings) || !is_socket_path_sound (record))
    return "peer or path is neither quoted nor hex";
  if (strcmp (out->family, "unix") != 0)
    return aak_inet_access_read (record, out);
  out->kind = "unix";
  return aak_event_read_unix (record, out);
}

static const char *
read_peer_access (const AakRecord *record, AakEvent *out)
{
  if (!aak_event_take_string (record, "peer", &out->peer) || out->peer == NULL)
    return "peer missing or damaged";
  if (!aak_event_take_perms (record, out))
    return "requested_mask missing or unknown";
  return NULL;
}

static const char *
read_signal (const AakRecord *record, AakEvent *out)
{
  out->class = AAK_CLASS_SIGNAL;
  out->detail = aak_event_take_word (record, "signal");
  return out->detail != NULL ? read_peer_access (record, out) : "signal missing";
}

static const char *
read_ptrace (const AakRecord *record, AakEvent *out)
{
  out->class = AAK_CLASS_PTRACE;
  return read_peer_access (record, out);
}

static const char *
read_policy (const AakRecord *record, AakEvent *out)
{
  static const char *const strings[] = { "target", "ns", NULL };
  out->class = AAK_CLASS_POLICY;
  return are_sound (record, strings) ? NULL : "target or ns is neither quoted nor hex";
}

/* --- what is only counted -------------------------------------------------------------------- */

static const char *
read_other (const AakRecord *record, AakEvent *out)
{
  static const char *const strings[] = { "peer", "target", "tcontext", "olabel", NULL };
  out->class = AAK_CLASS_OTHER;
  return are_sound (record, strings) ? NULL : "a label is neither quoted nor hex";
}

/* --- the tables ------------------------------------------------------------------------------ */

typedef struct
{
  const char *word;
  const char *kind;
  ClassReader read;
} Row;

/* Operations that change a label or the policy, whatever class a kernel gives them ("file",
 * "domain" or none). */
static const Row policy_operations[] = {
  { "profile_load", "policy", read_policy },
  { "profile_replace", "policy", read_policy },
  { "profile_remove", "policy", read_policy },
  { "change_profile", "change_profile", aak_event_read_change },
  { "change_onexec", "change_onexec", aak_event_read_change },
  { "change_hat", "change_hat", aak_event_read_change },
  { "stack", "stack", aak_event_read_change },
  { "stack_onexec", "stack", aak_event_read_change },
};

/* The message queues' operations are called as those of files are. */
static const Row classes[] = {
  { "file", "file", read_file },
  { "cap", "capability", read_capability },
  { "net", "network", read_network },
  { "signal", "signal", read_signal },
  { "ptrace", "ptrace", read_ptrace },
  { "mount", "mount", aak_event_read_mount },
  { "rlimits", "rlimit", aak_event_read_limit },
  { "namespace", "userns", aak_event_read_userns },
  { "io_uring", "io_uring", aak_event_read_io_uring },
  { "posix_mqueue", "mqueue", aak_event_read_mqueue },
  { "sysv_mqueue", "mqueue", aak_event_read_mqueue },
  { "dbus", "dbus", aak_event_read_dbus },
};

static const Row operations[] = {
  { "capable", "capability", read_capability },
  { "signal", "signal", read_signal },
  { "ptrace", "ptrace", read_ptrace },
  { "mount", "mount", aak_event_read_mount },
  { "umount", "umount", aak_event_read_mount },
  { "pivotroot", "pivot_root", aak_event_read_mount },
  { "setrlimit", "rlimit", aak_event_read_limit },
  { "userns_create", "userns", aak_event_read_userns },
  { "uring_override", "io_uring", aak_event_read_io_uring },
  { "uring_sqpoll", "io_uring", aak_event_read_io_uring },
  { "dbus_method_call", "dbus", aak_event_read_dbus },
  { "dbus_signal", "dbus", aak_event_read_dbus },
  { "dbus_bind", "dbus", aak_event_read_dbus },
  { "dbus_eavesdrop", "dbus", aak_event_read_dbus },
  { "sysv_mqueue", "mqueue", aak_event_read_mqueue },
};

static const char *const file_operations[] = {
  "open",      "getattr",       "setattr",      "chmod",        "chown",     "mkdir",
  "rmdir",     "mknod",         "unlink",       "symlink",      "truncate",  "link",
  "exec",      "rename_src",    "rename_dest",  "file_receive", "file_perm", "file_lock",
  "file_mmap", "file_mprotect", "file_inherit", NULL,
};

/* Those of kernels 2.6, beside "inode_...". */
static const char *const old_file_operations[] = {
  "file_permission", "file_create", "sysctl",      "xattr", "setxattr",
  "getxattr",        "listxattr",   "removexattr", NULL,
};

static const char *
file_kind (const char *operation)
{
  if (strcmp (operation, "exec") == 0)
    return "exec";
  if (strcmp (operation, "link") == 0 || strcmp (operation, "inode_link") == 0)
    return "link";
  return g_str_has_prefix (operation, "rename_") || strcmp (operation, "inode_rename") == 0
             ? "rename"
             : "file";
}

static const Row *
find_row (const Row *rows, gsize n, AakSpan word)
{
  for (gsize i = 0; i < n; i++)
    if (aak_span_is (word, rows[i].word))
      return &rows[i];
  return NULL;
}

/* Sockets share operations with files (file_perm, file_inherit) and are told by their `family`. */
static const Row *
row_of_operation (const AakRecord *record, const AakEvent *event, AakSpan operation)
{
  static const Row file = { "file", "file", read_file },
                   network = { "net", "network", read_network };
  const Row *row = find_row (operations, G_N_ELEMENTS (operations), operation);
  if (row != NULL)
    return row;
  if (aak_record_get (record, "family") != NULL)
    return &network;
  /* Ubuntu's kernels tell the use of a socket that has a path as one of a file, under the socket's
   * operation (af_unix.c, unix_fs_perm()); nobody but file.c writes fsuid, since message queues
   * have a class. */
  if (aak_record_get (record, "fsuid") != NULL
      || g_strv_contains (file_operations, event->operation)
      || g_strv_contains (old_file_operations, event->operation)
      || g_str_has_prefix (event->operation, "inode_"))
    return &file;
  return NULL;
}

static const Row *
find_reader (const AakRecord *record, const AakEvent *event)
{
  static const Row other = { "", "other", read_other }, policy = { "", "policy", read_policy };
  AakSpan operation = { event->operation, strlen (event->operation) };
  const Row *row = find_row (policy_operations, G_N_ELEMENTS (policy_operations), operation);
  const AakField *class = aak_record_get (record, "class");
  if (row == NULL && class != NULL)
    row = find_row (classes, G_N_ELEMENTS (classes), class->value);
  if (row == NULL)
    row = row_of_operation (record, event, operation);
  if (row == NULL)
    row = *event->operation == '\0' ? &policy : &other;
  return row;
}

const char *
aak_event_read_class (const AakRecord *record, AakEvent *out)
{
  const Row *row = find_reader (record, out);
  out->kind = row->read == read_file ? file_kind (out->operation) : row->kind;
  out->class = AAK_CLASS_OTHER;
  const char *reason = row->read (record, out);
  /* A HINT, an ERROR or a STATUS is no access, and need not have all that one has. */
  return out->verdict == AAK_VERDICT_STATUS || out->verdict == AAK_VERDICT_NOTICE ? NULL : reason;
}
