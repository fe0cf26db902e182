/* SPDX-License-Identifier: GPL-2.0-or-later
 * A load that fails, or that the kernel does not keep, leaves the kernel as it was, or says what
 * differs. */
#include "lib/error.h"
#include "lib/lsm-backend.h"
#include "register/plan.h"
#include "register/transaction.h"
#include "tests/unit/policy-fixture.h"

#define PROFILES "/sys/kernel/security/apparmor/policy/profiles"

/* What the next writes do: one letter each. o: as the kernel. e: refused. w: accepted, but "web"
 * gets another content. h: accepted, but forgets "web". k: accepted, but nothing is done. */
static const char *script;
static guint writes;

static char
next_letter (void)
{
  char what = writes < strlen (script) ? script[writes] : 'o';
  writes++;
  return what;
}

static gboolean
refuse (GError **error)
{
  g_set_error (error, AAK_ERROR, AAK_ERROR_KERNEL, "refused by the kernel: made up");
  return FALSE;
}

static gboolean
scripted_replace (const char *dir, GBytes *blob, GError **error)
{
  char what = next_letter ();
  if (what == 'e')
    return refuse (error);
  if (!aak_lsm_recording.replace (dir, blob, error))
    return FALSE;
  if (what == 'w')
    {
      g_autoptr (AakPolicy) other = fixture_policy ("web", "", "/somebody/elses");
      return aak_lsm_recording.replace (dir, other->blob, error);
    }
  return what != 'h' || aak_lsm_recording.remove (dir, "web", error);
}

static gboolean
scripted_remove (const char *dir, const char *name, GError **error)
{
  char what = next_letter ();
  if (what == 'e')
    return refuse (error);
  return what == 'k' || aak_lsm_recording.remove (dir, name, error);
}

static const AakLsmBackend scripted = { scripted_replace, scripted_remove };

static AakStep *
make_step (AakPolicy *policy, GPtrArray *actual)
{
  AakStep *step = g_new0 (AakStep, 1);
  const AakLoaded *loaded = aak_lsm_find (actual, policy->name);
  step->name = g_strdup (policy->name);
  step->policy = policy;
  step->was_loaded = loaded != NULL;
  step->old_mode = loaded != NULL ? loaded->mode : AAK_MODE_ENFORCE;
  step->action = loaded != NULL ? AAK_ACTION_REPLACE : AAK_ACTION_ADD;
  return step;
}

static void
free_step (AakStep *step)
{
  g_free (step->name);
  g_free (step->hash);
  g_free (step);
}

static char *
describe (AakLsm *lsm)
{
  g_autoptr (GPtrArray) list = aak_lsm_list (lsm, NULL);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < list->len; i++)
    {
      const AakLoaded *loaded = list->pdata[i];
      g_string_append_printf (text, "%s %s %s\n", loaded->name, aak_mode_name (loaded->mode),
                              loaded->hash);
    }
  return g_string_free (text, FALSE);
}

/* A step that unloads "gone" with its hat. */
static AakStep *
make_prune (const char *name)
{
  AakStep *step = g_new0 (AakStep, 1);
  step->name = g_strdup (name);
  step->was_loaded = TRUE;
  step->action = AAK_ACTION_PRUNE;
  return step;
}

static const struct
{
  const char
      *script; /* the first letter is of the transaction's write, the second of the way back */
  gboolean ok;
  gboolean restored;
  const char *told;
} rows[] = {
  { "o", TRUE, FALSE, NULL },
  { "e", FALSE, TRUE, "made up; the kernel holds what it held before" },
  { "w", FALSE, TRUE, "\"web\" was accepted by the kernel, but is not what it holds now" },
  { "h", FALSE, TRUE, "(not loaded, no hash)" },
  { "we", FALSE, FALSE, "the kernel does NOT hold what it held before: \"web\"" },
  { "he", FALSE, FALSE, "the kernel does NOT hold what it held before: \"web\"" },
};

static void
check_row (guint i)
{
  g_autofree char *root = fixture_node ();
  g_autoptr (AakLsm) lsm = aak_lsm_new (root, &scripted);
  g_autoptr (AakPolicy) old = fixture_policy ("web", "flags=(complain)", "/old");
  g_autoptr (AakPolicy) web = fixture_policy ("web", "", "/new");
  g_autoptr (AakPolicy) added = fixture_policy ("zoo", "", "/zoo");
  script = "";
  cr_assert (aak_lsm_replace (lsm, old->blob, NULL));
  g_autofree char *before = describe (lsm);
  g_autoptr (GPtrArray) actual = aak_lsm_list (lsm, NULL);
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func ((GDestroyNotify) free_step);
  g_ptr_array_add (steps, make_step (web, actual));
  g_ptr_array_add (steps, make_step (added, actual));

  script = rows[i].script;
  writes = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (AakUndo) undo = aak_transaction_run (lsm, steps, &error);
  gboolean ok = undo != NULL;
  cr_assert_eq (ok, rows[i].ok, "row %u: %s", i, error != NULL ? error->message : "");
  g_autofree char *after = describe (lsm);
  if (ok)
    {
      cr_expect_eq (writes, 1);
      cr_expect_not_null (((AakStep *) steps->pdata[1])->hash);
    }
  else
    {
      cr_expect_eq (strcmp (before, after) == 0, rows[i].restored, "row %u:\n%s", i, after);
      cr_expect_not_null (strstr (error->message, rows[i].told), "row %u: %s", i, error->message);
    }
  aak_tree_remove (root);
}

Test (transaction, failures_and_the_way_back)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    check_row (i);
}

Test (transaction, nothing_to_do_writes_nothing)
{
  g_autofree char *root = fixture_node ();
  g_autoptr (AakLsm) lsm = aak_lsm_new (root, &scripted);
  g_autoptr (AakPolicy) web = fixture_policy ("web", "", "/a");
  AakStep step = { .policy = web, .action = AAK_ACTION_KEEP };
  g_autoptr (GPtrArray) steps = g_ptr_array_new ();
  g_ptr_array_add (steps, &step);
  script = "e";
  writes = 0;
  g_autoptr (AakUndo) undo = aak_transaction_run (lsm, steps, NULL);
  cr_expect_not_null (undo);
  cr_expect_eq (writes, 0);
  aak_tree_remove (root);
}

/* What is loaded after a change of "web", and of "zoo" which was not there, that failed on a node
 * where a task has @label; @error says why. */
static GPtrArray *
fail_beside (const char *label, GError **error)
{
  g_autofree char *root = fixture_node ();
  fixture_put (root, "/proc/9/attr/apparmor/current", label);
  g_autoptr (AakLsm) lsm = aak_lsm_new (root, &scripted);
  g_autoptr (AakPolicy) web = fixture_policy ("web", "", "/new");
  g_autoptr (AakPolicy) added = fixture_policy ("zoo", "", "/zoo");
  g_autoptr (GPtrArray) actual = aak_lsm_list (lsm, NULL);
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func ((GDestroyNotify) free_step);
  g_ptr_array_add (steps, make_step (web, actual));
  g_ptr_array_add (steps, make_step (added, actual));
  script = "w";
  writes = 0;
  cr_expect_null (aak_transaction_run (lsm, steps, error));
  GPtrArray *list = aak_lsm_list (lsm, NULL);
  aak_tree_remove (root);
  return list;
}

/* A profile that a task has come to wear meanwhile is not taken out again: the task would be
 * unconfined for good. */
Test (transaction, the_way_back_unconfines_nobody)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = fail_beside ("zoo (enforce)\n", &error);
  cr_expect_not_null (strstr (error->message,
                              "NOT hold what it held before: \"zoo\" (was not loaded"),
                      "%s", error->message);
  cr_expect_null (aak_lsm_find (list, "web"));
  cr_expect_not_null (aak_lsm_find (list, "zoo"));
}

/* Nor one whose wearers cannot be known: a label that cannot be read may be any. */
Test (transaction, the_way_back_leaves_what_may_be_worn)
{
  g_autofree char *label = g_strnfill (10000, 'a');
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = fail_beside (label, &error);
  cr_expect_not_null (strstr (error->message, "whether tasks wear it cannot be known"), "%s",
                      error->message);
  cr_expect_not_null (aak_lsm_find (list, "zoo"));
}

/* "web" is replaced by one with other children, "zoo" is added, "gone" and "old" go. */
static const struct
{
  const char *script; /* of the write, two removals, and the way back */
  gboolean ok, restored;
  const char *told;
} removals[] = {
  { "ooo", TRUE, FALSE, NULL },
  { "e", FALSE, TRUE, "the kernel holds what it held before" },
  { "oe", FALSE, TRUE, "cannot remove profile \"old\"" },
  { "ooe", FALSE, TRUE, "the kernel holds what it held before" },
  { "ook", FALSE, TRUE, "\"gone\" was removed, but the kernel still holds it" },
  { "ooee", FALSE, FALSE, "\"old\" (was enforce, sha256:" },
};

static AakPolicy *
policy_with_hat (const char *name, const char *hat)
{
  g_autofree char *text =
      g_strdup_printf ("abi <abi/3.0>,\nprofile %s {\n  /a r,\n  ^%s {\n    /hat r,\n  }\n}\n",
                       name, hat);
  g_autoptr (GPtrArray) policies = fixture_policies (text);
  return aak_policy_ref (policies->pdata[0]);
}

static void
check_removal (guint i)
{
  g_autofree char *root = fixture_node ();
  g_autoptr (AakLsm) lsm = aak_lsm_new (root, &scripted);
  g_autoptr (AakPolicy) web = policy_with_hat ("web", "one"), next = policy_with_hat ("web", "two"),
                        zoo = policy_with_hat ("zoo", "hat"),
                        gone = policy_with_hat ("gone", "hat"),
                        old = policy_with_hat ("old", "hat");
  script = "";
  AakPolicy *loaded[] = { web, gone, old };
  for (guint n = 0; n < G_N_ELEMENTS (loaded); n++)
    cr_assert (aak_lsm_replace (lsm, loaded[n]->blob, NULL));
  g_autofree char *before = describe (lsm);
  g_autoptr (GPtrArray) actual = aak_lsm_list (lsm, NULL);
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func ((GDestroyNotify) free_step);
  g_ptr_array_add (steps, make_step (next, actual));
  g_ptr_array_add (steps, make_step (zoo, actual));
  g_ptr_array_add (steps, make_prune ("gone"));
  g_ptr_array_add (steps, make_prune ("old"));

  script = removals[i].script;
  writes = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (AakUndo) undo = aak_transaction_run (lsm, steps, &error);
  cr_assert_eq (undo != NULL, removals[i].ok, "row %u", i);
  g_autofree char *after = describe (lsm);
  if (undo == NULL)
    {
      cr_expect_not_null (strstr (error->message, removals[i].told), "row %u: %s", i,
                          error->message);
      cr_expect_eq (strcmp (before, after) == 0, removals[i].restored, "row %u:\n%s", i, after);
    }
  else
    {
      cr_expect_null (strstr (after, "gone"));
      cr_expect_not_null (strstr (after, "web//one"), "children that are not named are inherited");
      error = g_error_new (AAK_ERROR, AAK_ERROR_IO, "the disk is full");
      aak_undo_run (undo, &error);
      g_autofree char *back = describe (lsm);
      cr_expect_str_eq (back, before);
      cr_expect_str_eq (error->message, "the disk is full; the kernel holds what it held before");
    }
  aak_tree_remove (root);
}

Test (transaction, removals_and_the_way_back)
{
  for (guint i = 0; i < G_N_ELEMENTS (removals); i++)
    check_removal (i);
}

/* Whoever came to wear it after the plan was made keeps it, and everything else is undone. */
Test (transaction, a_task_that_comes_late_is_not_unconfined)
{
  g_autofree char *root = fixture_node ();
  fixture_put (root, "/proc/9/attr/apparmor/current", "unconfined\n");
  fixture_put (root, "/proc/9/task/9/comm", "nginx\n");
  fixture_put (root, "/proc/9/task/10/attr/apparmor/current", "gone//hat (enforce)\n");
  g_autoptr (AakLsm) lsm = aak_lsm_new (root, &scripted);
  g_autoptr (AakPolicy) gone = policy_with_hat ("gone", "hat"),
                        zoo = policy_with_hat ("zoo", "hat");
  script = "";
  cr_assert (aak_lsm_replace (lsm, gone->blob, NULL));
  g_autofree char *before = describe (lsm);
  g_autoptr (GPtrArray) actual = aak_lsm_list (lsm, NULL);
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func ((GDestroyNotify) free_step);
  g_ptr_array_add (steps, make_step (zoo, actual));
  g_ptr_array_add (steps, make_prune ("gone"));
  g_autoptr (GError) error = NULL;
  cr_expect_null (aak_transaction_run (lsm, steps, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_BUSY));
  cr_expect_not_null (strstr (error->message, "pid 10 (?) has come to wear it"), "%s",
                      error->message);
  g_autofree char *after = describe (lsm);
  cr_expect_str_eq (after, before);
  aak_tree_remove (root);
}
