/* SPDX-License-Identifier: GPL-2.0-or-later
 * Compiles sides, and single rules of them, and compares what came of it. */
#include "config.h"

#include "learn/diff-compiled.h"

#include "learn/abi-compile.h"
#include "learn/profile-writer.h"
#include "learn/rule-diff.h"
#include "learn/rule-text.h"
#include "learn/writable.h"
#include "lib/error.h"
#include "lib/escape.h"

#include <string.h>

#define MOST 1000

void
aak_diff_compiled_clear (AakDiffCompiled *compiled)
{
  for (guint i = 0; i < G_N_ELEMENTS (compiled->sets); i++)
    g_clear_pointer (&compiled->sets[i], aak_policy_set_free);
  g_clear_pointer (&compiled->unmade, g_free);
}

/* --- both sides ------------------------------------------------------------------------------ */

/* Both are compiled for one abi, the newer one where a text asks for that: else rules would differ
 * in what is mediated. */
static AakAbi
abi_of (const AakDiffInput *a, const AakDiffInput *b)
{
  g_autofree char *newer = g_strconcat ("abi/", aak_abi_word (AAK_ABI_4_0), ">", NULL);
  return strstr (a->text, newer) != NULL || strstr (b->text, newer) != NULL ? AAK_ABI_4_0
                                                                            : AAK_ABI_3_0;
}

/* The only profile of @set that is no child; NULL where there are several. */
static const AakPolicyProfile *
only_profile (const AakPolicySet *set)
{
  GPtrArray *profiles = aak_policy_set_profiles (set);
  const AakPolicyProfile *only = NULL;
  for (guint i = 0; i < profiles->len; i++)
    {
      const AakPolicyProfile *profile = profiles->pdata[i];
      if (strstr (profile->name, "//") != NULL)
        continue;
      if (only != NULL)
        return NULL;
      only = profile;
    }
  return only;
}

static gboolean
choose_profile (AakDiffCompiled *compiled, const AakDiffInput *input, guint side,
                const AakDiffInput *other, GError **error)
{
  const AakProfile *named = input->profile != NULL ? input->profile : other->profile;
  const AakPolicySet *set = compiled->sets[side];
  const AakPolicyProfile *found = named != NULL ? aak_policy_set_find (set, named->label) : NULL;
  compiled->profiles[side] = found != NULL ? found : only_profile (set);
  if (compiled->profiles[side] != NULL)
    return TRUE;
  g_autofree char *shown = aak_escape (input->path, strlen (input->path));
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
               "%s: has several profiles, and none of the name of the other side's", shown);
  return FALSE;
}

gboolean
aak_diff_compiled_make (const AakDiffInput *a, const AakDiffInput *b, AakDiffCompiled *out,
                        GError **error)
{
  const AakDiffInput *const inputs[] = { a, b };
  g_auto (AakDiffCompiled) compiled = { .abi = abi_of (a, b) };
  GError *local = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (inputs) && compiled.unmade == NULL && local == NULL; i++)
    {
      g_autofree char *shown = aak_escape (inputs[i]->path, strlen (inputs[i]->path));
      compiled.sets[i] =
          aak_abi_compile (compiled.abi, shown, inputs[i]->text, &compiled.unmade, &local);
    }
  if (local != NULL)
    {
      g_propagate_error (error, local);
      return FALSE;
    }
  if (compiled.unmade == NULL
      && (!choose_profile (&compiled, a, 0, b, error)
          || !choose_profile (&compiled, b, 1, a, error)))
    return FALSE;
  *out = compiled;
  compiled = (AakDiffCompiled){ .unmade = NULL };
  return TRUE;
}

/* --- single rules ---------------------------------------------------------------------------- */

/* A profile for each of the rules that can be asked about, named after its place in @excess. */
static char *
rules_as_profiles (const AakDiffCompiled *compiled, const GArray *excess)
{
  g_autoptr (GString) text = g_string_new (NULL);
  static const char *const variables[] = { "@{pid}", "@{tid}", "@{uuid}" };
  g_string_append_printf (text, "abi <abi/%s>,\n", aak_abi_word (compiled->abi));
  for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
    g_string_append_printf (text, "%s=%s\n", variables[i], aak_profile_variable (variables[i]));
  for (guint i = 0; i < excess->len; i++)
    {
      const AakRuleExcess *one = &g_array_index (excess, AakRuleExcess, i);
      if (!aak_rule_is_active (one->rule))
        continue;
      AakRule rule = *one->rule;
      rule.perms = one->perms;
      g_autofree char *written = aak_rule_text (&rule);
      g_string_append_printf (text, "profile r%u {\n  %s\n}\n", i, written);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* The permissions of files that @perms, of compiled policy, stand for. */
static guint
letters_of (guint32 perms)
{
  static const struct
  {
    guint32 compiled;
    guint letter;
  } letters[] = {
    { AAK_MAY_READ, AAK_PERM_R }, { AAK_MAY_WRITE, AAK_PERM_W }, { AAK_MAY_APPEND, AAK_PERM_A },
    { AAK_MAY_EXEC, AAK_PERM_X }, { AAK_MAY_MMAP, AAK_PERM_M },  { AAK_MAY_LOCK, AAK_PERM_K },
    { AAK_MAY_LINK, AAK_PERM_L },
  };
  guint found = 0;
  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    if ((perms & letters[i].compiled) != 0)
      found |= letters[i].letter;
  return found;
}

/* Leaves @one those permissions that @other does not allow for all its names; FALSE where that is
 * none. What is no file rule is left as a whole. */
static gboolean
is_left (AakRuleExcess *one, const AakPolicyProfile *rule, const AakPolicyProfile *other,
         GError **error)
{
  gboolean more = FALSE, any = FALSE;
  g_autoptr (GPtrArray) excess = aak_policy_excess (rule, other, MOST, &more, error);
  guint letters = 0;
  for (guint i = 0; excess != NULL && i < excess->len; i++)
    {
      const AakExcess *beyond = excess->pdata[i];
      if (beyond->kind != AAK_EXCESS_ALLOWED)
        continue;
      any = TRUE;
      letters |= letters_of (beyond->perms);
    }
  if (any && !more && one->rule->class == AAK_CLASS_FILE && (one->perms & letters) != 0)
    one->perms &= letters;
  return any || excess == NULL;
}

gboolean
aak_diff_compiled_filter (const AakDiffCompiled *compiled, GArray *excess, guint other,
                          GError **error)
{
  if (compiled->unmade != NULL || excess->len == 0)
    return TRUE;
  g_autofree char *text = rules_as_profiles (compiled, excess), *unmade = NULL;
  GError *local = NULL;
  g_autoptr (AakPolicySet) rules =
      aak_abi_compile (compiled->abi, "single rules", text, &unmade, &local);
  for (guint i = excess->len; i > 0 && rules != NULL && local == NULL; i--)
    {
      g_autofree char *name = g_strdup_printf ("r%u", i - 1);
      const AakPolicyProfile *rule = aak_policy_set_find (rules, name);
      if (rule != NULL
          && !is_left (&g_array_index (excess, AakRuleExcess, i - 1), rule,
                       compiled->profiles[other], &local))
        g_array_remove_index (excess, i - 1);
    }
  if (local != NULL)
    g_propagate_error (error, local);
  return local == NULL;
}

GPtrArray *
aak_diff_compiled_excess (const AakDiffCompiled *compiled, guint one, gboolean *out_more,
                          GError **error)
{
  GPtrArray *excess = aak_policy_excess (compiled->profiles[one], compiled->profiles[1 - one], MOST,
                                         out_more, error);
  for (guint i = excess != NULL ? excess->len : 0; i > 0; i--)
    if (((const AakExcess *) excess->pdata[i - 1])->kind != AAK_EXCESS_ALLOWED)
      g_ptr_array_remove_index (excess, i - 1);
  return excess;
}
