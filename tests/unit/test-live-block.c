/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a running recording shows, without a terminal: texts, times and limits. */
#include "learn/live-block.h"
#include "learn/live-outlook.h"
#include "learn/stability.h"
#include "lib/term-block.h"

#include <criterion/criterion.h>
#include <string.h>

#define SECOND ((gint64) G_USEC_PER_SEC)
#define BEGUN  (1000 * SECOND)

/* --- what fits a terminal -------------------------------------------------------------------- */

static const struct
{
  const char *text;
  guint columns, rows;
  const char *fit;
} fits[] = {
  { "one\ntwo\n", 80, 24, "one\ntwo\n" },
  { "one\ntwo", 80, 24, "one\ntwo\n" },
  { "", 80, 24, "" },
  { "12345\n", 6, 24, "12345\n" },
  { "12345\n", 5, 24, "1234\n" },
  { "the beginning and the end of it\n", 21, 24, "the begin...nd of it\n" },
  { "a\nb\nc\n", 80, 3, "a\nb\n" },
  { "a\nb\nc\n", 80, 1, "" },
  { "a\nb\n", 1, 24, "\n\n" },
  { "a\033[2Jb\rc\177\303\274\n", 80, 24, "a?[2Jb?c???\n" },
};

Test (term_block, table)
{
  for (gsize i = 0; i < G_N_ELEMENTS (fits); i++)
    {
      guint lines;
      g_autofree char *fit =
          aak_term_block_fit (fits[i].text, fits[i].columns, fits[i].rows, &lines);
      cr_expect_str_eq (fit, fits[i].fit, "%zu: %s", i, fit);
    }
}

Test (term_block, no_byte_makes_a_line_wrap)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  for (int round = 0; round < 20000; round++)
    {
      char text[64] = { 0 };
      gsize len = (gsize) g_rand_int_range (rand, 0, 63);
      for (gsize k = 0; k < len; k++)
        text[k] = (char) (g_rand_boolean (rand) ? g_rand_int_range (rand, 1, 256) : '\n');
      guint columns = (guint) g_rand_int_range (rand, 1, 40), lines, found = 0;
      guint rows = (guint) g_rand_int_range (rand, 1, 10);
      g_autofree char *fit = aak_term_block_fit (text, columns, rows, &lines);
      for (const char *at = fit; *at != '\0'; at += strcspn (at, "\n") + 1, found++)
        {
          cr_assert_lt (strcspn (at, "\n"), columns);
          for (gsize k = 0; at[k] != '\n'; k++)
            cr_assert (g_ascii_isprint (at[k]));
        }
      cr_assert_eq (found, lines);
      cr_assert_lt (lines, rows);
    }
}

/* --- the block ------------------------------------------------------------------------------- */

static const AakLiveFigures figures = { .label = "k8s-web",
                                        .labels = 1,
                                        .events = 12345,
                                        .lost = 2,
                                        .accesses = 87,
                                        .rules = 54,
                                        .chance = 0.0123,
                                        .stable_us = 600 * G_USEC_PER_SEC };

static void
add (AakLiveBlock *block, const char *path, gint64 now)
{
  g_autoptr (AakObservation) access = aak_observation_new (AAK_CLASS_FILE, path, "");
  access->perms = AAK_PERM_R | AAK_PERM_W;
  aak_live_block_add (block, access, now);
}

Test (live_block, lines)
{
  g_autoptr (AakLiveBlock) block = aak_live_block_new (BEGUN);
  for (int i = 0; i < 7; i++)
    {
      g_autofree char *path = g_strdup_printf ("/data/%d", i);
      add (block, path, BEGUN + i * SECOND);
    }
  add (block, "/esc\033[31m\303\274", BEGUN + 3600 * SECOND);
  gint64 now = BEGUN + 3661 * SECOND;
  g_autofree char *lines = aak_live_block_to_lines (block, &figures, 80, now);
  cr_expect_str_eq (
      lines,
      "01:01:01  k8s-web  (Ctrl-C finishes)\n"
      "12345 events  87 accesses  54 rules  0 new in the last minute  2 lost\n"
      "nothing new for 00:01:01 of 00:10:00  chance that the next event is new: 1.2 %\n"
      "+ /data/3 rw\n+ /data/4 rw\n+ /data/5 rw\n+ /data/6 rw\n"
      "+ /esc\\x1b[31m\\xc3\\xbc rw\n",
      "%s", lines);
  g_autofree char *narrow = aak_live_block_to_lines (block, &figures, 30, now);
  cr_expect (g_str_has_prefix (narrow, "01:01:01  k8s-web\n(Ctrl-C finishes)\n"
                                       "12345 events  87 accesses\n54 rules\n"
                                       "0 new in the last minute\n2 lost\n"),
             "%s", narrow);
  g_autofree char *line = aak_live_block_to_line (block, &figures, now);
  cr_expect_str_eq (line, "01:01:01: 12345 events, 87 accesses, 54 rules, 0 new in the last "
                          "minute, 2 lost");
}

Test (live_block, what_is_not_known_is_said)
{
  g_autoptr (AakLiveBlock) block = aak_live_block_new (BEGUN);
  AakLiveFigures unknown = { .labels = 2,
                             .events = 1,
                             .blind = TRUE,
                             .rules = G_MAXUINT,
                             .chance = -1 };
  g_autofree char *lines = aak_live_block_to_lines (block, &unknown, 80, BEGUN);
  cr_expect_str_eq (lines, "00:00:00  2 labels  (Ctrl-C finishes)\n"
                           "1 event  0 accesses  0 new in the last minute  losses not known\n");
}

/* Whatever a pod calls its files, and however wide the terminal, what is written is printable and
 * fits. */
Test (live_block, hostile_names_and_narrow_terminals)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  g_autoptr (AakLiveBlock) block = aak_live_block_new (BEGUN);
  for (guint columns = 1; columns < 140; columns++)
    {
      char path[400] = "/";
      gsize len = (gsize) g_rand_int_range (rand, 1, 399);
      for (gsize k = 1; k < len; k++)
        path[k] = (char) g_rand_int_range (rand, 1, 256);
      add (block, path, BEGUN + columns * SECOND);
      AakLiveFigures hostile = figures;
      hostile.label = path;
      guint drawn;
      g_autofree char *lines =
          aak_live_block_to_lines (block, &hostile, columns, BEGUN + columns * SECOND);
      for (const char *at = lines; *at != '\0'; at++)
        cr_assert (*at == '\n' || g_ascii_isprint (*at));
      g_autofree char *fit = aak_term_block_fit (lines, columns, 24, &drawn);
      for (const char *at = fit; *at != '\0'; at += strcspn (at, "\n") + 1)
        cr_assert_lt (strcspn (at, "\n"), columns);
    }
}

/* Against a list of all times. */
Test (live_block, the_last_minute)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  for (int round = 0; round < 50; round++)
    {
      g_autoptr (AakLiveBlock) block = aak_live_block_new (BEGUN);
      g_autoptr (GArray) seconds = g_array_new (FALSE, FALSE, sizeof (gint64));
      gint64 now = BEGUN;
      for (int i = 0; i < 200; i++)
        {
          now += g_rand_int_range (rand, 0, round % 2 ? 4 : 50) * SECOND;
          gint64 second = (now - BEGUN) / SECOND;
          if (g_rand_boolean (rand))
            {
              add (block, "/x", now);
              g_array_append_val (seconds, second);
            }
          guint wanted = 0;
          for (guint k = 0; k < seconds->len; k++)
            wanted += g_array_index (seconds, gint64, k) > second - 60;
          cr_assert_eq (aak_live_block_count_last_minute (block, now), wanted);
        }
    }
}

Test (live_outlook, nothing_is_told_where_there_is_much)
{
  gboolean news;
  AakLiveOutlook counted = { 0 };
  g_autoptr (AakObservations) observations = aak_observations_new ("k8s-t");
  g_autoptr (GPtrArray) subjects = g_ptr_array_new ();
  aak_observations_add_run (observations, aak_run_new ());
  g_ptr_array_add (subjects, observations);
  for (guint i = 0; i <= AAK_LIVE_OUTLOOK_MAX_ACCESSES; i++)
    {
      g_autofree char *path = g_strdup_printf ("/f/%u.x%u", i, i);
      AakEvent event = { .class = AAK_CLASS_FILE, .name = path, .perms = AAK_PERM_W };
      aak_observations_add (observations, 0, &event, &news);
      AakLiveFigures now = { .events = i + 1 };
      if (i > 2 && i < AAK_LIVE_OUTLOOK_MAX_ACCESSES - 1)
        continue;
      counted.next = 0;
      aak_live_outlook_update (&counted, subjects, BEGUN, &now);
      cr_expect_eq (now.accesses, i + 1);
      cr_expect_eq (now.rules, i < AAK_LIVE_OUTLOOK_MAX_ACCESSES ? i + 1 : G_MAXUINT, "%u: %u", i,
                    now.rules);
      cr_expect_eq (now.chance, i < AAK_LIVE_OUTLOOK_MAX_ACCESSES && i > 2 ? 1 : -1);
      cr_expect_str_eq (now.label, "k8s-t");
    }
  AakLiveFigures none = { 0 };
  g_autoptr (GPtrArray) nobody = g_ptr_array_new ();
  aak_live_outlook_update (&counted, nobody, BEGUN, &none);
  cr_expect (none.label == NULL && none.labels == 0 && none.accesses == 0);
}

/* --- stability ------------------------------------------------------------------------------- */

Test (stability, begins_with_the_first_news)
{
  AakStability stability = { 0 };
  aak_stability_note (&stability, 0, 0, BEGUN);
  cr_expect_not (aak_stability_is_reached (&stability, 10, BEGUN + 100 * SECOND));
  aak_stability_note (&stability, 1, 1, BEGUN + 100 * SECOND);
  aak_stability_note (&stability, 1, 50, BEGUN + 105 * SECOND);
  cr_expect_not (aak_stability_is_reached (&stability, 10, BEGUN + 110 * SECOND - 1));
  cr_expect (aak_stability_is_reached (&stability, 10, BEGUN + 110 * SECOND));
  cr_expect_not (aak_stability_is_reached (&stability, 0, BEGUN + 110 * SECOND));
  aak_stability_note (&stability, 2, 51, BEGUN + 110 * SECOND);
  cr_expect_not (aak_stability_is_reached (&stability, 10, BEGUN + 111 * SECOND));
}

static const struct
{
  guint64 events;
  gint64 after;
  gboolean warning;
  const char *text;
} endings[] = {
  { 40, 600, FALSE, "ended: nothing new came for 10 min, in 30 events" },
  { 11, 7500, FALSE, "ended: nothing new came for 2 h 5 min, in 1 event" },
  { 10, 600, TRUE,
    "ended: nothing new came for 10 min, but no event at all came in that time: the pod was idle, "
    "which does not tell that all was seen" },
  { 99, 59, TRUE, "ended before nothing new came for 10 min: the last news is 59 s old" },
};

Test (stability, tells_what_it_rests_on)
{
  AakStability stability = { 0 };
  aak_stability_note (&stability, 3, 10, BEGUN);
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      gboolean warning;
      g_autofree char *text = aak_stability_explain (&stability, 600, endings[i].events,
                                                     BEGUN + endings[i].after * SECOND, &warning);
      cr_expect_str_eq (text, endings[i].text, "%s", text);
      cr_expect_eq (warning, endings[i].warning, "%zu", i);
    }
}

Test (term_block, wraps_at_spaces)
{
  static const struct
  {
    const char *text;
    guint columns, indent;
    const char *expected;
  } cases[] = {
    { "", 10, 2, "" },
    { "one two", 80, 2, "one two" },
    { "one two three", 9, 2, "one two\n  three" },
    { "one two three", 8, 2, "one\n  two\n  three" },
    { "a verylongwordthatdoesnotfit b", 8, 2, "a\n  verylongwordthatdoesnotfit\n  b" },
    { "one two", 1, 5, "one\n     two" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *wrapped = aak_term_wrap (cases[i].text, cases[i].columns, cases[i].indent);
      cr_expect_str_eq (wrapped, cases[i].expected, "%s", cases[i].text);
    }
}
