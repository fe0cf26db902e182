/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The page around its parts. */
#include "config.h"

#include "lib/report/page.h"

#include "lib/amount.h"
#include "lib/count.h"
#include "lib/fs.h"
#include "lib/report/page-part.h"

#include <string.h>

#define STYLE  "page.css"
#define SCRIPT "page.js"

static gboolean
always (const AakReportPart *part)
{
  (void) part;
  return TRUE;
}

const AakPageSection aak_page_sections[] = {
  { "words", "What it may do", always, aak_page_write_words },
  { "review", "Waiting for review", aak_page_has_review, aak_page_write_review },
  { "changes", "What changed", aak_page_has_changes, aak_page_write_changes },
  { "denied", "Seen, and denied by this profile", aak_page_has_denied, aak_page_write_denied },
  { "files", "Files", aak_page_has_tree, aak_page_write_tree },
  { "programs", "Programs", aak_page_has_programs, aak_page_write_programs },
  { "capabilities", "Capabilities", always, aak_page_write_capabilities },
  { "peers", "Networks and peers", aak_page_has_peers, aak_page_write_peers },
  { "calls", "System calls", aak_page_has_calls, aak_page_write_calls },
  { "exposure", "Exposure", aak_page_has_score, aak_page_write_score },
  { "growth", "Was enough seen?", aak_page_has_growth, aak_page_write_growth },
  { "runs", "Recordings, and what they lost", aak_page_has_runs, aak_page_write_runs },
  { "rules", "All rules", always, aak_page_write_rules },
  { NULL, NULL, NULL, NULL },
};

/* --- the head -------------------------------------------------------------------------------- */

static void
write_meta (AakHtml *html, const char *kind, const char *name, const char *content)
{
  aak_html_void (html, "meta");
  aak_html_attribute (html, kind, name);
  aak_html_attribute (html, "content", content);
}

/* Even where a text got through as markup, which it cannot, nothing of it would be run or loaded.
 */
static void
write_policy (AakHtml *html)
{
  g_autofree char *style = aak_html_own_file_hash (STYLE);
  g_autofree char *script = aak_html_own_file_hash (SCRIPT);
  g_autofree char *policy = g_strdup_printf ("default-src 'none'; style-src %s; script-src %s; "
                                             "base-uri 'none'; form-action 'none'",
                                             style, script);
  write_meta (html, "http-equiv", "Content-Security-Policy", policy);
}

static void
write_head (AakHtml *html, const char *title)
{
  aak_html_begin (html, "head");
  aak_html_void (html, "meta");
  aak_html_attribute (html, "charset", "utf-8");
  write_policy (html);
  write_meta (html, "name", "viewport", "width=device-width, initial-scale=1");
  write_meta (html, "name", "referrer", "no-referrer");
  write_meta (html, "name", "color-scheme", "light dark");
  write_meta (html, "name", "generator", PACKAGE_NAME " " PACKAGE_VERSION);
  aak_html_begin (html, "title");
  aak_html_text (html, title);
  aak_html_end (html);
  aak_html_own_file (html, "style", STYLE);
  aak_html_end (html);
}

/* --- the verdicts on top --------------------------------------------------------------------- */

static void
write_loss_card (const AakPage *page)
{
  const GPtrArray *runs = page->part->runs;
  guint incomplete = 0;
  for (guint i = 0; i < runs->len; i++)
    incomplete += !((const AakReportRun *) runs->pdata[i])->complete;
  g_autofree char *all = aak_count (runs->len, "recording");
  g_autofree char *what = incomplete == 0
                              ? g_strdup_printf ("in %s", all)
                              : g_strdup_printf ("in %u of %s: see below", incomplete, all);
  aak_page_card (page, incomplete == 0 ? "good" : "bad", "Events lost",
                 incomplete == 0 ? "none" : "some, or not known", what);
}

static void
write_review_card (const AakPage *page)
{
  guint n = aak_report_count (page->part, "review");
  g_autofree char *value = g_strdup_printf ("%u", n);
  aak_page_card (page, n == 0 ? "good" : "warn", "Waiting for review", value,
                 n == 0 ? "nothing is held back" : "denied until somebody allows it");
}

static void
write_score_card (const AakPage *page)
{
  const AakScore *score = page->part->score;
  g_autofree char *own = aak_score_text (score->score);
  g_autofree char *other = aak_score_text (score->containerd);
  g_autofree char *value = g_strdup_printf ("%s of 10", own);
  g_autofree char *beside = g_strdup_printf ("%s; containerd's default profile: %s",
                                             aak_score_word (score->score), other);
  aak_page_card (page, score->score <= score->containerd ? "good" : "bad", "Exposure", value,
                 beside);
}

static void
write_growth_card (const AakPage *page)
{
  const AakReportGrowth *growth = &page->part->growth;
  g_autofree char *share = aak_amount_percent (growth->chance);
  g_autofree char *events = aak_count (growth->events, "event");
  g_autofree char *after = g_strdup_printf ("chance that the next event is new, after %s", events);
  aak_page_card (page,
                 !growth->enough         ? "bad"
                 : growth->chance > 0.01 ? "warn"
                                         : "good",
                 "Still to come", growth->enough ? share : "too few events to tell", after);
}

static void
write_denied_card (const AakPage *page)
{
  guint n = page->part->denied->len;
  g_autofree char *value = g_strdup_printf ("%u", n);
  aak_page_card (page, n == 0 ? "good" : "bad", "Seen, and denied", value,
                 n == 0 ? "the profile allows all that was seen" : "by this profile");
}

static void
write_cards (const AakPage *page)
{
  const AakReportPart *part = page->part;
  aak_html_begin (page->html, "dl");
  aak_html_attribute (page->html, "class", "cards");
  if (part->mode != NULL && strcmp (part->mode, "enforce") != 0)
    aak_page_card (page, "bad", "Mode", part->mode, "nothing is denied in this mode");
  if (part->runs->len > 0)
    write_loss_card (page);
  if (part->learned)
    write_review_card (page);
  if (part->denied != NULL)
    write_denied_card (page);
  if (part->score != NULL)
    write_score_card (page);
  if (part->growth.known)
    write_growth_card (page);
  if (part->unmade != NULL)
    aak_page_card (page, "bad", "Compiled policy", "not there", part->unmade);
  aak_html_end (page->html);
}

/* --- parts ----------------------------------------------------------------------------------- */

static void
write_file (AakHtml *html, const AakReportFile *file)
{
  aak_html_begin (html, "li");
  aak_html_textf (html, "%s: ", file->what);
  aak_html_element (html, "code", NULL, file->name);
  aak_html_text (html, ", SHA-256 ");
  aak_html_element (html, "code", "digest", file->digest);
  aak_html_end (html);
}

static void
write_files (AakHtml *html, const AakReportPart *part)
{
  aak_html_begin (html, "ul");
  aak_html_attribute (html, "class", "origin");
  for (guint i = 0; i < part->files->len; i++)
    write_file (html, part->files->pdata[i]);
  if (part->asked != NULL)
    aak_html_element (html, "li", NULL, part->asked);
  aak_html_end (html);
}

static void
write_contents (const AakPage *page)
{
  AakHtml *html = page->html;
  aak_html_begin (html, "nav");
  aak_html_attributef (html, "aria-label", "Contents%s%s", page->alone ? "" : " of ",
                       page->alone ? "" : page->part->label);
  aak_html_begin (html, "ul");
  for (const AakPageSection *section = aak_page_sections; section->id != NULL; section++)
    {
      if (!section->is_there (page->part))
        continue;
      g_autofree char *id = aak_page_id (page, section->id);
      aak_html_begin (html, "li");
      aak_html_begin (html, "a");
      aak_html_attributef (html, "href", "#%s", id);
      aak_html_text (html, section->heading);
      aak_html_end (html);
      aak_html_end (html);
    }
  aak_html_end (html);
  aak_html_end (html);
}

static void
write_part (const AakPage *page)
{
  AakHtml *html = page->html;
  aak_html_begin (html, "article");
  aak_html_attributef (html, "id", "p%u", page->number);
  if (!page->alone)
    aak_html_element (html, "h2", "label", page->part->label);
  write_files (html, page->part);
  write_cards (page);
  write_contents (page);
  for (const AakPageSection *section = aak_page_sections; section->id != NULL; section++)
    {
      if (!section->is_there (page->part))
        continue;
      aak_page_begin_section (page, section->id, section->heading);
      section->write (page);
      aak_page_end (page);
    }
  aak_html_end (html);
}

/* Where who is content puts a name, on paper as a rule. */
static void
write_sign_off (AakHtml *html, const AakReport *report)
{
  static const char *const fields[] = { "Reviewed by", "Date", "Decision", "Signature" };
  aak_html_begin (html, "section");
  aak_html_attribute (html, "id", "sign-off");
  aak_html_attribute (html, "aria-labelledby", "sign-off-h");
  aak_html_begin (html, "h2");
  aak_html_attribute (html, "id", "sign-off-h");
  aak_html_text (html, "Sign-off");
  aak_html_end (html);
  aak_html_element (html, "p", NULL, "This page is about these files, and no others:");
  aak_html_begin (html, "ul");
  for (guint i = 0; i < report->parts->len; i++)
    {
      const GPtrArray *files = ((const AakReportPart *) report->parts->pdata[i])->files;
      for (guint k = 0; k < files->len; k++)
        write_file (html, files->pdata[k]);
    }
  aak_html_end (html);
  aak_html_begin (html, "dl");
  aak_html_attribute (html, "class", "fields");
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      aak_html_begin (html, "div");
      aak_html_element (html, "dt", NULL, fields[i]);
      aak_html_element (html, "dd", NULL, "");
      aak_html_end (html);
    }
  aak_html_end (html);
  aak_html_end (html);
}

/* --- the data -------------------------------------------------------------------------------- */

static void
add_seen (AakJson *json, const AakReportRule *rule)
{
  /* A rule for just one access says all of it in its row. */
  gboolean more = rule->accesses > 1 || rule->widened || !aak_report_rule_is_active (rule);
  aak_json_begin_array (json);
  for (guint i = 0; more && i < rule->seen->len; i++)
    {
      const AakReportSeen *seen = rule->seen->pdata[i];
      aak_json_begin_object (json);
      aak_json_add_text (json, "what", seen->what);
      aak_json_add_uint (json, "events", seen->events);
      aak_json_add_uint (json, "first", seen->first);
      aak_json_add_uint (json, "last", seen->last);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
}

/* What the script shows beside the rows, in the order of the rules. */
static void
write_data (AakHtml *html, const GPtrArray *parts)
{
  g_autoptr (AakJson) json = aak_json_new_line ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/report/1");
  aak_json_set_member_name (json, "parts");
  aak_json_begin_array (json);
  for (guint i = 0; i < parts->len; i++)
    {
      const AakReportPart *part = parts->pdata[i];
      aak_json_begin_object (json);
      aak_json_add_text (json, "label", part->label);
      aak_json_set_member_name (json, "seen");
      aak_json_begin_array (json);
      for (guint k = 0; k < part->rules->len; k++)
        add_seen (json, part->rules->pdata[k]);
      aak_json_end_array (json);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
  aak_json_end_object (json);
  aak_html_data (html, "report-data", json);
}

/* --- all of it ------------------------------------------------------------------------------- */

static void
write_header (AakHtml *html, const char *title)
{
  aak_html_begin (html, "a");
  aak_html_attribute (html, "class", "skip");
  aak_html_attribute (html, "href", "#main");
  aak_html_text (html, "Skip to the report");
  aak_html_end (html);
  aak_html_begin (html, "header");
  aak_html_element (html, "h1", NULL, title);
  aak_html_end (html);
}

/* All up to what stands in the page. */
static AakHtml *
begin_page (const char *title)
{
  AakHtml *html = aak_html_new ();
  aak_html_begin (html, "html");
  aak_html_attribute (html, "lang", "en");
  write_head (html, title);
  aak_html_begin (html, "body");
  write_header (html, title);
  aak_html_begin (html, "main");
  aak_html_attribute (html, "id", "main");
  return html;
}

/* All behind it; takes @html. */
static GBytes *
end_page (AakHtml *html, const char *program, const GPtrArray *parts)
{
  aak_html_end (html);
  aak_html_begin (html, "footer");
  aak_html_begin (html, "p");
  aak_html_textf (html, "Written by %s %s.", program, PACKAGE_VERSION);
  aak_html_end (html);
  aak_html_end (html);
  write_data (html, parts);
  aak_html_own_file (html, "script", SCRIPT);
  aak_html_end (html);
  aak_html_end (html);
  return aak_html_take (html);
}

static void
write_parts_list (AakHtml *html, const GPtrArray *parts)
{
  aak_html_begin (html, "nav");
  aak_html_attribute (html, "aria-label", "Profiles");
  aak_html_begin (html, "ul");
  for (guint i = 0; i < parts->len; i++)
    {
      aak_html_begin (html, "li");
      aak_html_begin (html, "a");
      aak_html_attributef (html, "href", "#p%u", i + 1);
      aak_html_text (html, ((const AakReportPart *) parts->pdata[i])->label);
      aak_html_end (html);
      aak_html_end (html);
    }
  aak_html_end (html);
  aak_html_end (html);
}

GBytes *
aak_report_page (const AakReport *report)
{
  AakHtml *html = begin_page (report->title);
  gboolean alone = report->parts->len == 1;
  if (!alone)
    write_parts_list (html, report->parts);
  guint before = 0;
  for (guint i = 0; i < report->parts->len; i++)
    {
      const AakPage page = { html, report->parts->pdata[i], i + 1, alone, before };
      write_part (&page);
      before += page.part->rules->len;
    }
  write_sign_off (html, report);
  return end_page (html, report->program, report->parts);
}

GBytes *
aak_report_page_around (const char *title, const char *program, AakReportBody body,
                        gpointer user_data)
{
  AakHtml *html = begin_page (title);
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();
  const AakPage page = { html, NULL, 1, TRUE, 0 };
  body (&page, user_data);
  return end_page (html, program, nothing);
}

gboolean
aak_report_write_page (AakCli *cli, GBytes *page, const char *out, GError **error)
{
  gsize len = 0;
  const char *bytes = g_bytes_get_data (page, &len);
  if (strcmp (out, "-") != 0)
    return aak_fs_write (out, bytes, len, 0644, error);
  aak_cli_out (cli, "%.*s", (int) len, bytes);
  return TRUE;
}

gboolean
aak_report_write (AakCli *cli, const AakReport *report, const char *out, GError **error)
{
  g_autoptr (GBytes) page = aak_report_page (report);
  return aak_report_write_page (cli, page, out, error);
}
