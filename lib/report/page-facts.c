/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Capabilities, peers, system calls, and the recordings that all rests on. */
#include "config.h"

#include "lib/report/page-part.h"

#include "lib/capability-set.h"
#include "lib/count.h"
#include "lib/report/capability-words.h"

#include <string.h>

/* --- capabilities ---------------------------------------------------------------------------- */

/* What a reviewer should make of it. */
static void
write_standing (const AakPage *page, const AakReportCapability *capability)
{
  const AakReportPart *part = page->part;
  if (!part->learned)
    return;
  aak_html_begin (page->html, "td");
  if (capability->review)
    aak_page_badge (page, "warn", "waits for review");
  if (capability->held && !capability->used)
    aak_page_badge (page, "warn", "held, never used");
  if (capability->allowed && !capability->used)
    aak_page_badge (page, "warn", "allowed, never used");
  if (capability->used && capability->allowed)
    aak_page_badge (page, "good", "used and allowed");
  if (capability->used && !capability->allowed && !capability->review && part->allowed_known)
    aak_page_badge (page, "plain", "used, and denied");
  aak_html_end (page->html);
}

static void
write_capability (const AakPage *page, guint number)
{
  const AakReportPart *part = page->part;
  const AakReportCapability *capability = &part->capabilities[number];
  g_autofree char *name = aak_capability_name (number);
  aak_html_begin (page->html, "tr");
  aak_page_row_name (page, name);
  aak_html_begin (page->html, "td");
  aak_html_text (page->html, aak_capability_words (number));
  if (aak_capability_is_grave (number))
    {
      aak_html_text (page->html, " ");
      aak_page_badge (page, "bad", "grave");
    }
  aak_html_end (page->html);
  if (part->allowed_known)
    aak_page_cell (page, NULL, capability->allowed ? "yes" : "no");
  if (part->held_known)
    aak_page_cell (page, NULL, capability->held ? "yes" : "no");
  if (part->learned)
    aak_page_cell_count (page, capability->events);
  write_standing (page, capability);
  aak_html_end (page->html);
}

static gboolean
is_told (const AakReportCapability *capability)
{
  return capability->allowed || capability->held || capability->used;
}

/* Those that it has nothing to do with, by name only. */
static void
write_others (const AakPage *page)
{
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < AAK_REPORT_N_CAPABILITIES; i++)
    {
      g_autofree char *name = aak_capability_name (i);
      if (!is_told (&page->part->capabilities[i]))
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", name);
    }
  if (names->len == 0)
    return;
  aak_html_begin (page->html, "p");
  aak_html_attribute (page->html, "class", "remark");
  aak_html_textf (page->html, "Neither allowed nor used: %s.", names->str);
  aak_html_end (page->html);
}

void
aak_page_write_capabilities (const AakPage *page)
{
  const AakReportPart *part = page->part;
  AakPageColumn columns[6];
  guint n = 0, told = 0;
  columns[n++] = (AakPageColumn){ "Capability", "rule" };
  columns[n++] = (AakPageColumn){ "It lets a process", "words" };
  if (part->allowed_known)
    columns[n++] = (AakPageColumn){ "Allowed", "words" };
  if (part->held_known)
    columns[n++] = (AakPageColumn){ "Held", "words" };
  if (part->learned)
    columns[n++] = (AakPageColumn){ "Events", "number" };
  if (part->learned)
    columns[n++] = (AakPageColumn){ "Verdict", "words" };
  for (guint i = 0; i < AAK_REPORT_N_CAPABILITIES; i++)
    told += is_told (&part->capabilities[i]);
  if (told == 0)
    aak_page_paragraph (page, "None is allowed, and none was used.");
  else
    {
      aak_page_begin_table (page, "Capabilities that are allowed, held or used", columns, n);
      for (guint i = 0; i < AAK_REPORT_N_CAPABILITIES; i++)
        if (is_told (&part->capabilities[i]))
          write_capability (page, i);
      aak_page_end_table (page);
    }
  if (part->learned && !part->held_known)
    aak_page_remark (page, "Which ones the containers hold is not known: they were gone, or not "
                           "there, when the recording looked.");
  write_others (page);
}

/* --- networks and peers ---------------------------------------------------------------------- */

static gboolean
is_peer (const AakReportRule *rule)
{
  static const char *const classes[] = { "network", "inet", "unix",     "signal",
                                         "ptrace",  "dbus", "io_uring", NULL };
  return g_strv_contains (classes, rule->class);
}

gboolean
aak_page_has_peers (const AakReportPart *part)
{
  const GPtrArray *rules = aak_report_allowed (part);
  for (guint i = 0; i < rules->len; i++)
    if (is_peer (rules->pdata[i]))
      return TRUE;
  return FALSE;
}

/* A family and type of sockets as people call them; static, or NULL. */
static const char *
socket_words (const char *family, const char *type)
{
  static const struct
  {
    const char *family, *type, *words;
  } known[] = {
    { "inet", "stream", "TCP over IPv4" },
    { "inet", "dgram", "UDP over IPv4" },
    { "inet", "raw", "raw IPv4: forges packets, and hears those of others" },
    { "inet6", "stream", "TCP over IPv6" },
    { "inet6", "dgram", "UDP over IPv6" },
    { "inet6", "raw", "raw IPv6: forges packets, and hears those of others" },
    { "netlink", "raw", "questions to the kernel: its addresses, routes and more" },
    { "netlink", "dgram", "questions to the kernel: its addresses, routes and more" },
    { "packet", "raw", "whole frames of the network" },
    { "packet", "dgram", "whole frames of the network" },
    { "unix", "stream", "connections to processes on the same node" },
    { "unix", "dgram", "messages to processes on the same node" },
    { "unix", "seqpacket", "messages to processes on the same node" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (strcmp (known[i].family, family) == 0 && strcmp (known[i].type, type) == 0)
      return known[i].words;
  return NULL;
}

static const char *
peer_words (const AakReportRule *rule)
{
  const char *words =
      strcmp (rule->class, "network") == 0 ? socket_words (rule->name, rule->detail) : NULL;
  if (words != NULL)
    return words;
  return strcmp (rule->class, "network") == 0  ? "sockets of this family"
         : strcmp (rule->class, "inet") == 0   ? "sockets with this address"
         : strcmp (rule->class, "unix") == 0   ? "unix sockets"
         : strcmp (rule->class, "signal") == 0 ? "signals"
         : strcmp (rule->class, "ptrace") == 0 ? "looking into processes"
         : strcmp (rule->class, "dbus") == 0   ? "messages over D-Bus"
                                               : "rings of io_uring";
}

static const char *
standing_words (const AakReportRule *rule)
{
  if (aak_report_rule_is_active (rule))
    return "yes";
  if (strcmp (rule->standing, "implied") == 0)
    return "yes, as in every profile";
  if (strcmp (rule->standing, "deny") == 0)
    return "it denies";
  if (strcmp (rule->standing, "unmediated") == 0)
    return "allowed: the abi does not mediate it";
  return strcmp (rule->standing, "review") == 0 ? "no: waits for review" : "no rule can say it";
}

void
aak_page_write_peers (const AakPage *page)
{
  static const AakPageColumn columns[] = {
    { "Rule", "rule" },
    { "What it is for", "words" },
    { "In force", "words" },
    { "Events", "number" },
  };
  const GPtrArray *rules = aak_report_allowed (page->part);
  gboolean seen = page->part->learned && page->part->judged == NULL;
  aak_page_begin_table (page, "Rules about networks and other processes", columns, seen ? 4 : 3);
  for (guint i = 0; i < rules->len; i++)
    {
      const AakReportRule *rule = rules->pdata[i];
      if (!is_peer (rule))
        continue;
      aak_html_begin (page->html, "tr");
      aak_page_row_name (page, rule->text);
      aak_page_cell (page, NULL, peer_words (rule));
      aak_page_cell (page, NULL, standing_words (rule));
      if (seen)
        aak_page_cell_count (page, rule->events);
      aak_html_end (page->html);
    }
  aak_page_end_table (page);
}

/* --- system calls ---------------------------------------------------------------------------- */

gboolean
aak_page_has_calls (const AakReportPart *part)
{
  return part->calls->len > 0;
}

void
aak_page_write_calls (const AakPage *page)
{
  static const AakPageColumn columns[] = {
    { "System call", "rule" },
    { "Machine", "words" },
    { "Events", "number" },
  };
  const GPtrArray *calls = page->part->calls;
  g_autofree char *n = aak_count (calls->len, "system call");
  g_autofree char *text = g_strdup_printf (
      "%s were seen beside the profile. A seccomp profile allows them, not this one.", n);
  aak_page_paragraph (page, text);
  aak_html_begin (page->html, "details");
  aak_html_element (page->html, "summary", NULL, "All of them");
  aak_page_begin_table (page, "System calls that were seen", columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < calls->len; i++)
    {
      const AakReportCall *call = calls->pdata[i];
      aak_html_begin (page->html, "tr");
      aak_page_row_name (page, call->name);
      aak_page_cell (page, NULL, call->machine);
      aak_page_cell_count (page, call->events);
      aak_html_end (page->html);
    }
  aak_page_end_table (page);
  aak_html_end (page->html);
}

/* --- recordings ------------------------------------------------------------------------------ */

gboolean
aak_page_has_runs (const AakReportPart *part)
{
  return part->runs->len > 0;
}

static void
write_run (const AakPage *page, guint index)
{
  const AakReportRun *run = page->part->runs->pdata[index];
  AakHtml *html = page->html;
  g_autofree char *number = g_strdup_printf ("%u", index + 1);
  aak_html_begin (html, "tr");
  aak_html_begin (html, "th");
  aak_html_attribute (html, "scope", "row");
  aak_html_text (html, number);
  aak_html_end (html);
  aak_html_begin (html, "td");
  aak_page_badge (page, run->complete ? "good" : "bad", run->complete ? "complete" : "incomplete");
  aak_html_text (html, run->verdict);
  aak_html_end (html);
  aak_page_cell_count (page, run->events);
  aak_page_cell_time (page, run->start);
  aak_page_cell (page, NULL, run->node);
  aak_page_cell (page, NULL, run->source);
  aak_html_begin (html, "td");
  for (guint i = 0; i < run->pods->len; i++)
    {
      if (i > 0)
        aak_html_void (html, "br");
      aak_html_text (html, run->pods->pdata[i]);
    }
  aak_html_end (html);
  aak_html_end (html);
}

void
aak_page_write_runs (const AakPage *page)
{
  static const AakPageColumn columns[] = {
    { "Number", "place" }, { "Verdict", "words" }, { "Events", "number" }, { "Began", "time" },
    { "Node", "words" },   { "Source", "words" },  { "Pods", "words" },
  };
  aak_page_begin_table (page, "Recordings", columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < page->part->runs->len; i++)
    write_run (page, i);
  aak_page_end_table (page);
}
