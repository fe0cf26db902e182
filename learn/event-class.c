/* SPDX-License-Identifier: GPL-2.0-or-later
 * The readers of the classes, and the tables that choose one: by `class=`, which kernels from 6.4
 * on write, or else by the operation (security/apparmor: file.c, net.c, ipc.c, mount.c,
 * capability.c, resource.c, task.c). A class or operation that is unknown here becomes
 * AAK_CLASS_OTHER, never an error. */
#include "config.h"

#include "learn/event-class.h"

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

static gboolean
take_words (const AakRecord *record, AakEvent *out)
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
  char *others = strstr (mask, "::");
  if (others == NULL)
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

static const char *
read_file (const AakRecord *record, AakEvent *out)
{
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
  if (strcmp (out->family, "unix") == 0)
    out->kind = "unix";
  take_words (record, out); /* older kernels name the operation only */
  return are_sound (record, strings) && is_socket_path_sound (record)
             ? NULL
             : "peer or path is neither quoted nor hex";
}

static const char *
read_peer_access (const AakRecord *record, AakEvent *out)
{
  if (!aak_event_take_string (record, "peer", &out->peer) || out->peer == NULL)
    return "peer missing or damaged";
  if (!take_words (record, out))
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

/* --- what is counted, and not learned yet ------------------------------------------------------
 */

static const char *
read_other (const AakRecord *record, AakEvent *out)
{
  static const char *const strings[] = { "peer", "target", "tcontext", "olabel", NULL };
  out->class = AAK_CLASS_OTHER;
  return are_sound (record, strings) ? NULL : "a label is neither quoted nor hex";
}

static const char *
read_limit (const AakRecord *record, AakEvent *out)
{
  out->detail = aak_event_take_word (record, "rlimit");
  return out->detail != NULL ? read_other (record, out) : "rlimit missing";
}

/* The words of `flags=` that make another kind of rule of a mount (kernel audit_mnt_flags()). */
static const struct
{
  const char *word;
  const char *kind;
} mount_kinds[] = {
  { "remount", "remount" },
  { "bind", "bind" },
  { "rbind", "bind" },
  { "move", "move" },
  { "private", "propagation" },
  { "rprivate", "propagation" },
  { "slave", "propagation" },
  { "rslave", "propagation" },
  { "shared", "propagation" },
  { "rshared", "propagation" },
  { "unbindable", "propagation" },
  { "runbindable", "propagation" },
};

static const char *
mount_kind (const char *flags)
{
  g_auto (GStrv) words = g_strsplit_set (flags, ", ", -1);
  for (gsize i = 0; i < G_N_ELEMENTS (mount_kinds); i++)
    if (g_strv_contains ((const char *const *) words, mount_kinds[i].word))
      return mount_kinds[i].kind;
  return "mount";
}

static const char *
read_mount (const AakRecord *record, AakEvent *out)
{
  static const char *const strings[] = { "trans", "options", NULL };
  if (strcmp (out->operation, "umount") == 0)
    out->kind = "umount";
  if (strcmp (out->operation, "pivotroot") == 0)
    out->kind = "pivot_root";
  out->flags = aak_event_take_word (record, "flags");
  if (strcmp (out->operation, "mount") == 0 && out->flags != NULL)
    out->kind = mount_kind (out->flags);
  if (!aak_event_take_string (record, "srcname", &out->target)
      || !aak_event_take_string (record, "fstype", &out->detail) || !are_sound (record, strings))
    return "srcname, fstype or options is neither quoted nor hex";
  return NULL;
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
  { "change_profile", "change_profile", read_policy },
  { "change_onexec", "change_onexec", read_policy },
  { "change_hat", "change_hat", read_policy },
  { "stack", "stack", read_policy },
  { "stack_onexec", "stack", read_policy },
};

/* The message queues' operations are called as those of files are. */
static const Row classes[] = {
  { "file", "file", read_file },           { "cap", "capability", read_capability },
  { "net", "network", read_network },      { "signal", "signal", read_signal },
  { "ptrace", "ptrace", read_ptrace },     { "mount", "mount", read_mount },
  { "rlimits", "rlimit", read_limit },     { "namespace", "userns", read_other },
  { "io_uring", "io_uring", read_other },  { "posix_mqueue", "mqueue", read_other },
  { "sysv_mqueue", "mqueue", read_other }, { "dbus", "dbus", read_other },
};

static const Row operations[] = {
  { "capable", "capability", read_capability }, { "signal", "signal", read_signal },
  { "ptrace", "ptrace", read_ptrace },          { "mount", "mount", read_mount },
  { "umount", "umount", read_mount },           { "pivotroot", "pivot_root", read_mount },
  { "setrlimit", "rlimit", read_limit },        { "userns_create", "userns", read_other },
  { "uring_override", "io_uring", read_other }, { "uring_sqpoll", "io_uring", read_other },
  { "dbus_method_call", "dbus", read_other },   { "dbus_signal", "dbus", read_other },
  { "dbus_bind", "dbus", read_other },          { "dbus_eavesdrop", "dbus", read_other },
  { "sysv_mqueue", "mqueue", read_other },
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
