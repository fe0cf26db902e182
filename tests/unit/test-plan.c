/* SPDX-License-Identifier: GPL-2.0-or-later
 * The plan: what is equal is kept, what is foreign is refused, guard is not lowered unasked. */
#include "lib/store.h"
#include "register/plan.h"
#include "register/texts.h"
#include "tests/unit/policy-fixture.h"

/* What is loaded under the desired name. */
typedef enum
{
  NOTHING,
  SAME,
  OTHER_ENFORCE,
  OTHER_COMPLAIN,
  OTHER_KILL,
  SAME_BUT_CHILD, /* the hat differs */
  NO_HASH,
  SAME_BUT_MODE, /* as after a change by hand */
} Loaded;

typedef struct
{
  const char *name;
  const char *flags;
  Loaded loaded;
  gboolean registered, learned, adopted, foreign_text, force, allow_complain;
  AakAction action;
} Row;

static const Row rows[] = {
  { "web", "", NOTHING, .action = AAK_ACTION_ADD },
  { "web", "", SAME, .action = AAK_ACTION_KEEP },
  { "web", "", SAME, .foreign_text = TRUE, .action = AAK_ACTION_KEEP },
  { "web", "", OTHER_ENFORCE, .action = AAK_ACTION_REFUSE },
  { "web", "", OTHER_ENFORCE, .registered = TRUE, .action = AAK_ACTION_REPLACE },
  { "web", "", OTHER_ENFORCE, .learned = TRUE, .action = AAK_ACTION_REPLACE },
  { "web", "", OTHER_ENFORCE, .adopted = TRUE, .action = AAK_ACTION_REPLACE },
  { "web", "", OTHER_COMPLAIN, .action = AAK_ACTION_REFUSE },
  { "k8s-web", "", OTHER_COMPLAIN, .action = AAK_ACTION_REPLACE },
  { "k8s-web", "", OTHER_COMPLAIN, .foreign_text = TRUE, .action = AAK_ACTION_REFUSE },
  { "k8s-web", "", OTHER_ENFORCE, .action = AAK_ACTION_REFUSE },
  { "web", "", NOTHING, .foreign_text = TRUE, .action = AAK_ACTION_REFUSE },
  { "web", "", NOTHING, .foreign_text = TRUE, .adopted = TRUE, .action = AAK_ACTION_ADD },
  { "web", "", SAME_BUT_CHILD, .registered = TRUE, .action = AAK_ACTION_REPLACE },
  { "web", "", SAME_BUT_MODE, .registered = TRUE, .action = AAK_ACTION_REPLACE },
  { "web", "", OTHER_ENFORCE, .force = TRUE, .action = AAK_ACTION_REPLACE },
  { "web", "", NO_HASH, .registered = TRUE, .action = AAK_ACTION_REPLACE },
  { "web", "flags=(complain)", OTHER_ENFORCE, .registered = TRUE, .action = AAK_ACTION_REFUSE },
  { "web", "flags=(complain)", OTHER_KILL, .registered = TRUE, .action = AAK_ACTION_REFUSE },
  { "web", "flags=(complain)", OTHER_ENFORCE, .registered = TRUE, .allow_complain = TRUE,
    .action = AAK_ACTION_REPLACE },
  { "web", "flags=(complain)", OTHER_COMPLAIN, .registered = TRUE, .action = AAK_ACTION_REPLACE },
};

static void
add_loaded (GPtrArray *actual, const AakPolicy *policy, guint part_index, const Row *row)
{
  static const AakMode modes[] = { [OTHER_ENFORCE] = AAK_MODE_ENFORCE,
                                   [OTHER_COMPLAIN] = AAK_MODE_COMPLAIN,
                                   [OTHER_KILL] = AAK_MODE_KILL };
  const AakBlobProfile *part = policy->parts->pdata[part_index];
  gboolean same = row->loaded == SAME || row->loaded == SAME_BUT_MODE
                  || (row->loaded == SAME_BUT_CHILD && part_index == 0);
  gboolean other =
      row->loaded == OTHER_ENFORCE || row->loaded == OTHER_COMPLAIN || row->loaded == OTHER_KILL;
  AakLoaded *loaded = g_new0 (AakLoaded, 1);
  loaded->name = g_strdup (part->name);
  loaded->mode = other ? modes[row->loaded] : part->mode;
  if (row->loaded == SAME_BUT_MODE)
    loaded->mode = AAK_MODE_COMPLAIN;
  if (row->loaded != NO_HASH)
    loaded->hash = same ? aak_policy_blob_hash (policy->blob, part, "sha1") : g_strdup ("sha1:00");
  g_ptr_array_add (actual, loaded);
}

static void
check_row (guint i)
{
  const Row *row = &rows[i];
  g_autofree char *root = fixture_node ();
  g_autoptr (AakPolicy) policy = fixture_policy (row->name, row->flags, "/a");
  g_autoptr (AakStore) store = aak_store_read (root, NULL);
  if (row->registered)
    aak_store_put (store, policy);
  if (row->learned)
    {
      cr_assert (aak_store_add_learning (root, row->name, NULL));
      g_clear_pointer (&store, aak_store_free);
      store = aak_store_read (root, NULL);
    }
  g_autoptr (GPtrArray) desired = g_ptr_array_new ();
  g_ptr_array_add (desired, policy);
  g_autoptr (GPtrArray) actual = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_loaded_free);
  for (guint part = 0; row->loaded != NOTHING && part < policy->parts->len; part++)
    add_loaded (actual, policy, part, row);
  g_autoptr (GHashTable) texts = g_hash_table_new (g_str_hash, g_str_equal);
  if (row->foreign_text)
    g_hash_table_insert (texts, policy->name, GINT_TO_POINTER (AAK_TEXT_FOREIGN));
  const char *const adopt[] = { row->adopted ? row->name : "nobody", NULL };
  AakPlanInput input = {
    .desired = desired,
    .actual = actual,
    .store = store,
    .texts = texts,
    .rules = { .adopt = adopt, .force = row->force, .allow_complain = row->allow_complain }
  };
  g_autoptr (GPtrArray) steps = aak_plan_make (&input);
  cr_assert_eq (steps->len, 1);
  const AakStep *step = steps->pdata[0];
  cr_expect_eq (step->action, row->action, "row %u: %s", i, aak_action_name (step->action));
  cr_expect_eq (step->reason != NULL, row->action == AAK_ACTION_REFUSE, "row %u", i);
  cr_expect_eq (step->hash != NULL, row->action == AAK_ACTION_KEEP, "row %u", i);
  aak_tree_remove (root);
}

/* --- copies of texts ------------------------------------------------------------------------- */

static const struct
{
  AakTextState state;
  gboolean loaded, foreign, no_text, adopted;
  AakAction action, text;
} text_rows[] = {
  { .state = AAK_TEXT_SAME, .loaded = TRUE },
  { AAK_TEXT_MISSING, .loaded = TRUE, .text = AAK_ACTION_ADD },
  { AAK_TEXT_DIFFERS, .loaded = TRUE, .text = AAK_ACTION_REPLACE },
  { AAK_TEXT_DIFFERS, .loaded = TRUE, .no_text = TRUE },
  { AAK_TEXT_MISSING, .action = AAK_ACTION_ADD, .text = AAK_ACTION_ADD },
  { AAK_TEXT_FOREIGN, .loaded = TRUE, .foreign = TRUE },
  { AAK_TEXT_FOREIGN, .foreign = TRUE, .action = AAK_ACTION_REFUSE },
  { AAK_TEXT_FOREIGN, .loaded = TRUE, .foreign = TRUE, .adopted = TRUE,
    .text = AAK_ACTION_REPLACE },
  { AAK_TEXT_MISSING, .loaded = TRUE, .foreign = TRUE },
};

static void
check_text (guint i)
{
  static const Row as_loaded = { .loaded = SAME };
  g_autofree char *root = fixture_node ();
  g_autoptr (AakPolicy) policy = fixture_policy ("web", "", "/a");
  g_autoptr (AakStore) store = aak_store_new (root);
  if (!text_rows[i].foreign)
    aak_store_put (store, policy);
  if (text_rows[i].no_text)
    g_clear_pointer (&policy->text, g_bytes_unref);
  g_autoptr (GPtrArray) desired = g_ptr_array_new ();
  g_ptr_array_add (desired, policy);
  g_autoptr (GPtrArray) actual = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_loaded_free);
  for (guint part = 0; text_rows[i].loaded && part < policy->parts->len; part++)
    add_loaded (actual, policy, part, &as_loaded);
  g_autoptr (GHashTable) texts = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (texts, policy->name, GINT_TO_POINTER (text_rows[i].state));
  AakPlanInput input = { .desired = desired, .actual = actual, .store = store, .texts = texts };
  input.rules.force = text_rows[i].adopted;
  g_autoptr (GPtrArray) steps = aak_plan_make (&input);
  const AakStep *step = steps->pdata[0];
  gboolean mends = text_rows[i].action == AAK_ACTION_KEEP && text_rows[i].text != AAK_ACTION_KEEP;
  cr_expect_eq (step->action, text_rows[i].action, "row %u", i);
  cr_expect_eq (step->text, text_rows[i].text, "row %u: %s", i, aak_action_name (step->text));
  cr_expect_eq (aak_plan_mended_texts (steps), mends ? 1 : 0, "row %u", i);
  cr_expect_eq (aak_plan_changes (steps), text_rows[i].action == AAK_ACTION_ADD ? 1 : 0);
  aak_plan_leave_texts (steps);
  cr_expect_eq (step->text, AAK_ACTION_KEEP, "row %u", i);
  aak_tree_remove (root);
}

Test (plan, texts)
{
  for (guint i = 0; i < G_N_ELEMENTS (text_rows); i++)
    check_text (i);
}

/* --- signed bundles -------------------------------------------------------------------------- */

static const struct
{
  gboolean verified, same, allow_older;
  guint64 serial; /* of what is desired; 7 is registered */
  AakAction action, gone;
} serial_rows[] = {
  { .serial = 6, .action = AAK_ACTION_REPLACE, .gone = AAK_ACTION_PRUNE },
  { TRUE, .serial = 6, .action = AAK_ACTION_REFUSE, .gone = AAK_ACTION_REFUSE },
  { TRUE, TRUE, .serial = 6, .action = AAK_ACTION_REFUSE, .gone = AAK_ACTION_REFUSE },
  { TRUE, .serial = 0, .action = AAK_ACTION_REFUSE, .gone = AAK_ACTION_REFUSE },
  { TRUE, .serial = 7, .action = AAK_ACTION_REPLACE, .gone = AAK_ACTION_PRUNE },
  { TRUE, .serial = 8, .action = AAK_ACTION_REPLACE, .gone = AAK_ACTION_PRUNE },
  { TRUE, .allow_older = TRUE, .serial = 6, .action = AAK_ACTION_REPLACE,
    .gone = AAK_ACTION_PRUNE },
};

static void
check_serial (guint i)
{
  const Row as_loaded = { .loaded = serial_rows[i].same ? SAME : OTHER_ENFORCE };
  g_autofree char *root = fixture_node ();
  g_autoptr (AakPolicy) policy = fixture_policy ("web", "", "/a"),
                        gone = fixture_policy ("gone", "", "/a");
  g_autoptr (AakStore) store = aak_store_new (root);
  policy->verified = gone->verified = TRUE;
  policy->serial = gone->serial = 7;
  aak_store_put (store, policy);
  aak_store_put (store, gone);
  policy->verified = serial_rows[i].verified;
  policy->serial = serial_rows[i].serial;
  g_autoptr (GPtrArray) desired = g_ptr_array_new (), tasks = g_ptr_array_new ();
  g_ptr_array_add (desired, policy);
  g_autoptr (GPtrArray) actual = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_loaded_free);
  for (guint part = 0; part < policy->parts->len; part++)
    add_loaded (actual, policy, part, &as_loaded);
  g_autoptr (GHashTable) texts = g_hash_table_new (g_str_hash, g_str_equal);
  AakWorn worn = { .tasks = tasks };
  AakPlanInput input = { .desired = desired,
                         .actual = actual,
                         .store = store,
                         .texts = texts,
                         .worn = &worn,
                         .rules = { .prune = TRUE, .allow_older = serial_rows[i].allow_older } };
  g_autoptr (GPtrArray) steps = aak_plan_make (&input);
  cr_assert_eq (steps->len, 2);
  cr_expect_eq (((const AakStep *) steps->pdata[0])->action, serial_rows[i].action, "row %u", i);
  cr_expect_eq (((const AakStep *) steps->pdata[1])->action, serial_rows[i].gone, "row %u", i);
  aak_tree_remove (root);
}

Test (plan, serials)
{
  for (guint i = 0; i < G_N_ELEMENTS (serial_rows); i++)
    check_serial (i);
}

Test (plan, table)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    check_row (i);
}

/* --- what goes ------------------------------------------------------------------------------- */

typedef struct
{
  gboolean registered, loaded, named, worn, blind, force;
  int action; /* -1: no step at all */
} Going;

static const Going goings[] = {
  { .registered = TRUE, .loaded = TRUE, .action = AAK_ACTION_PRUNE },
  { .registered = TRUE, .loaded = FALSE, .action = AAK_ACTION_PRUNE },
  { .registered = FALSE, .loaded = TRUE, .action = -1 },
  { .registered = TRUE, .loaded = TRUE, .named = TRUE, .action = AAK_ACTION_KEEP },
  { .registered = TRUE, .loaded = TRUE, .worn = TRUE, .action = AAK_ACTION_WORN },
  { .registered = TRUE, .loaded = TRUE, .blind = TRUE, .action = AAK_ACTION_WORN },
  { .registered = TRUE, .loaded = FALSE, .blind = TRUE, .action = AAK_ACTION_PRUNE },
  { .registered = TRUE, .loaded = TRUE, .blind = TRUE, .force = TRUE, .action = AAK_ACTION_PRUNE },
  { .registered = TRUE, .loaded = TRUE, .worn = TRUE, .force = TRUE, .action = AAK_ACTION_PRUNE },
};

static void
check_going (guint i)
{
  static const Row as_loaded = { .loaded = SAME };
  const Going *row = &goings[i];
  g_autofree char *root = fixture_node ();
  g_autoptr (AakPolicy) old = fixture_policy ("old", "", "/a"),
                        new = fixture_policy ("new", "", "/a");
  g_autoptr (AakStore) store = aak_store_read (root, NULL);
  if (row->registered)
    aak_store_put (store, old);
  g_autoptr (GPtrArray) desired = g_ptr_array_new (), tasks = g_ptr_array_new ();
  g_ptr_array_add (desired, new);
  if (row->named)
    g_ptr_array_add (desired, old);
  g_autoptr (GPtrArray) actual = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_loaded_free);
  for (guint part = 0; row->loaded && part < old->parts->len; part++)
    add_loaded (actual, old, part, &as_loaded);
  AakWearer wearer = { .pid = 7, .label = (char *) "x//&old//hat", .comm = (char *) "nginx" };
  if (row->worn)
    g_ptr_array_add (tasks, &wearer);
  g_autoptr (GHashTable) texts = g_hash_table_new (g_str_hash, g_str_equal);
  AakWorn worn = { .tasks = tasks, .blind = row->blind ? (char *) "hidden" : NULL, .root = root };
  AakPlanInput input = { .desired = desired,
                         .actual = actual,
                         .store = store,
                         .texts = texts,
                         .worn = &worn,
                         .rules = { .force = row->force, .prune = TRUE } };
  g_autoptr (GPtrArray) steps = aak_plan_make (&input);
  guint wanted = row->action < 0 ? 1 : 2;
  cr_assert_eq (steps->len, wanted, "row %u", i);
  const AakStep *last = steps->pdata[steps->len - 1];
  if (row->action == AAK_ACTION_PRUNE || row->action == AAK_ACTION_WORN)
    {
      cr_expect_str_eq (last->name, "old", "row %u: what goes comes last", i);
      cr_expect_eq ((int) last->action, row->action, "row %u: %s", i,
                    aak_action_name (last->action));
      cr_expect_eq (last->wearers->len, row->worn ? 1u : 0u, "row %u", i);
      aak_worn_explain (&worn, steps);
      const char *told = row->worn ? "no pod: 7 (nginx)" : "cannot be known: hidden";
      gboolean telling = row->worn || last->action == AAK_ACTION_WORN;
      cr_expect_eq (last->reason != NULL, telling, "row %u", i);
      cr_expect (!telling || strstr (last->reason, told) != NULL, "%s", last->reason);
    }
  input.rules.prune = FALSE;
  g_autoptr (GPtrArray) without = aak_plan_make (&input);
  cr_expect_eq (without->len, desired->len, "row %u: nothing goes unasked", i);
  aak_tree_remove (root);
}

Test (plan, what_goes)
{
  for (guint i = 0; i < G_N_ELEMENTS (goings); i++)
    check_going (i);
}

/* Random registered, desired and loaded profiles: whatever is desired stays, whatever is worn
 * stays, nothing that is not registered goes, and a plan of what was done is empty. */
Test (plan, any_prune)
{
  static const char *const names[] = { "a", "b", "c", "d" };
  static const Row as_loaded = { .loaded = SAME };
  AakPolicy *policies[G_N_ELEMENTS (names)];
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    policies[i] = fixture_policy (names[i], "", "/a");
  g_autofree char *root = fixture_node ();
  for (guint dice = 0; dice < 1u << 12; dice++)
    {
      g_autoptr (AakStore) store = aak_store_read (root, NULL);
      g_autoptr (GPtrArray) desired = g_ptr_array_new (), tasks = g_ptr_array_new ();
      g_autoptr (GPtrArray) actual =
          g_ptr_array_new_with_free_func ((GDestroyNotify) aak_loaded_free);
      g_autoptr (GHashTable) texts = g_hash_table_new (g_str_hash, g_str_equal);
      AakWearer wearer = { .pid = 7, .label = (char *) names[dice % 4], .comm = (char *) "x" };
      g_ptr_array_add (tasks, &wearer);
      for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        {
          guint bits = dice >> (3 * i);
          if ((bits & 1) != 0)
            aak_store_put (store, policies[i]);
          if ((bits & 2) != 0)
            g_ptr_array_add (desired, policies[i]);
          for (guint part = 0; (bits & 4) != 0 && part < policies[i]->parts->len; part++)
            add_loaded (actual, policies[i], part, &as_loaded);
        }
      AakWorn worn = { .tasks = tasks };
      AakPlanInput input = { .desired = desired,
                             .actual = actual,
                             .store = store,
                             .texts = texts,
                             .worn = &worn,
                             .rules.prune = TRUE };
      g_autoptr (GPtrArray) steps = aak_plan_make (&input);
      for (guint i = 0; i < steps->len; i++)
        {
          const AakStep *step = steps->pdata[i];
          guint bits = dice >> (3 * (guint) (*step->name - 'a'));
          gboolean goes = step->action == AAK_ACTION_PRUNE;
          cr_assert (!goes || ((bits & 3) == 1 && strcmp (step->name, wearer.label) != 0), "%x",
                     dice);
          cr_assert ((bits & 2) == 0 || (step->action == AAK_ACTION_KEEP) == ((bits & 4) != 0),
                     "%x", dice);
          cr_assert (i == 0 || step->policy == NULL
                         || ((const AakStep *) steps->pdata[i - 1])->policy != NULL,
                     "%x: what goes comes last", dice);
        }
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    aak_policy_unref (policies[i]);
  aak_tree_remove (root);
}
