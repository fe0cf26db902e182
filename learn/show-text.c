/* SPDX-License-Identifier: GPL-2.0-or-later
 * A state as text: runs, rules with what they rest on, what is left out, and how complete it is. */
#include "config.h"

#include "learn/show.h"

#include "learn/show-part.h"
#include "lib/amount.h"
#include "lib/count.h"
#include "lib/escape.h"
#include "lib/term-block.h"

#include <string.h>
#include <unistd.h>

#define PLAIN_BINS 10
#define SHORT_MS   (60 * AAK_COMPLETENESS_BURST_MS)

/* --- runs ------------------------------------------------------------------------------------ */

static void
print_run (AakCli *cli, const AakRun *run)
{
  g_autofree char *begun = aak_amount_time (run->start);
  g_autofree char *node = aak_escape (run->node, strlen (run->node));
  g_autofree char *source = aak_escape (run->source, strlen (run->source));
  g_autofree char *events = aak_count (run->events, "event");
  g_autofree char *verdict = aak_show_verdict (run);
  aak_cli_out (cli, "  %s  node %s, source %s: %s, %s\n", begun, node, source, events, verdict);
  for (guint i = 0; i < run->pods->len; i++)
    {
      const AakRunPod *pod = run->pods->pdata[i];
      g_autofree char *text = g_strdup_printf ("pod %s/%s, container %s (%s)", pod->namespace,
                                               pod->pod, pod->container, pod->image);
      g_autofree char *shown = aak_escape (text, strlen (text));
      aak_cli_out (cli, "    %s\n", shown);
    }
}

static void
print_head (AakCli *cli, const AakEvidence *evidence)
{
  const AakProfile *profile = evidence->profile;
  g_autofree char *label = aak_escape (profile->label, strlen (profile->label));
  g_autofree char *events = aak_count (profile->events, "event");
  g_autofree char *runs = aak_count (profile->runs, "run");
  g_autofree char *accesses = aak_count (evidence->completeness.accesses, "access");
  g_autofree char *rules = aak_count (aak_profile_count_active (profile), "rule");
  aak_cli_out (cli, "%s: %s in %s, %s, %s\n", label, events, runs, accesses, rules);
  aak_cli_out (cli, "\nruns\n");
  for (guint i = 0; i < profile->runs; i++)
    print_run (cli, aak_observations_get_run (evidence->observations, i));
}

/* --- rules ----------------------------------------------------------------------------------- */

/* The rules of one standing. */
static void
print_rules (AakCli *cli, const AakEvidence *evidence, const char *standing, const char *heading)
{
  gboolean begun = FALSE;
  for (guint i = 0; i < evidence->rules->len; i++)
    {
      const AakRuleEvidence *rule = aak_evidence_rule (evidence, i);
      if (strcmp (aak_show_standing (rule->rule), standing) != 0)
        continue;
      if (!begun)
        aak_cli_out (cli, "\n%s\n", heading);
      begun = TRUE;
      g_autofree char *text = aak_show_rule (rule->rule);
      g_autofree char *why = aak_show_rests_on (rule);
      aak_cli_out (cli, "  %s  # %s\n", text, why);
    }
}

static void
print_classes (AakCli *cli, const AakEvidence *evidence)
{
  aak_cli_out (cli, "\nclasses\n");
  for (guint class = 0; class <= AAK_CLASS_OTHER; class ++)
    {
      guint accesses, rules;
      aak_show_count_class (evidence, (AakClass) class, &accesses, &rules);
      g_autofree char *seen = aak_count (accesses, "access");
      g_autofree char *written = aak_count (rules, "rule");
      if (accesses > 0)
        aak_cli_out (cli, "  %-14s  %s, %s\n", aak_show_class ((AakClass) class), seen, written);
    }
}

/* --- is it complete? ------------------------------------------------------------------------- */

static void
print_since (AakCli *cli, const char *what, guint64 when, const AakSince *since)
{
  g_autofree char *time = aak_amount_time (when);
  g_autofree char *duration = aak_amount_duration (since->time);
  g_autofree char *runs = aak_count (since->runs, "run");
  g_autofree char *events = aak_count (since->events, "event");
  aak_cli_out (cli, "  the last new %s came at %s; since then %s of recording, ", what, time,
               duration);
  if (since->events_low == since->events_high)
    aak_cli_out (cli, "%s and %s more\n", events, runs);
  else
    aak_cli_out (cli, "about %s (%" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT ") and %s more\n",
                 events, since->events_low, since->events_high, runs);
}

static void
print_chance (AakCli *cli, const AakCompleteness *said)
{
  g_autofree char *chance = aak_amount_percent (said->chance);
  g_autofree char *low = aak_amount_percent (said->low);
  g_autofree char *high = aak_amount_percent (said->high);
  if (said->events < AAK_COMPLETENESS_MIN_EVENTS)
    {
      g_autofree char *events = aak_count (said->events, "event");
      aak_cli_out (cli,
                   "  %s: too few to tell the chance that the next one is new (at least %d); it "
                   "may be as high as %s\n",
                   events, AAK_COMPLETENESS_MIN_EVENTS, high);
      return;
    }
  aak_cli_out (cli, "  chance that the next event is new: %s (%s to %s)\n", chance, low, high);
  g_autofree char *accesses = aak_count (said->accesses, "access");
  aak_cli_out (
      cli, "    it rests on %u of %s that were met once only, in one burst of a second at most\n",
      said->brief, accesses);
  if (said->recorded < SHORT_MS)
    aak_cli_out (
        cli, "    the recording is short: what is rare and what came in one burst look alike\n");
  else if (said->at_start > 0)
    aak_cli_out (cli,
                 "    %u of those came in the first tenth of their run, as when a program starts: "
                 "record a restart to tell them from rare ones\n",
                 said->at_start);
  aak_cli_out (cli,
               "    it holds for more of the same work; of work that was never asked of the pod no "
               "count can tell\n");
}

static void
print_runs_told (AakCli *cli, const AakCompleteness *said)
{
  if (said->runs < 2)
    {
      aak_cli_out (cli, "  one run: what another start, pod or day brings is not told yet\n");
      return;
    }
  double another = (double) said->one_run / said->runs;
  aak_cli_out (cli,
               "  %u of %u accesses were seen in one of %u runs only: one more run may bring about "
               "%.*f new ones\n",
               said->one_run, said->accesses, said->runs, another < 10 ? 1 : 0, another);
  if (another > said->high * (double) said->events / said->runs)
    aak_cli_out (cli, "    that is more than the chance above lets expect: each run does something "
                      "of its own, and more runs tell more than longer ones\n");
}

static void
print_curve (AakCli *cli, const AakEvidence *evidence)
{
  static const char *const bars[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
  const guint full = G_N_ELEMENTS (bars) - 1;
  gboolean drawn = isatty (STDOUT_FILENO) && aak_term_is_utf8 ();
  guint width = drawn ? 1 : AAK_EVIDENCE_BINS / PLAIN_BINS, most = 1;
  g_autofree char *duration = aak_amount_duration (evidence->completeness.recorded);
  aak_cli_out (cli, "  new accesses over %s of recording: ", duration);
  for (guint i = 0; i < AAK_EVIDENCE_BINS; i++)
    most = MAX (most, evidence->curve[i]);
  for (guint i = 0; i < AAK_EVIDENCE_BINS; i += width)
    {
      guint64 sum = 0;
      for (guint k = i; k < i + width; k++)
        sum += evidence->curve[k];
      if (drawn)
        aak_cli_out (cli, "%s", bars[(sum * full + most - 1) / most]);
      else
        aak_cli_out (cli, "%s%" G_GUINT64_FORMAT, i > 0 ? " " : "", sum);
    }
  aak_cli_out (cli, "\n");
}

static void
print_completeness (AakCli *cli, const AakEvidence *evidence)
{
  const AakCompleteness *said = &evidence->completeness;
  aak_cli_out (cli, "\nis it complete?\n");
  if (said->events == 0)
    {
      aak_cli_out (cli, "  nothing was seen\n");
      return;
    }
  double known = 1 - MIN ((double) said->accesses / (double) said->events, 1);
  g_autofree char *share = aak_amount_percent (known);
  aak_cli_out (cli, "  %s of %" G_GUINT64_FORMAT " events brought nothing new\n", share,
               said->events);
  print_since (cli, "access", said->last_new, &evidence->since_access);
  if (evidence->last_rule != 0)
    print_since (cli, "rule", evidence->last_rule, &evidence->since_rule);
  print_chance (cli, said);
  print_runs_told (cli, said);
  print_curve (cli, evidence);
}

void
aak_show_text (AakCli *cli, const AakEvidence *evidence)
{
  print_head (cli, evidence);
  print_classes (cli, evidence);
  print_rules (cli, evidence, "active", "rules");
  print_rules (cli, evidence, "review",
               "for review: not allowed until --allow names the kind in brackets");
  print_rules (cli, evidence, "unwritable", "not in the profile: no rule can say it");
  print_rules (cli, evidence, "unmediated", "needs no rule: the profile's abi does not mediate it");
  print_rules (cli, evidence, "implied", "allowed by the runtime block of every profile");
  aak_show_security_text (cli, evidence->observations);
  print_completeness (cli, evidence);
}
