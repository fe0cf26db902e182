/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The rules of a profile, each with what it rests on. */
#include "config.h"

#include "lib/report/page-part.h"

#include "lib/count.h"

#include <string.h>

#define OPEN_UP_TO 60  /* rules are shown at once, else by group */
#define GROUP_MAX  300 /* rows of a group: a browser lays out what is open only */
#define AT_ONCE    600 /* rules of a page are elements when it opens; closed groups behind wait */
#define SHOWN_SEEN 2   /* of what a rule stands for, in its row; the script shows more */

static const AakReportRule *
rule_at (const AakPage *page, guint index)
{
  return page->part->rules->pdata[index];
}

/* --- what a rule rests on -------------------------------------------------------------------- */

/* "1-3, 7": the numbers of its runs. The caller frees it. */
static char *
runs_text (const GArray *runs)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0, end; i < runs->len; i = end)
    {
      guint first = g_array_index (runs, guint, i);
      for (end = i + 1; end < runs->len && g_array_index (runs, guint, end) == first + (end - i);
           end++)
        ;
      g_string_append_printf (text, "%s%u", text->len > 0 ? ", " : "", first);
      if (end - i > 1)
        g_string_append_printf (text, "-%u", first + (end - i) - 1);
    }
  return g_string_free (text, FALSE);
}

static void
write_badges (const AakPage *page, const AakReportRule *rule)
{
  static const struct
  {
    const char *standing, *class, *text;
  } badges[] = {
    { "review", "warn", "waits for review" },
    { "unwritable", "bad", "no rule can say it" },
    { "unmediated", "plain", "allowed: not mediated" },
    { "implied", "plain", "in every profile" },
    { "deny", "plain", "denies" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (badges); i++)
    if (strcmp (rule->standing, badges[i].standing) == 0)
      aak_page_badge (page, badges[i].class, badges[i].text);
  if (rule->widened)
    aak_page_badge (page, "warn", "widened");
}

/* One access that is named like the rule says nothing new. */
static gboolean
says_more (const AakReportRule *rule)
{
  return rule->widened || rule->accesses > 1;
}

static void
write_rests_on (const AakPage *page, const AakReportRule *rule)
{
  AakHtml *html = page->html;
  gboolean files = strcmp (rule->class, "file") == 0;
  aak_html_begin (html, "td");
  write_badges (page, rule);
  if (rule->accesses > 0)
    {
      g_autofree char *accesses = aak_count (rule->accesses, files ? "file" : "access");
      aak_html_text (html, accesses);
    }
  guint shown = says_more (rule) ? MIN (rule->seen->len, SHOWN_SEEN) : 0;
  for (guint i = 0; i < shown; i++)
    {
      aak_html_text (html, i > 0 ? ", " : ": ");
      aak_html_element (html, "code", NULL, ((AakReportSeen *) rule->seen->pdata[i])->what);
    }
  if (shown > 0 && rule->accesses > shown)
    aak_html_textf (html, " and %u more", rule->accesses - shown);
  aak_html_text (html, " ");
  if (rule->remark != NULL)
    aak_html_element (html, "span", "remark", rule->remark);
  aak_html_text (html, " ");
  if (rule->reason != NULL)
    aak_html_element (html, "span", "remark", rule->reason);
  aak_html_end (html);
}

static void
write_rule (const AakPage *page, guint index)
{
  const AakReportRule *rule = rule_at (page, index);
  AakHtml *html = page->html;
  aak_html_begin (html, "tr");
  aak_html_attributef (html, "id", "p%u-r%u", page->number, index);
  aak_page_row_name (page, rule->text);
  write_rests_on (page, rule);
  if (page->part->learned)
    {
      g_autofree char *runs = runs_text (rule->runs);
      aak_page_cell_count (page, rule->events);
      aak_page_cell_time (page, rule->first);
      aak_page_cell_time (page, rule->last);
      aak_page_cell (page, "number", runs);
    }
  if (rule->place != NULL)
    aak_html_element (html, "td", "place", rule->place);
  else
    aak_page_cell (page, NULL, "");
  aak_html_end (html);
}

static void
begin_table (const AakPage *page, const char *caption)
{
  static const AakPageColumn learned[] = {
    { "Rule", "rule" },          { "Rests on", "words" }, { "Events", "number" },
    { "First seen", "time" },    { "Last seen", "time" }, { "Recordings", "number" },
    { "First record", "place" },
  };
  static const AakPageColumn written[] = {
    { "Rule", "rule" },
    { "Remarks", "words" },
    { "Place", "place" },
  };
  if (page->part->learned)
    aak_page_begin_table (page, caption, learned, G_N_ELEMENTS (learned));
  else
    aak_page_begin_table (page, caption, written, G_N_ELEMENTS (written));
}

/* --- groups ---------------------------------------------------------------------------------- */

/* What the rule is found under: "Files below /etc", "capability". The caller frees it. */
static char *
group_of (const AakReportRule *rule)
{
  if (strcmp (rule->class, "file") != 0)
    return g_strdup (rule->class);
  if (rule->name[0] != '/')
    return g_strdup ("Files without a path");
  const char *end = rule->name + 1 + strcspn (rule->name + 1, "/");
  gsize plain = 1 + strcspn (rule->name + 1, "*?[{@\\");
  if (*end == '\0' || plain < (gsize) (end - rule->name))
    return g_strdup ("Files in /");
  return g_strdup_printf ("Files below %.*s", (int) (end - rule->name), rule->name);
}

typedef struct
{
  char *name;
  GArray *rules; /* guint: places in the list */
} Group;

static void
group_free (gpointer data)
{
  Group *group = data;
  g_free (group->name);
  g_array_unref (group->rules);
  g_free (group);
}

/* In the order of the first rule of each. */
static GPtrArray *
group_rules (const AakReportPart *part)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func (group_free);
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < part->rules->len; i++)
    {
      g_autofree char *name = group_of (part->rules->pdata[i]);
      Group *group = g_hash_table_lookup (by_name, name);
      if (group == NULL)
        {
          group = g_new0 (Group, 1);
          group->name = g_steal_pointer (&name);
          group->rules = g_array_new (FALSE, FALSE, sizeof (guint));
          g_hash_table_insert (by_name, group->name, group);
          g_ptr_array_add (groups, group);
        }
      g_array_append_val (group->rules, i);
    }
  return groups;
}

/* What a browser folds as one: the rules of @group from @first on, up to @end. */
typedef struct
{
  const Group *group;
  guint first, end;
  gboolean open;
  gboolean waits; /* see page.h */
} Piece;

/* "Files below /etc: 400 rules, 301 to 400, from /etc/x". The caller frees it. */
static char *
piece_caption (const AakPage *page, const Piece *piece)
{
  const GArray *all = piece->group->rules;
  g_autofree char *rules = aak_count (all->len, "rule");
  if (all->len <= GROUP_MAX)
    return g_strdup_printf ("%s: %s", piece->group->name, rules);
  const AakReportRule *begins = rule_at (page, g_array_index (all, guint, piece->first));
  return g_strdup_printf ("%s: %s, %u to %u, from %s", piece->group->name, rules, piece->first + 1,
                          piece->end, begins->name);
}

static void
write_piece (const AakPage *page, const Piece *piece)
{
  AakHtml *html = page->html;
  g_autofree char *caption = piece_caption (page, piece);
  aak_html_begin (html, "details");
  aak_html_attribute (html, "class", "group");
  if (piece->open)
    aak_html_attribute (html, "open", "");
  aak_html_begin (html, "summary");
  aak_html_text (html, caption);
  aak_html_end (html);
  if (piece->waits)
    aak_html_begin (html, "noscript");
  begin_table (page, caption);
  for (guint i = piece->first; i < piece->end; i++)
    write_rule (page, g_array_index (piece->group->rules, guint, i));
  aak_page_end_table (page);
  if (piece->waits)
    aak_html_end (html);
  aak_html_end (html);
}

static void
write_groups (const AakPage *page)
{
  g_autoptr (GPtrArray) groups = group_rules (page->part);
  gboolean open = page->part->rules->len <= OPEN_UP_TO && page->before < AT_ONCE;
  guint before = page->before;
  for (guint i = 0; i < groups->len; i++)
    {
      Piece piece = { groups->pdata[i], 0, 0, open, FALSE };
      for (; piece.first < piece.group->rules->len; piece.first = piece.end)
        {
          piece.end = MIN (piece.group->rules->len, piece.first + GROUP_MAX);
          piece.waits = !open && before >= AT_ONCE;
          write_piece (page, &piece);
          before += piece.end - piece.first;
        }
    }
}

void
aak_page_write_rules (const AakPage *page)
{
  const AakReportPart *part = page->part;
  if (part->rules->len == 0)
    {
      aak_page_paragraph (page, part->rules_known
                                    ? "There is no rule."
                                    : "They are not known: there is only compiled policy.");
      return;
    }
  if (part->judged != NULL)
    aak_page_paragraph (page,
                        "These are the rules that were learned, not those of the profile that "
                        "was named.");
  if (part->learned)
    aak_page_remark (page, "The first record is the time stamp of the audit record that was the "
                           "first of the rule: look for it in the log of that recording.");
  aak_html_begin (page->html, "div");
  aak_html_attribute (page->html, "class", "filter");
  aak_html_attributef (page->html, "data-part", "%u", page->number);
  aak_html_end (page->html);
  write_groups (page);
}

/* --- review ---------------------------------------------------------------------------------- */

gboolean
aak_page_has_review (const AakReportPart *part)
{
  return aak_report_count (part, "review") > 0;
}

static void
write_waiting (const AakPage *page, guint index)
{
  const AakReportRule *rule = rule_at (page, index);
  AakHtml *html = page->html;
  aak_html_begin (html, "tr");
  aak_html_begin (html, "th");
  aak_html_attribute (html, "scope", "row");
  aak_html_begin (html, "a");
  aak_html_attributef (html, "href", "#p%u-r%u", page->number, index);
  aak_html_element (html, "code", NULL, rule->text);
  aak_html_end (html);
  aak_html_end (html);
  aak_page_cell (page, NULL, rule->reason != NULL ? rule->reason : "");
  aak_page_cell_count (page, rule->events);
  aak_page_cell_time (page, rule->first);
  aak_page_cell_time (page, rule->last);
  aak_html_begin (html, "td");
  if (rule->allow != NULL)
    aak_html_element (html, "code", "command", rule->allow);
  aak_html_end (html);
  aak_html_end (html);
}

void
aak_page_write_review (const AakPage *page)
{
  static const AakPageColumn columns[] = {
    { "Rule", "rule" },       { "What it is", "words" }, { "Events", "number" },
    { "First seen", "time" }, { "Last seen", "time" },   { "The command that allows it", "words" },
  };
  aak_page_paragraph (page, "It was seen to do this, which ordinary applications do not need. The "
                            "profile denies it until somebody allows it.");
  aak_page_begin_table (page, "Rules that wait for review", columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < page->part->rules->len; i++)
    if (strcmp (rule_at (page, i)->standing, "review") == 0)
      write_waiting (page, i);
  aak_page_end_table (page);
}
