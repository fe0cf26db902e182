/* SPDX-License-Identifier: GPL-2.0-or-later
 * Whatever containers, users and damage make of a line: the exact event that it is, or that it is
 * none. */
#include "learn/attribution.h"
#include "learn/event.h"
#include "learn/label.h"
#include "learn/record.h"
#include "lib/escape.h"
#include "tests/unit/forgeries.h"

#include <criterion/criterion.h>
#include <string.h>

static void
append (GString *text, const char *key, const char *value)
{
  if (value == NULL)
    return;
  g_autofree char *shown = aak_escape (value, strlen (value));
  g_string_append_printf (text, " %s=%s", key, shown);
}

/* All that an event says but its time: "VERDICT label kind key=value ...". */
static char *
show_event (const AakEvent *e)
{
  static const char *const verdicts[] = {
    "ALLOWED", "DENIED", "AUDIT", "KILLED", "STATUS", "NOTICE"
  };
  GString *text = g_string_new (NULL);
  g_autofree char *perms = aak_perms_to_text (e->perms);
  g_string_printf (text, "%s %s %s", verdicts[e->verdict], e->label, e->kind);
  append (text, "name", e->name);
  append (text, "target", e->target);
  append (text, "peer", e->peer);
  append (text, "detail", e->detail);
  append (text, "family", e->family);
  append (text, "perms", *perms != '\0' ? perms : NULL);
  if (e->owner)
    g_string_append (text, " owner");
  return g_string_free (text, FALSE);
}

/* "other", "malformed", "ignored", "bad: why", or the event. */
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
  return show_event (&e);
}

Test (forgery, table)
{
  for (gsize i = 0; i < G_N_ELEMENTS (forgeries); i++)
    {
      g_autofree char *got = describe (forgeries[i].line, forgeries[i].len);
      cr_expect_str_eq (got, forgeries[i].want, "row %zu: %s\n  got  %s\n  want %s", i,
                        forgeries[i].line, got, forgeries[i].want);
    }
}

/* The stamp of a record is what the kernel wrote, whatever its neighbours said: clocks step and
 * serials wrap. */
Test (forgery, clocks_and_serials_are_taken_as_they_are)
{
  static const struct
  {
    const char *stamp;
    guint64 time;
    guint64 serial;
  } stamps[] = {
    { "audit(1795295848.744:4294967295): ", 1795295848744, G_MAXUINT32 },
    { "audit(1795295848.745:0): ", 1795295848745, 0 },
    { "audit(1795292248.001:1): ", 1795292248001, 1 },
    { "audit(0.000:2): ", 0, 2 },
    { "audit(253402300799.999:3): ", G_GUINT64_CONSTANT (253402300799999), 3 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (stamps); i++)
    {
      AakRecord record;
      g_auto (AakEvent) e = { 0 };
      g_autofree char *payload = g_strconcat (stamps[i].stamp, OPEN, NULL);
      cr_assert_eq (aak_record_parse_payload (1400, payload, strlen (payload), &record),
                    AAK_RECORD_APPARMOR);
      cr_assert_eq (aak_event_from_record (&record, &e, NULL), AAK_EVENT_OK);
      cr_expect_eq (e.time, stamps[i].time);
      cr_expect_eq (e.serial, stamps[i].serial);
    }
}

/* Whoever sends the payload, only the types of the kernel's AppArmor are read, and seccomp's, which
 * is another record. */
Test (forgery, message_types)
{
  static const char payload[] = STAMP OPEN;
  for (guint type = 0; type < 4000; type++)
    {
      AakRecord record;
      gboolean known = type == 1400 || (type >= 1500 && type <= 1507);
      cr_assert_eq (aak_record_parse_payload (type, payload, strlen (payload), &record),
                    known          ? AAK_RECORD_APPARMOR
                    : type == 1326 ? AAK_RECORD_MALFORMED
                                   : AAK_RECORD_OTHER,
                    "type %u", type);
    }
}

/* A line that is too long, has too many fields, or never ends is bounded; one of another program is
 * not even looked at. */
Test (forgery, absurd_lengths)
{
  static const struct
  {
    const char *before;
    const char *repeated;
    const char *want;
  } lines[] = {
    { "type=AVC msg=" STAMP "apparmor=\"ALLOWED\" operation=\"open\" name=\"", "x", "malformed" },
    { "type=AVC msg=" STAMP "apparmor=\"ALLOWED\" operation=", "41", "malformed" },
    { "type=AVC msg=" STAMP OPEN, " ", "malformed" },
    { "type=AVC msg=" STAMP OPEN, " x=", "malformed" },
    { "type=AVC msg=audit(", "1", "malformed" },
    { "type=", "1", "other" },
    { "node=", "x", "other" },
    { "<", "0", "other" },
    { "[", " ", "other" },
    { "[", "1", "other" },
    { "[Mon", ":", "other" },
    { "", "5,", "other" },
    { "5,1,2,", "-", "other" },
    { "Nov ", " ", "other" },
    { "Nov 21 22:00:00 ", "h", "other" },
    { "Nov 21 22:00:00 h kernel:", " ", "other" },
    { "2026-11-21T22:00:00.", "1", "other" },
    { "", "x", "other" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GString) line = g_string_new (lines[i].before);
      while (line->len < 200000)
        g_string_append (line, lines[i].repeated);
      g_autofree char *got = describe (line->str, line->len);
      cr_expect_str_eq (got, lines[i].want, "%s: %s", lines[i].before, got);
    }
}

/* A container with a namespace of its own cannot widen the root namespace's profile: its label is
 * another, and none that can be followed. */
Test (forgery, namespaces_do_not_meet)
{
  static const char line[] =
      "type=AVC msg=" STAMP "apparmor=\"ALLOWED\" operation=\"capable\" namespace=\"root//evil\" "
      "profile=\"k8s-web\" pid=1 comm=\"x\" capability=21  capname=\"sys_admin\"";
  AakRecord record;
  g_auto (AakEvent) e = { 0 };
  AakAttribution *attribution = aak_attribution_new ();
  cr_assert (aak_attribution_follow (attribution, "k8s-web", NULL));
  aak_attribution_follow_glob (attribution, "*");
  cr_assert_eq (aak_record_parse_line (line, strlen (line), &record), AAK_RECORD_APPARMOR);
  cr_assert_eq (aak_event_from_record (&record, &e, NULL), AAK_EVENT_OK);
  cr_expect_str_eq (e.label, ":evil:k8s-web");
  cr_expect_null (aak_attribution_find (attribution, &e));
  aak_attribution_free (attribution);
}

Test (forgery, children_fold_inside_their_namespace)
{
  static const char *const cases[][2] = {
    { ":ns:p//null-/bin/sh//null-/bin/ls", ":ns:p" },
    { ":a//b:p//child", ":a//b:p" },
    { ":ns://p//child", ":ns://p" },
    { ":ns:p", ":ns:p" },
    { ":a//b:p", ":a//b:p" },
    { "::p//child", "::p" },
    { ":ns:p//&:ns:q", ":ns:p//&:ns:q" },
    { ":ns", ":ns" },
    { ":a//b", ":a//b" },
    { ":", ":" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *folded = aak_label_fold (cases[i][0]);
      cr_expect_str_eq (folded, cases[i][1], "%s: %s", cases[i][0], folded);
    }
}

/* Any row, put behind the prefix of another program or inside a user's record, is no event. */
Test (forgery, nothing_inside_a_line_is_an_event)
{
  static const char *const before[] = {
    "Nov 21 22:00:00 h logger: ",
    "type=USER_AVC msg=" STAMP "msg='",
    "13,1,2,-;",
    "<13>",
    "x",
    "Nov 21 22:00:00 h kernel: x ",
    "Tue 2026-05-26 12:00:00 UTC h nginx[1]: ",
    "[    1.2] h nginx[1]: ",
    "<5>1 2026-05-26T12:00:00Z h nginx - - - ",
    "<14>1 2026-05-26T12:00:00Z h kernel - - - ",
    "MESSAGE=",
    "{\"_TRANSPORT\":\"kernel\",\"MESSAGE\":\"",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (forgeries); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (before); k++)
      {
        g_autoptr (GString) line = g_string_new (before[k]);
        g_string_append_len (line, forgeries[i].line, (gssize) forgeries[i].len);
        g_autofree char *got = describe (line->str, line->len);
        cr_expect_str_eq (got, "other", "%s: %s", line->str, got);
      }
}
