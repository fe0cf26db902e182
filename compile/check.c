/* SPDX-License-Identifier: GPL-2.0-or-later
 * The way of texts through the compiler and the looks. */
#include "config.h"

#include "compile/check.h"

#include "lib/policy.h"

struct AakCheck
{
  AakPolicyIncludes *includes;
  GPtrArray *texts; /* AakCheckText */
};

static void
check_text_free (gpointer data)
{
  AakCheckText *one = data;
  g_free (one->path);
  g_clear_pointer (&one->findings, g_ptr_array_unref);
  g_clear_pointer (&one->text, aak_policy_text_free);
  g_clear_pointer (&one->bytes, g_bytes_unref);
  g_clear_error (&one->error);
  g_free (one);
}

void
aak_check_free (AakCheck *check)
{
  g_ptr_array_unref (check->texts);
  aak_policy_includes_free (check->includes);
  g_free (check);
}

const GPtrArray *
aak_check_texts (const AakCheck *check)
{
  return check->texts;
}

/* --- one text --------------------------------------------------------------------------------- */

typedef struct
{
  const AakCheckOptions *options;
  AakPolicyIncludes *includes;
} Work;

static AakPolicySet *
compile (AakCheckText *one, const AakCheckOptions *options)
{
  g_autoptr (GBytes) blob = aak_compiler_compile (options->compiler, options->features, one->path,
                                                  one->bytes, NULL, &one->error);
  return blob != NULL ? aak_policy_set_new (one->path, blob, &one->error) : NULL;
}

/* A worker's task. Of what is compiled, and of the rules, nothing is kept: of thousands of texts
 * that would be too much. */
static void
check_text (gpointer data, gpointer user_data)
{
  AakCheckText *one = data;
  const Work *work = user_data;
  g_autoptr (AakPolicySet) set = compile (one, work->options);
  one->compiled = set != NULL;
  one->text = aak_policy_text_new (one->path, one->bytes, work->includes);
  aak_lint (&(AakLint){ one->text, one->compiled, set, work->options->host, one->findings });
  aak_policy_text_drop_rules (one->text);
}

/* --- all of them ------------------------------------------------------------------------------ */

static gboolean
check_each (AakCheck *check, const AakCheckOptions *options, GError **error)
{
  Work work = { options, check->includes };
  GThreadPool *pool = g_thread_pool_new (check_text, &work, (gint) options->workers, FALSE, error);
  if (pool == NULL)
    return FALSE;
  for (guint i = 0; i < check->texts->len; i++)
    if (((AakCheckText *) check->texts->pdata[i])->bytes != NULL)
      g_thread_pool_push (pool, check->texts->pdata[i], NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
  return TRUE;
}

/* What can be told only when all texts were looked at. */
static void
check_together (AakCheck *check, const AakCheckOptions *options)
{
  g_autoptr (GPtrArray) lints = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < check->texts->len; i++)
    {
      const AakCheckText *one = check->texts->pdata[i];
      AakLint lint = { one->text, one->compiled, NULL, options->host, one->findings };
      if (one->text != NULL)
        g_ptr_array_add (lints, g_memdup2 (&lint, sizeof lint));
    }
  aak_lint_duplicates (lints);
  for (guint i = 0; i < lints->len; i++)
    {
      const AakLint *lint = lints->pdata[i];
      aak_findings_sort (lint->findings);
      aak_lint_silences (lint);
      aak_findings_sort (lint->findings);
    }
}

AakCheck *
aak_check_run (const GPtrArray *paths, const AakCheckOptions *options, GError **error)
{
  g_autoptr (AakCheck) check = g_new0 (AakCheck, 1);
  check->includes = aak_policy_includes_new (aak_compiler_base (options->compiler));
  check->texts = g_ptr_array_new_with_free_func (check_text_free);
  for (guint i = 0; i < paths->len; i++)
    {
      AakCheckText *one = g_new0 (AakCheckText, 1);
      one->path = g_strdup (paths->pdata[i]);
      one->bytes = aak_policy_read_text (one->path, &one->error);
      one->findings = aak_findings_new ();
      g_ptr_array_add (check->texts, one);
    }
  if (!check_each (check, options, error))
    return NULL;
  check_together (check, options);
  return g_steal_pointer (&check);
}

/* --- counting -------------------------------------------------------------------------------- */

guint
aak_check_count (const AakCheck *check, AakSeverity severity)
{
  guint count = 0;
  for (guint i = 0; i < check->texts->len; i++)
    {
      const AakCheckText *one = check->texts->pdata[i];
      for (guint k = 0; k < one->findings->len; k++)
        {
          const AakFinding *finding = one->findings->pdata[k];
          count +=
              finding->silenced == NULL && aak_finding_kind (finding->id)->severity == severity;
        }
    }
  return count;
}

guint
aak_check_count_silenced (const AakCheck *check)
{
  guint count = 0;
  for (guint i = 0; i < check->texts->len; i++)
    {
      const AakCheckText *one = check->texts->pdata[i];
      for (guint k = 0; k < one->findings->len; k++)
        count += ((AakFinding *) one->findings->pdata[k])->silenced != NULL;
    }
  return count;
}
