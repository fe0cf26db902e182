/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any state as a page: it is HTML of a strict kind, with one style, one script and one piece of
 * data, which are our own; every rule stands in it as text, byte by byte; and the same state gives
 * the same page. */
#include "learn/report-evidence.h"
#include "learn/show-part.h"
#include "learn/state.h"
#include "lib/escape.h"
#include "lib/report/page.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/html-check.h"

#include <string.h>

static void
add_files (AakReportPart *part, const AakEvidence *evidence)
{
  g_autoptr (GPtrArray) accesses = aak_observations_sorted (evidence->observations);
  part->tree = aak_tree_map_new ();
  part->tree_source = g_strdup ("The files that were seen:");
  for (guint i = 0; i < accesses->len; i++)
    {
      const AakObservation *access = accesses->pdata[i];
      aak_tree_map_add (part->tree, access->name, access->perms & 7);
      aak_tree_map_mark (part->tree, access->name, "volume");
    }
  g_assert (aak_tree_map_files (part->tree) == accesses->len);
}

/* What compiled policy would tell is made of the same names. */
static AakReportPart *
part_of (const AakEvidence *evidence)
{
  const char *label = evidence->profile->label;
  g_autofree char *shown = aak_escape (label, strlen (label));
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  AakReportPart *part = aak_report_part_new (shown);
  aak_report_add_file (part, "Learned state", shown, nothing);
  aak_report_evidence_add (part, evidence, label);
  AakReportChange *change = aak_report_add_change (part, shown);
  change->wider_means = g_strdup ("wider");
  change->narrower_means = g_strdup ("narrower");
  for (guint i = 0; i < part->rules->len; i++)
    {
      const AakReportRule *rule = part->rules->pdata[i];
      const AakReportExec exec = { shown, rule->name, rule->detail, i % 4, i };
      aak_report_add_exec (part, &exec);
      g_ptr_array_add (change->wider, g_strdup (rule->text));
    }
  add_files (part, evidence);
  return part;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static void
check_rules (const AakReportPart *part, GPtrArray *found)
{
  g_autoptr (GPtrArray) rules = g_ptr_array_new ();
  g_assert (found->len == part->rules->len);
  for (guint i = 0; i < part->rules->len; i++)
    g_ptr_array_add (rules, ((const AakReportRule *) part->rules->pdata[i])->text);
  g_ptr_array_sort (rules, compare);
  g_ptr_array_sort (found, compare);
  for (guint i = 0; i < rules->len; i++)
    g_assert_cmpstr (rules->pdata[i], ==, found->pdata[i]);
}

static GBytes *
page_of (AakReportPart *part)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  g_ptr_array_add (parts, part);
  const AakReport report = { part->label, "fuzz", parts };
  return aak_report_page (&report);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) text = g_bytes_new (data, size);
  g_autoptr (AakObservations) observations = aak_state_from_yaml ("s", text, NULL);
  if (observations == NULL)
    return 0;
  g_autoptr (AakEvidence) evidence = aak_evidence_new (observations, FALSE, AAK_ABI_3_0);
  g_autoptr (AakReportPart) part = part_of (evidence);
  g_autoptr (GBytes) page = page_of (part), again = page_of (part);
  gsize len = 0;
  const char *bytes = g_bytes_get_data (page, &len);
  FuzzPage read;
  g_autofree char *why = fuzz_read_page (bytes, len, &read);
  g_assert_cmpstr (why, ==, NULL);
  g_assert (read.styles == 1 && read.scripts == 1 && read.data == 1);
  g_assert (fuzz_is_json (read.json));
  g_assert (g_bytes_equal (page, again));
  check_rules (part, read.rules);
  fuzz_page_clear (&read);
  return 0;
}
