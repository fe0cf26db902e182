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
  g_clear_pointer (&one->set, aak_policy_set_free);
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

/* --- compiling ------------------------------------------------------------------------------- */

static void
compile (gpointer data, gpointer user_data)
{
  AakCheckText *one = data;
  const AakCheckOptions *options = user_data;
  g_autoptr (GBytes) blob = aak_compiler_compile (options->compiler, options->features, one->path,
                                                  one->bytes, NULL, &one->error);
  if (blob != NULL)
    one->set = aak_policy_set_new (one->path, blob, &one->error);
}

static gboolean
compile_all (AakCheck *check, const AakCheckOptions *options, GError **error)
{
  GThreadPool *pool =
      g_thread_pool_new (compile, (gpointer) options, (gint) options->workers, FALSE, error);
  if (pool == NULL)
    return FALSE;
  for (guint i = 0; i < check->texts->len; i++)
    if (((AakCheckText *) check->texts->pdata[i])->bytes != NULL)
      g_thread_pool_push (pool, check->texts->pdata[i], NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
  return TRUE;
}

/* --- looking --------------------------------------------------------------------------------- */

static AakLint
lint_of (const AakCheckText *one, const AakCheckOptions *options)
{
  return (AakLint){ one->text, one->set, options->host, one->findings };
}

static void
look_at_all (AakCheck *check, const AakCheckOptions *options)
{
  g_autoptr (GPtrArray) lints = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < check->texts->len; i++)
    {
      AakCheckText *one = check->texts->pdata[i];
      one->findings = aak_findings_new ();
      if (one->bytes == NULL)
        continue;
      one->text = aak_policy_text_new (one->path, one->bytes, check->includes);
      AakLint lint = lint_of (one, options);
      aak_lint (&lint);
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
      g_ptr_array_add (check->texts, one);
    }
  if (!compile_all (check, options, error))
    return NULL;
  look_at_all (check, options);
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
