/* SPDX-License-Identifier: GPL-2.0-or-later
 * Rules that others swallow, one by itself or several together. Whatever is called needless here
 * can be removed, all of it at once, and the policy allows, denies and records just the same. */
#include "config.h"

#include "compile/lint-rules.h"
#include "compile/lint-words.h"
#include "compile/lint.h"
#include "lib/escape.h"
#include "lib/policy/perms.h"

#include <string.h>

/* Nanoseconds, roughly, that comparing the rules of one profile may take. */
#define BUDGET G_GUINT64_CONSTANT (2000000000)

/* What one comparison costs without its patterns, and what matching a name does. */
#define STEP  20
#define MATCH 300

/* So many rules are looked at together, for so long. */
#define TOGETHER_MAX    64
#define TOGETHER_BUDGET G_GUINT64_CONSTANT (20000000)

typedef struct
{
  const AakLint *lint;
  GPtrArray *rules;     /* AakLintRule */
  gboolean *gone;       /* of each rule: was called needless */
  GHashTable *prefixes; /* of file rules: what their patterns begin with -> GArray of indices */
  gsize longest;        /* of those */
  GArray *others;       /* indices of the rules of other classes */
  guint64 budget;
} Cover;

static void
cover_clear (Cover *cover)
{
  g_ptr_array_unref (cover->rules);
  g_free (cover->gone);
  g_hash_table_unref (cover->prefixes);
  g_array_unref (cover->others);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Cover, cover_clear)

static const AakLintRule *
rule_at (const Cover *cover, guint index)
{
  return cover->rules->pdata[index];
}

/* --- one rule and another -------------------------------------------------------------------- */

/* What of the permissions of @inner the file rule @outer gives as well, name by name. */
static guint32
covered_perms (const AakPolicyRule *outer, const AakPolicyRule *inner)
{
  guint32 both = outer->perms & inner->perms;
  if (outer->owner && !inner->owner)
    return 0;
  /* An exec leads somewhere: only to the same place it is the same. */
  gboolean same = inner->deny
                  || (g_strcmp0 (outer->exec, inner->exec) == 0
                      && g_strcmp0 (outer->target, inner->target) == 0);
  return same ? both : both & ~AAK_MAY_EXEC;
}

/* TRUE where both are in a state that lets them stand for each other. */
static gboolean
comparable (const AakLintRule *outer, const AakLintRule *inner)
{
  return outer->told && inner->told && !outer->text->optional
         && outer->rule->class == inner->rule->class && outer->rule->audit == inner->rule->audit
         && outer->rule->deny == inner->rule->deny;
}

/* --- files ----------------------------------------------------------------------------------- */

/* What of the permissions @wanted of the rule @index the rule @other gives to all of its names. */
static guint32
file_share (Cover *cover, guint other, guint index, guint32 wanted)
{
  const AakLintRule *outer = rule_at (cover, other), *inner = rule_at (cover, index);
  cover->budget -= MIN (cover->budget, STEP);
  if (other == index || cover->gone[other] || !comparable (outer, inner))
    return 0;
  guint32 share = covered_perms (outer->rule, inner->rule) & wanted;
  if (share == 0 || !aak_policy_glob_includes (outer->glob, inner->glob, &cover->budget))
    return 0;
  return share;
}

/* Exact names win over patterns where two execs differ (apparmor.d(5)), and without such a rule
 * they might collide. */
static gboolean
settles_exec (Cover *cover, guint index)
{
  const AakLintRule *rule = rule_at (cover, index);
  if ((rule->rule->perms & AAK_MAY_EXEC) == 0 || !aak_policy_glob_is_exact (rule->glob))
    return FALSE;
  const char *name = aak_policy_glob_sample (rule->glob);
  for (guint i = 0; i < cover->rules->len && cover->budget > 0; i++)
    {
      const AakLintRule *other = rule_at (cover, i);
      cover->budget -= MIN (cover->budget, STEP);
      if (other->rule->class != AAK_POLICY_RULE_FILE || (other->rule->perms & AAK_MAY_EXEC) == 0
          || other->rule->deny)
        continue;
      gboolean same = g_strcmp0 (other->rule->exec, rule->rule->exec) == 0
                      && g_strcmp0 (other->rule->target, rule->rule->target) == 0;
      if (same)
        continue;
      cover->budget -= MIN (cover->budget, MATCH);
      if (!other->told || aak_policy_glob_match (other->glob, name, strlen (name)))
        return TRUE;
    }
  return cover->budget == 0;
}

/* TRUE where a name may begin with both. */
static gboolean
agree (const char *prefix, const char *other)
{
  return g_str_has_prefix (prefix, other) || g_str_has_prefix (other, prefix);
}

/* TRUE where the rules that give @bit match all names of the rule @index together, which none does
 * alone. *@out_first: the first of them. */
static gboolean
swallow_together (Cover *cover, guint index, guint32 bit, guint *out_first)
{
  const AakLintRule *inner = rule_at (cover, index);
  g_autoptr (GPtrArray) globs = g_ptr_array_new ();
  guint first = 0;
  for (guint i = 0; i < cover->rules->len && globs->len < TOGETHER_MAX; i++)
    {
      const AakLintRule *outer = rule_at (cover, i);
      cover->budget -= MIN (cover->budget, STEP);
      if (i == index || cover->gone[i] || !comparable (outer, inner)
          || (covered_perms (outer->rule, inner->rule) & bit) == 0
          || !agree (aak_policy_glob_prefix (outer->glob), aak_policy_glob_prefix (inner->glob)))
        continue;
      first = globs->len == 0 ? i : first;
      g_ptr_array_add (globs, outer->glob);
    }
  if (globs->len < 2)
    return FALSE;
  guint64 most = MIN (cover->budget, TOGETHER_BUDGET), left = most;
  g_autoptr (AakPolicyGlob) all = aak_policy_glob_union (globs);
  gboolean swallowed = all != NULL && aak_policy_glob_includes (all, inner->glob, &left);
  cover->budget -= most - left;
  *out_first = swallowed ? first : *out_first;
  return swallowed;
}

/* The same for each of @perms; *@out_together where there are any. */
static gboolean
swallow_all (Cover *cover, guint index, guint32 perms, guint *out_first, gboolean *out_together)
{
  if (perms != 0 && aak_policy_glob_is_exact (rule_at (cover, index)->glob))
    return FALSE; /* who matches the only name does so alone */
  for (; perms != 0; perms &= perms - 1)
    {
      if (cover->budget == 0 || !swallow_together (cover, index, perms & -perms, out_first))
        return FALSE;
      *out_together = TRUE;
    }
  return TRUE;
}

typedef guint32 (*ShareFunc) (Cover *cover, guint other, guint index, guint32 wanted);

/* Takes the shares of all file rules whose patterns may match all names of the rule @index, until
 * nothing of @wanted is left; gives what is left. *@out_first: the first rule that has a share. */
static guint32
search_files (Cover *cover, guint index, guint32 wanted, ShareFunc share, guint *out_first)
{
  g_autofree char *prefix = g_strdup (aak_policy_glob_prefix (rule_at (cover, index)->glob));
  gboolean any = FALSE;
  for (gsize len = MIN (strlen (prefix), cover->longest) + 1; len-- > 0;)
    {
      prefix[len] = '\0';
      cover->budget -= MIN (cover->budget, len + STEP);
      const GArray *same = g_hash_table_lookup (cover->prefixes, prefix);
      for (guint i = 0; same != NULL && i < same->len && wanted != 0 && cover->budget > 0; i++)
        {
          guint other = g_array_index (same, guint, i);
          guint32 found = share (cover, other, index, wanted);
          *out_first = found != 0 && !any ? other : *out_first;
          any = any || found != 0;
          wanted &= ~found;
        }
    }
  return wanted;
}

/* What of @wanted of the allow rule @index the deny rule @other forbids. */
static guint32
denied_share (Cover *cover, guint other, guint index, guint32 wanted)
{
  const AakLintRule *outer = rule_at (cover, other), *inner = rule_at (cover, index);
  cover->budget -= MIN (cover->budget, STEP);
  if (!outer->rule->deny || !outer->told || outer->text->optional
      || (outer->rule->owner && !inner->rule->owner))
    return 0;
  guint32 share = outer->rule->perms & wanted;
  return share != 0 && aak_policy_glob_includes (outer->glob, inner->glob, &cover->budget) ? share
                                                                                           : 0;
}

/* --- the other classes ----------------------------------------------------------------------- */

/* TRUE where the rule @other says all that the rule @index says. */
static gboolean
other_covers (Cover *cover, guint other, guint index)
{
  const AakLintRule *outer = rule_at (cover, other), *inner = rule_at (cover, index);
  cover->budget -= MIN (cover->budget, STEP);
  if (other == index || cover->gone[other] || !comparable (outer, inner))
    return FALSE;
  if (aak_policy_rule_equal (outer->rule, inner->rule))
    return TRUE;
  if (!aak_lint_words_cover (outer->rule, inner->rule))
    return FALSE;
  if (outer->glob == NULL)
    return TRUE; /* any peer */
  return inner->glob != NULL && aak_policy_glob_includes (outer->glob, inner->glob, &cover->budget);
}

/* --- findings -------------------------------------------------------------------------------- */

/* "line 12", or "abstractions/base:3" of another file. */
static char *
where (const Cover *cover, const AakLintRule *rule)
{
  guint line = aak_policy_place_position (rule->text->place).line;
  if (rule->text->place.source == cover->lint->text->source)
    return g_strdup_printf ("line %u", line);
  const char *path = rule->text->place.source->path;
  g_autofree char *shown = aak_escape (path, strlen (path));
  return g_strdup_printf ("%s:%u", shown, line);
}

/* @together: the rule @other is the first of several. */
static void
tell (Cover *cover, AakFindingId id, guint index, guint other, gboolean together)
{
  const AakLintRule *rule = rule_at (cover, index), *by = rule_at (cover, other);
  g_autofree char *place = where (cover, by);
  const char *what = id == AAK_FINDING_DENIED ? "what this rule allows is denied by"
                     : rule->rule->deny       ? "what this rule denies is denied already by"
                                              : "what this rule allows is allowed already by";
  AakFinding *finding = aak_findings_add (cover->lint->findings, id, rule->text->place, "%s %s%s",
                                          what, place, together ? " and others together" : "");
  finding->other = by->text->place;
}

/* A link is denied by what is said of both of its names. */
static gboolean
is_denied (Cover *cover, guint index, guint *out_by)
{
  const AakPolicyRule *rule = rule_at (cover, index)->rule;
  return !rule->deny && (rule->perms & AAK_MAY_LINK) == 0
         && search_files (cover, index, rule->perms, denied_share, out_by) == 0;
}

static gboolean
is_redundant (Cover *cover, guint index, guint *out_by, gboolean *out_together)
{
  guint32 perms = rule_at (cover, index)->rule->perms;
  guint32 left = search_files (cover, index, perms, file_share, out_by);
  return swallow_all (cover, index, left, out_by, out_together) && !settles_exec (cover, index);
}

static void
look_at_file (Cover *cover, guint index)
{
  const AakLintRule *rule = rule_at (cover, index);
  guint by = 0;
  gboolean together = FALSE;
  if (!rule->told || rule->text->included)
    return;
  if (is_denied (cover, index, &by))
    tell (cover, AAK_FINDING_DENIED, index, by, FALSE);
  else if (is_redundant (cover, index, &by, &together))
    {
      cover->gone[index] = TRUE;
      tell (cover, AAK_FINDING_REDUNDANT, index, by, together);
    }
}

static void
look_at_other (Cover *cover, guint index)
{
  if (rule_at (cover, index)->text->included)
    return;
  for (guint i = 0; i < cover->others->len && cover->budget > 0; i++)
    {
      guint other = g_array_index (cover->others, guint, i);
      if (!other_covers (cover, other, index))
        continue;
      cover->gone[index] = TRUE;
      tell (cover, AAK_FINDING_REDUNDANT, index, other, FALSE);
      return;
    }
}

/* --- a profile ------------------------------------------------------------------------------- */

static void
add_prefix (Cover *cover, guint index)
{
  const char *prefix = aak_policy_glob_prefix (rule_at (cover, index)->glob);
  GArray *same = g_hash_table_lookup (cover->prefixes, prefix);
  if (same == NULL)
    {
      same = g_array_new (FALSE, FALSE, sizeof (guint));
      g_hash_table_insert (cover->prefixes, g_strdup (prefix), same);
    }
  g_array_append_val (same, index);
  cover->longest = MAX (cover->longest, strlen (prefix));
}

static void
sort_rules (Cover *cover)
{
  for (guint i = 0; i < cover->rules->len; i++)
    {
      const AakLintRule *rule = rule_at (cover, i);
      if (rule->rule->class != AAK_POLICY_RULE_FILE)
        g_array_append_val (cover->others, i);
      else if (rule->told)
        add_prefix (cover, i);
    }
}

static void
look_at_profile (const AakLint *lint, const AakPolicyTextProfile *profile)
{
  GPtrArray *rules = aak_lint_rules_new (lint->text, profile);
  g_auto (Cover) cover = {
    .lint = lint,
    .rules = rules,
    .gone = g_new0 (gboolean, rules->len),
    .prefixes =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref),
    .others = g_array_new (FALSE, FALSE, sizeof (guint)),
    .budget = BUDGET,
  };
  sort_rules (&cover);
  /* Of two that are alike the later one is needless. */
  for (guint i = rules->len; i-- > 0 && cover.budget > 0;)
    {
      if (rule_at (&cover, i)->rule->class == AAK_POLICY_RULE_FILE)
        look_at_file (&cover, i);
      else
        look_at_other (&cover, i);
    }
  if (cover.budget == 0)
    aak_findings_add (lint->findings, AAK_FINDING_NOT_COMPARED, profile->place,
                      "%u rules are too many to compare each with the others", rules->len);
}

void
aak_lint_cover (const AakLint *lint)
{
  /* An alias gives some names a second one, and rules their share of it by how they are spelled. */
  if (lint->text->has_alias)
    return;
  for (guint i = 0; i < lint->text->profiles->len; i++)
    {
      const AakPolicyTextProfile *profile = lint->text->profiles->pdata[i];
      if (!profile->included)
        look_at_profile (lint, profile);
    }
}
