/* SPDX-License-Identifier: GPL-2.0-or-later
 * Mounts, changes of profile, resource limits, user namespaces, message queues, io_uring, D-Bus,
 * and the addresses of unix sockets. */
#include "config.h"

#include "learn/event-detail.h"

#include "learn/access-fields.h"
#include "learn/event-class.h"
#include "learn/label.h"

#include <string.h>

/* The label @key as rules name it, NULL where it is missing. FALSE where it cannot be decoded. */
static gboolean
take_peer (const AakRecord *record, const char *key, const AakEvent *event, char **out)
{
  g_autofree char *label = NULL;
  g_autofree char *own = aak_label_fold (event->label);
  if (!aak_event_take_string (record, key, &label))
    return FALSE;
  *out = label != NULL ? aak_label_fold_peer (label, own) : NULL;
  return TRUE;
}

/* --- mounts ---------------------------------------------------------------------------------- */

/* The words of `flags=` that make another kind of rule of a mount (kernel audit_mnt_flags()), in
 * the order in which the kernel asks for them (lsm.c, apparmor_sb_mount()). */
static const struct
{
  const char *word;
  const char *kind;
} mount_kinds[] = {
  { "remount", "remount" },
  { "bind", "bind" },
  { "rbind", "bind" },
  { "private", "propagation" },
  { "rprivate", "propagation" },
  { "slave", "propagation" },
  { "rslave", "propagation" },
  { "shared", "propagation" },
  { "rshared", "propagation" },
  { "unbindable", "propagation" },
  { "runbindable", "propagation" },
  { "move", "move" },
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

const char *
aak_event_read_mount (const AakRecord *record, AakEvent *out)
{
  g_autofree char *trans = NULL, *options = NULL;
  if (strcmp (out->operation, "umount") == 0)
    out->kind = "umount";
  if (strcmp (out->operation, "pivotroot") == 0)
    out->kind = "pivot_root";
  out->flags = aak_event_take_word (record, "flags");
  if (strcmp (out->operation, "mount") == 0 && out->flags != NULL)
    out->kind = mount_kind (out->flags);
  if (!aak_event_take_string (record, "srcname", &out->target)
      || !aak_event_take_string (record, "fstype", &out->detail)
      || !aak_event_take_string (record, "trans", &trans)
      || !aak_event_take_string (record, "options", &options))
    return "srcname, fstype or options is neither quoted nor hex";
  /* No path: the kernel could not tell it. */
  out->class = out->name != NULL ? AAK_CLASS_MOUNT : AAK_CLASS_OTHER;
  /* Flags of umount are not matched; the kernel prints them with the words of mount. */
  const char *flags = strcmp (out->kind, "umount") != 0 ? out->flags : NULL;
  const char *details[] = { out->kind, out->target, out->detail, flags };
  out->access = aak_access_pack (AAK_CLASS_MOUNT, details);
  return NULL;
}

/* --- changes of profile ---------------------------------------------------------------------- */

const char *
aak_event_read_change (const AakRecord *record, AakEvent *out)
{
  g_autofree char *namespace = NULL;
  out->class = AAK_CLASS_POLICY;
  if (!aak_event_take_string (record, "target", &out->target)
      || !aak_event_take_string (record, "ns", &namespace))
    return "target or ns is neither quoted nor hex";
  /* Older kernels name the profile as target alone; that of a stack is the whole of it. */
  if (out->name == NULL && strcmp (out->kind, "stack") != 0)
    out->name = g_strdup (out->target);
  if (out->info == NULL && out->name != NULL)
    out->class = AAK_CLASS_CHANGE_PROFILE;
  return NULL;
}

const char *
aak_event_read_onexec (const AakRecord *record, AakEvent *out)
{
  g_clear_pointer (&out->name, g_free);
  out->kind = "change_onexec";
  return aak_event_read_change (record, out);
}

/* --- resource limits ------------------------------------------------------------------------- */

/* Another task's limit asks for no limit of the profile, but for a capability, whose use the kernel
 * does not report (resource.c, aa_task_setrlimit()). A profile without limits of its own forbids
 * none: what `audit` alone reports, no rule is missing for. */
const char *
aak_event_read_limit (const AakRecord *record, AakEvent *out)
{
  g_autofree char *value = aak_event_take_word (record, "value");
  guint64 number = 0;
  out->detail = aak_event_take_word (record, "rlimit");
  if (out->detail == NULL)
    return "rlimit missing";
  if (!take_peer (record, "peer", out, &out->peer))
    return "peer is neither quoted nor hex";
  out->class = AAK_CLASS_POLICY;
  if (out->verdict == AAK_VERDICT_AUDIT)
    return NULL;
  if (out->peer != NULL)
    {
      out->class = AAK_CLASS_CAPABILITY;
      g_free (out->detail);
      out->detail = g_strdup ("sys_resource");
      return NULL;
    }
  if (value == NULL || !g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT64, &number, NULL))
    return "value missing or no number";
  out->class = AAK_CLASS_RLIMIT;
  out->access = g_strdup_printf ("%" G_GUINT64_FORMAT, number);
  return NULL;
}

/* --- kernel objects -------------------------------------------------------------------------- */

const char *
aak_event_read_userns (const AakRecord *record, AakEvent *out)
{
  g_autofree char *target = NULL;
  if (!aak_event_take_string (record, "target", &target))
    return "target is neither quoted nor hex";
  gboolean create = strcmp (out->operation, "userns_create") == 0;
  out->class = create ? AAK_CLASS_USERNS : AAK_CLASS_OTHER;
  return NULL;
}

const char *
aak_event_read_mqueue (const AakRecord *record, AakEvent *out)
{
  g_autofree char *label = NULL;
  const AakField *class = aak_record_get (record, "class");
  if (!aak_event_take_string (record, "olabel", &label))
    return "olabel is neither quoted nor hex";
  if (!aak_event_take_perms (record, out))
    return "requested missing or unknown";
  gboolean posix = class != NULL && aak_span_is (class->value, "posix_mqueue");
  out->class = AAK_CLASS_OTHER;
  if (out->name == NULL && posix)
    return NULL;
  if (out->name == NULL)
    out->name = g_strdup ("");
  out->detail = g_strdup (posix ? "posix" : "sysv");
  out->class = AAK_CLASS_MQUEUE;
  return NULL;
}

const char *
aak_event_read_io_uring (const AakRecord *record, AakEvent *out)
{
  if (!take_peer (record, "tcontext", out, &out->peer))
    return "tcontext is neither quoted nor hex";
  out->detail = aak_event_take_word (record, "requested");
  if (out->detail == NULL)
    return "requested missing";
  out->class = AAK_CLASS_IO_URING;
  return NULL;
}

/* --- D-Bus ----------------------------------------------------------------------------------- */

const char *
aak_event_read_dbus (const AakRecord *record, AakEvent *out)
{
  g_autofree char *path = NULL, *interface = NULL, *member = NULL, *mask = NULL;
  if (!aak_event_take_string (record, "bus", &out->detail)
      || !aak_event_take_string (record, "path", &path)
      || !aak_event_take_string (record, "interface", &interface)
      || !aak_event_take_string (record, "member", &member)
      || !take_peer (record, "peer_label", out, &out->peer))
    return "bus, path, interface, member or peer_label is neither quoted nor hex";
  mask = aak_event_take_word (record, "mask");
  out->class = AAK_CLASS_OTHER;
  if (out->detail == NULL || mask == NULL || !aak_perms_from_words (mask, &out->perms))
    return NULL; /* says too little to make a rule of */
  const char *details[] = { path, interface, member, out->name, out->peer };
  out->access = aak_access_pack (AAK_CLASS_DBUS, details);
  out->class = AAK_CLASS_DBUS;
  return NULL;
}

/* --- unix sockets ---------------------------------------------------------------------------- */

/* "none", a path, or "@" and the abstract name, which is in hex where one of its bytes asks for
 * that, inside of the quotes (af_unix.c, audit_unix_addr()). */
static gboolean
take_address (const AakRecord *record, const char *key, char **out)
{
  const AakField *field = aak_record_get (record, key);
  if (field == NULL)
    return TRUE;
  *out = aak_span_is (field->value, "none") ? g_strdup ("none") : aak_event_decode (field);
  return *out != NULL;
}

const char *
aak_event_read_unix (const AakRecord *record, AakEvent *out)
{
  g_autofree char *address = NULL, *peer_address = NULL;
  if (!take_address (record, "addr", &address) || !take_address (record, "peer_addr", &peer_address)
      || !take_peer (record, "peer", out, &out->peer))
    return "addr, peer_addr or peer is neither quoted nor hex";
  if (address == NULL || out->perms == 0)
    return NULL;
  const char *details[] = { address, peer_address, out->peer };
  out->access = aak_access_pack (AAK_CLASS_UNIX, details);
  out->class = AAK_CLASS_UNIX;
  return NULL;
}
