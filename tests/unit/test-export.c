/* SPDX-License-Identifier: GPL-2.0-or-later
 * Metrics and labels of a node, whatever its profiles are called. */
#include "lib/escape.h"
#include "register/metrics.h"
#include "register/nfd.h"
#include "tests/unit/policy-fixture.h"

#define NOW    1795368486
#define PREFIX "feature.node.kubernetes.io/apparmor-"

static const char *const hostile[] = {
  "a\"} 1\nb{c=\"d",
  "back\\slash",
  "new\nline",
  "x=y",
  "#comment",
  "esc\033[2J",
  "\xff\xfe",
  " ",
  "-",
  "a/b",
  "trailing-",
  "",
  "a-name-that-is-longer-than-what-is-left-of-a-label's-key",
};

static void
row_free (gpointer data)
{
  AakStatusRow *row = data;
  g_free (row->name);
  g_clear_pointer ((AakLoaded **) &row->loaded, aak_loaded_free);
  g_array_unref (row->tasks);
  g_ptr_array_unref (row->lacking);
  g_free (row);
}

/* As aak_status_read() puts it together, of a node where nothing was ever registered. */
static AakStatus *
status_new (void)
{
  g_autofree char *root = fixture_node ();
  AakStatus *status = g_new0 (AakStatus, 1);
  status->rows = g_ptr_array_new_with_free_func (row_free);
  status->store = aak_store_read (root, NULL);
  aak_tree_remove (root);
  return status;
}

static void
add_row (AakStatus *status, const char *name, AakStatusState state)
{
  AakStatusRow *row = g_new0 (AakStatusRow, 1);
  row->name = g_strdup (name);
  row->state = state;
  row->tasks = g_array_new (FALSE, FALSE, sizeof (AakStatusTask));
  row->lacking = g_ptr_array_new ();
  if (state != AAK_STATUS_MISSING)
    {
      AakLoaded *loaded = g_new0 (AakLoaded, 1);
      loaded->mode = AAK_MODE_ENFORCE;
      loaded->changed = NOW - 60;
      row->loaded = loaded;
    }
  g_ptr_array_add (status->rows, row);
  status->counts[state]++;
}

static gboolean
has_line (const char *text, const char *line)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  return g_strv_contains ((const char *const *) lines, line);
}

Test (metrics, what_they_say)
{
  g_autoptr (AakStatus) status = status_new ();
  add_row (status, "k8s-db", AAK_STATUS_MISSING);
  add_row (status, "k8s-web", AAK_STATUS_LOADED);
  add_row (status, "theirs", AAK_STATUS_FOREIGN);
  AakWatchCounts counts = { .generations = 3, .drifts = 2, .failures = 1, .last_success = NOW };
  g_autofree char *text = aak_metrics_text (status, 41, &counts, NOW);
  g_autofree char *alone = aak_metrics_text (status, 41, NULL, NOW);
  static const char *const lines[] = {
    "# TYPE aakit_profiles gauge",
    "aakit_profiles{state=\"loaded\"} 1",
    "aakit_profiles{state=\"missing\"} 1",
    "aakit_profiles{state=\"foreign\"} 1",
    "aakit_profile_loaded{profile=\"k8s-db\"} 0",
    "aakit_profile_loaded{profile=\"k8s-web\"} 1",
    "aakit_profile_changed_timestamp_seconds{profile=\"k8s-web\"} 1795368426",
    "aakit_policy_revision 41",
    "aakit_status_timestamp_seconds 1795368486",
    "# TYPE aakit_watch_drifts_repaired_total counter",
    "aakit_watch_generations_total 3",
    "aakit_watch_drifts_repaired_total 2",
    "aakit_watch_failures_total 1",
    "aakit_watch_last_success_timestamp_seconds 1795368486",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    cr_expect (has_line (text, lines[i]), "%s", lines[i]);
  cr_expect_null (strstr (text, "theirs"));
  cr_expect_null (strstr (alone, "aakit_watch"));
  cr_expect (g_str_has_suffix (text, "\n"));
}

/* Each line is a comment or one sample, of a name of ours, whose label gives the name back. */
static void
check_sample (const char *line, GHashTable *names)
{
  g_autoptr (GRegex) regex = g_regex_new (
      "^aakit_[a-z_]+(?:\\{(state|profile)=\"((?:[^\"\\\\\\n]|\\\\[\"\\\\n])*)\"\\})? [0-9]+$", 0,
      0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  cr_assert (g_regex_match (regex, line, 0, &match), "%s", line);
  g_autofree char *key = g_match_info_fetch (match, 1), *value = g_match_info_fetch (match, 2);
  if (g_strcmp0 (key, "profile") != 0)
    return;
  g_autoptr (GString) raw = g_string_new (value);
  g_string_replace (raw, "\\\"", "\"", 0);
  g_string_replace (raw, "\\\\", "\\", 0);
  g_autofree char *name = aak_unescape (raw->str, NULL);
  cr_assert_not_null (name, "%s", line);
  cr_expect (g_hash_table_contains (names, name), "%s", line);
}

Test (metrics, hostile_names)
{
  g_autoptr (AakStatus) status = status_new ();
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  for (gsize i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      add_row (status, hostile[i], AAK_STATUS_LOADED);
      g_hash_table_add (names, (gpointer) hostile[i]);
    }
  g_autofree char *text = aak_metrics_text (status, 1, NULL, NOW);
  cr_expect (g_utf8_validate (text, -1, NULL));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (**line != '\0' && !g_str_has_prefix (*line, "# "))
      check_sample (*line, names);
}

Test (metrics, bounded)
{
  g_autoptr (AakStatus) status = status_new ();
  for (guint i = 0; i < 3 * AAK_METRICS_MAX_PROFILES; i++)
    {
      g_autofree char *name = g_strdup_printf ("p-%06u", i);
      add_row (status, name, i % 3 == 0 ? AAK_STATUS_FOREIGN : AAK_STATUS_LOADED);
    }
  g_autofree char *long_name = g_strnfill (4096, 'a');
  g_ptr_array_set_size (status->rows, 1400);
  add_row (status, long_name, AAK_STATUS_WANTED);
  g_autofree char *text = aak_metrics_text (status, 1, NULL, NOW);
  cr_expect (has_line (text, "aakit_profiles_not_listed 434"));
  cr_expect_null (strstr (text, long_name));
  guint count = 0;
  for (const char *at = text; (at = strstr (at, "aakit_profile_tasks{")) != NULL; at++)
    count++;
  cr_expect_eq (count, AAK_METRICS_MAX_PROFILES);
}

/* --- labels ---------------------------------------------------------------------------------- */

Test (nfd, what_it_says)
{
  g_autoptr (AakStatus) status = status_new ();
  add_row (status, "k8s-db", AAK_STATUS_MISSING);
  add_row (status, "k8s-web", AAK_STATUS_LOADED);
  add_row (status, "theirs", AAK_STATUS_FOREIGN);
  g_autofree char *text = aak_nfd_text (status, NOW);
  cr_expect (g_str_has_prefix (text, "# +expiry-time=2026-11-22T17:28:06Z\n"), "%s", text);
  cr_expect (has_line (text, PREFIX "profile.k8s-web=enforce"));
  cr_expect (has_line (text, PREFIX "profiles.count=1"));
  cr_expect (has_line (text, PREFIX "profiles.unlisted=0"));
  cr_expect (has_line (text, PREFIX "profiles.ready=false"));
  cr_expect_null (strstr (text, "k8s-db"));
  cr_expect_null (strstr (text, "theirs"));
}

/* What Kubernetes takes as a label, and NFD as a line. */
static void
check_label (const char *line)
{
  g_autoptr (GRegex) regex = g_regex_new ("^feature\\.node\\.kubernetes\\.io/"
                                          "([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)="
                                          "([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)$",
                                          0, 0, NULL);
  cr_expect (g_regex_match (regex, line, 0, NULL), "%s", line);
}

Test (nfd, hostile_names)
{
  g_autoptr (AakStatus) status = status_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (hostile); i++)
    add_row (status, hostile[i], AAK_STATUS_LOADED);
  add_row (status, "k8s_web.2-A", AAK_STATUS_LOADED);
  g_autofree char *text = aak_nfd_text (status, NOW);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  cr_assert_eq (g_strv_length (lines), 7, "%s", text);
  for (guint i = 1; i < 6; i++)
    check_label (lines[i]);
  g_autofree char *unlisted =
      g_strdup_printf (PREFIX "profiles.unlisted=%zu", G_N_ELEMENTS (hostile));
  cr_expect (has_line (text, unlisted));
  cr_expect (has_line (text, PREFIX "profile.k8s_web.2-A=enforce"));
}

Test (nfd, bounded)
{
  g_autoptr (AakStatus) status = status_new ();
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *name = g_strdup_printf ("a-name-of-46-characters-that-just-fits-%07u", i);
      add_row (status, name, AAK_STATUS_LOADED);
    }
  g_autofree char *text = aak_nfd_text (status, NOW);
  cr_expect_leq (strlen (text), 64 * 1024);
  cr_expect (has_line (text, PREFIX "profiles.count=1000"));
  cr_expect (has_line (text, PREFIX "profiles.unlisted=600"));
  cr_expect_not_null (strstr (text, "profile.a-name-of-46"));
}

/* Another set has another digest, whatever the names are made of. */
Test (nfd, digests)
{
  static const char *const sets[][2] = { { "ab", "c" }, { "a", "bc" }, { "abc", NULL } };
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      g_autoptr (AakStatus) status = status_new ();
      for (int j = 0; j < 2 && sets[i][j] != NULL; j++)
        add_row (status, sets[i][j], AAK_STATUS_LOADED);
      g_autofree char *text = aak_nfd_text (status, NOW);
      const char *digest = strstr (text, "profiles.digest=");
      cr_assert_not_null (digest);
      cr_expect (g_hash_table_add (seen, g_strndup (digest, strcspn (digest, "\n"))));
    }
}
