/* SPDX-License-Identifier: GPL-2.0-or-later
 * Records of the D-Bus daemon are told from those that anybody else sends, by what the kernel says
 * of the sender. */
#include "learn/dbus-record.h"
#include "learn/dbus-user.h"
#include "learn/event.h"
#include "lib/error.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

#define STAMP "audit(1795295848.744:4): "
#define CALL                                                                            \
  "apparmor=\"DENIED\" operation=\"dbus_method_call\"  bus=\"system\" path=\"/org/x\" " \
  "interface=\"org.x\" member=\"Hello\" mask=\"send\" name=\"org.x\" pid=7 "            \
  "label=\"k8s-web\" peer_pid=8 peer_label=\"unconfined\""
#define TAIL              "  exe=\"/usr/bin/dbus-daemon\" sauid=102 hostname=? addr=? terminal=?'"
#define KERNEL(uid, subj) "pid=612 uid=" uid " auid=4294967295 ses=4294967295 subj=" subj " msg='"
#define BUS               "type=USER_AVC msg=" STAMP KERNEL ("102", "unconfined")

/* "other", "foreign", or "PID UID SUBJ: operation label member". */
static char *
describe (const AakSourceRecord *raw)
{
  AakRecord record;
  AakDbusSender sender;
  g_auto (AakEvent) event = { 0 };
  switch (aak_dbus_record_parse (raw, 102, &record, &sender))
    {
    case AAK_DBUS_OTHER:
      return g_strdup ("other");
    case AAK_DBUS_FOREIGN:
      return g_strdup ("foreign");
    case AAK_DBUS_RECORD:
      break;
    }
  const AakField *member = aak_record_get (&record, "member");
  cr_expect_eq (aak_event_from_record (&record, &event, NULL), AAK_EVENT_OK);
  cr_expect_str_eq (event.kind, "dbus");
  cr_expect (event.class == AAK_CLASS_DBUS || event.class == AAK_CLASS_OTHER);
  return g_strdup_printf ("%u %u %.*s: %s %s %.*s", (guint) sender.pid, (guint) sender.uid,
                          (int) sender.subj.len, sender.subj.data, event.operation, event.label,
                          member != NULL ? (int) member->value.len : 0,
                          member != NULL ? member->value.data : "");
}

static const struct
{
  const char *line;
  const char *want;
} lines[] = {
  { BUS CALL TAIL, "612 102 unconfined: dbus_method_call k8s-web Hello" },
  { "node=n " BUS CALL TAIL, "612 102 unconfined: dbus_method_call k8s-web Hello" },
  { "type=1107 msg=" STAMP KERNEL ("102", "dbus-daemon") CALL TAIL,
    "612 102 dbus-daemon: dbus_method_call k8s-web Hello" },
  { BUS CALL TAIL "\035UID=\"messagebus\" AUID=\"unset\" msg='x'",
    "612 102 unconfined: dbus_method_call k8s-web Hello" },
  { "type=USER_AVC msg=" STAMP "user " KERNEL ("102", "/usr/bin/dbus-daemon") CALL "'",
    "612 102 /usr/bin/dbus-daemon: dbus_method_call k8s-web Hello" },
  { BUS
    "apparmor=\"ALLOWED\" operation=\"dbus_bind\" bus=\"system\" name=\"org.x\" mask=\"bind\" pid=7 label=\"k8s-web\"" TAIL,
    "612 102 unconfined: dbus_bind k8s-web " },
  /* of another sender */
  { "type=USER_AVC msg=" STAMP KERNEL ("0", "unconfined") CALL TAIL, "foreign" },
  { "type=USER_AVC msg=" STAMP KERNEL ("102", "k8s-web") CALL TAIL, "foreign" },
  { "type=USER_AVC msg=" STAMP KERNEL ("102", "cri-containerd.apparmor.d") CALL TAIL, "foreign" },
  { "type=USER_AVC msg=" STAMP KERNEL ("102", "unconfined//&k8s-web") CALL TAIL, "foreign" },
  { "type=USER_AVC msg=" STAMP KERNEL ("102", ":ns://unconfined") CALL TAIL, "foreign" },
  { "type=USER_AVC msg=" STAMP KERNEL ("102", "dbus-daemon//null-/x") CALL TAIL, "foreign" },
  { "type=USER_AVC msg=" STAMP KERNEL ("102", "?") CALL TAIL, "foreign" },
  { "type=USER_AVC msg=" STAMP KERNEL ("102", "") CALL TAIL, "foreign" },
  { "type=USER_AVC msg=" STAMP KERNEL ("1020", "unconfined") CALL TAIL, "foreign" },
  /* what only the text says */
  { "type=USER_AVC msg=" STAMP KERNEL ("0", "k8s-web") KERNEL ("102", "unconfined") CALL TAIL,
    "other" },
  { "type=USER_AVC msg=" STAMP KERNEL ("0", "k8s-web") CALL " uid=102 subj=unconfined" TAIL,
    "foreign" },
  { "type=USER_AVC msg=" STAMP KERNEL ("102", "x msg='unconfined") CALL TAIL, "other" },
  { "type=USER_AVC msg=" STAMP KERNEL ("102", "unconfined x") CALL TAIL, "other" },
  { "type=USER_AVC msg=" STAMP KERNEL ("102", "unconfined (enforce)") CALL TAIL, "other" },
  { BUS "x' pid=1 msg='" CALL TAIL, "other" },
  /* what is no decision of the bus's */
  { BUS "apparmor=\"ALLOWED\" operation=\"capable\" label=\"k8s-web\" capname=\"sys_admin\"" TAIL,
    "other" },
  { BUS "apparmor=\"ALLOWED\" operation=\"dbus_\" label=\"k8s-web\"" TAIL, "other" },
  { BUS "operation=\"dbus_bind\" label=\"k8s-web\"" TAIL, "other" },
  { BUS "avc:  denied  { send_msg } for msgtype=method_call" TAIL, "other" },
  { BUS CALL " label=\"other\"" TAIL, "other" },
  { BUS CALL " x=\"" TAIL, "other" },
  { BUS CALL, "other" },
  { "type=USER_AVC msg=" STAMP KERNEL ("102", "unconfined"), "other" },
  { "type=USER_AVC msg=" STAMP "uid=102 pid=612 auid=1 ses=1 subj=unconfined msg='" CALL TAIL,
    "other" },
  { "type=USER_AVC msg=" STAMP "pid=612 uid=102 subj=unconfined msg='" CALL TAIL, "other" },
  { "type=USER_AVC msg=" STAMP CALL, "other" },
  { "type=USER_AVC msg=audit(1): " KERNEL ("102", "unconfined") CALL TAIL, "other" },
  { "type=USER msg=" STAMP KERNEL ("102", "unconfined") CALL TAIL, "other" },
  { "type=AVC msg=" STAMP KERNEL ("102", "unconfined") CALL TAIL, "other" },
  { "type=TRUSTED_APP msg=" STAMP KERNEL ("102", "unconfined") CALL TAIL, "other" },
  { " " BUS CALL TAIL, "other" },
  { "May 26 12:00:00 h kernel: audit: type=1107 " STAMP KERNEL ("102", "unconfined") CALL TAIL,
    "other" },
  { "May 26 12:00:00 h dbus-daemon[612]: " CALL, "other" },
  { "", "other" },
};

Test (dbus, senders)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      AakSourceRecord raw = { 0, lines[i].line, strlen (lines[i].line) };
      AakRecord record;
      g_autofree char *got = describe (&raw);
      cr_expect_str_eq (got, lines[i].want, "%s\n  got  %s\n  want %s", lines[i].line, got,
                        lines[i].want);
      cr_expect_neq (aak_record_parse_line (raw.data, raw.len, &record), AAK_RECORD_APPARMOR,
                     "it is no record of the kernel's: %s", lines[i].line);
    }
}

Test (dbus, messages)
{
  static const char payload[] = STAMP KERNEL ("102", "unconfined") CALL TAIL;
  for (guint type = 1; type < 3000; type++)
    {
      AakSourceRecord raw = { type, payload, strlen (payload) };
      g_autofree char *got = describe (&raw);
      cr_expect_eq (strcmp (got, "other") != 0, type == 1107, "%u: %s", type, got);
    }
}

/* The uid of the bus is the node's, not that of the machine that reads. */
Test (dbus, user)
{
  static const struct
  {
    const char *passwd;
    gint64 uid;
  } files[] = {
    { "root:x:0:0::/:/bin/sh\nmessagebus:x:102:103::/:/bin/false\n", 102 },
    { "dbus:x:81:81:System Message Bus:/:/sbin/nologin\n", 81 },
    { "messagebus2:x:5:5::/:\nx:messagebus:6:6::/:\n", -1 },
    { "messagebus:x:-1:5::/:\n", -1 },
    { "messagebus:x\n", -1 },
    { "", -1 },
  };
  g_autofree char *root = g_dir_make_tmp ("aakit-dbus-XXXXXX", NULL);
  g_autofree char *etc = g_build_filename (root, "etc", NULL);
  g_autofree char *path = g_build_filename (etc, "passwd", NULL);
  cr_assert_eq (g_mkdir (etc, 0700), 0);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;
      guint64 uid = 0;
      cr_assert (g_file_set_contents (path, files[i].passwd, -1, NULL));
      gboolean found = aak_dbus_user_find (root, &uid, &error);
      cr_expect_eq (found ? (gint64) uid : -1, files[i].uid, "%s", files[i].passwd);
      cr_expect_eq (found, error == NULL);
    }
  g_unlink (path);
  g_rmdir (etc);
  g_rmdir (root);
}
