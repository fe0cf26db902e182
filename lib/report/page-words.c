/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What a profile allows, in plain words. */
#include "config.h"

#include "lib/report/page-part.h"

#include "lib/capability-set.h"
#include "lib/count.h"
#include "lib/report/capability-words.h"

#include <string.h>

#define MAX_NAMES 8 /* of a list; what is beyond is counted */
#define GRAVE     7 /* weight of an exposure that is told at the top */

/* Active rules of one kind. */
typedef gboolean (*RuleTest) (const AakReportRule *rule);

static gboolean
is_file (const AakReportRule *rule)
{
  return strcmp (rule->class, "file") == 0;
}

static gboolean
is_written (const AakReportRule *rule)
{
  return is_file (rule) && (rule->access & AAK_REPORT_WRITE) != 0;
}

static gboolean
is_run (const AakReportRule *rule)
{
  return is_file (rule) && (rule->access & AAK_REPORT_EXEC) != 0;
}

static gboolean
is_only_read (const AakReportRule *rule)
{
  return is_file (rule) && rule->access == AAK_REPORT_READ;
}

static GPtrArray *
choose (const AakReportPart *part, RuleTest test)
{
  GPtrArray *chosen = g_ptr_array_new ();
  const GPtrArray *rules = aak_report_allowed (part);
  for (guint i = 0; i < rules->len; i++)
    {
      AakReportRule *rule = rules->pdata[i];
      if (aak_report_rule_is_active (rule) && test (rule))
        g_ptr_array_add (chosen, rule);
    }
  return chosen;
}

/* --- lists ----------------------------------------------------------------------------------- */

/* A rule as it stands in a sentence: without its comma, and without what it does not hold for. */
static char *
short_text (const AakReportRule *rule)
{
  const char *end = strstr (rule->text, " #");
  char *text =
      end != NULL ? g_strndup (rule->text, (gsize) (end - rule->text)) : g_strdup (rule->text);
  g_strchomp (text);
  if (g_str_has_suffix (text, ","))
    text[strlen (text) - 1] = '\0';
  return text;
}

static void
write_names (AakHtml *html, const GPtrArray *rules, gboolean whole)
{
  g_autoptr (GHashTable) told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint more = 0;
  for (guint i = 0; i < rules->len; i++)
    {
      const AakReportRule *rule = rules->pdata[i];
      g_autofree char *text = whole ? short_text (rule) : g_strdup (rule->name);
      guint before = g_hash_table_size (told);
      if (g_hash_table_contains (told, text))
        continue;
      if (before < MAX_NAMES)
        {
          aak_html_text (html, before > 0 ? ", " : "");
          aak_html_element (html, "code", NULL, text);
          g_hash_table_add (told, g_steal_pointer (&text));
        }
      else
        more++;
    }
  if (more > 0)
    aak_html_textf (html, " and %u more", more);
}

/* A sentence of the list: what is done, and with what. */
static void
begin_sentence (AakHtml *html, const char *what)
{
  aak_html_begin (html, "li");
  aak_html_element (html, "strong", NULL, what);
  aak_html_text (html, " ");
}

static void
end_sentence (AakHtml *html)
{
  aak_html_text (html, ".");
  aak_html_end (html);
}

/* --- files ----------------------------------------------------------------------------------- */

/* The first two names of a path, as far as they are no pattern: "/usr/lib". The caller frees it. */
static char *
top_of (const char *path)
{
  const char *end = path;
  for (guint depth = 0; depth < 2 && *end == '/'; depth++)
    {
      const char *next = end + 1 + strcspn (end + 1, "/");
      if (*next == '\0' || end + 1 + strcspn (end + 1, "*?[{@\\") < next)
        break;
      end = next;
    }
  return end > path ? g_strndup (path, (gsize) (end - path)) : g_strdup ("/");
}

typedef struct
{
  const char *name;
  guint rules;
} Top;

static int
more_first (gconstpointer a, gconstpointer b)
{
  const Top *one = a, *other = b;
  if (one->rules != other->rules)
    return one->rules > other->rules ? -1 : 1;
  return strcmp (one->name, other->name);
}

static void
write_tops (AakHtml *html, const GPtrArray *rules)
{
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) tops = g_array_new (FALSE, FALSE, sizeof (Top));
  for (guint i = 0; i < rules->len; i++)
    {
      char *top = top_of (((const AakReportRule *) rules->pdata[i])->name);
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, top));
      g_hash_table_insert (counts, top, GUINT_TO_POINTER (n + 1));
    }
  GHashTableIter iter;
  gpointer name, n;
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &name, &n))
    {
      const Top top = { name, GPOINTER_TO_UINT (n) };
      g_array_append_val (tops, top);
    }
  g_array_sort (tops, more_first);
  for (guint i = 0; i < MIN (tops->len, MAX_NAMES); i++)
    {
      const Top *top = &g_array_index (tops, Top, i);
      aak_html_text (html, i > 0 ? ", " : "");
      aak_html_element (html, "code", NULL, top->name);
      aak_html_textf (html, " (%u)", top->rules);
    }
  if (tops->len > MAX_NAMES)
    aak_html_textf (html, " and %u more", tops->len - MAX_NAMES);
}

static void
write_files (const AakPage *page)
{
  AakHtml *html = page->html;
  g_autoptr (GPtrArray) read = choose (page->part, is_only_read);
  g_autoptr (GPtrArray) written = choose (page->part, is_written);
  g_autoptr (GPtrArray) run = choose (page->part, is_run);
  if (read->len > 0)
    {
      g_autofree char *rules = aak_count (read->len, "rule");
      begin_sentence (html, "Read files:");
      aak_html_textf (html, "%s for reading only, below ", rules);
      write_tops (html, read);
      end_sentence (html);
    }
  begin_sentence (html, written->len > 0 ? "Write files:" : "Write no file.");
  write_names (html, written, FALSE);
  if (written->len > 0)
    aak_html_text (html, ".");
  aak_html_end (html);
  begin_sentence (html, run->len > 0 ? "Run programs:" : "Run no other program.");
  write_names (html, run, FALSE);
  if (run->len > 0)
    aak_html_text (html, ".");
  aak_html_end (html);
}

/* --- all else -------------------------------------------------------------------------------- */

static void
write_capabilities (const AakPage *page)
{
  const AakReportPart *part = page->part;
  AakHtml *html = page->html;
  guint n = 0;
  for (guint i = 0; i < AAK_REPORT_N_CAPABILITIES; i++)
    {
      if (!part->allowed_known || !part->capabilities[i].allowed)
        continue;
      if (n++ >= MAX_NAMES)
        continue;
      g_autofree char *name = aak_capability_name (i);
      begin_sentence (html, "Use the capability");
      aak_html_element (html, "code", NULL, name);
      aak_html_textf (html, ", to %s", aak_capability_words (i));
      end_sentence (html);
    }
  if (n > MAX_NAMES)
    {
      g_autofree char *text = g_strdup_printf ("Use %u more capabilities:", n - MAX_NAMES);
      begin_sentence (html, text);
      aak_html_text (html, "see below");
      end_sentence (html);
    }
  if (part->allowed_known && n == 0)
    {
      begin_sentence (html, "Use no capability.");
      aak_html_end (html);
    }
}

typedef struct
{
  const char *class;
  const char *words;
} ClassWords;

static const ClassWords class_words[] = {
  { "network", "Use sockets:" },
  { "inet", "Use sockets with these addresses:" },
  { "unix", "Use unix sockets:" },
  { "signal", "Send or receive signals:" },
  { "ptrace", "Look into other processes:" },
  { "mount", "Mount and unmount:" },
  { "userns", "Make user namespaces:" },
  { "change_profile", "Change into another profile:" },
  { "rlimit", "Raise its limits:" },
  { "mqueue", "Use message queues:" },
  { "io_uring", "Use rings of io_uring:" },
  { "dbus", "Talk over D-Bus:" },
  { "exec", "Run programs under profiles of their own:" },
  { "other", "Other rules:" },
};

static void
write_class (const AakPage *page, const ClassWords *class)
{
  const GPtrArray *all = aak_report_allowed (page->part);
  g_autoptr (GPtrArray) rules = g_ptr_array_new ();
  for (guint i = 0; i < all->len; i++)
    {
      AakReportRule *rule = all->pdata[i];
      if (aak_report_rule_is_active (rule) && strcmp (rule->class, class->class) == 0)
        g_ptr_array_add (rules, rule);
    }
  if (rules->len == 0)
    return;
  begin_sentence (page->html, class->words);
  write_names (page->html, rules, TRUE);
  end_sentence (page->html);
}

/* --- what it may not, and what weighs most --------------------------------------------------- */

static gboolean
is_open (const AakScoreLine *line)
{
  return line->exposed == AAK_EXPOSED_BY_RULES || line->exposed == AAK_EXPOSED_BY_SILENCE;
}

static gboolean
is_closed (const AakScoreLine *line)
{
  return line->exposed == AAK_EXPOSED_NOT && line->exposure->containerd;
}

/* Those that weigh much, in words, and how many others there are. */
static void
write_exposures (const AakPage *page, const char *what, gboolean (*test) (const AakScoreLine *),
                 const char *none)
{
  AakHtml *html = page->html;
  guint told = 0, others = 0;
  aak_html_begin (html, "p");
  aak_html_element (html, "strong", NULL, what);
  for (guint i = 0; i < page->part->score->lines->len; i++)
    {
      const AakScoreLine *line = page->part->score->lines->pdata[i];
      gboolean grave = line->exposure->weight >= GRAVE;
      others += test (line) && !grave;
      if (!test (line) || !grave)
        continue;
      aak_html_textf (html, "%s%s", told > 0 ? "; " : " ", line->exposure->what);
      told++;
    }
  if (told == 0)
    aak_html_textf (html, " %s", none);
  if (others > 0)
    aak_html_textf (html, "; and %u that weigh less: see Exposure", others);
  aak_html_text (html, ".");
  aak_html_end (html);
}

static void
write_score_words (const AakPage *page)
{
  write_exposures (page, "Of what gives a node away it may:", is_open, "nothing that weighs much");
  write_exposures (page, "It may not, though containerd's default profile lets it:", is_closed,
                   "nothing that weighs much");
}

/* How much of what it allows nobody saw. */
static void
write_widened (const AakPage *page)
{
  guint active = 0, widened = 0;
  for (guint i = 0; i < page->part->rules->len; i++)
    {
      const AakReportRule *rule = page->part->rules->pdata[i];
      active += aak_report_rule_is_active (rule);
      widened += aak_report_rule_is_active (rule) && rule->widened;
    }
  g_autofree char *rules = aak_count (active, "rule");
  g_autofree char *text =
      widened == 0 ? g_strdup_printf ("%s, each for just what was seen.", rules)
                   : g_strdup_printf ("%s; %u of them allow more than what was seen, since names "
                                      "change: each says why.",
                                      rules, widened);
  aak_page_paragraph (page, text);
}

void
aak_page_write_words (const AakPage *page)
{
  AakHtml *html = page->html;
  aak_html_begin (html, "ul");
  aak_html_attribute (html, "class", "words");
  if (page->part->rules_known)
    write_files (page);
  else
    aak_html_element (html, "li", NULL,
                      "The rules about files are not known: there is only compiled policy.");
  write_capabilities (page);
  for (guint i = 0; i < G_N_ELEMENTS (class_words); i++)
    write_class (page, &class_words[i]);
  aak_html_end (html);
  if (page->part->judged != NULL)
    aak_page_remark (page,
                     "Read back from the compiled profile that was named. What the recordings "
                     "ask for is another thing: see What changed, and All rules.");
  else if (page->part->learned)
    write_widened (page);
  if (page->part->score != NULL)
    write_score_words (page);
}
