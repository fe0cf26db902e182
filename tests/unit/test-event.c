/* SPDX-License-Identifier: GPL-2.0-or-later
 * Every class of every kernel since 2.6 is told from its record, and every mask is read. */
#include "learn/access-fields.h"
#include "learn/event.h"
#include "learn/record.h"

#include <criterion/criterion.h>
#include <string.h>

#define STAMP "audit(1795295848.744:4): "

/* Class, kind and label of what every class and every kernel since 2.6 writes. */
static const struct
{
  const char *line;
  const char *want;
} kinds[] = {
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" class=\"file\" profile=\"p\" name=\"/a\" requested_mask=\"r\"",
    "file file p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"exec\" class=\"file\" info=\"ix fallback\" profile=\"p\" name=\"/a\" requested_mask=\"x\" target=\"p\"",
    "file exec p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"link\" class=\"file\" profile=\"p\" name=\"/a\" requested_mask=\"l\" target=\"/b\"",
    "file link p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"rename_src\" profile=\"p\" name=\"/a\" requested_mask=\"wrd\"",
    "file rename p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"something_new\" class=\"file\" profile=\"p\" name=\"/a\" requested_mask=\"r\"",
    "file file p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"inode_permission\" profile=\"p\" name=\"/a\" requested_mask=\"r::\"",
    "file file p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"inode_mkdir\" profile=\"p\" name=\"/a\" requested_mask=\"::w\"",
    "file file p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"sysctl\" profile=\"p\" name=\"/proc/sys/a\" requested_mask=\"w::\"",
    "file file p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"xattr\" profile=\"p\" name=\"/a\" requested_mask=\"w::\"",
    "file file p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"capable\" class=\"cap\" profile=\"p\" capability=1  capname=\"x\"",
    "capability capability p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"capable\" profile=\"p\" name=\"sys_admin\"",
    "capability capability p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"create\" class=\"net\" profile=\"p\" family=\"inet\" sock_type=\"raw\" protocol=1 requested_mask=\"create\"",
    "network network p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"post_create\" profile=\"p\" family=\"unknown(45)\" sock_type=\"dgram\" protocol=0",
    "network network p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"connect\" class=\"net\" profile=\"p\" family=\"unix\" sock_type=\"stream\" protocol=0 requested=\"send receive connect\" denied=\"send connect\" addr=none peer_addr=\"@2F746D00\" peer=\"unconfined\"",
    "unix unix p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"signal\" class=\"signal\" profile=\"p\" requested_mask=\"send\" denied_mask=\"send\"signal=unknown(70) peer=\"q\"",
    "signal signal p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"signal\" profile=\"p\" requested_mask=\"receive\" denied_mask=\"receive\" signal=rtmin+5 peer=\"q\"",
    "signal signal p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"ptrace\" class=\"ptrace\" profile=\"p\" requested_mask=\"tracedby\" denied_mask=\"tracedby\" peer=\"q\"",
    "ptrace ptrace p" },
  { "type=AVC msg=" STAMP "apparmor=\"ALLOWED\" operation=\"ptrace\" profile=\"p\" peer=\"q\"",
    "ignored: ptrace ptrace p" },
  { "type=AVC msg=" STAMP "apparmor=\"DENIED\" operation=\"ptrace\" profile=\"p\" target=\"q\"",
    "ignored: ptrace ptrace p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"ptrace\" profile=\"p\" requested_mask=\"\" peer=\"q\"",
    "bad: requested_mask missing or unknown" },
  { "type=AVC msg=" STAMP
    "apparmor=\"DENIED\" operation=\"connect\" profile=\"p\" path=006162 family=\"unix\" sock_type=\"stream\" protocol=0",
    "network unix p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"DENIED\" operation=\"connect\" profile=\"p\" path=0061F family=\"unix\" sock_type=\"stream\" protocol=0",
    "bad: peer or path is neither quoted nor hex" },
  { "type=AVC msg=" STAMP
    "apparmor=\"DENIED\" operation=\"connect\" profile=\"p\" family=\"unix\" sock_type=\"stream\" protocol=0 peer=0061",
    "bad: peer or path is neither quoted nor hex" },
  { "type=AVC msg=" STAMP
    "apparmor=\"DENIED\" operation=\"open\" class=\"file\" profile=\"p\" requested_mask=\"wr\" denied_mask=\"wr\"",
    "other file p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"DENIED\" operation=\"connect\" profile=\"p\" name=\"/run/dbus/system_bus_socket\" requested_mask=\"wr\" denied_mask=\"wr\" fsuid=0 ouid=0",
    "file file p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"DENIED\" operation=\"sendmsg\" class=\"file\" profile=\"p\" name=\"/run/systemd/journal/dev-log\" requested_mask=\"w\" denied_mask=\"w\" fsuid=0 ouid=0",
    "file file p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"DENIED\" operation=\"connect\" profile=\"p\" name=\"/run/x\" requested_mask=\"connect\"",
    "other other p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"DENIED\" operation=\"sysv_mqueue\" profile=\"p\" requested=\"write\" denied=\"write\"class=\"sysv_mqueue\"",
    "mqueue mqueue p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"DENIED\" operation=\"getattr\" class=\"posix_mqueue\" profile=\"p\" requested=\"getattr\" denied=\"getattr\"class=\"posix_mqueue\" olabel=6",
    "bad: olabel is neither quoted nor hex" },
  { "type=AVC msg=" STAMP
    "apparmor=\"STATUS\" info=\"failed to unpack end of profile\" error=-71 profile=\"unconfined\" name=\"q\" pid=374 comm=\"x\" name=\"q\" offset=135",
    "policy policy unconfined" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"change_onexec\" class=\"file\" info=\"label not found\" error=-2 profile=\"unconfined\" name=\"q\"",
    "policy change_onexec unconfined" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"change_profile\" class=\"domain\" profile=\"p\" target=\"q\"",
    "change_profile change_profile p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"change_hat\" info=\"unconfined can not change_hat\" error=-1 profile=\"unconfined\"",
    "policy change_hat unconfined" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"stack_onexec\" class=\"file\" profile=\"p\" name=\"q\"",
    "change_profile stack p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"mount\" class=\"mount\" info=\"failed mntpnt match\" error=-13 profile=\"p\" name=\"/m/\" fstype=\"tmpfs\" srcname=\"x y\" flags=\"rw, nosuid\"",
    "mount mount p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"mount\" profile=\"p\" name=\"/m/\" srcname=2F6120 flags=\"rw, rbind\"",
    "mount bind p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"mount\" profile=\"p\" name=\"/m/\" flags=\"ro, remount, bind\"",
    "mount remount p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"mount\" profile=\"p\" name=\"/m/\" srcname=\"/n/\" flags=\"rw, move\"",
    "mount move p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"mount\" profile=\"p\" name=\"/\" flags=\"rw, rprivate\"",
    "mount propagation p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"mount\" profile=\"p\" name=\"/m/\" srcname=2F612",
    "bad: srcname, fstype or options is neither quoted nor hex" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"umount\" class=\"mount\" profile=\"p\" name=\"/m/\"",
    "mount umount p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"pivotroot\" class=\"mount\" profile=\"p\" name=\"/m/\" srcname=\"/m/old/\"",
    "mount pivot_root p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"setrlimit\" class=\"rlimits\" profile=\"p\" rlimit=nofile value=4096",
    "rlimit rlimit p" },
  { "type=AVC msg=" STAMP "apparmor=\"ALLOWED\" operation=\"setrlimit\" profile=\"p\" value=4096",
    "bad: rlimit missing" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"userns_create\" class=\"namespace\" info=\"Userns create - transitioning profile\" profile=\"unconfined\" requested=\"userns_create\" target=\"unprivileged_userns\" execpath=\"/opt/x/x\"",
    "userns userns unconfined" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"uring_sqpoll\" class=\"io_uring\" profile=\"p\" requested=\"sqpoll\" denied=\"sqpoll\"",
    "io_uring io_uring p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"uring_override\" profile=\"p\" requested=\"override_creds\" denied=\"override_creds\" tcontext=\"q\"",
    "io_uring io_uring p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"create\" class=\"posix_mqueue\" profile=\"p\" name=\"/q\" requested=\"create\" denied=\"create\" class=\"posix_mqueue\" fsuid=0 ouid=0",
    "mqueue mqueue p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"unlink\" class=\"posix_mqueue\" profile=\"p\" name=\"/\" requested=\"getattr\" denied=\"getattr\"",
    "mqueue mqueue p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"getattr\" class=\"posix_mqueue\" profile=\"p\" name=\"/\" requested=\"getattr\" denied=\"getattr\"",
    "mqueue mqueue p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"create\" profile=\"p\" name=\"/q\" requested=\"create\" denied=\"create\" class=\"posix_mqueue\" fsuid=0 ouid=0",
    "mqueue mqueue p" },
  { "type=AVC msg=" STAMP "apparmor=\"ALLOWED\" operation=\"dbus_bind\" profile=\"p\"",
    "other dbus p" },
  { "type=AVC msg=" STAMP "apparmor=\"ALLOWED\" operation=\"load\" class=\"module\" profile=\"p\"",
    "other other p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" namespace=\"root//ns\" profile=\"k8s-web\" name=\"/a\" requested_mask=\"r\"",
    "file file :ns:k8s-web" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" namespace=\"root//a//b\" profile=\"k8s-web//null-/bin/x\" name=\"/a\" requested_mask=\"r\"",
    "file file :a//b:k8s-web//null-/bin/x" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" namespace=\"root//incus-f43_<var-lib-incus>\" profile=\"p\" name=\"/a\" requested_mask=\"r\"",
    "file file :incus-f43_<var-lib-incus>:p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" namespace=726F6F742F2F612062 profile=\"p\" name=\"/a\" requested_mask=\"r\"",
    "file file :a b:p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" namespace=\"odd\" profile=\"p\" name=\"/a\" requested_mask=\"r\"",
    "file file :odd:p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" namespace=\"default\" profile=\"p\" name=\"/a\" requested_mask=\"r\"",
    "file file :default:p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" namespace=\"root//\" profile=\"p\" name=\"/a\" requested_mask=\"r\"",
    "file file ::p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" namespace=\"root\" profile=\"p\" name=\"/a\" requested_mask=\"r\"",
    "file file p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" namespace=zz profile=\"p\" name=\"/a\" requested_mask=\"r\"",
    "bad: namespace is neither quoted nor hex" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" namespace=\"root//ns\" label=\":x:p\" name=\"/a\" requested_mask=\"r\"",
    "file file :ns::x:p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"STATUS\" operation=\"profile_load\" name=\"/sbin/dhclient\" pid=500 comm=\"apparmor_parser\"",
    "policy policy " },
  { "type=AVC msg=" STAMP
    "apparmor=\"STATUS\" operation=\"profile_replace\" info=\"same as current profile, skipping\" profile=\"unconfined\" name=\"p\" pid=1 comm=\"x\"",
    "policy policy unconfined" },
  { "type=AVC msg=" STAMP "apparmor=\"HINT\" operation=\"changing_profile\" profile=\"p\"",
    "other other p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ERROR\" operation=\"file_perm\" info=\"x\" error=-2 profile=\"p\"",
    "file file p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"KILLED\" operation=\"open\" profile=\"p\" name=\"/a\" requested_mask=\"r\"",
    "file file p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"AUDIT\" operation=\"open\" profile=\"p\" name=\"/a\" requested_mask=\"r\"",
    "file file p" },
  { "type=AVC msg=" STAMP "operation=\"open\" profile=\"p\" name=\"/a\" requested_mask=\"r\"",
    "bad: apparmor= missing or unknown" },
  { "type=1503 msg=" STAMP
    "operation=\"open\" pid=9355 parent=9354 profile=\"p\" requested_mask=\"r::\" denied_mask=\"r::\" fsuid=0 ouid=0 name=\"/a\"",
    "file file p" },
  { "type=1502 msg=" STAMP
    "operation=\"inode_permission\" requested_mask=\"w::\" denied_mask=\"w::\" fsuid=0 name=\"/a\" pid=1 profile=\"p\" namespace=\"default\"",
    "file file p" },
  { "type=1505 msg=" STAMP "operation=\"profile_replace\" pid=9328 name=/usr/sbin/mysqld",
    "policy policy " },
  { "type=1505 msg=" STAMP "operation=\"profile_load\" name=\"/x\" name2=\"default\" pid=5",
    "policy policy " },
  { "type=1507 msg=" STAMP "operation=\"open\" profile=\"p\" requested_mask=\"r\" name=\"/a\"",
    "file file p" },
  { "type=1500 msg=" STAMP "operation=\"open\" profile=\"p\" requested_mask=\"r\" name=\"/a\"",
    "bad: apparmor= missing or unknown" },
};

static const char *
class_word (AakClass class)
{
  const char *word = aak_access_class_word (class);
  return word != NULL ? word : class == AAK_CLASS_POLICY ? "policy" : "other";
}

Test (event, kinds)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      AakRecord record;
      g_auto (AakEvent) e = { 0 };
      const char *reason = NULL;
      cr_assert_eq (aak_record_parse_line (kinds[i].line, strlen (kinds[i].line), &record),
                    AAK_RECORD_APPARMOR, "%s", kinds[i].line);
      AakEventResult result = aak_event_from_record (&record, &e, &reason);
      g_autofree char *got =
          result == AAK_EVENT_MALFORMED
              ? g_strdup_printf ("bad: %s", reason)
              : g_strdup_printf ("%s%s %s %s", result == AAK_EVENT_IGNORED ? "ignored: " : "",
                                 class_word (e.class), e.kind, e.label);
      cr_expect_str_eq (got, kinds[i].want, "%s\n  got  %s\n  want %s", kinds[i].line, got,
                        kinds[i].want);
    }
}

/* The old masks, and the mixes with x. */
Test (event, file_masks)
{
  static const struct
  {
    const char *fields;
    const char *want;
  } masks[] = {
    { "operation=\"open\" requested_mask=\"rw::\"", "rw owner" },
    { "operation=\"open\" requested_mask=\"::r\" fsuid=0 ouid=0", "r" },
    { "operation=\"open\" requested_mask=\"r::w\" fsuid=0 ouid=0", "rw" },
    { "operation=\"open\" requested_mask=\"r::\" fsuid=0 ouid=1", "r" },
    { "operation=\"open\" requested_mask=\"r::\" fsuid=0 ouid=0", "r owner" },
    { "operation=\"file_mmap\" requested_mask=\"xm\"", "m" },
    { "operation=\"open\" requested_mask=\"wx\"", "w" },
    { "operation=\"inode_permission\" requested_mask=\"::x\"", "x" },
    { "operation=\"exec\" requested_mask=\"xm\"", "xm" },
    { "operation=\"open\" requested_mask=\"::\"", "bad" },
    { "operation=\"open\" requested_mask=\"r:w\"", "bad" },
    { "operation=\"open\" requested_mask=\"r::w::\"", "bad" },
    { "operation=\"open\" requested_mask=\"send\"", "bad" },
    { "operation=\"open\" requested_mask=\"\"", "bad" },
    { "operation=\"open\" denied_mask=\"r\"", "bad" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (masks); i++)
    {
      AakRecord record;
      g_auto (AakEvent) e = { 0 };
      g_autofree char *line =
          g_strdup_printf ("type=AVC msg=" STAMP "apparmor=\"DENIED\" profile=\"p\" name=\"/a\" %s",
                           masks[i].fields);
      cr_assert_eq (aak_record_parse_line (line, strlen (line), &record), AAK_RECORD_APPARMOR);
      gboolean ok = aak_event_from_record (&record, &e, NULL) == AAK_EVENT_OK;
      g_autofree char *perms = aak_perms_to_text (e.perms);
      g_autofree char *got = g_strdup_printf ("%s%s", perms, e.owner ? " owner" : "");
      cr_expect_str_eq (ok ? got : "bad", masks[i].want, "%s: %s", masks[i].fields, got);
    }
}
