/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-learn diff: what one state or profile allows that another one does not. */
#include "config.h"

#include "learn/cmd.h"

#include "learn/diff-compiled.h"
#include "learn/diff-print.h"
#include "learn/rule-diff.h"
#include "learn/sensitive-site.h"
#include "learn/security-diff.h"
#include "learn/syscall-diff.h"
#include "lib/error.h"
#include "lib/escape.h"

#include <string.h>

static void
note_labels (AakCli *cli, const AakProfile *a, const AakProfile *b)
{
  if (strcmp (a->label, b->label) == 0)
    return;
  g_autofree char *of_a = aak_escape (a->label, strlen (a->label));
  g_autofree char *of_b = aak_escape (b->label, strlen (b->label));
  aak_cli_note (cli, "they are of two labels, %s and %s", of_a, of_b);
}

/* Rule by rule, and then what several rules of the other side allow together is taken out. */
static int
compare_rules (AakCli *cli, char **paths, const AakDiffInput *a, const AakDiffInput *b,
               GError **error)
{
  g_auto (AakDiffCompiled) compiled = { .unmade = NULL };
  g_autoptr (GArray) only_a = aak_rule_diff (a->profile, b->profile);
  g_autoptr (GArray) only_b = aak_rule_diff (b->profile, a->profile);
  note_labels (cli, a->profile, b->profile);
  if (only_a->len + only_b->len > 0
      && (!aak_diff_compiled_make (a, b, &compiled, error)
          || !aak_diff_compiled_filter (&compiled, only_a, 1, error)
          || !aak_diff_compiled_filter (&compiled, only_b, 0, error)))
    return AAK_EXIT_FAILED;
  if (compiled.unmade != NULL)
    aak_cli_note (cli,
                  "a rule may be listed that several of the other side allow together, which only "
                  "the compiled policy tells: %s",
                  compiled.unmade);
  /* Of a text nobody knows which calls it goes with. */
  if (a->syscalls != NULL && b->syscalls != NULL)
    {
      aak_syscall_diff (a->syscalls, b->syscalls, only_a);
      aak_syscall_diff (b->syscalls, a->syscalls, only_b);
    }
  gboolean states = a->security != NULL && b->security != NULL;
  g_autoptr (GPtrArray) held_a = states ? aak_security_diff (a->security, b->security) : NULL;
  g_autoptr (GPtrArray) held_b = states ? aak_security_diff (b->security, a->security) : NULL;
  const AakDiffSide side_a = { only_a, held_a }, side_b = { only_b, held_b };
  if (aak_cli_json (cli))
    aak_diff_print_rules_json (cli, paths, &side_a, &side_b);
  else
    aak_diff_print_rules_text (cli, paths, &side_a, &side_b);
  return aak_diff_side_is_empty (&side_a) && aak_diff_side_is_empty (&side_b) ? AAK_EXIT_OK
                                                                              : AAK_EXIT_FINDING;
}

/* What a text by another hand says, only the compiler knows. */
static int
compare_compiled (AakCli *cli, char **paths, const AakDiffInput *a, const AakDiffInput *b,
                  GError **error)
{
  gboolean more[2] = { FALSE };
  g_auto (AakDiffCompiled) compiled = { .unmade = NULL };
  if (!aak_diff_compiled_make (a, b, &compiled, error))
    return AAK_EXIT_FAILED;
  if (compiled.unmade != NULL)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_COMPILER,
                   "a profile text without the state that it was made from is compared as "
                   "compiled: %s",
                   compiled.unmade);
      return AAK_EXIT_FAILED;
    }
  g_autoptr (GPtrArray) only_a = aak_diff_compiled_excess (&compiled, 0, &more[0], error);
  g_autoptr (GPtrArray) only_b =
      only_a != NULL ? aak_diff_compiled_excess (&compiled, 1, &more[1], error) : NULL;
  if (only_b == NULL)
    return AAK_EXIT_FAILED;
  if (compiled.profiles[0]->mode != compiled.profiles[1]->mode)
    aak_cli_note (cli, "they are of two modes, %s and %s",
                  aak_mode_name (compiled.profiles[0]->mode),
                  aak_mode_name (compiled.profiles[1]->mode));
  if (aak_cli_json (cli))
    aak_diff_print_compiled_json (cli, paths, only_a, only_b);
  else
    aak_diff_print_compiled_text (cli, paths, only_a, only_b);
  if (more[0] || more[1])
    aak_cli_warn (cli, "there are further differences, which were not looked for");
  return only_a->len + only_b->len > 0 ? AAK_EXIT_FINDING : AAK_EXIT_OK;
}

int
aak_cmd_diff (AakCli *cli, int argc, char **argv, GError **error)
{
  gboolean exact = FALSE;
  const GOptionEntry entries[] = {
    { "exact", 0, 0, G_OPTION_ARG_NONE, &exact, "Compare exactly what was seen, not the rules",
      NULL },
    { NULL },
  };
  if (!aak_cli_parse (cli, entries, "A B",
                      "  aa-learn diff staging.learned.yaml production.learned.yaml\n"
                      "  aa-learn diff k8s-web.learned.yaml /etc/apparmor.d/k8s-web\n",
                      &argc, &argv, error)
      || !aak_sensitive_site_load (cli, error))
    return AAK_EXIT_USAGE;
  if (argc != 3)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "diff takes two states or profile texts");
      return AAK_EXIT_USAGE;
    }
  g_auto (AakDiffInput) a = { .path = NULL };
  g_auto (AakDiffInput) b = { .path = NULL };
  if (!aak_diff_input_read (argv[1], exact, &a, error)
      || !aak_diff_input_read (argv[2], exact, &b, error))
    return AAK_EXIT_FAILED;
  return a.profile != NULL && b.profile != NULL ? compare_rules (cli, argv + 1, &a, &b, error)
                                                : compare_compiled (cli, argv + 1, &a, &b, error);
}
