/* SPDX-License-Identifier: GPL-2.0-or-later
 * Every record form is read, and nothing that a container writes becomes a field or an event. */
#include "learn/event.h"
#include "learn/record.h"

#include <criterion/criterion.h>
#include <string.h>

#define STAMP "audit(1795295848.744:4): "
#define OPEN                                                                                            \
  "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/etc/x\" pid=219 comm=\"nginx\" " \
  "requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0"

/* What a line comes to: "other", "malformed", "ignored", "bad: why", or "class name mask owner peer
 * detail target". */
static char *
describe (const char *line, gsize len)
{
  AakRecord record;
  g_auto (AakEvent) e = { 0 };
  const char *reason = NULL;
  switch (aak_record_parse_line (line, len, &record))
    {
    case AAK_RECORD_OTHER:
      return g_strdup ("other");
    case AAK_RECORD_MALFORMED:
      return g_strdup ("malformed");
    case AAK_RECORD_APPARMOR:
      break;
    }
  switch (aak_event_from_record (&record, &e, &reason))
    {
    case AAK_EVENT_IGNORED:
      return g_strdup ("ignored");
    case AAK_EVENT_MALFORMED:
      return g_strdup_printf ("bad: %s", reason);
    case AAK_EVENT_OK:
      break;
    }
  g_autofree char *perms = aak_perms_to_text (e.perms);
  return g_strdup_printf ("%d %s %s%s %s %s %s %s", e.class, e.name ? e.name : "-",
                          *perms ? perms : "-", e.owner ? " owner" : "", e.family ? e.family : "-",
                          e.peer ? e.peer : "-", e.detail ? e.detail : "-",
                          e.target ? e.target : "-");
}

static const struct
{
  const char *line;
  const char *want;
} cases[] = {
  /* forms */
  { "type=AVC msg=" STAMP OPEN, "0 /etc/x r owner - - - -" },
  { "type=1400 msg=" STAMP OPEN "\r\n", "0 /etc/x r owner - - - -" },
  { "type=UNKNOWN[1502] msg=" STAMP OPEN "\n", "0 /etc/x r owner - - - -" },
  { "type=APPARMOR_ALLOWED msg=" STAMP OPEN, "0 /etc/x r owner - - - -" },
  { "node=n1 type=AVC msg=" STAMP OPEN, "0 /etc/x r owner - - - -" },
  { "type=AVC msg=" STAMP OPEN "\x1d"
    "FSUID=\"root\" OUID=\"root\"",
    "0 /etc/x r owner - - - -" },
  { "type=AVC msg=" STAMP OPEN "FSUID=\"root\" OUID=\"root\"", "0 /etc/x r owner - - - -" },
  { "type=AVC msg=" STAMP OPEN " FSUID=\"root\" OUID=\"root\"", "0 /etc/x r owner - - - -" },
  /* the kernel's text in logs */
  { "May 26 12:00:00 h kernel: [   12.345678] audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "May  6 12:00:00 h kernel: audit: type=1400 " STAMP OPEN, "0 /etc/x r owner - - - -" },
  { "May 6 12:00:00 h kernel: type=1400 " STAMP OPEN, "0 /etc/x r owner - - - -" },
  { "Nov 28 18:17:00.123456 h kernel: [ 8741.187962] type=1502 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "Nov 28 18:17:00.123+02:00 h kernel: [8741.1]audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "2026-05-26T12:00:00 h kernel: [12345678.345678] audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "2026-05-26T12:00:00.123456+02:00 h kernel: [    1.3] audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "2026-05-26T12:00:00,1-0700 h kernel: audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "2026-05-26T12:00:00Z fe80::1 kernel: audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "May 26 12:00:00 h kernel: [   12.345678][   T55] audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "May 26 12:00:00 h kernel: [   12.345678] [    C1] audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "<5>May 26 12:00:00 h kernel: audit: type=1400 " STAMP OPEN, "0 /etc/x r owner - - - -" },
  { "<5>[   12.345678] audit: type=1400 " STAMP OPEN, "0 /etc/x r owner - - - -" },
  { "<0>[   12.345678][T1] audit: type=1400 " STAMP OPEN, "0 /etc/x r owner - - - -" },
  { "<5>audit: type=1400 " STAMP OPEN, "0 /etc/x r owner - - - -" },
  { "2026-05-26_12:00:00.12345 kern.notice: [   12.345678] audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "2026-05-26T12:00:00.12345 kern.notice: kernel: audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "May 26 12:00:00 h kern.warn kernel: audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "May 26 12:00:00 h kern.notice: audit: type=1400 " STAMP OPEN, "0 /etc/x r owner - - - -" },
  { "[   12.345678] audit: type=1400 " STAMP OPEN, "0 /etc/x r owner - - - -" },
  { "[12.3] type=1400 " STAMP OPEN, "0 /etc/x r owner - - - -" },
  { "[Mon May 26 12:00:00 2026] audit: type=1400 " STAMP OPEN, "0 /etc/x r owner - - - -" },
  { "[   12.345678][  T55] audit: type=1400 " STAMP OPEN, "0 /etc/x r owner - - - -" },
  { "5,366,34063266,-;audit: type=1400 " STAMP OPEN, "0 /etc/x r owner - - - -" },
  { "6,366,34063266,c,caller=T55;audit: type=1503 " STAMP OPEN, "0 /etc/x r owner - - - -" },
  { "5,366,34063266,-;type=1400 " STAMP OPEN, "0 /etc/x r owner - - - -" },
  { "5,1,2,-;audit: type=1400 " STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" profile=\"p\" name=\"/a\\x5cb\" requested_mask=\"r\"",
    "0 /a\\b r - - - -" },
  { "5,1,2,-;audit: type=1400 " STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" profile=\"p\" name=\"/a\\x5\" requested_mask=\"r\"",
    "bad: name is neither quoted nor hex" },
  { "<5>1 2026-05-26T12:00:00.123456+02:00 h kernel - - - audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "<0>1 2026-05-26T12:00:00Z h kernel - - -  [   12.345678] audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "<4>1 - - kernel - - - audit: type=1400 " STAMP OPEN, "0 /etc/x r owner - - - -" },
  { "<4>1 2026-05-26T12:00:00Z h kernel: - - - audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "<4>1 2026-05-26T12:00:00Z h kernel - AVC [meta sequenceId=\"1\"] audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "<4>1 2026-05-26T12:00:00Z h kernel - - [a b=\"]\\\"\\\\\"][c][d e=\"\"] audit: type=1400 " STAMP
        OPEN,
    "0 /etc/x r owner - - - -" },
  { "<4>1 2026-05-26T12:00:00Z h kernel - - - \357\273\277audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "<4>1 2026-05-26T12:00:00Z h kernel - - - [   12.345678][   T55] audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "Tue 2026-05-26 12:00:00 CEST h kernel: audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "Tue 2026-05-26 12:00:00.123456 +07 h kernel: audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "Sat 2026-05-30 12:00:00 UTC h kernel: [   12.345678] audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "1779796800.123456 h kernel: audit: type=1400 " STAMP OPEN, "0 /etc/x r owner - - - -" },
  { "[   12.345678] h kernel: audit: type=1400 " STAMP OPEN, "0 /etc/x r owner - - - -" },
  { "[12345.345678] h.example kernel: [12345.345678] audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "2026-05-26T12:00:00.123456+0200 h kernel: audit: type=1400 " STAMP OPEN,
    "0 /etc/x r owner - - - -" },
  { "[   12.345678] audit: type=1400 audit(1.1:1", "malformed" },
  { "[   12.345678] audit: type=1400 audit", "other" },
  /* and what only looks like it */
  { "May 26 12:00:00 h audit[77]: AVC " STAMP OPEN, "other" },
  { "<13>1 2026-05-26T12:00:00Z h kernel - - - audit: type=1400 " STAMP OPEN, "other" },
  { "<5>2 2026-05-26T12:00:00Z h kernel - - - audit: type=1400 " STAMP OPEN, "other" },
  { "<5>1 2026-05-26T12:00:00Z h kernel 12 - - audit: type=1400 " STAMP OPEN, "other" },
  { "<5>1 2026-05-26T12:00:00Z h logger - - - audit: type=1400 " STAMP OPEN, "other" },
  { "<5>1 2026-05-26T12:00:00Z h kernel[1] - - - audit: type=1400 " STAMP OPEN, "other" },
  { "<5>1 2026-05-26T12:00:00Z h x kernel - - - audit: type=1400 " STAMP OPEN, "other" },
  { "<5>1 2026-05-26T12:00:00Z h kernel - - audit: type=1400 " STAMP OPEN, "other" },
  { "<5>1 2026-05-26T12:00:00Z h kernel - - -audit: type=1400 " STAMP OPEN, "other" },
  { "<5>1 2026-05-26T12:00:00Z h kernel - - [a audit: type=1400 " STAMP OPEN, "other" },
  { "<5>1 2026-05-26T12:00:00Z h kernel - - [a b=\"] audit: type=1400 " STAMP OPEN, "other" },
  { "<5>1 2026-05-26T12:00:00Z h kernel - - [a b=\"\\", "other" },
  { "<5>1 2026-05-26T12:00:00Z h kernel - - [a]x audit: type=1400 " STAMP OPEN, "other" },
  { "<5>1 2026-05-26T12:00:00Z h kernel - - - x audit: type=1400 " STAMP OPEN, "other" },
  { "<5>1 May 26 12:00:00 h kernel - - - audit: type=1400 " STAMP OPEN, "other" },
  { "<5>1 2026-05-26T12:00:00Z", "other" },
  { "1 2026-05-26T12:00:00Z h kernel - - - audit: type=1400 " STAMP OPEN, "other" },
  { "Tux 2026-05-26 12:00:00 CEST h kernel: audit: type=1400 " STAMP OPEN, "other" },
  { "Tue 2026-05-26 12:00:00 h kernel: audit: type=1400 " STAMP OPEN, "other" },
  { "Tue 2026-05-26 12:00:00 kernel: kernel: audit: type=1400 " STAMP OPEN, "other" },
  { "Tue 2026-05-26 12:00:00 CEST h logger: audit: type=1400 " STAMP OPEN, "other" },
  { "Tue 2026-05-26 12:00:00 CEST [s=1;i=2] audit: type=1400 " STAMP OPEN, "other" },
  { "1779.1 h kernel: audit: type=1400 " STAMP OPEN, "other" },
  { "1779796800 h kernel: audit: type=1400 " STAMP OPEN, "other" },
  { "1779796800.1 h kernel[1]: audit: type=1400 " STAMP OPEN, "other" },
  { "[   12.345678] h logger: audit: type=1400 " STAMP OPEN, "other" },
  { "[   12.345678] h logger[7]: kernel: audit: type=1400 " STAMP OPEN, "other" },
  { "[   12.345678] kernel: audit: type=1400 " STAMP OPEN, "other" },
  { "[   12.345678]h kernel: audit: type=1400 " STAMP OPEN, "other" },
  { "[   12.345678] h kernel: h kernel: audit: type=1400 " STAMP OPEN, "other" },
  { "May 26 12:00:00 h kernel[12]: audit: type=1400 " STAMP OPEN, "other" },
  { "May 26 12:00:00 h kernel audit: type=1400 " STAMP OPEN, "other" },
  { "Mai 26 12:00:00 h kernel: audit: type=1400 " STAMP OPEN, "other" },
  { "May 26 12:00 h kernel: audit: type=1400 " STAMP OPEN, "other" },
  { "May 126 12:00:00 h kernel: audit: type=1400 " STAMP OPEN, "other" },
  { "2026-5-26T12:00:00 h kernel: audit: type=1400 " STAMP OPEN, "other" },
  { "2026-05-26 h kernel: audit: type=1400 " STAMP OPEN, "other" },
  { "May 26 12:00:00  kernel: audit: type=1400 " STAMP OPEN, "other" },
  { "<13>May 26 12:00:00 h kernel: audit: type=1400 " STAMP OPEN, "other" },
  { "<13>[   12.345678] audit: type=1400 " STAMP OPEN, "other" },
  { "<5 >audit: type=1400 " STAMP OPEN, "other" },
  { "audit: type=1400 " STAMP OPEN, "other" },
  { "kernel: audit: type=1400 " STAMP OPEN, "other" },
  { "msg=" STAMP OPEN, "other" },
  { "[drm] audit: type=1400 " STAMP OPEN, "other" },
  { "[   ] audit: type=1400 " STAMP OPEN, "other" },
  { "[12.] audit: type=1400 " STAMP OPEN, "other" },
  { "[   12.345678] audit: type=1107 " STAMP OPEN, "other" },
  { "[   12.345678] audit: type=AVC " STAMP OPEN, "other" },
  { "12,366,34063266,-;audit: type=1400 " STAMP OPEN, "other" },
  { "5,366,34063266;audit: type=1400 " STAMP OPEN, "other" },
  { " SUBSYSTEM=audit: type=1400 " STAMP OPEN, "other" },
  { "5,366,x,-;audit: type=1400 " STAMP OPEN, "other" },
  /* classes */
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"capable\" profile=\"p\" pid=1 comm=\"c\" capability=0  capname=\"chown\"",
    "1 - - - - chown -" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"capable\" class=\"cap\" profile=\"p\" pid=1 comm=\"c\" capability=0  capname=\"chown\"",
    "1 - - - - chown -" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"file_perm\" profile=\"p\" pid=1 comm=\"c\" laddr=127.0.0.1 lport=80 faddr=127.0.0.2 "
    "fport=4 family=\"inet\" sock_type=\"stream\" protocol=6 requested_mask=\"send receive\" denied_mask=\"send receive\"",
    "2 - send,receive inet - stream -" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"create\" profile=\"p\" pid=1 comm=\"c\" family=\"unix\" sock_type=\"dgram\" "
    "protocol=0 requested_mask=\"create\" denied_mask=\"create\" addr=none",
    "5 - create unix - dgram -" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"signal\" profile=\"p\" pid=1 comm=\"runc\" requested_mask=\"receive\" "
    "denied_mask=\"receive\" signal=hup peer=\"unconfined\"",
    "3 - receive - unconfined hup -" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"signal\" profile=\"p\" pid=1 comm=\"x\" requested_mask=\"send\" "
    "denied_mask=\"send\"signal=unknown(70) peer=\"p\"",
    "3 - send - p unknown(70) -" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"ptrace\" profile=\"p\" pid=1 comm=\"ps\" requested_mask=\"read\" "
    "denied_mask=\"read\" peer=\"p\"",
    "4 - read - p - -" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"link\" profile=\"p\" name=\"/tmp/q\" pid=1 comm=\"ln\" requested_mask=\"l\" "
    "denied_mask=\"l\" fsuid=0 ouid=1 target=\"/tmp/p\"",
    "0 /tmp/q l - - - /tmp/p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"rename_src\" profile=\"p\" name=\"/a\" requested_mask=\"wrd\" fsuid=0 ouid=1",
    "0 /a rwd - - - -" },
  { "type=AVC msg=" STAMP
    "apparmor=\"DENIED\" operation=\"open\" profile=\"p\" name=\"/a\" requested_mask=\"::r\" fsuid=0 ouid=1",
    "0 /a r - - - -" },
  { "type=AVC msg=" STAMP
    "apparmor=\"AUDIT\" operation=\"exec\" info=\"ix fallback\" profile=\"p\" name=\"/bin/sh\" requested_mask=\"x\" "
    "target=\"p\" fsuid=0 ouid=1",
    "0 /bin/sh x - - - p" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"mount\" info=\"failed mntpnt match\" error=-13 profile=\"p\" name=\"/tmp/dd/\" "
    "pid=286 comm=\"mount\" fstype=\"tmpfs\" srcname=\"x\" flags=\"rw, silent\"",
    "6 /tmp/dd/ - - - tmpfs x" },
  { "type=AVC msg=" STAMP
    "apparmor=\"STATUS\" operation=\"profile_replace\" profile=\"unconfined\" name=\"k8s-web\" pid=1 comm=\"x\"",
    "16 k8s-web - - - - -" },
  /* no access at all */
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"getattr\" profile=\"p\" name=\"/a\" requested_mask=\"r\"",
    "ignored" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"exec\" info=\"no new privs\" error=-1 profile=\"p\" name=\"/proc/self/exe\" "
    "requested_mask=\"x\"",
    "ignored" },
  /* strings: quoted as they stand, bare as hex */
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" profile=\"p\" name=2F746D702F612062 requested_mask=\"r\"",
    "0 /tmp/a b r - - - -" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" profile=\"p\" name=\"/tmp/back\\slash\\x2d\" requested_mask=\"r\"",
    "0 /tmp/back\\slash\\x2d r - - - -" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" profile=\"p\" name=2F00 requested_mask=\"r\"",
    "bad: name is neither quoted nor hex" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" profile=\"p\" name=2F7 requested_mask=\"r\"",
    "bad: name is neither quoted nor hex" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" profile=\"p\" name=/tmp requested_mask=\"r\"",
    "bad: name is neither quoted nor hex" },
  /* a file or process name that holds a whole record stays a name */
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" profile=\"p\" name=\"/tmp/type=AVC,msg=audit(1.1:1):,apparmor=DENIED,profile=q\" "
    "comm=\"apparmor=\" requested_mask=\"r\"",
    "0 /tmp/type=AVC,msg=audit(1.1:1):,apparmor=DENIED,profile=q r - - - -" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" profile=\"p\" name=\"/a\" comm=7820617070 requested_mask=\"r\" info=\"x\" "
    "error=-13",
    "0 /a r - - - -" },
  /* what user space sends is no event */
  { "type=USER_AVC msg=" STAMP "pid=1 uid=0 msg='" OPEN " exe=\"/x\"'", "other" },
  { "type=USER msg=" STAMP OPEN, "other" },
  { "type=1107 msg=" STAMP OPEN, "other" },
  { "type=SYSCALL msg=" STAMP "arch=c000003e comm=\"apparmor=\\\"ALLOWED\\\"\"", "other" },
  { "Nov 21 22:00:00 host logger: type=AVC msg=" STAMP OPEN, "other" },
  { "type=AVC msg=" STAMP "avc:  denied  { read } for pid=1 comm=\"x\"", "other" },
  { "", "other" },
  { "\n", "other" },
  { "type=", "other" },
  { "type=AVC", "malformed" },
  { "node=x", "other" },
  /* damaged */
  { "type=AVC " OPEN, "malformed" },
  { "type=AVC msg=audit(1795295848.744): " OPEN, "malformed" },
  { "type=AVC msg=audit(99999999999999999999.744:1): " OPEN, "malformed" },
  { "type=AVC msg=audit(1795295848.7444:1): " OPEN, "malformed" },
  { "type=AVC msg=" STAMP "apparmor=\"ALLOWED\" operation=\"open\" profile=\"p\" name=\"/a",
    "malformed" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" profile=\"p\" profile=\"q\" name=\"/a\" requested_mask=\"r\"",
    "malformed" },
  { "type=AVC msg=" STAMP "apparmor=\"ALLOWED\" operation=\"open\" profile=\"p\" =x", "malformed" },
  { "type=AVC msg=" STAMP "apparmor=\"ALLOWED\" operation=\"open\" profile=\"p\" stray",
    "malformed" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" profile=\"p\" name=\"/a\"x\"b\" requested_mask=\"r\"",
    "malformed" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" profile=\"p\" name=\"/a\" requested_mask=\"rz\"",
    "bad: requested_mask missing or unknown" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" profile=\"p\" requested_mask=\"r\"",
    "17 - r - - - -" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"open\" name=\"/a\" requested_mask=\"r\"",
    "bad: profile missing or damaged" },
  { "type=AVC msg=" STAMP
    "apparmor=\"MAYBE\" operation=\"open\" profile=\"p\" name=\"/a\" requested_mask=\"r\"",
    "bad: apparmor= missing or unknown" },
  { "type=AVC msg=" STAMP "apparmor=\"ALLOWED\" profile=\"p\" name=\"/a\" requested_mask=\"r\"",
    "bad: operation missing" },
  { "type=AVC msg=" STAMP
    "apparmor=\"ALLOWED\" operation=\"signal\" profile=\"p\" requested_mask=\"send\" peer=\"q\"",
    "bad: signal missing" },
};

Test (record, table)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *got = describe (cases[i].line, strlen (cases[i].line));
      cr_expect_str_eq (got, cases[i].want, "case %zu: %s\n  got  %s\n  want %s", i, cases[i].line,
                        got, cases[i].want);
    }
}

/* What the kernel itself writes twice counts once; anything else that comes twice is damage. */
Test (record, repeated_keys)
{
  static const struct
  {
    const char *fields;
    AakRecordResult result;
    guint n_fields;
  } records[] = {
    { "class=\"posix_mqueue\" profile=\"p\" name=\"/q\" class=\"posix_mqueue\"",
      AAK_RECORD_APPARMOR, 4 },
    { "profile=\"p\" name=\"q\" name=\"q\"", AAK_RECORD_APPARMOR, 3 },
    { "profile=\"p\" name=71 name=71", AAK_RECORD_APPARMOR, 3 },
    { "profile=\"p\" name=\"71\" name=71", AAK_RECORD_MALFORMED, 0 },
    { "profile=\"p\" name=\"q\" name=\"r\"", AAK_RECORD_MALFORMED, 0 },
    { "profile=\"p\" profile=\"p\"", AAK_RECORD_MALFORMED, 0 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    {
      AakRecord record;
      g_autofree char *line =
          g_strconcat ("type=AVC msg=" STAMP "apparmor=\"STATUS\" ", records[i].fields, NULL);
      cr_assert_eq (aak_record_parse_line (line, strlen (line), &record), records[i].result, "%s",
                    line);
      if (records[i].result == AAK_RECORD_APPARMOR)
        cr_expect_eq (record.n_fields, records[i].n_fields, "%s", line);
    }
}

Test (record, NUL_and_length_are_bounded)
{
  g_autoptr (GString) line = g_string_new ("type=AVC msg=" STAMP OPEN);
  g_string_append_len (line, "\0x", 2);
  g_autofree char *nul = describe (line->str, line->len);
  cr_expect_str_eq (nul, "malformed");
  g_autoptr (GString) longer = g_string_new ("type=AVC msg=" STAMP "apparmor=\"");
  for (int i = 0; i < 20000; i++)
    g_string_append_c (longer, 'x');
  g_string_append_c (longer, '"');
  g_autofree char *too_long = describe (longer->str, longer->len);
  cr_expect_str_eq (too_long, "malformed");
}

/* Cutting, flipping and doubling bytes anywhere never crashes, and never makes another label. */
Test (record, mutations)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  for (int round = 0; round < 200000; round++)
    {
      const char *base = cases[g_rand_int_range (rand, 0, G_N_ELEMENTS (cases))].line;
      g_autofree char *line = g_strdup (base);
      gsize len = strlen (line);
      for (int k = g_rand_int_range (rand, 1, 4); k > 0 && len > 0; k--)
        line[g_rand_int_range (rand, 0, (gint32) len)] = (char) g_rand_int_range (rand, 0, 256);
      if (len > 0)
        len = (gsize) g_rand_int_range (rand, 0, (gint32) len + 1);
      g_autofree char *got = describe (line, len);
      cr_assert_not_null (got);
    }
}

Test (record, a_hostile_name_never_forges)
{
  static const char *const fields[] = { "profile", "operation", "apparmor", "requested_mask" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  for (int round = 0; round < 20000; round++)
    {
      /* What the kernel does with an untrusted string: quoted when plain, hex otherwise. */
      char name[40];
      gsize len = (gsize) g_rand_int_range (rand, 1, sizeof name);
      for (gsize i = 0; i < len; i++)
        name[i] = " =\"\\'()\x1d\n:aprofile\xff"[g_rand_int_range (rand, 0, 19)];
      gboolean plain = TRUE;
      g_autoptr (GString) hex = g_string_new (NULL);
      for (gsize i = 0; i < len; i++)
        {
          plain = plain && (guchar) name[i] > 0x20 && (guchar) name[i] < 0x7f && name[i] != '"';
          g_string_append_printf (hex, "%02X", (guchar) name[i]);
        }
      g_autofree char *quoted =
          plain ? g_strdup_printf ("\"%.*s\"", (int) len, name) : g_strdup (hex->str);
      g_autofree char *line =
          g_strdup_printf ("type=AVC msg=" STAMP
                           "apparmor=\"ALLOWED\" operation=\"open\" profile=\"p\" name=%s pid=1 "
                           "comm=%s requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0",
                           quoted, quoted);
      AakRecord record;
      cr_assert_eq (aak_record_parse_line (line, strlen (line), &record), AAK_RECORD_APPARMOR);
      cr_assert_eq (record.n_fields, 10);
      for (gsize f = 0; f < G_N_ELEMENTS (fields); f++)
        cr_assert_not_null (aak_record_get (&record, fields[f]));
      g_autofree char *back = aak_event_decode (aak_record_get (&record, "name"));
      cr_assert (strlen (back) == len && memcmp (back, name, len) == 0);
      cr_assert (aak_span_is (aak_record_get (&record, "profile")->value, "p"));
    }
}

Test (record, payload_types)
{
  AakRecord record;
  static const char payload[] = STAMP OPEN;
  cr_expect_eq (aak_record_parse_payload (1400, payload, strlen (payload), &record),
                AAK_RECORD_APPARMOR);
  cr_expect_eq (record.serial, 4);
  cr_expect_eq (record.time, 1795295848744);
  cr_expect_eq (aak_record_parse_payload (1300, payload, strlen (payload), &record),
                AAK_RECORD_OTHER);
  cr_expect_eq (aak_record_parse_payload (1107, payload, strlen (payload), &record),
                AAK_RECORD_OTHER);
  cr_expect_eq (aak_record_parse_payload (1400, "audit(1", 7, &record), AAK_RECORD_MALFORMED);
}

/* What vouches for a line is told with it. */
Test (record, proof)
{
  static const struct
  {
    const char *line;
    AakProof proof;
  } lines[] = {
    { "type=AVC msg=" STAMP OPEN, AAK_PROOF_KERNEL },
    { "5,1,2,-;audit: type=1400 " STAMP OPEN, AAK_PROOF_KERNEL },
    { "<5>[    1.2] audit: type=1400 " STAMP OPEN, AAK_PROOF_FACILITY },
    { "May 26 12:00:00 h kern.info kernel: audit: type=1400 " STAMP OPEN, AAK_PROOF_FACILITY },
    { "May 26 12:00:00 h kernel: audit: type=1400 " STAMP OPEN, AAK_PROOF_TEXT },
    { "[    1.2] audit: type=1400 " STAMP OPEN, AAK_PROOF_TEXT },
    { "<5>1 2026-05-26T12:00:00Z h kernel - - - audit: type=1400 " STAMP OPEN, AAK_PROOF_FACILITY },
    { "Tue 2026-05-26 12:00:00 CEST h kernel: audit: type=1400 " STAMP OPEN, AAK_PROOF_TEXT },
    { "1779796800.123456 h kernel: audit: type=1400 " STAMP OPEN, AAK_PROOF_TEXT },
    { "[    1.2] h kernel: audit: type=1400 " STAMP OPEN, AAK_PROOF_TEXT },
    { "[    1.2] h kern.info kernel: audit: type=1400 " STAMP OPEN, AAK_PROOF_FACILITY },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      AakRecord record;
      cr_assert_eq (aak_record_parse_line (lines[i].line, strlen (lines[i].line), &record),
                    AAK_RECORD_APPARMOR);
      cr_expect_eq (record.proof, lines[i].proof, "%s", lines[i].line);
    }
}
