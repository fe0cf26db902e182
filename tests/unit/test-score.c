/* SPDX-License-Identifier: GPL-2.0-or-later
 * The table of exposures is whole, its numbers come from the compiled policy, and more rules never
 * make a score lower, nor more denials higher. */
#include "lib/policy/score.h"
#include "lib/error.h"
#include "tests/unit/policy-fixture.h"

#define RANDOM_SETS 40

/* What containerd's default profile says, in short: all but writing below /proc and /sys, mounts,
 * and other labels. tests/vm/journey.py asks the policy that containerd itself loads. */
#define LIKE_CONTAINERD                                                              \
  "profile p {\n"                                                                    \
  "  file, capability, network, umount,\n"                                           \
  "  signal (receive) peer=unconfined, signal peer=p, ptrace peer=p,\n"              \
  "  deny mount,\n"                                                                  \
  "  deny /proc/sys/** wkl, deny /proc/{sysrq-trigger,kcore,kmem,mem} rwkl,\n"       \
  "  deny /sys/[^fk]*/** wkl, deny /sys/f[^s]*/** wkl, deny /sys/fs/[^c]*/** wkl,\n" \
  "  deny /sys/kernel/** wkl, deny /sys/{firmware,kernel/security}/** rwkl,\n"       \
  "}\n"
#define EVERYTHING                                                                       \
  "abi <abi/3.0>,\nprofile p {\n"                                                        \
  "  /{**,} rwlkm, /bin/** ix, /x/** Ux, capability, network, mount, remount, umount,\n" \
  "  pivot_root, ptrace, signal, change_profile, dbus, unix, /no/** ix,\n"               \
  "}\n"

static AakPolicySet *
compile (const char *text, const AakFeatures *features)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, &error);
  if (compiler == NULL)
    cr_skip_test ("%s", error->message);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, features, "t", bytes, NULL, &error);
  cr_assert_not_null (blob, "%s: %s", text, error != NULL ? error->message : "");
  AakPolicySet *set = aak_policy_set_new ("t", blob, &error);
  cr_assert_not_null (set, "%s", error != NULL ? error->message : "");
  return set;
}

/* The score of the profile p in @text as it is for @features. */
static AakScore *
score (const char *text, const AakFeatures *features)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakPolicySet) set = compile (text, features);
  AakScoreKernel kernel = aak_score_kernel (features);
  AakScore *result =
      aak_score_new (aak_exposure_table (), set, aak_policy_set_find (set, "p"), &kernel, &error);
  cr_assert_not_null (result, "%s", error != NULL ? error->message : "");
  return result;
}

static guint
score_of (const char *text, const char *features_name)
{
  g_autoptr (AakFeatures) features = fixture_features (features_name);
  g_autoptr (AakScore) result = score (text, features);
  return result->score;
}

static AakExposed
exposed (const AakScore *result, const char *id)
{
  const AakScoreLine *found = NULL;
  for (guint i = 0; i < result->lines->len; i++)
    {
      const AakScoreLine *line = result->lines->pdata[i];
      if (strcmp (line->exposure->id, id) == 0)
        found = line;
    }
  cr_assert_not_null (found, "%s", id);
  return found->exposed;
}

/* --- the table ------------------------------------------------------------------------------- */

Test (score, nothing_to_everything)
{
  cr_expect_eq (score_of ("abi <abi/3.0>,\nprofile p {\n}\n", "debian-12-6.1"), 0);
  cr_expect_eq (score_of (EVERYTHING, "debian-12-6.1"), AAK_SCORE_MAX);
  cr_expect_eq (score_of (EVERYTHING, "debian-13-6.12"), AAK_SCORE_MAX);
  cr_expect_eq (score_of ("abi <abi/3.0>,\nprofile p flags=(unconfined) {\n}\n", "debian-12-6.1"),
                AAK_SCORE_MAX);
}

Test (score, every_entry_can_be_allowed_and_denied)
{
  g_autoptr (AakFeatures) features = fixture_wide_features ();
  g_autoptr (AakScore) none = score ("abi <abi/3.0>,\nprofile p {\n}\n", features);
  g_autoptr (AakScore) all = score (EVERYTHING, features);
  for (guint i = 0; i < all->lines->len; i++)
    {
      const AakScoreLine *line = all->lines->pdata[i], *other = none->lines->pdata[i];
      gboolean known = line->exposed != AAK_EXPOSED_BY_THE_KERNEL;
      cr_expect_eq (known, other->exposed != AAK_EXPOSED_BY_THE_KERNEL);
      cr_expect (!known || line->exposed != AAK_EXPOSED_NOT, "%s", line->exposure->id);
      cr_expect (!known || other->exposed == AAK_EXPOSED_NOT
                     || other->exposed == AAK_EXPOSED_BY_SILENCE,
                 "%s", line->exposure->id);
      cr_expect_not_null (line->question, "%s", line->exposure->id);
    }
}

/* What a profile denies is worth little where one rule leads out of it. */
Test (score, what_makes_the_rest_moot)
{
  static const struct
  {
    char rules[60];
    guint score;
  } rows[] = {
    { "/bin/sh Ux, /** rwk,", 95 },
    { "/bin/ping Ux,", 95 },
    { "/bin/ping ux,", 95 },
    { "/bin/ping pux,", 95 },
    { "change_profile,", 95 },
    { "change_profile -> unconfined,", 95 },
    { "change_profile -> p//kid,", 0 },
    { "/** w,", 71 },
    { "/** rw,", 71 },
    { "owner /** rw,", 71 },
    { "/** rw, deny owner /** w,", 71 },
    { "/bin/ping ix,", 0 },
  };
  g_autoptr (AakFeatures) features = fixture_features ("debian-12-6.1");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text =
          g_strdup_printf ("abi <abi/3.0>,\nprofile p {\n  %s\n}\n", rows[i].rules);
      g_autoptr (AakScore) result = score (text, features);
      cr_expect_eq (result->score, rows[i].score, "%s: %u", rows[i].rules, result->score);
      cr_expect (result->sum < 71, "%s: %u", rows[i].rules, result->sum);
      cr_expect_eq (result->containerd, 79);
    }
}

/* With the abi that the parser chooses where none is named. What this one does not know of the
 * newer kernel's classes is not mediated; tests/vm/journey.py has one that does. */
Test (score, containerd_allows_what_the_table_says)
{
  static const char *const names[] = { "debian-12-6.1", "debian-13-6.12" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (AakFeatures) features = fixture_features (names[i]);
      g_autoptr (AakScore) result = score (LIKE_CONTAINERD, features);
      cr_expect (i > 0 || result->score == result->containerd);
      for (guint j = 0; j < result->lines->len; j++)
        {
          const AakScoreLine *line = result->lines->pdata[j];
          if (line->exposed < AAK_EXPOSED_BY_SILENCE)
            cr_expect_eq (line->exposed != AAK_EXPOSED_NOT, line->exposure->containerd, "%s: %s",
                          names[i], line->exposure->id);
        }
    }
}

/* --- modes and kernels ------------------------------------------------------------------------ */

Test (score, what_is_not_enforced_is_unconfined)
{
  g_autoptr (AakFeatures) features = fixture_features ("debian-12-6.1");
  g_autoptr (AakScore) result =
      score ("abi <abi/3.0>,\nprofile p flags=(complain) {\n  /etc/shadow r,\n}\n", features);
  cr_expect_eq (result->score, AAK_SCORE_MAX);
  cr_expect (result->by_rules > 0 && result->by_rules < 5);
  g_autoptr (AakScore) named =
      score ("abi <abi/3.0>,\nprofile p flags=(unconfined) {\n}\n", features);
  cr_expect_eq (exposed (named, "mount"), AAK_EXPOSED_BY_RULES);
}

Test (score, nothing_is_claimed_of_what_a_kernel_does_not_mediate)
{
  static const char text[] = "abi <abi/3.0>,\nprofile p {\n}\n";
  g_autoptr (AakFeatures) older = fixture_features ("debian-12-6.1");
  g_autoptr (AakFeatures) newer = fixture_features ("debian-13-6.12");
  g_autoptr (AakScore) without = score (text, older);
  g_autoptr (AakScore) with = score (text, newer);
  cr_expect_eq (exposed (without, "user-namespaces"), AAK_EXPOSED_BY_THE_KERNEL);
  cr_expect_eq (exposed (without, "mount"), AAK_EXPOSED_NOT);
  /* The kernel could, but not with this abi. */
  cr_expect_eq (exposed (with, "user-namespaces"), AAK_EXPOSED_BY_SILENCE);
  cr_expect_eq (exposed (with, "dbus-manager"), AAK_EXPOSED_BY_THE_KERNEL);
  cr_expect_gt (with->score, without->score);
  AakScoreKernel unknown = aak_score_kernel (NULL);
  for (guint class = 0; class < AAK_EXPOSURE_N_CLASSES; class ++)
    cr_expect (unknown.mediated[class]);
}

/* What only newer parsers write. */
Test (score, classes_of_newer_kernels)
{
  static const struct
  {
    char id[24];
    AakExposed exposed;
  } rows[] = {
    { "user-namespaces", AAK_EXPOSED_BY_RULES },
    { "uring-polling", AAK_EXPOSED_BY_RULES },
    { "uring-credentials", AAK_EXPOSED_NOT },
    { "posix-queues", AAK_EXPOSED_NOT },
    { "dbus-eavesdrop", AAK_EXPOSED_BY_RULES },
    { "dbus-manager", AAK_EXPOSED_NOT },
    { "unix", AAK_EXPOSED_NOT },
    { "change-profile", AAK_EXPOSED_NOT },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) blob = fixture_policy_file ("ipc-5.0-table.zst");
  g_autoptr (AakPolicySet) set = aak_policy_set_new ("t", blob, &error);
  if (set == NULL)
    cr_skip_test ("%s", error->message);
  AakScoreKernel kernel = aak_score_kernel (NULL);
  g_autoptr (AakScore) result =
      aak_score_new (aak_exposure_table (), set, aak_policy_set_find (set, "zz-ipc"), &kernel,
                     &error);
  cr_assert_not_null (result);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    cr_expect_eq (exposed (result, rows[i].id), rows[i].exposed, "%s", rows[i].id);
}

/* --- random rules ---------------------------------------------------------------------------- */

static const char *const rules[] = {
  "/etc/** r",
  "/{etc,usr}/** rw",
  "/** r",
  "/** w",
  "/** m",
  "/run/** rw",
  "/tmp/** rwk",
  "owner /tmp/** rw",
  "owner /** rw",
  "/proc/** rw",
  "/sys/fs/** rw",
  "/proc/sys/kernel/core_pattern w",
  "/dev/** rw",
  "/bin/* ix",
  "/no/** ix",
  "/tmp/** ix",
  "/opt/tool Ux",
  "/opt/other pux",
  "capability",
  "capability sys_admin",
  "capability net_raw, capability bpf",
  "network",
  "network inet",
  "network inet raw",
  "network unix",
  "network packet",
  "mount",
  "mount fstype=tmpfs",
  "umount",
  "umount /proc/",
  "pivot_root",
  "ptrace",
  "ptrace read",
  "ptrace peer=unconfined",
  "signal",
  "signal send set=(kill)",
  "signal peer=foo",
  "change_profile",
  "change_profile -> unconfined",
};

/* Appends some of the rules, behind @prefix. */
static void
append_rules (GRand *rand, GString *out, const char *prefix)
{
  for (gint32 n = g_rand_int_range (rand, 1, 5); n > 0; n--)
    {
      const char *rule = rules[g_rand_int_range (rand, 0, G_N_ELEMENTS (rules))];
      /* Denials name no transition, no owner's file twice, and no change of profile. */
      gboolean plain = strstr (rule, "ux") == NULL && strstr (rule, "Ux") == NULL
                       && strstr (rule, " ix") == NULL && strchr (rule, ',') == NULL
                       && !g_str_has_prefix (rule, "change_profile");
      if (*prefix == '\0' || plain)
        g_string_append_printf (out, "  %s%s,\n", prefix, rule);
    }
}

static guint
score_rules (const char *body)
{
  g_autofree char *text = g_strdup_printf ("abi <abi/3.0>,\nprofile p {\n%s}\n", body);
  return score_of (text, "debian-12-6.1");
}

Test (score, more_rules_never_lower_it_and_more_denials_never_raise_it)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  for (int i = 0; i < RANDOM_SETS; i++)
    {
      g_autoptr (GString) body = g_string_new (NULL);
      append_rules (rand, body, "");
      guint before = score_rules (body->str);
      append_rules (rand, body, "");
      guint more = score_rules (body->str);
      cr_expect_geq (more, before, "%s", body->str);
      append_rules (rand, body, "deny ");
      cr_expect_leq (score_rules (body->str), more, "%s", body->str);
    }
}

/* --- text ------------------------------------------------------------------------------------ */

Test (score, numbers_are_read_as_they_are_written)
{
  for (guint i = 0; i <= AAK_SCORE_MAX; i++)
    {
      g_autofree char *text = aak_score_text (i);
      guint back = G_MAXUINT;
      cr_expect (aak_score_parse (text, &back) && back == i, "%s", text);
    }
  static const char *const bad[] = { "",     "a",   "-1",  "10.1", "11", "1.", ".5",
                                     "1.55", "1,5", "100", "1e1",  " 1", "1 " };
  guint same = 7;
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    cr_expect (!aak_score_parse (bad[i], &same) && same == 7, "%s", bad[i]);
  cr_expect (aak_score_parse ("4", &same) && same == 40);
}

#define HEAD "schema: \"aakit/exposure/1\"\nexposure:\n"
#define ENTRY(id, class, weight, containerd, questions)                                      \
  "  - {id: \"" id "\", class: \"" class "\", weight: " weight ", what: \"w\", why: \"y\", " \
                                         "source: \"s\", containerd: \"" containerd          \
                                         "\", questions: " questions "}\n"

static const struct
{
  char text[420];
  char why[60];
} damaged[] = {
  { "schema: \"aakit/exposure/2\"\nexposure: []\n", "newer" },
  { "schema: \"aakit/sensitive/1\"\n", "t:1:" },
  { HEAD "  []\n", "t:3:3: 1 to" },
  { "schema: \"aakit/exposure/1\"\nexposures: []\n", "'exposures' is not known" },
  { HEAD "  - {id: \"a\"}\n", "t:3:5:" },
  { HEAD "  - {id: \"a\", extra: \"b\"}\n", "t:3:15: the key 'extra'" },
  { HEAD ENTRY ("A", "file", "1", "allows", "[\"userns\"]"), "id: lower case" },
  { HEAD
    "  - {id: \"a\", class: \"userns\", weight: 1, what: \"a\\nb\", why: \"y\", source: \"s\", "
    "containerd: \"allows\", questions: [\"userns\"]}\n",
    "what, why: one line each" },
  { HEAD ENTRY ("a", "files", "1", "allows", "[\"userns\"]"), "no class files" },
  { HEAD ENTRY ("a", "file", "0", "allows", "[\"userns\"]"), "weight: 1 to 10" },
  { HEAD ENTRY ("a", "file", "11", "allows", "[\"userns\"]"), "weight: 1 to 10" },
  { HEAD ENTRY ("a", "file", "many", "allows", "[\"userns\"]"), "t:3:" },
  { HEAD ENTRY ("a", "file", "1, least: \"10.1\"", "allows", "[\"userns\"]"), "least: 0 to 10" },
  { HEAD ENTRY ("a", "file", "1, least: []", "allows", "[\"userns\"]"), "t:3:" },
  { HEAD ENTRY ("a", "file", "1", "maybe", "[\"userns\"]"), "neither allows nor refuses" },
  { HEAD ENTRY ("a", "file", "1", "allows", "[]"), "questions: 1 to" },
  { HEAD ENTRY ("a", "file", "1", "allows", "[\"\"]"), "empty text" },
  { HEAD ENTRY ("a", "file", "1", "allows", "[\" \"]"), "questions: no question" },
  { HEAD ENTRY ("a", "file", "1", "allows", "[\"what now\"]"), "no class of questions" },
  { HEAD ENTRY ("a", "file", "1", "allows", "[\"file /a\"]"), "it is: file PATH MASK" },
  { HEAD ENTRY ("a", "userns", "1", "allows", "[\"userns\"]")
        ENTRY ("a", "userns", "1", "allows", "[\"userns\"]"),
    "t:4:5: a is there twice" },
};

Test (score, damaged_tables_are_refused)
{
  for (guint i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) text = g_bytes_new_static (damaged[i].text, strlen (damaged[i].text));
      cr_assert_null (aak_exposure_table_read ("t", text, &error), "%s", damaged[i].text);
      cr_expect_not_null (strstr (error->message, damaged[i].why), "%s: %s", damaged[i].why,
                          error->message);
    }
}

Test (score, a_question_about_a_file_is_asked_for_both)
{
  static const char text[] =
      HEAD ENTRY ("a", "file", "1", "allows", "[\"file /a r\", \"file /b r other\", \"userns\"]");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (GPtrArray) table = aak_exposure_table_read ("t", bytes, &error);
  cr_assert_not_null (table, "%s", error != NULL ? error->message : "");
  cr_expect_eq (((const AakExposure *) table->pdata[0])->questions->len, 4);
}

/* What is no question only shows when it is asked. */
Test (score, a_table_that_asks_what_is_no_question)
{
  static const char text[] = HEAD ENTRY ("a", "file", "1", "allows", "[\"file /a q\"]");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (GPtrArray) table = aak_exposure_table_read ("t", bytes, &error);
  cr_assert_not_null (table);
  g_autoptr (AakFeatures) features = fixture_features ("debian-12-6.1");
  g_autoptr (AakPolicySet) set = compile ("abi <abi/3.0>,\nprofile p {\n}\n", features);
  AakScoreKernel kernel = aak_score_kernel (features);
  cr_expect_null (aak_score_new (table, set, aak_policy_set_find (set, "p"), &kernel, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_USAGE));
  cr_expect (g_str_has_prefix (error->message, "a: "));
}
