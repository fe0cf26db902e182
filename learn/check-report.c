/* SPDX-License-Identifier: GPL-2.0-or-later
 * Printing a check. */
#include "config.h"

#include "learn/check-report.h"

#include "learn/access-fields.h"
#include "learn/sensitive.h"
#include "learn/show-part.h"
#include "lib/amount.h"
#include "lib/count.h"
#include "lib/escape.h"
#include "lib/json.h"

#include <string.h>

/* --- numbers --------------------------------------------------------------------------------- */

typedef struct
{
  guint allowed;
  guint unmediated;
  guint denied; /* for review included */
  guint not_asked;
  guint for_review;
  guint64 no_access; /* events that no access was made of: no rule can be, or beyond the bounds */
} Numbers;

/* Why an expert should look at the part of an access that is denied, before it is allowed. */
static const AakSensitive *
review_of (const AakCheckedLabel *label, const AakCoverage *coverage)
{
  const AakObservation *access = coverage->access;
  const AakRule rule = { .class = access->class,
                         .name = access->name,
                         .detail = access->detail,
                         .perms = aak_coverage_denied (coverage) };
  if (coverage->verdict != AAK_COVERAGE_DENIED)
    return NULL;
  return aak_sensitive_find (&rule, access->name,
                             aak_observations_allow_list (label->observations));
}

static Numbers
count (const AakCheckedLabel *label)
{
  Numbers numbers = {
    .allowed = aak_coverage_count (label->coverage, AAK_COVERAGE_ALLOWED),
    .unmediated = aak_coverage_count (label->coverage, AAK_COVERAGE_UNMEDIATED),
    .denied = aak_coverage_count (label->coverage, AAK_COVERAGE_DENIED),
    .not_asked = aak_coverage_count (label->coverage, AAK_COVERAGE_NOT_ASKED),
  };
  for (guint i = 0; i < label->coverage->len; i++)
    numbers.for_review +=
        review_of (label, &g_array_index (label->coverage, AakCoverage, i)) != NULL;
  for (guint i = 0; i < aak_observations_n_runs (label->observations); i++)
    {
      const AakRun *run = aak_observations_get_run (label->observations, i);
      numbers.no_access += run->unlearned + run->over_limit;
    }
  return numbers;
}

static gboolean
has_finding (const Numbers *numbers, gboolean but_review)
{
  guint excused = but_review ? numbers->for_review : 0;
  return numbers->denied > excused || numbers->not_asked > 0 || numbers->no_access > 0;
}

/* How often an access was seen. */
typedef struct
{
  guint64 events;
  guint64 first;
  guint64 last;
} Seen;

static Seen
seen_of (const AakObservation *access)
{
  Seen seen = { .first = G_MAXUINT64 };
  for (guint i = 0; i < access->sightings->len; i++)
    {
      const AakSighting *sighting = &g_array_index (access->sightings, AakSighting, i);
      seen.events += sighting->count;
      seen.first = MIN (seen.first, sighting->first);
      seen.last = MAX (seen.last, sighting->last);
    }
  return seen;
}

static const char *
position_of (const AakCheckedLabel *label, const AakCoverage *coverage)
{
  return label->log != NULL
             ? aak_check_log_position (label->log, coverage->access, coverage->denied)
             : NULL;
}

/* --- text ------------------------------------------------------------------------------------ */

static void
print_access (AakCli *cli, const AakCheckedLabel *label, const AakCoverage *coverage)
{
  const AakObservation *access = coverage->access;
  const AakSensitive *review = review_of (label, coverage);
  const char *position = position_of (label, coverage);
  Seen seen = seen_of (access);
  g_autofree char *text =
      aak_access_text (access->name, access->class, access->detail, aak_coverage_denied (coverage));
  g_autofree char *events = aak_count (seen.events, "event");
  g_autofree char *first = aak_amount_time (seen.first), *last = aak_amount_time (seen.last);
  g_autofree char *child = aak_escape (access->child, strlen (access->child));
  aak_cli_out (cli, "  %s  # %s, %s", text, events, first);
  if (seen.last != seen.first)
    aak_cli_out (cli, " to %s", last);
  if (position != NULL)
    aak_cli_out (cli, ", %s", position);
  if (*child != '\0')
    aak_cli_out (cli, ", in child %s", child);
  if (coverage->why != NULL)
    aak_cli_out (cli, "; not asked: %s", coverage->why);
  if (review != NULL)
    aak_cli_out (cli, "; review: %s [%s]", review->why, review->id);
  aak_cli_out (cli, "\n");
}

static void
print_class (AakCli *cli, const AakCheckedLabel *label, AakClass class)
{
  gboolean begun = FALSE;
  for (guint i = 0; i < label->coverage->len; i++)
    {
      const AakCoverage *coverage = &g_array_index (label->coverage, AakCoverage, i);
      if (coverage->access->class != class || coverage->verdict < AAK_COVERAGE_NOT_ASKED)
        continue;
      if (!begun)
        aak_cli_out (cli, "%s\n", aak_show_class (class));
      begun = TRUE;
      print_access (cli, label, coverage);
    }
}

/* The classes that pass since the policy does not look at them. */
static void
note_unmediated (AakCli *cli, const AakCheckedLabel *label, const char *name)
{
  g_autoptr (GString) classes = g_string_new (NULL);
  for (AakClass class = 0; class <= AAK_CLASS_OTHER; class ++)
    {
      guint n = 0;
      for (guint i = 0; i < label->coverage->len; i++)
        {
          const AakCoverage *coverage = &g_array_index (label->coverage, AakCoverage, i);
          n += coverage->access->class == class && coverage->verdict == AAK_COVERAGE_UNMEDIATED;
        }
      if (n > 0)
        g_string_append_printf (classes, "%s%u of %s", classes->len > 0 ? ", " : "", n,
                                aak_show_class (class));
    }
  if (classes->len > 0)
    aak_cli_note (cli, "%s: not mediated by this policy, and so allowed: %s", name, classes->str);
}

static void
print_label (AakCli *cli, const AakCheckedLabel *label)
{
  const Numbers n = count (label);
  const char *raw = aak_observations_label (label->observations);
  g_autofree char *name = aak_escape (raw, strlen (raw));
  for (AakClass class = 0; class <= AAK_CLASS_OTHER; class ++)
    print_class (cli, label, class);
  g_autofree char *accesses = aak_count (label->coverage->len, "access");
  aak_cli_out (cli, "%s: %s, %u allowed", name, accesses, n.allowed + n.unmediated);
  if (n.denied > 0)
    aak_cli_out (cli, ", %u not allowed", n.denied);
  if (n.for_review > 0)
    aak_cli_out (cli, " (%u of them for review)", n.for_review);
  if (n.not_asked > 0)
    aak_cli_out (cli, ", %u not asked", n.not_asked);
  aak_cli_out (cli, "\n");
  note_unmediated (cli, label, name);
  g_autofree char *events = aak_count (n.no_access, "event");
  if (n.no_access > 0)
    aak_cli_warn (cli, "%s: not asked: %s of which no rule can be made, or beyond the bounds", name,
                  events);
}

/* --- JSON ------------------------------------------------------------------------------------ */

static void
add_access (AakJson *json, const AakCheckedLabel *label, const AakCoverage *coverage)
{
  const AakObservation *access = coverage->access;
  const AakSensitive *review = review_of (label, coverage);
  const char *position = position_of (label, coverage);
  Seen seen = seen_of (access);
  g_auto (GStrv) details = aak_access_unpack (access->class, access->detail);
  const char *const *words = aak_access_detail_words (access->class);
  g_autofree char *perms = aak_perms_to_text (access->perms);
  g_autofree char *denied = aak_perms_to_text (coverage->denied);
  aak_json_begin_object (json);
  aak_json_add_text (json, "class", aak_show_class (access->class));
  aak_json_add_bytes (json, aak_access_name_word (access->class), access->name);
  for (guint i = 0; details != NULL && details[i] != NULL; i++)
    if (words[i] != NULL && *details[i] != '\0')
      aak_json_add_bytes (json, words[i], details[i]);
  if (*access->child != '\0')
    aak_json_add_bytes (json, "child", access->child);
  aak_json_add_text (json, "perms", perms);
  aak_json_add_text (json, "verdict",
                     coverage->verdict == AAK_COVERAGE_DENIED ? "denied" : "not_asked");
  aak_json_add_text (json, "denied", denied);
  aak_json_add_text (json, "why", coverage->why);
  aak_json_add_text (json, "review", review != NULL ? review->id : NULL);
  aak_json_add_uint (json, "events", seen.events);
  aak_json_add_uint (json, "runs", access->sightings->len);
  aak_json_add_uint (json, "first", seen.first);
  aak_json_add_uint (json, "last", seen.last);
  if (position != NULL)
    aak_json_add_bytes (json, "position", position);
  aak_json_end_object (json);
}

static void
add_label (AakJson *json, const AakCheckedLabel *label)
{
  const Numbers n = count (label);
  aak_json_begin_object (json);
  aak_json_add_bytes (json, "label", aak_observations_label (label->observations));
  aak_json_add_uint (json, "accesses", label->coverage->len);
  aak_json_add_uint (json, "allowed", n.allowed);
  aak_json_add_uint (json, "unmediated", n.unmediated);
  aak_json_add_uint (json, "denied", n.denied);
  aak_json_add_uint (json, "review", n.for_review);
  aak_json_add_uint (json, "not_asked", n.not_asked);
  aak_json_add_uint (json, "events_without_access", n.no_access);
  aak_json_set_member_name (json, "uncovered");
  aak_json_begin_array (json);
  for (guint i = 0; i < label->coverage->len; i++)
    {
      const AakCoverage *coverage = &g_array_index (label->coverage, AakCoverage, i);
      if (coverage->verdict >= AAK_COVERAGE_NOT_ASKED)
        add_access (json, label, coverage);
    }
  aak_json_end_array (json);
  aak_json_end_object (json);
}

/* --- both ------------------------------------------------------------------------------------ */

static void
print_json (AakCli *cli, const char *policy, const GArray *labels)
{
  g_autoptr (AakJson) json = aak_json_new ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/check/1");
  aak_json_add_bytes (json, "policy", policy);
  aak_json_set_member_name (json, "labels");
  aak_json_begin_array (json);
  for (guint i = 0; i < labels->len; i++)
    add_label (json, &g_array_index (labels, AakCheckedLabel, i));
  aak_json_end_array (json);
  aak_json_end_object (json);
  aak_cli_out_json (cli, json);
}

gboolean
aak_check_report (AakCli *cli, const char *policy, const GArray *labels, gboolean but_review)
{
  gboolean finding = FALSE;
  if (aak_cli_json (cli))
    print_json (cli, policy, labels);
  for (guint i = 0; i < labels->len; i++)
    {
      const AakCheckedLabel *label = &g_array_index (labels, AakCheckedLabel, i);
      const Numbers numbers = count (label);
      finding |= has_finding (&numbers, but_review);
      if (!aak_cli_json (cli))
        print_label (cli, label);
    }
  return finding;
}
