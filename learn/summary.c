/* SPDX-License-Identifier: GPL-2.0-or-later
 * Printing what a recording came to. */
#include "config.h"

#include "learn/summary.h"

#include "learn/security-json.h"
#include "learn/writable.h"
#include "lib/count.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"
#include "lib/json.h"

#include <string.h>

typedef struct
{
  char *label;
  char *state;
  char *profile;
  char *seccomp; /* the path of the seccomp profile, or NULL */
  char *patch;
  const AakObservations *whole;
  guint64 events;
  guint64 over_limit;
  guint64 unlearned;
  guint accesses;
  gboolean made; /* there is a profile, and what follows tells of it */
  guint rules;
  gboolean joins;
  guint review;
  guint unwritable;
  guint unmediated;
  AakAbi abi;
  gboolean checked;
  AakSelfCheck check; /* where it was */
} Line;

struct AakSummary
{
  AakCli *cli;
  AakRecorder *recorder;
  AakSource *source;
  const AakAccount *account;
  GPtrArray *lines;
};

static void
line_free (gpointer data)
{
  Line *line = data;
  g_free (line->label);
  g_free (line->state);
  g_free (line->profile);
  g_free (line->seccomp);
  g_free (line->patch);
  aak_self_check_clear (&line->check);
  g_free (line);
}

AakSummary *
aak_summary_new (AakCli *cli, AakRecorder *recorder, AakSource *source)
{
  AakSummary *summary = g_new0 (AakSummary, 1);
  summary->cli = cli;
  summary->recorder = recorder;
  summary->source = source;
  summary->account = aak_source_account (source);
  summary->lines = g_ptr_array_new_with_free_func (line_free);
  return summary;
}

void
aak_summary_free (AakSummary *summary)
{
  g_ptr_array_unref (summary->lines);
  g_free (summary);
}

static void
count_rules (Line *line, const AakProfile *profile)
{
  line->made = TRUE;
  line->rules = aak_profile_count_active (profile);
  line->joins = profile->joins;
  line->review = aak_profile_count_review (profile);
  line->unwritable = aak_profile_count_unwritable (profile);
  line->unmediated = aak_profile_count_unmediated (profile);
  line->abi = profile->abi;
}

void
aak_summary_add (AakSummary *summary, const AakRun *run, const AakObservations *whole,
                 const AakProfile *profile, const AakSelfCheck *check, const char *state_path,
                 const char *profile_path)
{
  Line *line = g_new0 (Line, 1);
  line->label = g_strdup (aak_observations_label (whole));
  line->state = aak_escape (state_path, strlen (state_path));
  line->profile = profile_path != NULL ? aak_escape (profile_path, strlen (profile_path)) : NULL;
  line->events = run->events;
  line->over_limit = run->over_limit;
  line->unlearned = run->unlearned;
  line->accesses = aak_observations_count (whole);
  line->whole = whole;
  if (profile != NULL)
    count_rules (line, profile);
  line->checked = check != NULL;
  if (check != NULL)
    line->check = *check;
  line->check.unmade = g_strdup (line->check.unmade);
  g_ptr_array_add (summary->lines, line);
}

void
aak_summary_set_seccomp (AakSummary *summary, const char *path)
{
  Line *line = g_ptr_array_index (summary->lines, summary->lines->len - 1);
  line->seccomp = path != NULL ? aak_escape (path, strlen (path)) : NULL;
}

void
aak_summary_add_patch (AakSummary *summary, const char *path)
{
  Line *line = g_ptr_array_index (summary->lines, summary->lines->len - 1);
  line->patch = path != NULL ? aak_escape (path, strlen (path)) : NULL;
}

gboolean
aak_summary_is_empty (const AakSummary *summary)
{
  return summary->lines->len == 0;
}

gboolean
aak_summary_explain_empty (AakSummary *summary, GError **error)
{
  g_autoptr (GPtrArray) others = aak_attribution_others (summary->recorder->attribution);
  g_autoptr (GPtrArray) subjects = aak_attribution_subjects (summary->recorder->attribution);
  g_autoptr (GString) seen = g_string_new (NULL);
  for (guint i = 0; i < others->len; i++)
    {
      g_autofree char *label = aak_escape (others->pdata[i], strlen (others->pdata[i]));
      g_string_append_printf (seen, "%s%s", i > 0 ? ", " : "", label);
    }
  g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND,
               "nothing was learned: no event of %s%s in %" G_GUINT64_FORMAT " records of %s; %s%s",
               subjects->len > 0 ? aak_observations_label (subjects->pdata[0])
                                 : "a label that --profile names",
               subjects->len > 1 ? " or the other labels" : "", summary->account->records,
               aak_source_name (summary->source),
               others->len > 0
                   ? "labels that had events: "
                   : "no other label had one either. Does the pod run under the profile?",
               seen->str);
  return FALSE;
}

/* --- text ------------------------------------------------------------------------------------ */

static void
print_account (AakSummary *summary)
{
  const AakAccount *account = summary->account;
  guint64 lost = aak_account_lost (account);
  aak_cli_out (summary->cli,
               "lost: %" G_GUINT64_FORMAT " (%s: %" G_GUINT64_FORMAT
               " records read; kernel backlog %" G_GUINT64_FORMAT ", socket %" G_GUINT64_FORMAT
               ", unparsable %" G_GUINT64_FORMAT ")\n",
               lost, aak_source_name (summary->source), account->records, account->backlog,
               account->overrun + account->unsized, account->malformed);
}

static void
warn_odd (AakSummary *summary)
{
  for (guint i = 0; i < summary->recorder->odd->len; i++)
    aak_cli_warn (summary->cli, "%s", (const char *) g_ptr_array_index (summary->recorder->odd, i));
  if (summary->account->malformed > summary->recorder->odd->len)
    aak_cli_warn (summary->cli, "... %" G_GUINT64_FORMAT " unparsable records in all",
                  summary->account->malformed);
  if (summary->account->unproven > 0)
    {
      g_autofree char *events = aak_count (summary->account->unproven, "event");
      aak_cli_warn (
          summary->cli,
          "%s come from a text that whoever may log can write to (syslog, dmesg): read the "
          "profile with that in mind, or learn from the audit log",
          events);
    }
  if (summary->account->late)
    aak_cli_warn (
        summary->cli,
        "capabilities that were used before the recording began may be missing: the kernel "
        "reports each once, and was not made to report them anew");
  if (summary->account->blind)
    aak_cli_warn (
        summary->cli,
        "how many records were lost is not known (no CAP_AUDIT_CONTROL, or a source that does not tell): events may be "
        "missing");
  else if (!aak_account_is_complete (summary->account))
    aak_cli_warn (summary->cli, "events were lost: the profile may be incomplete; record again");
}

/* Whether the profiles were proved. */
static void
tell_checks (AakSummary *summary)
{
  for (guint i = 0; i < summary->lines->len; i++)
    {
      const Line *line = g_ptr_array_index (summary->lines, i);
      g_autofree char *text = line->checked ? aak_self_check_text (&line->check) : NULL;
      if (line->checked && line->check.unmade != NULL)
        aak_cli_warn (summary->cli, "%s: %s", line->label, text);
      else if (line->checked)
        aak_cli_note (summary->cli, "%s: %s", line->label, text);
    }
}

/* What the profile will not allow although it was seen. */
static void
warn_left_out (AakSummary *summary)
{
  for (guint i = 0; i < summary->lines->len; i++)
    {
      const Line *line = g_ptr_array_index (summary->lines, i);
      if (line->over_limit > 0)
        aak_cli_warn (summary->cli,
                      "%s: %" G_GUINT64_FORMAT
                      " events name new accesses beyond the limit of %d, and were not kept",
                      line->label, line->over_limit, AAK_OBSERVATIONS_MAX);
      if (line->unmediated > 0 && line->profile != NULL)
        {
          g_autofree char *accesses = aak_count (line->unmediated, "access");
          aak_cli_note (summary->cli,
                        "%s: %s without a rule, and allowed: abi %s does not mediate that",
                        line->label, accesses, aak_abi_word (line->abi));
        }
      if (line->unwritable > 0 && line->profile != NULL)
        {
          g_autofree char *accesses = aak_count (line->unwritable, "access");
          aak_cli_warn (summary->cli,
                        "%s: no rule can say %s, which the profile will deny: its last lines tell",
                        line->label, accesses);
        }
    }
  g_autoptr (GList) operations =
      g_list_sort (g_hash_table_get_keys (summary->recorder->unlearned), (GCompareFunc) strcmp);
  for (GList *l = operations; l != NULL; l = l->next)
    {
      guint64 n = GPOINTER_TO_UINT (g_hash_table_lookup (summary->recorder->unlearned, l->data));
      g_autofree char *seen = aak_count (n, "event");
      aak_cli_warn (summary->cli,
                    "%s: no rule can be made of it (%s): the profile will not allow it",
                    (const char *) l->data, seen);
    }
}

/* What its containers need, beside the profile. */
static void
print_needs (AakSummary *summary, const Line *line)
{
  g_autoptr (GPtrArray) all = aak_security_needs (line->whole, NULL);
  for (guint i = 0; i < all->len; i++)
    {
      g_autofree char *text = aak_security_needs_line (all->pdata[i]);
      aak_cli_out (summary->cli, "  needs    %s\n", text);
    }
}

static void
print_text (AakSummary *summary)
{
  for (guint i = 0; i < summary->lines->len; i++)
    {
      const Line *line = g_ptr_array_index (summary->lines, i);
      g_autofree char *events = aak_count (line->events, "event");
      g_autofree char *rules = line->made
                                   ? aak_count (line->rules, line->joins ? "new rule" : "rule")
                                   : aak_count (line->accesses, "access");
      aak_cli_out (summary->cli, "%s: %s, %s", line->label, events, rules);
      if (line->review > 0)
        aak_cli_out (summary->cli, ", %u for review", line->review);
      if (line->profile != NULL)
        aak_cli_out (summary->cli, "\n  profile  %s", line->profile);
      if (line->seccomp != NULL)
        aak_cli_out (summary->cli, "\n  seccomp  %s", line->seccomp);
      aak_cli_out (summary->cli, "\n  state    %s\n", line->state);
      if (line->patch != NULL)
        aak_cli_out (summary->cli, "  patch    %s\n", line->patch);
      print_needs (summary, line);
    }
  print_account (summary);
  const Line *first = g_ptr_array_index (summary->lines, 0);
  if (first->profile == NULL)
    return;
  g_autofree char *root = aak_fs_is_host (aak_cli_root (summary->cli))
                              ? g_strdup ("")
                              : g_strdup_printf (" --root %s", aak_cli_root (summary->cli));
  aak_cli_note (summary->cli, "next: aa-compile %s -o bundle%s && aa-register bundle%s",
                first->profile, root, root);
}

/* --- JSON ------------------------------------------------------------------------------------ */

static void
add_source (AakJson *json, AakSummary *summary)
{
  const AakAccount *account = summary->account;
  aak_json_set_member_name (json, "sources");
  aak_json_begin_array (json);
  aak_json_begin_object (json);
  aak_json_add_text (json, "name", aak_source_name (summary->source));
  aak_json_add_uint (json, "records", account->records);
  aak_json_add_uint (json, "malformed", account->malformed);
  aak_json_add_uint (json, "backlog", account->backlog);
  aak_json_add_uint (json, "overrun", account->overrun);
  aak_json_add_uint (json, "unsized", account->unsized);
  aak_json_add_uint (json, "unproven", account->unproven);
  aak_json_add_flag (json, "blind", account->blind);
  aak_json_add_flag (json, "late", account->late);
  aak_json_end_object (json);
  aak_json_end_array (json);
}

static void
add_unlearned (AakJson *json, AakSummary *summary)
{
  g_autoptr (GList) operations =
      g_list_sort (g_hash_table_get_keys (summary->recorder->unlearned), (GCompareFunc) strcmp);
  aak_json_set_member_name (json, "unlearned");
  aak_json_begin_object (json);
  for (GList *l = operations; l != NULL; l = l->next)
    aak_json_add_uint (json, l->data,
                       GPOINTER_TO_UINT (
                           g_hash_table_lookup (summary->recorder->unlearned, l->data)));
  aak_json_end_object (json);
}

/* What a profile would tell is null where none was made. */
static void
add_rules (AakJson *json, const Line *line)
{
  const struct
  {
    const char *key;
    guint count;
  } counts[] = { { "rules", line->rules },
                 { "review", line->review },
                 { "unwritable", line->unwritable },
                 { "unmediated", line->unmediated } };
  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    if (line->made)
      aak_json_add_uint (json, counts[i].key, counts[i].count);
    else
      aak_json_add_text (json, counts[i].key, NULL);
}

/* "check": null where none was made */
static void
add_check (AakJson *json, const Line *line)
{
  if (!line->checked)
    {
      aak_json_add_text (json, "check", NULL);
      return;
    }
  aak_json_set_member_name (json, "check");
  aak_json_begin_object (json);
  aak_json_add_uint (json, "accesses", line->check.accesses);
  aak_json_add_uint (json, "held_back", line->check.held_back);
  aak_json_add_uint (json, "not_asked", line->check.not_asked);
  aak_json_add_text (json, "unmade", line->check.unmade);
  aak_json_end_object (json);
}

static void
print_json (AakSummary *summary)
{
  g_autoptr (AakJson) json = aak_json_new ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/record/1");
  add_source (json, summary);
  aak_json_add_text (json, "ended", summary->recorder->ended);
  aak_json_add_uint (json, "lost", aak_account_lost (summary->account));
  add_unlearned (json, summary);
  aak_json_set_member_name (json, "profiles");
  aak_json_begin_array (json);
  for (guint i = 0; i < summary->lines->len; i++)
    {
      const Line *line = g_ptr_array_index (summary->lines, i);
      aak_json_begin_object (json);
      aak_json_add_text (json, "label", line->label);
      aak_json_add_uint (json, "events", line->events);
      aak_json_add_uint (json, "accesses", line->accesses);
      add_rules (json, line);
      aak_json_add_flag (json, "joins", line->joins);
      aak_json_add_text (json, "state", line->state);
      aak_json_add_text (json, "profile", line->profile);
      aak_json_add_text (json, "seccomp", line->seccomp);
      aak_json_add_text (json, "patch", line->patch);
      aak_security_json_add (json, "security", line->whole);
      add_check (json, line);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
  aak_json_end_object (json);
  aak_cli_out_json (summary->cli, json);
}

/* Something that the profile should know is missing. */
static gboolean
has_finding (const AakSummary *summary)
{
  guint64 left_out = 0;
  for (guint i = 0; i < summary->lines->len; i++)
    {
      const Line *line = g_ptr_array_index (summary->lines, i);
      left_out += line->over_limit + line->unlearned + line->unwritable;
      left_out += line->check.unmade != NULL;
    }
  return left_out > 0 || summary->account->unproven > 0
         || !aak_account_is_complete (summary->account)
         || g_hash_table_size (summary->recorder->unlearned) > 0;
}

gboolean
aak_summary_print (AakSummary *summary)
{
  if (aak_cli_json (summary->cli))
    print_json (summary);
  else
    print_text (summary);
  warn_odd (summary);
  tell_checks (summary);
  warn_left_out (summary);
  return has_finding (summary);
}
