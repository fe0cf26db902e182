/* SPDX-License-Identifier: GPL-2.0-or-later
 * The plan: what is equal is kept, what is foreign is refused, guard is not lowered unasked. */
#include "lib/store.h"
#include "register/plan.h"
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
  g_autoptr (GHashTable) foreign = g_hash_table_new (g_str_hash, g_str_equal);
  if (row->foreign_text)
    g_hash_table_add (foreign, policy->name);
  const char *const adopt[] = { row->adopted ? row->name : "nobody", NULL };
  AakPlanInput input = { .desired = desired,
                         .actual = actual,
                         .store = store,
                         .foreign_texts = foreign,
                         .adopt = adopt,
                         .force = row->force,
                         .allow_complain = row->allow_complain };
  g_autoptr (GPtrArray) steps = aak_plan_make (&input);
  cr_assert_eq (steps->len, 1);
  const AakStep *step = steps->pdata[0];
  cr_expect_eq (step->action, row->action, "row %u: %s", i, aak_action_name (step->action));
  cr_expect_eq (step->reason != NULL, row->action == AAK_ACTION_REFUSE, "row %u", i);
  cr_expect_eq (step->hash != NULL, row->action == AAK_ACTION_KEEP, "row %u", i);
  aak_tree_remove (root);
}

Test (plan, table)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    check_row (i);
}
