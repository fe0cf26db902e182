/* SPDX-License-Identifier: GPL-2.0-or-later
 * The check of our own result. */
#include "config.h"

#include "learn/self-check.h"

#include "learn/abi-compile.h"
#include "learn/access-fields.h"
#include "learn/coverage.h"
#include "lib/count.h"
#include "lib/error.h"
#include "lib/escape.h"

#include <string.h>

/* So many of what is missing are named. */
#define NAMED 5

void
aak_self_check_clear (AakSelfCheck *check)
{
  g_clear_pointer (&check->unmade, g_free);
}

/* --- compiling ------------------------------------------------------------------------------- */

/* As aak_abi_compile(). */
static AakPolicySet *
compile (const AakProfile *profile, const char *text, char **out_unmade, GError **error)
{
  AakPolicySet *set = aak_abi_compile (profile->abi, profile->label, text, out_unmade, error);
  if (set == NULL && g_error_matches (*error, AAK_ERROR, AAK_ERROR_COMPILER))
    g_prefix_error (error,
                    "the profile cannot be checked, and is not written (--no-check writes it "
                    "all the same): ");
  return set;
}

/* --- asking ---------------------------------------------------------------------------------- */

typedef struct
{
  const AakPolicySet *set;
  const AakPolicyProfile *profile;
  AakSelfCheck *check;
  GString *missing; /* the first few accesses that are not allowed and should be */
  guint n_missing;
} Asking;

/* TRUE where what is denied is what the rules @parts of the access do not say, as the profile's
 * text tells. */
static gboolean
is_held_back (const AakCoverage *coverage, const AakTrace *parts, guint n)
{
  guint held = 0;
  gboolean any = FALSE;
  for (guint i = 0; i < n; i++)
    if (parts[i].rule->review != NULL || parts[i].rule->unwritable != NULL)
      {
        held |= parts[i].rule->perms;
        any = TRUE;
      }
  return any && (coverage->denied & coverage->access->perms & ~held) == 0;
}

static void
note_missing (Asking *asking, const AakCoverage *coverage)
{
  const AakObservation *access = coverage->access;
  guint perms = aak_coverage_denied (coverage);
  if (asking->n_missing++ >= NAMED)
    return;
  g_autofree char *text = aak_access_text (access->name, access->class, access->detail, perms);
  g_string_append_printf (asking->missing, "%s%s %s", asking->n_missing > 1 ? "; " : "",
                          aak_access_class_word (access->class), text);
}

/* Asks for one access, which the @n rules of @parts were made from. */
static void
ask_one (Asking *asking, const AakTrace *parts, guint n)
{
  AakCoverage coverage = aak_coverage_ask (asking->set, asking->profile, parts[0].access);
  gboolean allowed = coverage.verdict != AAK_COVERAGE_DENIED;
  gboolean held_back = !allowed && is_held_back (&coverage, parts, n);
  asking->check->accesses++;
  asking->check->not_asked += coverage.verdict == AAK_COVERAGE_NOT_ASKED;
  asking->check->held_back += held_back;
  if (!allowed && !held_back)
    note_missing (asking, &coverage);
}

static void
ask_all (Asking *asking, const GArray *trace)
{
  for (guint i = 0, n = 0; i < trace->len; i += n)
    {
      const AakTrace *parts = &g_array_index (trace, AakTrace, i);
      for (n = 1; i + n < trace->len && parts[n].access == parts[0].access;)
        n++;
      ask_one (asking, parts, n);
    }
}

/* An exec of each program has to lead to its child. */
static void
ask_exec (Asking *asking, const AakChild *child, const char *program)
{
  AakName path = aak_name (program);
  AakAnswer answer = aak_policy_query_file (asking->profile, path, AAK_MAY_EXEC, FALSE);
  g_autofree char *label =
      answer.allowed ? aak_policy_query_exec_label (asking->set, asking->profile, path, answer.exec)
                     : NULL;
  asking->check->accesses++;
  if (g_strcmp0 (label, child->profile->label) == 0 || asking->n_missing++ >= NAMED)
    return;
  g_autofree char *shown = aak_escape (program, strlen (program));
  g_string_append_printf (asking->missing, "%sexec %s", asking->n_missing > 1 ? "; " : "", shown);
}

static void
ask_child (Asking *asking, const AakChild *child)
{
  for (guint i = 0; i < child->programs->len; i++)
    ask_exec (asking, child, g_ptr_array_index (child->programs, i));
  Asking of_child = *asking;
  of_child.profile = aak_policy_set_find (asking->set, child->profile->label);
  if (of_child.profile == NULL)
    return; /* then no exec leads there either */
  ask_all (&of_child, child->profile->trace);
  asking->n_missing = of_child.n_missing;
}

static gboolean
refuse (const Asking *asking, const char *label, GError **error)
{
  g_autofree char *shown = aak_escape (label, strlen (label));
  g_autofree char *more = asking->n_missing > NAMED
                              ? g_strdup_printf ("; and %u more", asking->n_missing - NAMED)
                              : NULL;
  g_set_error (error, AAK_ERROR, AAK_ERROR_COMPILER,
               "%s: no profile is written, since as compiled it would deny what was seen, and what "
               "it should allow: %s%s (--no-check writes it all the same)",
               shown, asking->missing->str, more != NULL ? more : "");
  return FALSE;
}

gboolean
aak_self_check_make (const AakProfile *profile, const GArray *trace, const char *text,
                     AakSelfCheck *out, GError **error)
{
  g_auto (AakSelfCheck) check = { 0 };
  GError *local = NULL;
  g_autoptr (AakPolicySet) set = compile (profile, text, &check.unmade, &local);
  if (local != NULL)
    {
      g_propagate_error (error, local);
      return FALSE;
    }
  if (set != NULL)
    {
      g_autoptr (GString) missing = g_string_new (NULL);
      Asking asking = { set, aak_policy_set_find (set, profile->label), &check, missing, 0 };
      if (asking.profile == NULL)
        {
          g_set_error (error, AAK_ERROR, AAK_ERROR_COMPILER, "%s: is not in what was compiled",
                       profile->label);
          return FALSE;
        }
      ask_all (&asking, trace);
      for (guint i = 0; i < profile->children->len; i++)
        ask_child (&asking, g_ptr_array_index (profile->children, i));
      if (asking.n_missing > 0)
        return refuse (&asking, profile->label, error);
    }
  *out = check;
  check.unmade = NULL;
  return TRUE;
}

char *
aak_self_check_text (const AakSelfCheck *check)
{
  if (check->unmade != NULL)
    return g_strdup_printf ("not checked whether it allows what was seen: %s", check->unmade);
  g_autofree char *accesses = aak_count (check->accesses, "access");
  g_autoptr (GString) text = g_string_new ("checked: as compiled it allows");
  guint rest = check->held_back + check->not_asked;
  if (rest > 0)
    g_string_append_printf (text, " %u of", check->accesses - rest);
  g_string_append_printf (text, " the %s that %s seen", accesses,
                          check->accesses == 1 ? "was" : "were");
  if (check->held_back > 0)
    g_string_append_printf (text, ", and denies %u as it says", check->held_back);
  if (check->not_asked > 0)
    g_string_append_printf (text, "; %u cannot be asked", check->not_asked);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
