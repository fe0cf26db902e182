/* SPDX-License-Identifier: GPL-2.0-or-later
 * Making the kernel report capabilities anew: lists of processors, the helpers on them, the profile
 * that they share, and that nobody counts its records. What the kernel does is tests/vm/hear's. */
#include "config.h"

#include "learn/attribution.h"
#include "learn/capability-nudge.h"
#include "learn/cpu-helpers.h"
#include "learn/cpu-list.h"
#include "learn/label.h"
#include "learn/nudge-label.h"
#include "lib/error.h"
#include "tests/unit/policy-fixture.h"

#include <errno.h>
#include <sched.h>

Test (cpu_list, parse_and_format)
{
  static const struct
  {
    const char *text;
    guint n; /* 0: no such list */
    const char *formatted;
  } rows[] = {
    { "0", 1, "0" },
    { "0-3", 4, "0-3" },
    { "0,1,2,5", 4, "0-2,5" },
    { "0-1,4,6-7", 5, "0-1,4,6-7" },
    { "8191", 1, "8191" },
    { "", 0, NULL },
    { "a", 0, NULL },
    { "0-", 0, NULL },
    { "0,", 0, NULL },
    { "3-1", 0, NULL },
    { "-1", 0, NULL },
    { "0 1", 0, NULL },
    { "8192", 0, NULL },
    { "0-99999999999999999999", 0, NULL },
    { "0-8191,0-8191", 0, NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GArray) cpus = aak_cpu_list_parse (rows[i].text);
      cr_expect_eq (cpus != NULL ? cpus->len : 0, rows[i].n, "%s", rows[i].text);
      if (cpus == NULL || rows[i].n == 0)
        continue;
      g_autofree char *text = aak_cpu_list_format (cpus);
      cr_expect_str_eq (text, rows[i].formatted);
    }
}

/* --- helpers --------------------------------------------------------------------------------- */

static guint seen_on[AAK_CPU_MAX];
static int begun;

static gboolean
begin (void)
{
  g_atomic_int_inc (&begun);
  return TRUE;
}

static gboolean
refuse (void)
{
  errno = EACCES;
  return FALSE;
}

static void
act (void)
{
  g_atomic_int_inc (&seen_on[sched_getcpu ()]);
}

/* The processors that this process may use. */
static GArray *
own_cpus (void)
{
  GArray *cpus = g_array_new (FALSE, FALSE, sizeof (guint));
  cpu_set_t set;
  cr_assert_eq (sched_getaffinity (0, sizeof set, &set), 0);
  for (guint cpu = 0; cpu < CPU_SETSIZE; cpu++)
    if (CPU_ISSET (cpu, &set))
      g_array_append_val (cpus, cpu);
  return cpus;
}

Test (cpu_helpers, one_on_each)
{
  static const AakCpuTask task = { "test", begin, act };
  g_autoptr (GArray) cpus = own_cpus ();
  g_autoptr (AakCpuHelpers) helpers = aak_cpu_helpers_start (cpus, &task, 10);
  aak_cpu_helpers_settle (helpers, 60000);
  int why = -1;
  g_autoptr (GArray) missed = aak_cpu_helpers_missed (helpers, &why);
  cr_expect_eq (missed->len, 0);
  cr_expect_eq (why, 0);
  cr_expect_eq ((guint) g_atomic_int_get (&begun), cpus->len);
  for (guint i = 0; i < cpus->len; i++)
    cr_expect_gt (g_atomic_int_get (&seen_on[g_array_index (cpus, guint, i)]), 0);
  /* They go on. */
  guint64 acts = aak_cpu_helpers_acts (helpers);
  for (int i = 0; i < 6000 && aak_cpu_helpers_acts (helpers) <= acts + cpus->len; i++)
    g_usleep (10000);
  cr_expect_gt (aak_cpu_helpers_acts (helpers), acts + cpus->len);
}

Test (cpu_helpers, a_processor_that_is_not_to_be_had)
{
  static const AakCpuTask task = { "test", begin, act };
  guint absent = AAK_CPU_MAX - 1;
  g_autoptr (GArray) cpus = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_append_val (cpus, absent);
  g_autoptr (AakCpuHelpers) helpers = aak_cpu_helpers_start (cpus, &task, 3600000);
  aak_cpu_helpers_settle (helpers, 60000);
  int why = 0;
  g_autoptr (GArray) missed = aak_cpu_helpers_missed (helpers, &why);
  cr_assert_eq (missed->len, 1);
  cr_expect_eq (g_array_index (missed, guint, 0), absent);
  cr_expect_eq (why, EINVAL);
  cr_expect_eq (g_atomic_int_get (&begun), 0);
}

Test (cpu_helpers, one_that_may_not_begin_gives_up)
{
  static const AakCpuTask task = { "test", refuse, act };
  g_autoptr (GArray) cpus = own_cpus ();
  g_autoptr (AakCpuHelpers) helpers = aak_cpu_helpers_start (cpus, &task, 1);
  aak_cpu_helpers_settle (helpers, 60000);
  int why = 0;
  g_autoptr (GArray) missed = aak_cpu_helpers_missed (helpers, &why);
  cr_expect_eq (missed->len, cpus->len);
  cr_expect_eq (why, EACCES);
  cr_expect_eq (aak_cpu_helpers_acts (helpers), 0);
}

/* --- the profile ----------------------------------------------------------------------------- */

/* A node with AppArmor and its features; skips the test where there is no compiler. */
static char *
node_with_features (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, &error);
  if (compiler == NULL)
    cr_skip_test ("%s", error->message);
  char *root = fixture_node ();
  g_autofree char *from =
      g_build_filename (g_getenv ("AAKIT_SRCDIR"),
                        "tests/nodes/web/sys/kernel/security/apparmor/features", NULL);
  g_autofree char *to = aak_fs_path (root, "/sys/kernel/security/apparmor");
  const char *argv[] = { "/bin/cp", "-r", from, to, NULL };
  int status = -1;
  cr_assert (g_spawn_sync (NULL, (char **) argv, NULL, 0, NULL, NULL, NULL, NULL, &status, NULL));
  cr_assert_eq (status, 0);
  return root;
}

static gboolean
is_loaded (const char *root)
{
  g_autoptr (AakLsm) lsm = aak_lsm_open (root, NULL);
  g_autoptr (GPtrArray) list = aak_lsm_list (lsm, NULL);
  const AakLoaded *loaded = aak_lsm_find (list, AAK_NUDGE_LABEL);
  cr_expect (loaded == NULL || loaded->mode == AAK_MODE_ENFORCE);
  return loaded != NULL;
}

Test (nudge_label, is_shared_and_the_last_one_removes_it)
{
  g_autofree char *root = node_with_features ();
  g_autoptr (GError) error = NULL;
  AakNudgeLabel *first = aak_nudge_label_hold (root, &error);
  cr_assert_not_null (first, "%s", error != NULL ? error->message : "");
  cr_expect (is_loaded (root));
  AakNudgeLabel *second = aak_nudge_label_hold (root, &error);
  cr_assert_not_null (second, "%s", error != NULL ? error->message : "");
  aak_nudge_label_release (first);
  cr_expect (is_loaded (root));
  aak_nudge_label_release (second);
  cr_expect_not (is_loaded (root));
  aak_tree_remove (root);
}

Test (nudge_label, a_stale_one_is_taken_over)
{
  g_autofree char *root = node_with_features ();
  g_autoptr (AakPolicy) stale = fixture_policy (AAK_NUDGE_LABEL, "", "/other");
  g_autoptr (AakLsm) lsm = aak_lsm_open (root, NULL);
  cr_assert (aak_lsm_replace (lsm, stale->blob, NULL));
  AakNudgeLabel *label = aak_nudge_label_hold (root, NULL);
  cr_assert_not_null (label);
  aak_nudge_label_release (label);
  cr_expect_not (is_loaded (root));
  aak_tree_remove (root);
}

Test (nudge_label, what_is_missing_is_named)
{
  g_autofree char *root = g_dir_make_tmp ("aakit-nudge-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;
  cr_expect_null (aak_nudge_label_hold (root, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_APPARMOR_OFF));
  aak_tree_remove (root);
}

/* --- its records ----------------------------------------------------------------------------- */

Test (nudge_label, its_records_are_nobodys)
{
  g_autoptr (AakAttribution) attribution = aak_attribution_new ();
  aak_attribution_follow_glob (attribution, "*");
  static const struct
  {
    const char *label;
    gboolean counts;
  } rows[] = {
    { AAK_NUDGE_LABEL, FALSE },
    { AAK_NUDGE_LABEL "//null-/bin/sh", FALSE },
    { AAK_NUDGE_LABEL "r", TRUE },
    { "k8s-web", TRUE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AakEvent event = { .class = AAK_CLASS_CAPABILITY,
                         .verdict = AAK_VERDICT_AUDIT,
                         .label = (char *) rows[i].label };
      cr_expect_eq (aak_attribution_find (attribution, &event) != NULL, rows[i].counts, "%s",
                    rows[i].label);
    }
  g_autoptr (GPtrArray) others = aak_attribution_others (attribution);
  cr_expect_eq (others->len, 0);
}
