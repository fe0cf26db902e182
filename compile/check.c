/* SPDX-License-Identifier: GPL-2.0-or-later
 * The way of texts through the compiler and the looks. */
#include "config.h"

#include "compile/check.h"

#include "compile/failures.h"
#include "compile/lint-seccomp.h"
#include "lib/escape.h"
#include "lib/fs.h"
#include "lib/policy/policy.h"
#include "lib/progress.h"
#include "lib/seccomp/filter.h"
#include "lib/seccomp/name.h"

#include <string.h>

struct AakCheck
{
  AakPolicyIncludes *includes;
  const AakFeatureChoice *features;
  GPtrArray *texts; /* AakCheckText */
};

static void
check_text_free (gpointer data)
{
  AakCheckText *one = data;
  g_free (one->path);
  g_clear_pointer (&one->findings, g_ptr_array_unref);
  g_clear_pointer (&one->text, aak_policy_text_free);
  g_clear_pointer (&one->source, aak_policy_source_free);
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

/* --- feature sets ----------------------------------------------------------------------------- */

/* The names of those in @sets; NULL where these are all. */
static GPtrArray *
names_of (guint64 sets, const GPtrArray *names)
{
  g_autoptr (GPtrArray) some = g_ptr_array_new ();
  for (guint i = 0; i < names->len; i++)
    if ((sets >> i & 1) != 0)
      g_ptr_array_add (some, names->pdata[i]);
  return some->len < names->len ? g_steal_pointer (&some) : NULL;
}

GPtrArray *
aak_check_only_for (const AakCheck *check, const AakFinding *finding)
{
  return names_of (finding->sets, check->features->names);
}

/* For which sets the error is that of the set @index. */
static guint64
sets_of_error (const GPtrArray *errors, guint index)
{
  const char *message = ((const GError *) errors->pdata[index])->message;
  guint64 sets = 0;
  for (guint i = 0; i < errors->len; i++)
    {
      const GError *other = errors->pdata[i];
      if (other != NULL && strcmp (other->message, message) == 0)
        sets |= G_GUINT64_CONSTANT (1) << i;
    }
  return sets;
}

/* Sets the error of @one to those of the feature sets, each once, with the names of the sets where
 * it is not that of all. */
static void
set_error (AakCheckText *one, const GPtrArray *errors, const GPtrArray *names)
{
  g_autoptr (AakFailures) failures = aak_failures_new ();
  for (guint i = 0; i < errors->len; i++)
    {
      if (errors->pdata[i] == NULL)
        continue;
      g_autoptr (GError) error = g_error_copy (errors->pdata[i]);
      g_autoptr (GPtrArray) only = names_of (sets_of_error (errors, i), names);
      for (guint k = 0; only != NULL && k < only->len; k++)
        {
          g_autofree char *message = g_steal_pointer (&error->message);
          error->message = g_strconcat (message, k == 0 ? "\n  only for: " : ", ",
                                        (const char *) only->pdata[k], NULL);
        }
      aak_failures_add (failures, error);
    }
  aak_failures_raise (failures, &one->error);
}

/* --- one text --------------------------------------------------------------------------------- */

typedef struct
{
  const AakCheckOptions *options;
  AakPolicyIncludes *includes;
  AakProgress *progress;
} Work;

/* Compiles the text for the feature set @index, and asks what comes of it. */
static gboolean
check_for (AakCheckText *one, guint index, const Work *work, GError **error)
{
  const AakCheckOptions *options = work->options;
  g_autoptr (GBytes) blob =
      aak_compiler_compile (options->compiler, options->features->sets->pdata[index], one->path,
                            one->bytes, NULL, error);
  g_autoptr (AakPolicySet) set = blob != NULL ? aak_policy_set_new (one->path, blob, error) : NULL;
  if (set == NULL)
    return FALSE;
  guint known = one->findings->len;
  aak_lint_policy (&(AakLint){ one->text, TRUE, set, options->host, one->findings });
  for (guint i = known; i < one->findings->len; i++)
    ((AakFinding *) one->findings->pdata[i])->sets = G_GUINT64_CONSTANT (1) << index;
  return TRUE;
}

/* Of an error that may be NULL. */
static void
error_clear (gpointer data)
{
  GError *error = data;
  g_clear_error (&error);
}

/* A worker's task. Of what is compiled, and of the rules, nothing is kept: of thousands of texts
 * that would be too much. */
static void
check_text (gpointer data, gpointer user_data)
{
  AakCheckText *one = data;
  const Work *work = user_data;
  guint n = work->options->features->sets->len, compiled = 0;
  g_autoptr (GPtrArray) errors = g_ptr_array_new_with_free_func (error_clear);
  g_ptr_array_set_size (errors, (gint) n);
  one->text = aak_policy_text_new (one->path, one->bytes, work->includes);
  for (guint i = 0; i < n; i++)
    compiled += check_for (one, i, work, (GError **) &errors->pdata[i]) ? 1 : 0;
  one->compiled = compiled == n;
  set_error (one, errors, work->options->features->names);
  aak_lint_text (&(AakLint){ one->text, compiled > 0, NULL, work->options->host, one->findings });
  aak_policy_text_drop_rules (one->text);
  aak_progress_step (work->progress, one->path);
}

/* --- one seccomp profile ---------------------------------------------------------------------- */

/* libseccomp is asked by one thread at a time. */
static void
check_seccomp (AakCheckText *one)
{
  guint instructions = 0;
  g_autofree char *what = aak_escape (one->path, strlen (one->path));
  g_autoptr (AakSeccompProfile) profile = aak_seccomp_profile_parse (what, one->bytes, &one->error);
  g_autoptr (GPtrArray) unknown = NULL;
  if (profile == NULL
      || !aak_seccomp_filter_prove (profile, what, &instructions, &unknown, &one->error))
    return;
  one->compiled = TRUE;
  one->source = aak_policy_source_new (one->path, one->bytes);
  aak_lint_seccomp (&(AakLintSeccomp){ one->source, profile, unknown, one->findings });
  aak_findings_sort (one->findings);
}

/* --- all of them ------------------------------------------------------------------------------ */

static gboolean
check_each (AakCheck *check, const AakCheckOptions *options, GError **error)
{
  g_autoptr (AakProgress) progress = aak_progress_new (options->cli, "checked", check->texts->len);
  Work work = { options, check->includes, progress };
  GThreadPool *pool = g_thread_pool_new (check_text, &work, (gint) options->workers, FALSE, error);
  if (pool == NULL)
    return FALSE;
  for (guint i = 0; i < check->texts->len; i++)
    {
      AakCheckText *one = check->texts->pdata[i];
      if (one->bytes != NULL && aak_seccomp_is_path (one->path))
        {
          check_seccomp (one);
          aak_progress_step (progress, one->path);
        }
      else if (one->bytes != NULL)
        g_thread_pool_push (pool, one, NULL);
    }
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
  check->features = options->features;
  check->texts = g_ptr_array_new_with_free_func (check_text_free);
  for (guint i = 0; i < paths->len; i++)
    {
      AakCheckText *one = g_new0 (AakCheckText, 1);
      one->path = g_strdup (paths->pdata[i]);
      one->bytes = aak_seccomp_is_path (one->path)
                       ? aak_fs_read (one->path, AAK_SECCOMP_MAX_SIZE, &one->error)
                       : aak_policy_read_text (one->path, &one->error);
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
