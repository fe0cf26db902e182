/* SPDX-License-Identifier: GPL-2.0-or-later
 * What several rules of one side allow together is no difference, and a text by hand is compared as
 * compiled. */
#include "learn/diff-compiled.h"
#include "learn/profile-writer.h"
#include "learn/rule-diff.h"
#include "learn/rule-text.h"

#include <criterion/criterion.h>
#include <string.h>

/* "PATTERN LETTERS; ...": a profile of these rules. */
static AakProfile *
profile_of (const char *rules)
{
  AakProfile *profile = aak_profile_new ("k8s-t");
  g_auto (GStrv) each = g_strsplit (rules, "; ", -1);
  for (char **one = each; *one != NULL && **one != '\0'; one++)
    {
      g_auto (GStrv) words = g_strsplit (*one, " ", 2);
      AakRule *rule = g_new0 (AakRule, 1);
      rule->class = AAK_CLASS_FILE;
      rule->name = g_strdup (words[0]);
      rule->detail = g_strdup ("");
      cr_assert (aak_perms_from_letters (words[1], &rule->perms));
      g_ptr_array_add (profile->rules, rule);
    }
  return profile;
}

static void
input_init (AakDiffInput *input, const char *path, const char *rules)
{
  *input = (AakDiffInput){ .path = path, .profile = profile_of (rules) };
  input->text = aak_profile_to_text (input->profile);
}

static void
compile (const AakDiffInput *a, const AakDiffInput *b, AakDiffCompiled *out)
{
  g_autoptr (GError) error = NULL;
  cr_assert (aak_diff_compiled_make (a, b, out, &error), "%s", error != NULL ? error->message : "");
  if (out->unmade != NULL)
    cr_skip_test ("%s", out->unmade);
}

static const struct
{
  char a[60];
  char b[60];
  char left[60]; /* of a's rules */
} cases[] = {
  { "/a/{b,c} r", "/a/b r; /a/c r", "" },
  { "/a/{b,c} r", "/a/b r; /a/d r", "\"/a/{b,c}\" r," },
  { "/a/* r", "/a/[a-m]* r; /a/[^a-m]* r", "" },
  { "/a/* rw", "/a/[a-m]* rw; /a/[^a-m]* r", "/a/* w," },
  { "/a/{b,c} x", "/a/b x; /a/c x", "" },
  { "/a/b rw", "/a/{b,c} r; /**b w", "" },
  { "/proc/@{pid}/stat r; /x r", "/proc/[1-9]*/stat r", "/x r," },
};

Test (diff_compiled, what_rules_allow_together)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (AakDiffInput) a = { .path = NULL };
      g_auto (AakDiffInput) b = { .path = NULL };
      g_auto (AakDiffCompiled) compiled = { .unmade = NULL };
      g_autoptr (GError) error = NULL;
      input_init (&a, "a", cases[i].a);
      input_init (&b, "b", cases[i].b);
      compile (&a, &b, &compiled);
      g_autoptr (GArray) excess = aak_rule_diff (a.profile, b.profile);
      cr_assert (aak_diff_compiled_filter (&compiled, excess, 1, &error), "%s",
                 error != NULL ? error->message : "");
      g_autoptr (GString) left = g_string_new (NULL);
      for (guint j = 0; j < excess->len; j++)
        {
          const AakRuleExcess *one = &g_array_index (excess, AakRuleExcess, j);
          AakRule rule = *one->rule;
          rule.perms = one->perms;
          g_autofree char *text = aak_rule_text (&rule);
          g_string_append_printf (left, "%s%s", j > 0 ? " " : "", text);
        }
      cr_expect_str_eq (left->str, cases[i].left, "%s / %s: %s", cases[i].a, cases[i].b, left->str);
    }
}

Test (diff_compiled, a_text_by_hand)
{
  g_auto (AakDiffInput) a = { .path = NULL };
  g_auto (AakDiffInput) b = { .path = "b" };
  g_auto (AakDiffCompiled) compiled = { .unmade = NULL };
  gboolean more = FALSE;
  input_init (&a, "a", "/a/{b,c} r");
  b.text = g_strdup ("abi <abi/3.0>,\nprofile other { /x r, }\nprofile k8s-t {\n  /a/** r,\n}\n");
  compile (&a, &b, &compiled);
  cr_expect_str_eq (compiled.profiles[1]->name, "k8s-t");
  g_autoptr (GPtrArray) lost = aak_diff_compiled_excess (&compiled, 1, &more, NULL);
  cr_assert_gt (lost->len, 0);
  g_autofree char *text = aak_excess_text (lost->pdata[0]);
  cr_expect_str_eq (text, "/a/** r  # but not: /a/b r; /a/c r");
}
