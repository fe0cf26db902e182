/* SPDX-License-Identifier: GPL-2.0-or-later
 * What is lacked is asked of the base; the rules for it are tried, and asked again. */
#include "config.h"

#include "learn/refine.h"

#include "learn/access-fields.h"
#include "learn/child-split.h"
#include "learn/coverage.h"
#include "learn/refine-children.h"
#include "learn/refine-rules.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/policy/query.h"

#include <string.h>
#include <sys/socket.h>

/* What is asked for, of one profile. */
typedef struct
{
  const AakBase *base;                 /* its label is the profile's */
  const AakObservations *observations; /* of it, and of no child */
  const AakObservations *whole;        /* that they are a part of */
  gboolean exact;
  const char *child; /* "": the label itself */
} Part;

typedef struct
{
  Part part;
  gboolean expand;  /* no variables in rules */
  GArray *before;   /* AakCoverage by the base */
  AakLack lack;     /* what is to be allowed */
  guint *forbidden; /* for each access, bits as in @lack */
} Refining;

/* The base with rules in it. */
typedef struct
{
  AakProfile *added;
  AakBaseText *text; /* NULL: no rule is lacked, the base is as it is */
  GArray *after;     /* AakCoverage by it */
  gboolean has_variable;
} Attempt;

void
aak_refined_free (AakRefined *refined)
{
  g_clear_pointer (&refined->text, g_bytes_unref);
  g_clear_pointer (&refined->added, aak_profile_free);
  g_clear_pointer (&refined->forbidden, g_ptr_array_unref);
  g_clear_pointer (&refined->no_children, g_free);
  g_free (refined);
}

static void
refining_clear (Refining *refining)
{
  g_clear_pointer (&refining->before, g_array_unref);
  aak_lack_clear (&refining->lack);
  g_free (refining->forbidden);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Refining, refining_clear)

static void
attempt_clear (Attempt *attempt)
{
  g_clear_pointer (&attempt->added, aak_profile_free);
  g_clear_pointer (&attempt->text, aak_base_text_free);
  g_clear_pointer (&attempt->after, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Attempt, attempt_clear)

/* --- asking ---------------------------------------------------------------------------------- */

/* What is denied of what was seen. Of a class whose rules have no permissions, all is. */
static guint
denied_bits (const AakCoverage *coverage)
{
  if (coverage->verdict != AAK_COVERAGE_DENIED)
    return 0;
  guint bits = coverage->denied & coverage->access->perms;
  return bits != 0 ? bits : AAK_LACK_ALL;
}

/* A base that mediates addresses gets rules with them. */
static AakAbi
abi_of (const AakPolicyProfile *profile)
{
  static const guint16 families[] = { AF_INET, AF_INET6 }, types[] = { SOCK_STREAM, SOCK_DGRAM };
  for (gsize i = 0; i < G_N_ELEMENTS (families) * G_N_ELEMENTS (types); i++)
    if (aak_policy_mediates_inet (profile, families[i / 2], types[i % 2]))
      return AAK_ABI_4_0_IP;
  return AAK_ABI_4_0;
}

static void
refining_init (Refining *refining)
{
  const AakBaseText *text = aak_base_text (refining->part.base);
  refining->before = aak_coverage_ask_all (text->set, text->profile, refining->part.observations);
  aak_lack_init (&refining->lack, refining->before->len);
  refining->lack.abi = abi_of (text->profile);
  refining->forbidden = g_new0 (guint, refining->before->len);
  for (guint i = 0; i < refining->before->len; i++)
    refining->lack.lacked[i] = denied_bits (&g_array_index (refining->before, AakCoverage, i));
}

static const AakCoverage *
outcome (const Refining *refining, const Attempt *attempt, guint index)
{
  return &g_array_index (attempt->after != NULL ? attempt->after : refining->before, AakCoverage,
                         index);
}

/* --- trying ---------------------------------------------------------------------------------- */

static gboolean
attempt_make (Refining *refining, Attempt *out, GError **error)
{
  g_auto (Attempt) attempt = { NULL, NULL, NULL, FALSE };
  attempt.added = aak_refine_rules (refining->part.observations, refining->part.whole,
                                    refining->part.exact, &refining->lack);
  g_autoptr (GPtrArray) lines = aak_refine_lines (attempt.added);
  attempt.has_variable = aak_refine_expand (attempt.added);
  if (refining->expand && attempt.has_variable)
    {
      g_ptr_array_unref (lines);
      lines = aak_refine_lines (attempt.added);
    }
  out->has_variable = attempt.has_variable;
  if (lines->len > 0)
    {
      attempt.text = aak_base_join (refining->part.base, lines, error);
      if (attempt.text == NULL)
        return FALSE;
      attempt.after = aak_coverage_ask_all (attempt.text->set, attempt.text->profile,
                                            refining->part.observations);
    }
  attempt_clear (out);
  *out = attempt;
  attempt = (Attempt){ NULL, NULL, NULL, FALSE };
  return TRUE;
}

/* Those bits of the access @index for which there is a rule now, in vain. */
static guint
in_vain (const Refining *refining, const Attempt *attempt, guint index)
{
  return denied_bits (outcome (refining, attempt, index)) & refining->lack.granted[index];
}

/* TRUE where some are; @varies: by a rule that has a variable. */
static gboolean
is_in_vain (const Refining *refining, const Attempt *attempt, gboolean varies)
{
  for (guint i = 0; i < refining->lack.n; i++)
    if (in_vain (refining, attempt, i) != 0 && (!varies || refining->lack.varies[i]))
      return TRUE;
  return FALSE;
}

/* Tries with the variables that learned profiles have, which the base may have, too; where it has
 * not, or gives them another meaning, with what they stand for. */
static gboolean
attempt_either (Refining *refining, Attempt *attempt, GError **error)
{
  g_autoptr (GError) local = NULL;
  gboolean made = attempt_make (refining, attempt, &local);
  gboolean fits = made && !is_in_vain (refining, attempt, TRUE);
  if (fits || !attempt->has_variable || refining->expand
      || (!made && !g_error_matches (local, AAK_ERROR, AAK_ERROR_POLICY)))
    {
      if (!made)
        g_propagate_error (error, g_steal_pointer (&local));
      return made;
    }
  refining->expand = TRUE;
  return attempt_make (refining, attempt, error);
}

/* A rule that changes nothing is overruled by the base: only `deny` does that. Such accesses are no
 * longer asked for. */
static void
give_up_forbidden (Refining *refining, const Attempt *attempt)
{
  for (guint i = 0; i < refining->lack.n; i++)
    {
      guint bits = in_vain (refining, attempt, i);
      refining->forbidden[i] |= bits;
      refining->lack.lacked[i] &= ~bits;
    }
}

/* --- proving --------------------------------------------------------------------------------- */

static char *
access_text (const AakObservation *access, guint bits)
{
  g_autofree char *text = aak_access_text (access->name, access->class, access->detail,
                                           bits == AAK_LACK_ALL ? access->perms : bits);
  return g_strdup_printf ("%s %s", aak_access_class_word (access->class), text);
}

/* Everything is allowed that should be. */
static gboolean
check_access (const Refining *refining, const Attempt *attempt, guint index, GError **error)
{
  const AakCoverage *after = outcome (refining, attempt, index);
  guint rest = denied_bits (after) & ~refining->forbidden[index] & ~refining->lack.left[index];
  if (rest == 0)
    return TRUE;
  g_autofree char *text = access_text (after->access, rest);
  g_set_error (error, AAK_ERROR, AAK_ERROR_POLICY,
               "%s: no rule for \"%s\" was found that allows %s, which was seen",
               aak_base_name (refining->part.base), aak_base_label (refining->part.base), text);
  return FALSE;
}

static gboolean
check_outcome (const Refining *refining, const Attempt *attempt, GError **error)
{
  for (guint i = 0; i < refining->lack.n; i++)
    if (!check_access (refining, attempt, i, error))
      return FALSE;
  return attempt->text == NULL || aak_base_is_kept (refining->part.base, attempt->text, error);
}

/* Tries to allow all, also what is going to wait for review: what is denied then is forbidden.
 * *@out_final: nothing of it is to be taken back. */
static gboolean
make_trial (Refining *refining, Attempt *attempt, gboolean *out_final, GError **error)
{
  g_autoptr (GError) local = NULL;
  refining->lack.trial = TRUE;
  *out_final = FALSE;
  if (attempt_either (refining, attempt, &local))
    {
      *out_final = !refining->lack.reviewed && !is_in_vain (refining, attempt, FALSE);
      give_up_forbidden (refining, attempt);
    }
  refining->lack.trial = FALSE;
  /* Rules that are not to stay may be in the way. */
  if (local == NULL || g_error_matches (local, AAK_ERROR, AAK_ERROR_POLICY))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
make_outcome (Refining *refining, Attempt *attempt, GError **error)
{
  gboolean final = FALSE;
  if (!make_trial (refining, attempt, &final, error)
      || (!final && !attempt_either (refining, attempt, error)))
    return FALSE;
  if (!is_in_vain (refining, attempt, FALSE))
    return TRUE;
  give_up_forbidden (refining, attempt);
  return attempt_make (refining, attempt, error);
}

/* --- parts ----------------------------------------------------------------------------------- */

/* Adds what came of it to @refined. */
static void
note_outcome (AakRefined *refined, const Refining *refining, Attempt *attempt)
{
  const char *child = refining->part.child;
  const GArray *answers = attempt->after != NULL ? attempt->after : refining->before;
  refined->accesses += answers->len;
  refined->denied += aak_coverage_count (answers, AAK_COVERAGE_DENIED);
  refined->not_asked += aak_coverage_count (answers, AAK_COVERAGE_NOT_ASKED);
  for (guint i = 0; i < refining->lack.n; i++)
    {
      if (refining->forbidden[i] == 0)
        continue;
      const AakCoverage *before = &g_array_index (refining->before, AakCoverage, i);
      g_autofree char *text = access_text (before->access, refining->forbidden[i]);
      g_ptr_array_add (refined->forbidden, *child != '\0'
                                               ? g_strdup_printf ("//%s: %s", child, text)
                                               : g_steal_pointer (&text));
    }
  AakProfile *added = g_steal_pointer (&attempt->added);
  g_autoptr (GPtrArray) programs = g_ptr_array_new ();
  if (refined->added == NULL)
    refined->added = added;
  else
    g_ptr_array_add (refined->added->children, aak_child_new (child, programs, added));
}

/* *@out_text: NULL where nothing is lacked. */
static gboolean
refine_part (const Part *part, AakRefined *refined, AakBaseText **out_text, GError **error)
{
  g_auto (Refining) refining = { .part = *part };
  g_auto (Attempt) attempt = { NULL, NULL, NULL, FALSE };
  refining_init (&refining);
  if (!make_outcome (&refining, &attempt, error) || !check_outcome (&refining, &attempt, error))
    return FALSE;
  note_outcome (refined, &refining, &attempt);
  *out_text = g_steal_pointer (&attempt.text);
  return TRUE;
}

static char *
label_of (const AakBase *base, const char *child)
{
  return g_strconcat (aak_base_label (base), *child != '\0' ? "//" : "", child, NULL);
}

/* Those children in @observations that are profiles of @base, after "", the label itself. */
static GPtrArray *
list_parts (const AakBase *base, const AakObservations *observations)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) children = aak_child_names (observations);
  g_ptr_array_add (names, g_strdup (""));
  for (guint i = 0; i < children->len; i++)
    {
      g_autofree char *label = label_of (base, children->pdata[i]);
      if (aak_base_has (base, label))
        g_ptr_array_add (names, g_strdup (children->pdata[i]));
    }
  return names;
}

AakRefined *
aak_refine (const AakBase *base, const AakObservations *observations, gboolean exact,
            GError **error)
{
  g_autoptr (AakRefined) refined = g_new0 (AakRefined, 1);
  refined->forbidden = g_ptr_array_new_with_free_func (g_free);
  refined->text = g_bytes_ref (aak_base_text (base)->text);
  g_autoptr (GPtrArray) names = list_parts (base, observations);
  g_autoptr (AakObservations) whole = aak_child_fold (observations);
  g_autoptr (AakBaseText) text = NULL;
  for (guint i = 0; i < names->len; i++)
    {
      const char *child = names->pdata[i];
      g_autofree char *label = label_of (base, child);
      g_autoptr (AakBase) now =
          aak_base_go_on (base, text != NULL ? text : aak_base_text (base), label, error);
      g_autoptr (AakObservations) part = aak_child_take (observations, names, child);
      AakBaseText *next = NULL;
      if (now == NULL
          || !refine_part (&(Part){ now, part, whole, exact, child }, refined, &next, error))
        return NULL;
      if (next == NULL)
        continue;
      g_clear_pointer (&text, aak_base_text_free);
      text = next;
    }
  if (text != NULL)
    {
      g_bytes_unref (refined->text);
      refined->text = g_bytes_ref (text->text);
    }
  return g_steal_pointer (&refined);
}

AakRefined *
aak_refine_with_children (const AakBase *base, const AakObservations *observations, gboolean exact,
                          GError **error)
{
  g_auto (AakRefinedChildren) found = { 0 };
  if (!aak_refine_children (base, observations, exact, &found, error))
    return NULL;
  AakRefined *refined =
      aak_refine (found.base != NULL ? found.base : base, found.observations, exact, error);
  if (refined == NULL)
    return NULL;
  refined->no_children = g_steal_pointer (&found.why);
  while (found.children->len > 0)
    g_ptr_array_add (refined->added->children, g_ptr_array_steal_index (found.children, 0));
  return refined;
}
