/* SPDX-License-Identifier: GPL-2.0-or-later
 * Figures and the last news of a running recording. */
#include "config.h"

#include "learn/live-block.h"

#include "learn/show-part.h"
#include "lib/amount.h"
#include "lib/count.h"
#include "lib/term-block.h"

#include <string.h>
#include <unistd.h>

#define MINUTE     60
#define NAME_BYTES 256 /* that are kept of a new access */

struct AakLiveBlock
{
  gint64 begun;
  gint64 drawn; /* when it was last shown, 0: never */
  guint64 drawn_events;
  guint64 drawn_news;
  guint64 news;
  gint64 last_news;        /* when it came */
  guint in_second[MINUTE]; /* news by second, a ring */
  gint64 second;           /* the last one that in_second holds, since the beginning */
  char *named[AAK_LIVE_NAMED];
};

/* Some terminals take bytes of UTF-8 for controls, and how wide a character is they do not agree
 * on: what is not ASCII is shown as an escape. */
static char *
to_ascii (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (const char *p = text; *p != '\0' && out->len < NAME_BYTES; p++)
    if (g_ascii_isprint (*p))
      g_string_append_c (out, *p);
    else
      g_string_append_printf (out, "\\x%02x", (guchar) *p);
  if (out->len >= NAME_BYTES)
    g_string_append (out, "...");
  return g_string_free (g_steal_pointer (&out), FALSE);
}

AakLiveBlock *
aak_live_block_new (gint64 now)
{
  AakLiveBlock *block = g_new0 (AakLiveBlock, 1);
  block->begun = now;
  return block;
}

void
aak_live_block_free (AakLiveBlock *block)
{
  for (guint i = 0; i < AAK_LIVE_NAMED; i++)
    g_free (block->named[i]);
  g_free (block);
}

/* --- news ------------------------------------------------------------------------------------ */

static gint64
second_of (const AakLiveBlock *block, gint64 now)
{
  return MAX (now - block->begun, 0) / G_USEC_PER_SEC;
}

void
aak_live_block_add (AakLiveBlock *block, const AakObservation *access, gint64 now)
{
  gint64 second = second_of (block, now);
  for (gint64 s = MAX (block->second + 1, second - MINUTE + 1); s <= second; s++)
    block->in_second[s % MINUTE] = 0;
  block->second = MAX (block->second, second);
  block->in_second[block->second % MINUTE]++;
  block->news++;
  block->last_news = now;
  g_autofree char *text = aak_show_access (access);
  g_free (block->named[0]);
  memmove (block->named, block->named + 1, sizeof block->named - sizeof *block->named);
  block->named[AAK_LIVE_NAMED - 1] = to_ascii (text);
}

guint
aak_live_block_count_last_minute (const AakLiveBlock *block, gint64 now)
{
  guint count = 0;
  gint64 oldest = MAX (MAX (second_of (block, now), block->second) - MINUTE + 1, 0);
  for (gint64 s = oldest; s <= block->second; s++)
    count += block->in_second[s % MINUTE];
  return count;
}

/* --- text ------------------------------------------------------------------------------------ */

/* "00:12:34" */
static char *
clock_text (gint64 us)
{
  gint64 seconds = MAX (us, 0) / G_USEC_PER_SEC;
  return g_strdup_printf ("%02" G_GINT64_FORMAT ":%02" G_GINT64_FORMAT ":%02" G_GINT64_FORMAT,
                          seconds / 3600, seconds / 60 % 60, seconds % 60);
}

/* The figures, each a text of its own. */
static GPtrArray *
list_figures (const AakLiveBlock *block, const AakLiveFigures *figures, gint64 now)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (texts, aak_count (figures->events, "event"));
  g_ptr_array_add (texts, aak_count (figures->accesses, "access"));
  if (figures->rules != G_MAXUINT)
    g_ptr_array_add (texts, aak_count (figures->rules, "rule"));
  g_ptr_array_add (texts, g_strdup_printf ("%u new in the last minute",
                                           aak_live_block_count_last_minute (block, now)));
  g_ptr_array_add (texts, figures->blind
                              ? g_strdup ("losses not known")
                              : g_strdup_printf ("%" G_GUINT64_FORMAT " lost", figures->lost));
  return texts;
}

char *
aak_live_block_to_line (const AakLiveBlock *block, const AakLiveFigures *figures, gint64 now)
{
  g_autofree char *elapsed = clock_text (now - block->begun);
  g_autoptr (GPtrArray) texts = list_figures (block, figures, now);
  g_ptr_array_add (texts, NULL);
  g_autofree char *joined = g_strjoinv (", ", (char **) texts->pdata);
  return g_strdup_printf ("%s: %s", elapsed, joined);
}

/* Appends @texts, as many to a line as it has columns for. */
static void
append_packed (GString *out, GPtrArray *texts, guint columns)
{
  gsize used = 0;
  for (guint i = 0; i < texts->len; i++)
    {
      const char *text = texts->pdata[i];
      gsize len = strlen (text);
      if (used > 0 && used + 2 + len >= columns)
        {
          g_string_append_c (out, '\n');
          used = 0;
        }
      g_string_append_printf (out, "%s%s", used > 0 ? "  " : "", text);
      used += len + (used > 0 ? 2 : 0);
    }
  g_string_append_c (out, '\n');
}

/* How long nothing new came, and how likely something does. */
static void
append_outlook (GString *out, const AakLiveBlock *block, const AakLiveFigures *figures,
                guint columns, gint64 now)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *quiet = clock_text (now - block->last_news);
  g_autofree char *wanted = clock_text ((gint64) figures->stable_us);
  g_autofree char *chance = aak_amount_percent (figures->chance);
  if (block->news == 0)
    return;
  g_ptr_array_add (texts, figures->stable_us > 0
                              ? g_strdup_printf ("nothing new for %s of %s", quiet, wanted)
                              : g_strdup_printf ("nothing new for %s", quiet));
  if (figures->chance >= 0)
    g_ptr_array_add (texts, g_strdup_printf ("chance that the next event is new: %s", chance));
  append_packed (out, texts, columns);
}

char *
aak_live_block_to_lines (const AakLiveBlock *block, const AakLiveFigures *figures, guint columns,
                         gint64 now)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *elapsed = clock_text (now - block->begun);
  g_autofree char *name =
      figures->label != NULL ? to_ascii (figures->label) : aak_count (figures->labels, "label");
  g_autoptr (GPtrArray) head = g_ptr_array_new ();
  g_autoptr (GPtrArray) texts = list_figures (block, figures, now);
  g_ptr_array_add (head, elapsed);
  g_ptr_array_add (head, name);
  g_ptr_array_add (head, (gpointer) "(Ctrl-C finishes)");
  append_packed (out, head, columns);
  append_packed (out, texts, columns);
  append_outlook (out, block, figures, columns, now);
  for (guint i = 0; i < AAK_LIVE_NAMED; i++)
    if (block->named[i] != NULL)
      g_string_append_printf (out, "+ %s\n", block->named[i]);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* --- when and where -------------------------------------------------------------------------- */

gboolean
aak_live_block_is_due (const AakLiveBlock *block, const AakCli *cli, guint64 events, gint64 now)
{
  gint64 age = now - block->drawn;
  if (!aak_cli_live (cli))
    return block->news != block->drawn_news
           && now - MAX (block->drawn, block->begun) >= AAK_LIVE_PLAIN_US;
  gboolean changed = events != block->drawn_events || block->news != block->drawn_news;
  return block->drawn == 0 || age >= (changed ? AAK_LIVE_BLOCK_US : G_USEC_PER_SEC / 2);
}

int
aak_live_block_patience (const AakLiveBlock *block, const AakCli *cli, guint64 events, gint64 now,
                         int patience)
{
  if (events == block->drawn_events || !aak_cli_live (cli))
    return patience;
  gint64 left = AAK_LIVE_BLOCK_US - (now - block->drawn);
  return (int) CLAMP (left / 1000 + 1, 1, patience);
}

void
aak_live_block_draw (AakLiveBlock *block, AakCli *cli, const AakLiveFigures *figures, gint64 now)
{
  guint columns, rows;
  block->drawn = now;
  block->drawn_events = figures->events;
  block->drawn_news = block->news;
  if (!aak_cli_live (cli))
    {
      g_autofree char *line = aak_live_block_to_line (block, figures, now);
      aak_cli_note (cli, "%s", line);
      return;
    }
  aak_term_size (STDERR_FILENO, &columns, &rows);
  g_autofree char *lines = aak_live_block_to_lines (block, figures, columns, now);
  aak_cli_progress (cli, lines);
}
