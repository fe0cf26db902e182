/* SPDX-License-Identifier: GPL-2.0-or-later
 * What children of a label do is told from what the label does, from the records on to the text of
 * the profile. */
#include "learn/child-name.h"
#include "learn/child-plan.h"
#include "learn/child-profile.h"
#include "learn/child-split.h"
#include "learn/generalise.h"
#include "learn/label.h"
#include "learn/profile-writer.h"
#include "tests/unit/learned.h"

#include <criterion/criterion.h>
#include <string.h>

/* --- names ----------------------------------------------------------------------------------- */

static const struct
{
  const char *label;
  const char *child;
} labels[] = {
  { "k8s-t", "" },
  { "k8s-t//hat", "hat" },
  { "k8s-t///usr/bin/id", "/usr/bin/id" },
  { "k8s-t///usr/bin/id//null-/usr/bin/x", "/usr/bin/id" },
  { "k8s-t//null-/usr/bin/id", "" },
  { "k8s-t//null-/usr/bin/id//null-/x", "" },
  { "k8s-t//a//b", "a" },
  { "k8s-t//", "" },
  { "//x", "" },
  { ":ns:k8s-t//x", "x" },
  { "k8s-t//x//&unconfined", "" },
  { "", "" },
};

Test (children, have_the_name_that_stands_in_the_label)
{
  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autofree char *child = aak_label_child (labels[i].label);
      cr_expect_str_eq (child, labels[i].child, "%s", labels[i].label);
    }
}

static const struct
{
  const char *path;
  const char *name; /* NULL: none */
} names[] = {
  { "/usr/bin/id", "/usr/bin/id" },
  { "/usr/bin/[", "/usr/bin/%5B" },
  { "/usr/bin/%5B", "/usr/bin/%255B" },
  { "/a b\n\"@{x}*,\xff", "/a%20b%0A%22@%7Bx%7D%2A%2C%FF" },
  { "usr/bin/id", NULL },
  { "/", NULL },
  { "/usr//bin/id", NULL },
  { "/usr/bin/", NULL },
  { "", NULL },
};

Test (children, are_named_by_programs)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = aak_child_name_for (names[i].path);
      cr_expect (g_strcmp0 (name, names[i].name) == 0, "%s: %s", names[i].path, name);
    }
  g_autofree char *full = g_strnfill (AAK_CHILD_NAME_MAX, 'a'),
                  *over = g_strconcat (full, "a", NULL);
  full[0] = over[0] = '/';
  g_autofree char *fits = aak_child_name_for (full), *too_long = aak_child_name_for (over);
  cr_expect_str_eq (fits, full);
  cr_expect_null (too_long);
}

Test (children, have_safe_and_different_names_whatever_the_bytes)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (8);
  g_autoptr (GHashTable) path_of = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (int i = 0; i < 20000; i++)
    {
      char path[8] = "/";
      int len = g_rand_int_range (rand, 1, 6);
      for (int k = 1; k <= len; k++)
        path[k] = (char) (g_rand_boolean (rand) ? "%25/[a"[g_rand_int_range (rand, 0, 6)]
                                                : (char) g_rand_int_range (rand, 1, 256));
      char *name = aak_child_name_for (path);
      if (name == NULL)
        continue;
      cr_expect (aak_child_name_is_sound (name), "%s", name);
      const char *other = g_hash_table_lookup (path_of, name);
      cr_expect (other == NULL || strcmp (other, path) == 0, "%s: %s and %s", name, path, other);
      g_hash_table_insert (path_of, name, g_strdup (path));
    }
}

/* --- from records ---------------------------------------------------------------------------- */

/* Adds a record of k8s-t, or of the child @child of it, to run @run. */
static void
see (AakObservations *observations, guint run, const char *child, const char *fields)
{
  AakRecord record;
  g_auto (AakEvent) event = { 0 };
  const char *reason = NULL;
  gboolean news;
  g_autofree char *line =
      g_strdup_printf ("type=AVC msg=audit(1795295848.744:4): apparmor=\"ALLOWED\" "
                       "profile=\"k8s-t%s%s\" %s",
                       *child != '\0' ? "//" : "", child, fields);
  cr_assert_eq (aak_record_parse_line (line, strlen (line), &record), AAK_RECORD_APPARMOR, "%s",
                line);
  cr_assert_neq (aak_event_from_record (&record, &event, &reason), AAK_EVENT_MALFORMED, "%s: %s",
                 line, reason);
  aak_observations_add (observations, run, &event, &news);
}

static void
see_read (AakObservations *observations, guint run, const char *child, const char *path)
{
  g_autofree char *fields =
      g_strdup_printf ("operation=\"open\" name=\"%s\" requested_mask=\"r\" fsuid=0 ouid=0", path);
  see (observations, run, child, fields);
}

/* An exec of @path by @child (or the label itself) that leads to @target (the same). */
static void
see_exec (AakObservations *observations, guint run, const char *child, const char *path,
          const char *target)
{
  g_autofree char *fields = g_strdup_printf (
      "operation=\"exec\" name=\"%s\" requested_mask=\"x\" fsuid=0 ouid=0 target=\"k8s-t%s%s\"",
      path, *target != '\0' ? "//" : "", target);
  see (observations, run, child, fields);
}

/* What the kernel writes behind that where no_new_privs keeps the task under its label. */
static void
see_kept (AakObservations *observations, const char *path, const char *target)
{
  g_autofree char *fields =
      g_strdup_printf ("operation=\"exec\" info=\"no new privs\" error=-1 name=\"%s\" "
                       "requested_mask=\"x\" fsuid=0 ouid=0 target=\"k8s-t//%s\"",
                       path, target);
  see (observations, 0, "", fields);
}

static AakObservations *
nothing (guint n_runs)
{
  AakObservations *observations = learned_nothing ("r0", 1);
  for (guint i = 1; i < n_runs; i++)
    {
      g_autofree char *id = g_strdup_printf ("r%u", i);
      aak_observations_add_run (observations, learned_run (id, i + 1));
    }
  aak_observations_follow_children (observations);
  return observations;
}

/* The profile's text, by way of the state. */
static char *
text_of (const AakObservations *observations, gboolean children)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) yaml = aak_state_to_yaml (observations);
  g_autoptr (AakObservations) back = aak_state_from_yaml ("s", yaml, &error);
  cr_assert_not_null (back, "%s", error != NULL ? error->message : "");
  g_autoptr (GBytes) again = aak_state_to_yaml (back);
  cr_expect (g_bytes_equal (yaml, again));
  g_autoptr (GArray) trace = NULL;
  g_autoptr (AakProfile) profile =
      children ? aak_generalise_children (back, FALSE, &trace) : aak_generalise (back, FALSE);
  return aak_profile_to_text (profile);
}

static void
expect_in (const char *text, const char *wanted)
{
  cr_expect (strstr (text, wanted) != NULL, "%s is not in\n%s", wanted, text);
}

static void
expect_not_in (const char *text, const char *unwanted)
{
  cr_expect (strstr (text, unwanted) == NULL, "%s is in\n%s", unwanted, text);
}

/* A label that executes id, which then reads. */
static AakObservations *
with_id (void)
{
  AakObservations *observations = nothing (1);
  see_read (observations, 0, "", "/etc/mine");
  see_exec (observations, 0, "", "/usr/bin/id", "/usr/bin/id");
  see_read (observations, 0, "/usr/bin/id", "/etc/its");
  return observations;
}

Test (children, have_rules_of_their_own)
{
  g_autoptr (AakObservations) observations = with_id ();
  g_autofree char *text = text_of (observations, TRUE);
  const char *child = strstr (text, "  profile \"/usr/bin/id\" flags=");
  cr_assert_not_null (child, "%s", text);
  expect_in (child, "\n    /etc/its r,\n");
  expect_not_in (child, "/etc/mine");
  expect_in (text, "\n  /etc/mine r,\n");
  expect_not_in (text, "\n  /etc/its r,");
  expect_in (text, "\n  /usr/bin/id cx -> \"/usr/bin/id\",\n");
  expect_not_in (text, "ix,");
}

Test (children, fold_where_nobody_asks_for_them)
{
  g_autoptr (AakObservations) observations = with_id ();
  g_autofree char *text = text_of (observations, FALSE);
  expect_in (text, "\n  /etc/its r,\n");
  expect_in (text, "\n  /usr/bin/id ix,\n");
  expect_not_in (text, "cx");
}

Test (children, are_not_told_apart_unless_they_are_followed)
{
  g_autoptr (AakObservations) observations = learned_nothing ("r0", 1);
  see_exec (observations, 0, "", "/usr/bin/id", "/usr/bin/id");
  see_kept (observations, "/usr/bin/id", "/usr/bin/id");
  see_read (observations, 0, "/usr/bin/id", "/etc/its");
  g_autoptr (GBytes) yaml = aak_state_to_yaml (observations);
  gsize len = 0;
  const char *text = g_bytes_get_data (yaml, &len);
  cr_expect_null (g_strstr_len (text, (gssize) len, "child"));
  cr_expect_eq (aak_observations_count (observations), 2);
}

Test (children, that_complain_mode_makes_are_the_label_itself)
{
  g_autoptr (AakObservations) observations = nothing (1);
  see_exec (observations, 0, "", "/usr/bin/id", "null-/usr/bin/id");
  see_read (observations, 0, "null-/usr/bin/id", "/etc/its");
  g_autofree char *text = text_of (observations, TRUE);
  expect_in (text, "\n  /etc/its r,\n");
  expect_in (text, "\n  /usr/bin/id ix,\n");
}

Test (children, stay_where_no_new_privs_keeps_them)
{
  g_autoptr (AakObservations) observations = with_id ();
  see_kept (observations, "/bin/id", "/usr/bin/id");
  g_autofree char *text = text_of (observations, TRUE);
  expect_in (text, "\n  /etc/its r,\n");
  expect_in (text, "\n  /usr/bin/id ix,\n");
  AakChildCounts counts;
  aak_child_plan_count (observations, &counts);
  cr_expect_eq (counts.kept, 1);
  g_autoptr (GPtrArray) programs = aak_child_plan (observations);
  cr_expect_eq (programs->len, 0);
}

Test (children, that_were_entered_and_did_nothing_stay)
{
  g_autoptr (AakObservations) observations = nothing (1);
  see_exec (observations, 0, "", "/usr/bin/id", "/usr/bin/id");
  g_autofree char *text = text_of (observations, TRUE);
  expect_in (text, "\n  /usr/bin/id ix,\n");
}

Test (children, that_another_child_executes_stay_with_it)
{
  g_autoptr (AakObservations) observations = with_id ();
  see_exec (observations, 0, "/usr/bin/id", "/bin/x", "x");
  see_read (observations, 0, "x", "/etc/x");
  g_autofree char *text = text_of (observations, TRUE);
  expect_not_in (text, "cx");
  expect_in (text, "\n  /etc/x r,\n");
  expect_in (text, "\n  /bin/x ix,\n");
}

Test (children, keep_what_they_execute)
{
  g_autoptr (AakObservations) observations = with_id ();
  see_exec (observations, 0, "/usr/bin/id", "/bin/x", "/usr/bin/id");
  g_autofree char *text = text_of (observations, TRUE);
  expect_in (text, "\n    /bin/x ix,\n");
}

Test (children, that_nothing_was_executed_for_are_hats)
{
  g_autoptr (AakObservations) observations = with_id ();
  see_read (observations, 0, "hat", "/etc/hat");
  see_read (observations, 0, "/uri", "/etc/uri");
  see_read (observations, 0, "b d", "/etc/bad");
  g_autofree char *text = text_of (observations, TRUE);
  const char *hat = strstr (text, "  ^hat flags=(");
  cr_assert_not_null (hat, "%s", text);
  expect_in (hat, "\n    /etc/hat r,\n");
  expect_in (text, "\n  /etc/uri r,\n");
  expect_in (text, "\n  /etc/bad r,\n");
}

Test (children, with_equal_rules_are_one)
{
  g_autoptr (AakObservations) observations = nothing (1);
  static const char *const programs[] = { "/bin/a", "/bin/b,", "/bin/c" };
  see_read (observations, 0, "", "/etc/mine");
  for (gsize i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autofree char *name = aak_child_name_for (programs[i]);
      see_exec (observations, 0, "", programs[i], name);
      see_read (observations, 0, name, programs[i]);
      see_read (observations, 0, name, i < 2 ? "/etc/ab" : "/etc/mine");
    }
  g_autofree char *text = text_of (observations, TRUE);
  expect_in (text, "  profile \"/bin/a\" flags=");
  expect_in (text, "\n  /bin/a cx -> \"/bin/a\",\n  \"/bin/b,\" cx -> \"/bin/a\",\n");
  /* Equal to the label but for its own file. */
  expect_in (text, "\n  /bin/c rix,\n");
}

Test (children, signal_each_other_across_the_border)
{
  g_autoptr (AakObservations) observations = with_id ();
  see (observations, 0, "",
       "operation=\"signal\" requested_mask=\"send\" signal=term peer=\"k8s-t///usr/bin/id\"");
  see (observations, 0, "/usr/bin/id",
       "operation=\"signal\" requested_mask=\"receive\" signal=term peer=\"k8s-t\"");
  g_autofree char *text = text_of (observations, TRUE);
  expect_in (text, "\n  signal (send, receive) peer=\"k8s-t{,//**}\",");
  expect_in (text, "\n    signal (send, receive) peer=\"k8s-t{,//**}\",\n");
  expect_not_in (text, "set=(term)");
}

/* --- recordings without labels of their own --------------------------------------------------- */

Test (children, are_given_what_only_recordings_without_them_saw)
{
  g_autoptr (AakObservations) observations = nothing (2);
  see_exec (observations, 0, "", "/usr/bin/id", "");
  see_read (observations, 0, "", "/etc/mine");
  see_read (observations, 0, "", "/etc/its");
  see_read (observations, 0, "", "/etc/once");
  see_read (observations, 1, "", "/etc/mine");
  see_exec (observations, 1, "", "/usr/bin/id", "/usr/bin/id");
  see_read (observations, 1, "/usr/bin/id", "/etc/its");
  g_autofree char *text = text_of (observations, TRUE);
  expect_in (text, "\n  /usr/bin/id cx -> \"/usr/bin/id\",\n");
  expect_not_in (text, "/usr/bin/id ix");
  expect_in (text, "\n    /etc/its r,\n");
  expect_in (text, "\n    /etc/once r,\n");
  expect_not_in (text, "\n    /etc/mine r,\n");
  expect_in (text, "\n  /etc/once r,\n");
}

Test (children, know_what_the_application_makes)
{
  g_autoptr (AakObservations) observations = with_id ();
  see (observations, 0, "",
       "operation=\"mknod\" name=\"/tmp/out12\" requested_mask=\"c\" fsuid=0 ouid=0");
  see (observations, 0, "/usr/bin/id",
       "operation=\"file_inherit\" name=\"/tmp/out12\" requested_mask=\"w\" fsuid=0 ouid=0");
  g_autofree char *text = text_of (observations, TRUE);
  expect_in (text, "\n    /tmp/out[0-9]* w,");
}

Test (children, are_planned_for_programs_that_are_there_every_day)
{
  g_autoptr (AakObservations) observations = with_id ();
  see_exec (observations, 0, "", "/bin/b", "");
  see_exec (observations, 0, "", "/bin/a", "");
  see_exec (observations, 0, "", "/tmp/made", "");
  see_exec (observations, 0, "/usr/bin/id", "/bin/inner", "/usr/bin/id");
  see (observations, 0, "",
       "operation=\"mknod\" name=\"/tmp/made\" requested_mask=\"c\" fsuid=0 ouid=0");
  g_autoptr (GPtrArray) programs = aak_child_plan (observations);
  cr_assert_eq (programs->len, 3);
  cr_expect_str_eq (programs->pdata[0], "/bin/a");
  cr_expect_str_eq (programs->pdata[1], "/bin/b");
  cr_expect_str_eq (programs->pdata[2], "/usr/bin/id");
  AakChildCounts counts;
  aak_child_plan_count (observations, &counts);
  cr_expect_eq (counts.lacking, 2);
}

Test (children, are_bounded)
{
  g_autoptr (AakObservations) observations = nothing (1);
  for (guint i = 0; i < 3 * AAK_CHILD_CANDIDATES_MAX; i++)
    {
      g_autofree char *path = g_strdup_printf ("/bin/p%03u", i);
      g_autofree char *file = g_strdup_printf ("/etc/x%c%c", 'a' + i % 26, 'a' + i / 26);
      see_exec (observations, 0, "", path, path);
      if (i >= 50)
        see_exec (observations, 0, "", path, path);
      see_read (observations, 0, path, file);
    }
  g_autoptr (GPtrArray) programs = aak_child_plan (observations);
  cr_assert_eq (programs->len, AAK_CHILDREN_MAX);
  cr_expect_str_eq (programs->pdata[0], "/bin/p050");
  AakChildCounts counts;
  aak_child_plan_count (observations, &counts);
  cr_expect_eq (counts.beyond, 3 * AAK_CHILD_CANDIDATES_MAX - AAK_CHILDREN_MAX);
  g_autoptr (GArray) trace = NULL;
  g_autoptr (AakProfile) profile = aak_generalise_children (observations, FALSE, &trace);
  cr_expect_eq (profile->children->len, AAK_CHILDREN_MAX);
  g_autofree char *text = aak_profile_to_text (profile);
  expect_in (text, "\n  /bin/p191 ix,\n");
  expect_in (text, "\n  /bin/p011 ix,\n");
}

Test (children, that_are_equal_are_not_too_many)
{
  g_autoptr (AakObservations) observations = nothing (1);
  for (guint i = 0; i < 3 * AAK_CHILDREN_MAX; i++)
    {
      g_autofree char *path = g_strdup_printf ("/bin/p%03u", i);
      g_autofree char *file = g_strdup_printf ("/etc/x%c", 'a' + i % AAK_CHILDREN_MAX);
      see_exec (observations, 0, "", path, path);
      see_read (observations, 0, path, file);
    }
  g_autoptr (GArray) trace = NULL;
  g_autoptr (AakProfile) profile = aak_generalise_children (observations, FALSE, &trace);
  cr_assert_eq (profile->children->len, AAK_CHILDREN_MAX);
  const AakChild *first = profile->children->pdata[0];
  cr_expect_eq (first->programs->len, 3);
}
