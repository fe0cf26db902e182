/* SPDX-License-Identifier: GPL-2.0-or-later
 * From one record of each class to its rule: the forms of rules, what waits for review, what no
 * rule can say, labels that fold, and the state in between. */
#include "learn/generalise.h"
#include "learn/label.h"
#include "learn/profile-writer.h"
#include "learn/record.h"
#include "learn/state.h"
#include "learn/writable.h"
#include "tests/unit/learned.h"

#include <criterion/criterion.h>
#include <string.h>

#define HEAD "type=AVC msg=audit(1795295848.744:4): apparmor=\"ALLOWED\" profile=\"k8s-t\" "

/* The record with @fields, seen. */
static void
see (AakObservations *observations, const char *fields)
{
  AakRecord record;
  g_auto (AakEvent) event = { 0 };
  gboolean news;
  const char *reason = NULL;
  g_autofree char *line = g_strconcat (HEAD, fields, NULL);
  cr_assert_eq (aak_record_parse_line (line, strlen (line), &record), AAK_RECORD_APPARMOR, "%s",
                fields);
  cr_assert_eq (aak_event_from_record (&record, &event, &reason), AAK_EVENT_OK, "%s: %s", fields,
                reason);
  aak_observations_add (observations, 0, &event, &news);
}

static AakObservations *
came_back (const AakObservations *observations)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) yaml = aak_state_to_yaml (observations);
  AakObservations *back = aak_state_from_yaml ("s", yaml, &error);
  cr_assert_not_null (back, "%s", error != NULL ? error->message : "");
  g_autoptr (GBytes) again = aak_state_to_yaml (back);
  cr_expect (g_bytes_equal (yaml, again));
  return back;
}

/* The profile, by way of the state. */
static char *
profile_of (const AakObservations *observations, AakAbi abi)
{
  g_autoptr (AakObservations) back = came_back (observations);
  g_autoptr (AakProfile) profile = aak_generalise (back, FALSE);
  aak_writable_set_abi (profile, abi);
  return aak_profile_to_text (profile);
}

static const struct
{
  const char *fields;
  const char *line; /* of the profile, its beginning */
} rules[] = {
  /* mounts */
  { "operation=\"mount\" info=\"failed mntpnt match\" error=-13 name=\"/tmp/dd/\" fstype=\"tmpfs\" "
    "srcname=\"x\" flags=\"rw, silent\"",
    "#mount fstype=tmpfs options=(rw, silent) x -> /tmp/dd/,  # changes the file tree" },
  { "operation=\"mount\" class=\"mount\" name=\"/m/\" fstype=\"nfs\" srcname=\"srv://a b\"",
    "#mount fstype=nfs options=(rw) \"srv:/[/]a b\" -> /m/," },
  { "operation=\"mount\" class=\"mount\" name=\"/m/\" srcname=\"/s/\" flags=\"rw, rbind\"",
    "#mount options=(rbind) /s/ -> /m/," },
  { "operation=\"mount\" class=\"mount\" name=\"/m/\" flags=\"ro, nosuid, remount, bind\"",
    "#remount options=(ro, nosuid, remount, bind) /m/," },
  { "operation=\"mount\" class=\"mount\" name=\"/m/\" flags=\"rw, rslave\"",
    "#mount options=(rslave) -> /m/," },
  { "operation=\"mount\" class=\"mount\" name=\"/m/\" srcname=\"/s/\" flags=\"rw, move\"",
    "#mount options=(move) /s/ -> /m/," },
  { "operation=\"mount\" class=\"mount\" name=\"/m/\" flags=\"rw, sparkling\"",
    "# no rule can say: mount /m/ mount rw, sparkling (AppArmor has no word for it)" },
  { "operation=\"mount\" class=\"mount\" name=\"m\" srcname=\"x\" fstype=\"tmpfs\"",
    "# no rule can say: mount m mount x tmpfs (the path is disconnected from every root)" },
  { "operation=\"umount\" class=\"mount\" name=\"/m/\" flags=\"rw, nosuid\"", "#umount /m/," },
  { "operation=\"pivotroot\" name=\"/new/\" srcname=\"/new/old/\"",
    "#pivot_root oldroot=/new/old/ /new/," },
  /* changes of profile */
  { "operation=\"change_profile\" class=\"file\" name=7120712F2F78 target=7120712F2F78",
    "#change_profile -> \"q q//x\",  # leaves this profile" },
  { "operation=\"change_onexec\" name=\":ns:q\"", "#change_profile -> :ns:q," },
  { "operation=\"exec\" class=\"file\" name=\"/bin/x\" target=\"q\"", "#change_profile -> q," },
  { "operation=\"stack\" class=\"file\" name=\"q\" target=\"k8s-t//&q\"",
    "#change_profile -> \"&q\"," },
  { "operation=\"change_hat\" class=\"file\" name=\"h\" target=\"k8s-t//null-h\"",
    "# no rule can say: change_profile h change_hat (a hat is a profile of its own)" },
  /* limits */
  { "operation=\"setrlimit\" class=\"rlimits\" rlimit=nofile value=65536",
    "set rlimit nofile <= 65536," },
  { "operation=\"setrlimit\" rlimit=core value=18446744073709551615",
    "set rlimit core <= infinity," },
  { "operation=\"setrlimit\" rlimit=nice value=25", "set rlimit nice <= -5," },
  { "operation=\"setrlimit\" rlimit=cpu value=7", "set rlimit cpu <= 7s," },
  { "operation=\"setrlimit\" rlimit=rttime value=7", "set rlimit rttime <= 7us," },
  { "operation=\"setrlimit\" rlimit=warp value=7",
    "# no rule can say: rlimit warp 7 (AppArmor has no word for it)" },
  { "operation=\"setrlimit\" info=\"cap_sys_resource\" error=-13 rlimit=nofile value=9 peer=\"q\"",
    "capability sys_resource," },
  /* unix sockets */
  { "operation=\"create\" family=\"unix\" sock_type=\"stream\" protocol=0 requested_mask=\"create\"",
    "network unix stream," },
  { "operation=\"bind\" class=\"net\" family=\"unix\" sock_type=\"stream\" protocol=0 "
    "requested=\"create bind\" addr=\"@srv/x\"",
    "unix (create,bind) type=stream addr=\"@srv/x\"," },
  { "operation=\"sendmsg\" class=\"net\" family=\"unix\" sock_type=\"dgram\" protocol=0 "
    "requested=\"send\" addr=none peer_addr=\"@612C6200\" peer=\"q//null-/bin/x\"",
    "unix (send) type=dgram addr=none peer=(addr=\"@612C6200\", label=q), "
    "unix (send) type=dgram addr=none peer=(addr=\"@a,b\\000\", label=q)," },
  { "operation=\"connect\" class=\"net\" family=\"unix\" sock_type=\"stream\" protocol=0 "
    "requested=\"connect\" addr=none peer_addr=\"@/containerd-shim/k8s.io/x.sock\"",
    "#unix (connect) type=stream addr=none peer=(addr=\"@/containerd-shim/k8s.io/x.sock\"),  # the" },
  { "operation=\"connect\" class=\"net\" family=\"unix\" sock_type=\"stream\" protocol=0 "
    "requested=\"connect\" addr=\"/run/a\" peer_addr=\"/run/b\" peer=\"q\"",
    "unix (connect) type=stream peer=(label=q)," },
  /* D-Bus */
  { "operation=\"dbus_method_call\" bus=\"system\" path=\"/x\" interface=\"a.b\" member=\"C\" "
    "mask=\"send\" name=\"a.b\" peer_label=\"unconfined\"",
    "dbus (send) bus=system path=/x interface=a.b member=C peer=(name=a.b, label=unconfined)," },
  { "operation=\"dbus_signal\" bus=\"session\" path=\"/x\" interface=\"a.b\" member=\"S\" "
    "mask=\"receive\" name=\":1.42\" peer_label=\"k8s-t//null-/bin/x\"",
    "dbus (receive) bus=session path=/x interface=a.b member=S peer=(label=k8s-t),  # connection" },
  { "operation=\"dbus_bind\" bus=\"system\" name=\"a.b\" mask=\"bind\"",
    "dbus (bind) bus=system name=a.b," },
  { "operation=\"dbus_eavesdrop\" bus=\"system\" mask=\"eavesdrop\"",
    "#dbus (eavesdrop) bus=system,  # reads the messages of others" },
  { "operation=\"dbus_method_call\" bus=\"system\" path=\"/org/freedesktop/systemd1\" "
    "interface=\"org.freedesktop.systemd1.Manager\" member=\"StartTransientUnit\" mask=\"send\" "
    "name=\"org.freedesktop.systemd1\"",
    "#dbus (send) bus=system path=/org/freedesktop/systemd1 " },
  /* what the kernel's families and types may become one day */
  { "operation=\"create\" family=\"unknown(99)\" sock_type=\"stream\" requested_mask=\"create\"",
    "# no rule can say: network unknown(99) stream create (AppArmor has no word for it)" },
  { "operation=\"capable\" capability=77  capname=\"warp\"",
    "# no rule can say: capability warp (AppArmor has no word for it)" },
  { "operation=\"signal\" requested_mask=\"send\" signal=unknown(70) peer=\"q(\"",
    "# no rule can say: signal q( unknown(70) send (AppArmor has no word for it)" },
  { "operation=\"signal\" requested_mask=\"send\" signal=term peer=\"q(//null-/bin/x\"",
    "signal (send) set=(term) peer=\"q(\"," },
  { "operation=\"ptrace\" requested_mask=\"read\" peer=\"q//child//null-/bin/x\"",
    "ptrace (read) peer=q//child," },
  /* not mediated under abi 3.0 */
  { "operation=\"userns_create\" class=\"namespace\" requested=\"userns_create\"",
    "# needs no rule: userns create (not mediated under abi 3.0)" },
  { "operation=\"mqueue_open\" class=\"posix_mqueue\" name=\"/q\" requested=\"create write\"",
    "# needs no rule: mqueue /q posix create,write (not mediated under abi 3.0)" },
  { "operation=\"uring_sqpoll\" class=\"io_uring\" requested=\"sqpoll\"",
    "# needs no rule: io_uring sqpoll (not mediated under abi 3.0)" },
};

static void
expect_line (const char *text, const char *line, const char *fields)
{
  g_autofree char *wanted = g_strdup_printf ("\n  %s", line);
  cr_expect_not_null (strstr (text, wanted), "%s\nmissing: %s\nin:\n%s", fields, line, text);
}

Test (classes, a_record_becomes_its_rule)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autoptr (AakObservations) observations = learned_nothing ("r", 0);
      see (observations, rules[i].fields);
      g_autofree char *text = profile_of (observations, AAK_ABI_3_0);
      expect_line (text, rules[i].line, rules[i].fields);
    }
}

static const struct
{
  const char *fields;
  const char *line;
} newer_rules[] = {
  { "operation=\"userns_create\" class=\"namespace\" requested=\"userns_create\"",
    "#userns create,  # all capabilities in a namespace of its own" },
  { "operation=\"mqueue_open\" class=\"posix_mqueue\" name=\"/q\" requested=\"create write\"",
    "mqueue (create,write) type=posix /q," },
  { "operation=\"mqueue_open\" class=\"posix_mqueue\" name=2F6120622F requested=\"read delete\"",
    "mqueue (read,delete) type=posix \"/a b/\"," },
  { "operation=\"sysv_mqueue\" class=\"sysv_mqueue\" name=\"123\" requested=\"open getattr\"",
    "mqueue (getattr,open) type=sysv 123," },
  { "operation=\"sysv_mqueue\" requested=\"write\" denied=\"write\"class=\"sysv_mqueue\"",
    "mqueue (write) type=sysv," },
  { "operation=\"sysv_mqueue\" class=\"sysv_mqueue\" name=\"x\" requested=\"open\"",
    "# no rule can say: mqueue x sysv open (AppArmor has no word for it)" },
  { "operation=\"uring_override\" class=\"io_uring\" requested=\"override_creds\" tcontext=\"q\"",
    "# needs no rule: io_uring override_creds q (not mediated under abi 4.0)" },
};

Test (classes, abi_4_says_more)
{
  for (gsize i = 0; i < G_N_ELEMENTS (newer_rules); i++)
    {
      g_autoptr (AakObservations) observations = learned_nothing ("r", 0);
      see (observations, newer_rules[i].fields);
      g_autofree char *text = profile_of (observations, AAK_ABI_4_0);
      expect_line (text, newer_rules[i].line, newer_rules[i].fields);
      expect_line (text, "# Needed by every pod", "");
      cr_expect_not_null (strstr (text, "abi <abi/4.0>,"));
    }
}

/* What failed for no lack of a rule, or lacks none, is no access. */
Test (classes, what_no_rule_would_change_is_no_access)
{
  static const char *const records[] = {
    "operation=\"change_profile\" info=\"no new privs\" error=-1 name=\"q\" target=\"q\"",
    "operation=\"change_onexec\" info=\"label not found\" error=-2 name=\"q\"",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    {
      g_autoptr (AakObservations) observations = learned_nothing ("r", 0);
      see (observations, records[i]);
      cr_expect_eq (aak_observations_count (observations), 0, "%s", records[i]);
    }
}

Test (classes, the_largest_value_of_a_limit_stands)
{
  static const char *const values[] = { "9", "65536", "1024" };
  g_autoptr (AakObservations) observations = learned_nothing ("r", 0);
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *fields =
          g_strdup_printf ("operation=\"setrlimit\" rlimit=nofile value=%s", values[i]);
      see (observations, fields);
    }
  g_autofree char *text = profile_of (observations, AAK_ABI_3_0);
  expect_line (text, "set rlimit nofile <= 65536,", "");
  cr_expect_null (strstr (text, "<= 9,"));
  cr_expect_null (strstr (text, "<= 1024,"));
}

/* A socket's own permissions take no condition on a peer. */
Test (classes, a_unix_socket_with_a_peer_has_two_rules)
{
  g_autoptr (AakObservations) observations = learned_nothing ("r", 0);
  see (observations,
       "operation=\"sendmsg\" class=\"net\" family=\"unix\" sock_type=\"stream\" protocol=0 "
       "requested=\"send create bind\" addr=\"@a\" peer_addr=\"@b\" peer=\"q\"");
  g_autofree char *text = profile_of (observations, AAK_ABI_3_0);
  expect_line (text, "unix (create,bind) type=stream addr=\"@a\",", "");
  expect_line (text, "unix (send) type=stream addr=\"@a\" peer=(addr=\"@b\", label=q),", "");
}

static const struct
{
  const char *label;
  const char *own;
  const char *want;
} peers[] = {
  { "q", "p", "q" },
  { "p//null-/bin/x//null-/bin/y", "p", "p" },
  { "p//hat", "p", "p" },
  { "q//null-/bin/x//null-/bin/y", "p", "q" },
  { "q//child", "p", "q//child" },
  { "q//child//null-/bin/x", "p", "q//child" },
  { ":ns:q//null-1f", "p", ":ns:q" },
  { "q//null-/bin/x//&r//null-/bin/y", "p", "q//&r" },
  { "//null-/bin/x", "p", "//null-/bin/x" },
  { "/usr/sbin/q//null-/bin/x", "p", "/usr/sbin/q" },
  { "", "p", "" },
};

Test (classes, peers_fold_what_complain_mode_made)
{
  for (gsize i = 0; i < G_N_ELEMENTS (peers); i++)
    {
      g_autofree char *got = aak_label_fold_peer (peers[i].label, peers[i].own);
      cr_expect_str_eq (got, peers[i].want, "%s: %s", peers[i].label, got);
    }
}

/* --- masks of files -------------------------------------------------------------------------- */

static const struct
{
  const char *fields;
  const char *line;
} file_rules[] = {
  { "operation=\"open\" name=\"/f\" requested_mask=\"r\"", "/f r," },
  { "operation=\"open\" name=\"/f\" requested_mask=\"w\"", "/f w," },
  { "operation=\"open\" name=\"/f\" requested_mask=\"wr\"", "/f rw," },
  { "operation=\"open\" name=\"/f\" requested_mask=\"wrc\"", "/f rw," },
  { "operation=\"open\" name=\"/f\" requested_mask=\"a\"", "/f a," },
  { "operation=\"open\" name=\"/f\" requested_mask=\"ac\"", "/f w," },
  { "operation=\"open\" name=\"/f\" requested_mask=\"ra\"", "/f ra," },
  { "operation=\"mknod\" name=\"/f\" requested_mask=\"c\"", "/f w," },
  { "operation=\"mkdir\" name=\"/d/\" requested_mask=\"c\"", "/d/ w," },
  { "operation=\"rmdir\" name=\"/d/\" requested_mask=\"d\"", "/d/ w," },
  { "operation=\"unlink\" name=\"/f\" requested_mask=\"d\"", "/f w," },
  { "operation=\"rename_src\" name=\"/f\" requested_mask=\"wrd\"", "/f rw," },
  { "operation=\"rename_dest\" name=\"/f\" requested_mask=\"wc\"", "/f w," },
  { "operation=\"rename_src\" name=\"/d/\" requested_mask=\"wrd\"", "/d/ rw," },
  { "operation=\"chmod\" name=\"/f\" requested_mask=\"w\"", "/f w," },
  { "operation=\"truncate\" name=\"/f\" requested_mask=\"w\"", "/f w," },
  { "operation=\"symlink\" name=\"/f\" requested_mask=\"c\"", "/f w," },
  { "operation=\"file_lock\" name=\"/f\" requested_mask=\"k\"", "/f k," },
  { "operation=\"file_lock\" name=\"/f\" requested_mask=\"wk\"", "/f wk," },
  { "operation=\"file_mmap\" name=\"/f\" requested_mask=\"rm\"", "/f rm," },
  { "operation=\"file_mmap\" name=\"/f\" requested_mask=\"m\"", "/f m," },
  { "operation=\"exec\" name=\"/f\" requested_mask=\"x\"", "/f ix," },
  { "operation=\"exec\" name=\"/f\" requested_mask=\"rx\"", "/f rix," },
  { "operation=\"file_mmap\" name=\"/f\" requested_mask=\"xm\"", "/f m," },
  { "operation=\"open\" name=\"/d/\" requested_mask=\"r\"", "/d/ r," },
  { "operation=\"link\" name=\"/l\" requested_mask=\"l\" target=\"/t\"", "link /l -> /t," },
  { "operation=\"link\" name=\"/l\" requested_mask=\"l\"", "/l l," },
  { "operation=\"open\" name=\"/proc/7/stat\" requested_mask=\"r\" fsuid=0 ouid=0",
    "owner /proc/@{pid}/stat r," },
  { "operation=\"open\" name=\"/proc/7/stat\" requested_mask=\"r\" fsuid=0 ouid=1",
    "/proc/@{pid}/stat r," },
  { "operation=\"open\" name=\"/proc/7/stat\" requested_mask=\"r\"", "/proc/@{pid}/stat r," },
  { "operation=\"open\" name=\"/f\" requested_mask=\"r\" fsuid=7 ouid=7", "/f r," },
};

Test (classes, masks_of_files_are_exact)
{
  for (gsize i = 0; i < G_N_ELEMENTS (file_rules); i++)
    {
      g_autoptr (AakObservations) observations = learned_nothing ("r", 0);
      see (observations, file_rules[i].fields);
      g_autofree char *text = profile_of (observations, AAK_ABI_3_0);
      expect_line (text, file_rules[i].line, file_rules[i].fields);
    }
}
