/* SPDX-License-Identifier: GPL-2.0-or-later
 * From observations to a profile: properties of the generaliser, the state and the merge, and
 * hostile names. */
#include "learn/generalise.h"
#include "learn/merge.h"
#include "learn/path-pattern.h"
#include "learn/profile-writer.h"
#include "learn/rule-text.h"
#include "learn/state.h"
#include "lib/compiler.h"
#include "lib/error.h"
#include "tests/unit/learned.h"

#include <criterion/criterion.h>
#include <string.h>

static gboolean news;

static void
see_file (AakObservations *observations, const char *path, const char *letters, gboolean owner)
{
  AakEvent event = { .class = AAK_CLASS_FILE,
                     .verdict = AAK_VERDICT_ALLOWED,
                     .name = (char *) path,
                     .owner = owner,
                     .time = 7 };
  cr_assert (aak_perms_from_text (letters, &event.perms));
  aak_observations_add (observations, 0, &event, &news);
}

static char *
text_of (const AakObservations *observations, gboolean exact)
{
  g_autoptr (AakProfile) profile = aak_generalise (observations, exact);
  return aak_profile_to_text (profile);
}

static void
expect_rule (const char *text, const char *rule)
{
  g_autofree char *line = g_strdup_printf ("\n  %s", rule);
  cr_expect_not_null (strstr (text, line), "missing: %s\nin:\n%s", rule, text);
}

static const struct
{
  const char *path;
  const char *letters;
  const char *rule;
} paths[] = {
  { "/proc/1/stat", "r", "owner /proc/@{pid}/stat r," },
  { "/proc/1/task/27/comm", "rw", "owner /proc/@{pid}/task/@{tid}/comm rw," },
  { "/proc/1/fd/", "r", "owner /proc/@{pid}/fd/ r," },
  { "/proc/sys/kernel/ngroups_max", "r", "/proc/sys/kernel/ngroups_max r," },
  { "/dev/pts/0", "rw", "/dev/pts/[0-9]* rw," },
  { "/conf/..2026_11_21_10_00_00.123456789/app.conf", "r", "/conf/..[0-9]*/app.conf r," },
  { "/conf/..2026_11_21_10_00_00./app.conf", "r", "/conf/..2026_11_21_10_00_00./app.conf r," },
  { "/lib/x86_64-linux-gnu/libz.so.1.2.13", "rm", "/lib/x86_64-linux-gnu/libz.so.[0-9]* rm," },
  { "/lib/libc.so.6", "rmx", "/lib/libc.so.6 ix," },
  { "/data/temp-12.rdb", "wc", "/data/temp-[0-9]*.rdb w," },
  { "/data/temp-12.rdb-old", "r", "/data/temp-12.rdb-old r," },
  { "/var/lib/nginx/body/0000000001", "rwc", "/var/lib/nginx/body/[0-9]* rw," },
  { "/tmp/upload-aB3xYz", "rwc", "/tmp/upload-?????? rw," },
  { "/tmp/report", "wc", "/tmp/report w," },
  { "/jobs/123e4567-e89b-12d3-a456-426614174000/in", "r", "/jobs/@{uuid}/in r," },
  { "/var/log/access.log", "ac", "/var/log/access.log w," },
  { "/var/log/append.log", "a", "/var/log/append.log a," },
  { "/bin/busybox", "x", "/bin/busybox ix," },
  { "/new/", "c", "/new/ w," },
  { "/", "r", "/ r," },
};

Test (generalise, certain_patterns)
{
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (AakObservations) observations = learned_nothing ("a", 1);
      see_file (observations, paths[i].path, paths[i].letters, TRUE);
      g_autofree char *text = text_of (observations, FALSE);
      expect_rule (text, paths[i].rule);
    }
}

Test (generalise, counters_of_created_directories)
{
  g_autoptr (AakObservations) observations = learned_nothing ("a", 1);
  see_file (observations, "/tmp/job-17/", "c", TRUE);
  see_file (observations, "/tmp/job-17/out2.txt", "wc", TRUE);
  see_file (observations, "/tmp/job-17/in3.txt", "r", TRUE);
  see_file (observations, "/opt/app-2/in", "r", TRUE);
  see_file (observations, "/data/base/16385", "wc", TRUE);
  see_file (observations, "/data/base/2619", "rw", TRUE);
  see_file (observations, "/data/base/77", "r", TRUE);
  see_file (observations, "/data/other/2619", "rw", TRUE);
  g_autofree char *text = text_of (observations, FALSE), *exact = text_of (observations, TRUE);
  expect_rule (text, "/data/base/[0-9]* rw,  # counter: 3 files");
  expect_rule (text, "/data/other/2619 rw,");
  expect_rule (text, "/tmp/job-[0-9]*/ w,");
  expect_rule (text, "/tmp/job-[0-9]*/out[0-9]*.txt w,");
  expect_rule (text, "/tmp/job-[0-9]*/in3.txt r,");
  expect_rule (text, "/opt/app-2/in r,");
  expect_rule (exact, "/tmp/job-17/out2.txt w,");
}

Test (generalise, content_trees_need_evidence_and_never_hold_secrets)
{
  g_autoptr (AakObservations) observations = learned_nothing ("a", 1);
  see_file (observations, "/var/www/html/a.html", "r", FALSE);
  see_file (observations, "/var/www/html/b.html", "r", FALSE);
  g_autofree char *two = text_of (observations, FALSE);
  expect_rule (two, "/var/www/html/a.html r,");
  see_file (observations, "/var/www/html/c.html", "r", FALSE);
  see_file (observations, "/var/www/html/css/site.css", "r", FALSE);
  see_file (observations, "/var/www/html/tls.key", "r", FALSE);
  see_file (observations, "/etc/app/1.conf", "r", FALSE);
  see_file (observations, "/etc/app/2.conf", "r", FALSE);
  see_file (observations, "/etc/app/3.conf", "r", FALSE);
  g_autofree char *text = text_of (observations, FALSE), *exact = text_of (observations, TRUE);
  expect_rule (text, "/var/www/html/**.html r,  # content: 3 files, 3 events, 1 run");
  expect_rule (text, "/var/www/html/**.css r,");
  expect_rule (text, "/var/www/html/tls.key r,");
  expect_rule (text, "/etc/app/3.conf r,");
  expect_rule (exact, "/var/www/html/c.html r,");
  cr_expect_null (strstr (exact, "*.html"));
}

Test (generalise, sensitive_accesses_wait_for_review)
{
  static const char *const seen[] = { "/etc/shadow", "/run/containerd/containerd.sock",
                                      "/proc/sysrq-trigger", "/proc/12/mem" };
  g_autoptr (AakObservations) observations = learned_nothing ("a", 1);
  for (gsize i = 0; i < G_N_ELEMENTS (seen); i++)
    see_file (observations, seen[i], "r", FALSE);
  see_file (observations, "/proc/sys/kernel/core_pattern", "w", FALSE);
  see_file (observations, "/proc/sys/kernel/osrelease", "r", FALSE);
  AakEvent event = { .class = AAK_CLASS_CAPABILITY,
                     .verdict = AAK_VERDICT_ALLOWED,
                     .detail = (char *) "sys_admin" };
  aak_observations_add (observations, 0, &event, &news);
  g_autoptr (AakProfile) profile = aak_generalise (observations, FALSE);
  g_autofree char *text = aak_profile_to_text (profile);
  cr_expect_eq (aak_profile_count_review (profile), 6);
  expect_rule (text, "/proc/sys/kernel/osrelease r,");
  expect_rule (text, "#/etc/shadow r,  # password hashes");
  expect_rule (text, "#capability sys_admin,");
  cr_expect_null (strstr (text, "\n  capability sys_admin"));
  cr_expect_null (strstr (text, "\n  /etc/shadow"));
}

/* A part of what was seen waits for review, and the rest stays allowed, as it was before. */
Test (generalise, only_what_is_sensitive_waits_for_review)
{
  g_autoptr (AakObservations) observations = learned_nothing ("a", 1);
  see_file (observations, "/proc/sys/net/core/somaxconn", "rw", FALSE);
  AakEvent event = { .class = AAK_CLASS_PTRACE,
                     .verdict = AAK_VERDICT_ALLOWED,
                     .peer = (char *) "other",
                     .perms = AAK_PERM_READ | AAK_PERM_TRACE };
  aak_observations_add (observations, 0, &event, &news);
  g_autofree char *text = text_of (observations, FALSE);
  expect_rule (text, "/proc/sys/net/core/somaxconn r,");
  expect_rule (text, "#/proc/sys/net/core/somaxconn w,  # changes the node's kernel");
  expect_rule (text, "ptrace (read) peer=other,");
  expect_rule (text, "#ptrace (trace) peer=other,");
}

Test (generalise, owner_only_when_nobody_else_did_it)
{
  g_autoptr (AakObservations) observations = learned_nothing ("a", 1);
  see_file (observations, "/proc/1/stat", "r", TRUE);
  see_file (observations, "/proc/7/stat", "r", FALSE);
  see_file (observations, "/proc/1/status", "r", TRUE);
  g_autofree char *text = text_of (observations, FALSE);
  expect_rule (text, "/proc/@{pid}/stat r,");
  expect_rule (text, "owner /proc/@{pid}/status r,");
}

/* --- state and merge ------------------------------------------------------------------------- */

static AakObservations *
random_observations (GRand *rand, const char *run_id)
{
  AakObservations *observations =
      learned_nothing (run_id, (guint64) g_rand_int_range (rand, 1, 50));
  aak_run_add_pod (aak_observations_get_run (observations, 0), "default", run_id, "c", "i");
  aak_observations_get_run (observations, 0)->account.late = g_rand_boolean (rand);
  for (int i = g_rand_int_range (rand, 0, 30); i > 0; i--)
    {
      char path[16] = "/";
      for (int k = 1; k < 6; k++)
        path[k] = (char) g_rand_int_range (rand, 1, 256);
      see_file (observations, path, i % 2 ? "r" : "wc", i % 3 == 0);
      see_file (observations, "/shared", i % 2 ? "r" : "w", TRUE);
    }
  return observations;
}

static char *
state_text (const AakObservations *observations)
{
  g_autoptr (GBytes) yaml = aak_state_to_yaml (observations);
  gsize len = 0;
  const char *data = g_bytes_get_data (yaml, &len);
  return g_strndup (data, len);
}

static AakObservations *
merged (const AakObservations *a, const AakObservations *b)
{
  g_autoptr (AakMerge) merge = aak_merge_new ("k8s-t");
  cr_assert (aak_merge_add (merge, "a", a, NULL, NULL));
  cr_assert (aak_merge_add (merge, "b", b, NULL, NULL));
  return aak_merge_end (merge);
}

Test (state, comes_back_and_merging_is_a_union)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  for (int round = 0; round < 200; round++)
    {
      g_autoptr (AakObservations) a = random_observations (rand, "run-a"),
                                  b = random_observations (rand, "run-b"),
                                  c = random_observations (rand, "run-c");
      g_autoptr (AakObservations) ab = merged (a, b), ba = merged (b, a), ab_c = merged (ab, c),
                                  bc = merged (b, c), a_bc = merged (a, bc), again = merged (ab, a);
      g_autofree char *text_ab = state_text (ab), *text_ba = state_text (ba),
                      *text_ab_c = state_text (ab_c), *text_a_bc = state_text (a_bc),
                      *text_again = state_text (again);
      cr_assert_str_eq (text_ab, text_ba);
      cr_assert_str_eq (text_ab_c, text_a_bc);
      cr_assert_str_eq (text_again, text_ab);

      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = g_bytes_new (text_ab_c, strlen (text_ab_c));
      g_autoptr (AakObservations) back = aak_state_from_yaml ("s", bytes, &error);
      cr_assert_not_null (back, "%s", error ? error->message : "");
      g_autofree char *text_back = state_text (back);
      cr_assert_str_eq (text_back, text_ab_c);
    }
}

Test (state, damage_is_refused_with_a_position_or_read_as_something_valid)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (9);
  g_autoptr (AakObservations) observations = random_observations (rand, "run-a");
  g_autofree char *text = state_text (observations);
  gsize len = strlen (text);
  guint refused = 0;
  for (int round = 0; round < 3000; round++)
    {
      g_autofree char *damaged = g_strdup (text);
      gsize cut = (gsize) g_rand_int_range (rand, 0, (gint32) len);
      if (round % 2 == 0)
        damaged[cut] = (char) g_rand_int_range (rand, 1, 256);
      g_autoptr (GBytes) bytes = g_bytes_new (damaged, round % 2 == 0 ? len : cut);
      g_autoptr (GError) error = NULL;
      g_autoptr (AakObservations) back = aak_state_from_yaml ("s.yaml", bytes, &error);
      cr_assert ((back == NULL) == (error != NULL));
      refused += error != NULL;
      if (error != NULL)
        cr_assert (g_str_has_prefix (error->message, "s.yaml:"), "%s", error->message);
    }
  cr_expect_gt (refused, 1500);
}

Test (generalise, more_observations_never_lose_a_path)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  for (int round = 0; round < 50; round++)
    {
      g_autoptr (AakObservations) a = random_observations (rand, "run-a"),
                                  b = random_observations (rand, "run-b");
      g_autoptr (AakObservations) ab = merged (a, b);
      g_autoptr (AakProfile) one = aak_generalise (a, TRUE), both = aak_generalise (ab, TRUE);
      for (guint i = 0; i < one->rules->len; i++)
        {
          const AakRule *rule = g_ptr_array_index (one->rules, i);
          gboolean kept = FALSE;
          for (guint k = 0; k < both->rules->len && !kept; k++)
            {
              const AakRule *other = g_ptr_array_index (both->rules, k);
              kept = strcmp (other->name, rule->name) == 0 && (rule->perms & ~other->perms) == 0
                     && (!other->owner || rule->owner);
            }
          cr_assert (kept, "%s", rule->name);
        }
    }
}

/* --- hostile names --------------------------------------------------------------------------- */

Test (profile, hostile_names_stay_one_token)
{
  static const char *const names[] = {
    "/tmp/@{HOME}/x#y,",
    "/tmp/a b",
    "/tmp/q\"uote",
    "/tmp/new\nline r,",
    "/tmp/{a,b}",
    "/tmp/[a]*?^",
    "/tmp/back\\slash\\x2d",
    "/tmp/\xff\xfe",
    "/tmp/ trailing ",
    "/tmp/#include <x>",
    "/tmp/@{pid}",
    "/tmp/}",
    "/tmp/-> /x",
    "/tmp/'",
    "/tmp/$x",
    "/tmp/a//b",
    "/tmp/\x01",
    "/tmp/~!&()|;<>=",
    "/tmp/\xc3\xbc",
  };
  g_autoptr (AakObservations) observations = learned_nothing ("a", 1);
  g_autoptr (GError) error = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    see_file (observations, names[i], "rw", FALSE);
  AakEvent signal = { .class = AAK_CLASS_SIGNAL,
                      .verdict = AAK_VERDICT_ALLOWED,
                      .peer = (char *) "a\"b {x}\n#",
                      .detail = (char *) "term",
                      .perms = AAK_PERM_SEND };
  aak_observations_add (observations, 0, &signal, &news);
  AakEvent link = { .class = AAK_CLASS_FILE,
                    .verdict = AAK_VERDICT_ALLOWED,
                    .name = (char *) "/tmp/l x",
                    .target = (char *) "/tmp/t, y",
                    .perms = AAK_PERM_L };
  aak_observations_add (observations, 0, &link, &news);
  g_autofree char *text = text_of (observations, FALSE);
  cr_expect_null (strstr (text, "\nline"));
  expect_rule (text, "\"/tmp/@\\{HOME\\}/x#y,\" rw,");
  expect_rule (text, "\"/tmp/new\\012line r,\" rw,");
  expect_rule (text, "link \"/tmp/l x\" -> \"/tmp/t, y\",");

  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, NULL);
  if (compiler == NULL)
    cr_skip ("no apparmor_parser");
  g_autofree char *path =
      g_build_filename (g_getenv ("AAKIT_SRCDIR"), "profiles/features/debian-12-6.1", NULL);
  g_autoptr (AakFeatures) features = aak_features_read (path, &error);
  cr_assert_not_null (features, "%s", error ? error->message : "");
  g_autoptr (GBytes) source = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, features, "t", source, NULL, &error);
  cr_expect_not_null (blob, "%s\n%s", error ? error->message : "", text);
}

Test (profile, random_names_compile)
{
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, NULL);
  if (compiler == NULL)
    cr_skip ("no apparmor_parser");
  g_autoptr (GError) error = NULL;
  g_autofree char *path =
      g_build_filename (g_getenv ("AAKIT_SRCDIR"), "profiles/features/debian-12-6.1", NULL);
  g_autoptr (AakFeatures) features = aak_features_read (path, &error);
  cr_assert_not_null (features);
  g_autoptr (GRand) rand = g_rand_new_with_seed (21);
  for (int round = 0; round < 15; round++)
    {
      g_autoptr (AakObservations) observations = learned_nothing ("a", 1);
      for (int i = 0; i < 40; i++)
        {
          char name[14] = "/";
          gsize len = (gsize) g_rand_int_range (rand, 1, 13);
          for (gsize k = 1; k <= len; k++)
            name[k] = (char) (i % 2 ? g_rand_int_range (rand, 1, 256)
                                    : "/{}[]*?\\\"@^,# \n'"[g_rand_int_range (rand, 0, 17)]);
          see_file (observations, name, "rwc", FALSE);
        }
      g_autofree char *text = text_of (observations, FALSE);
      g_autoptr (GBytes) source = g_bytes_new (text, strlen (text));
      g_autoptr (GBytes) blob =
          aak_compiler_compile (compiler, features, "t", source, NULL, &error);
      cr_assert_not_null (blob, "%s\n%s", error ? error->message : "", text);
    }
}

Test (profile, the_learning_profile_compiles)
{
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, NULL);
  if (compiler == NULL)
    cr_skip ("no apparmor_parser");
  static const char *const sets[] = { "profiles/features/debian-12-6.1",
                                      "profiles/features/debian-13-6.12" };
  for (gsize i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = g_build_filename (g_getenv ("AAKIT_SRCDIR"), sets[i], NULL);
      g_autoptr (AakFeatures) features = aak_features_read (path, &error);
      cr_assert_not_null (features, "%s", error ? error->message : "");
      g_autofree char *text = aak_profile_learning_text ("k8s-web", AAK_ABI_3_0, NULL);
      g_autoptr (GBytes) source = g_bytes_new (text, strlen (text));
      g_autofree char *warnings = NULL;
      g_autoptr (GBytes) blob =
          aak_compiler_compile (compiler, features, "k8s-web", source, &warnings, &error);
      cr_expect_not_null (blob, "%s", error ? error->message : "");
      cr_expect_null (warnings, "%s", warnings);
    }
}

Test (generalise, tells_which_rule_stands_for_an_access)
{
  g_autoptr (AakObservations) observations = learned_nothing ("r", 1);
  see_file (observations, "/proc/1/stat", "r", TRUE);
  see_file (observations, "/proc/27/stat", "r", TRUE);
  see_file (observations, "/etc/hosts", "r", FALSE);
  g_autoptr (GArray) trace = NULL;
  g_autoptr (AakProfile) profile = aak_generalise_traced (observations, FALSE, &trace);
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
  cr_assert_eq (trace->len, sorted->len);
  const char *texts[] = { "/etc/hosts r,", "owner /proc/@{pid}/stat r,",
                          "owner /proc/@{pid}/stat r," };
  for (guint i = 0; i < trace->len; i++)
    {
      const AakTrace *part = &g_array_index (trace, AakTrace, i);
      g_autofree char *text = aak_rule_text (part->rule);
      cr_expect_str_eq (text, texts[i]);
      cr_expect_eq (part->access, sorted->pdata[i]);
      cr_expect (g_ptr_array_find (profile->rules, part->rule, NULL));
    }
}

/* Of three files in two runs each run counts once. */
Test (generalise, counts_the_runs_of_a_rule)
{
  g_autoptr (AakObservations) first = learned_nothing ("a", 1);
  g_autoptr (AakObservations) later = learned_nothing ("b", 2);
  see_file (first, "/proc/1/stat", "r", TRUE);
  see_file (first, "/proc/2/stat", "r", TRUE);
  see_file (later, "/proc/3/stat", "r", TRUE);
  g_autoptr (AakObservations) both = merged (first, later);
  g_autofree char *text = text_of (both, FALSE);
  expect_rule (text, "owner /proc/@{pid}/stat r,  # pid: 3 files, 3 events, 2 runs");
}
