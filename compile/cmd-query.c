/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-compile query: policy -> profile -> question, many of them, or a tree of files -> answers. */
#include "config.h"

#include "compile/cmd.h"
#include "compile/policy-options.h"
#include "compile/query-tree.h"
#include "compile/question-lines.h"
#include "lib/policy/question-words.h"
#include "compile/reply.h"
#include "lib/error.h"
#include "lib/policy/open.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What came of all questions. */
typedef struct
{
  guint64 denied;
  guint64 bad;
} Tally;

static gboolean
parse (AakCli *cli, AakPolicyOptions *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "features", 0, 0, G_OPTION_ARG_FILENAME, &options->features,
      "Compile a text for this kernel feature set, or read that of a bundle: a file, a directory, or "
      "the name of an installed one (default: the bundle's only one, or the running kernel's)",
      "FEATURES" },
    AAK_POLICY_OPTIONS_BASE (options),
    { "tree", 0, 0, G_OPTION_ARG_FILENAME, &options->tree,
      "Tell what is allowed with every file below this directory, as if it were the application's /",
      "ROOTFS" },
    AAK_POLICY_OPTIONS_OWNER (options),
    { NULL },
  };
  if (!aak_cli_parse (
          cli, entries, "PROFILE|BLOB|BUNDLE LABEL [CLASS ARGS...]",
          "  aa-compile query k8s-web k8s-web file /etc/shadow r  # a profile text\n"
          "  aa-compile query bundle/ k8s-web exec /bin/sh        # a bundle\n"
          "  aa-compile query bundle/ k8s-web < questions         # one a line, answers too\n"
          "  aa-compile query bundle/ k8s-web --tree rootfs/      # every file there\n"
          "Questions: file PATH MASK, exec PATH, below DIR MASK, unconfined, link LINK TARGET,\n"
          "  capability NAME, network FAMILY TYPE, unix TYPE, signal send|receive SIGNAL PEER,\n"
          "  ptrace read|trace|readby|tracedby PEER, mount TARGET [source=S] [fstype=T]\n"
          "  [options=O] [data=D], umount TARGET, pivot_root NEW OLD,\n"
          "  change_profile LABEL [PROGRAM], userns",
          argc, argv, error))
    return FALSE;
  const char *why = aak_policy_options_objection (options);
  if (*argc < 3)
    why = "name the policy (a text, a compiled file or a bundle) and the profile in it";
  else if (options->tree != NULL && *argc > 3)
    why = "--tree asks by itself: name no class";
  if (why != NULL)
    g_set_error_literal (error, AAK_ERROR, AAK_ERROR_USAGE, why);
  return why == NULL;
}

/* --- one question ---------------------------------------------------------------------------- */

static int
ask_once (AakCli *cli, const AakPolicySet *set, const AakPolicyProfile *profile, char **words,
          GError **error)
{
  g_auto (AakReply) reply = { .label = NULL };
  if (!aak_question_ask (set, profile, (const char *const *) words, g_strv_length (words), &reply,
                         error))
    return AAK_EXIT_USAGE;
  if (aak_cli_json (cli))
    {
      g_autoptr (AakJson) json = aak_json_new ();
      aak_reply_put_json (&reply, json);
      aak_cli_out_json (cli, json);
    }
  else
    {
      g_autofree char *text = aak_reply_text (&reply);
      aak_cli_out (cli, "%s\n", text);
    }
  return reply.answer.allowed ? AAK_EXIT_OK : AAK_EXIT_FINDING;
}

/* --- many ------------------------------------------------------------------------------------ */

/* @json: room for a line, whose bytes are used again. */
static void
print_line_json (AakCli *cli, const AakReply *reply, const GError *why, AakJson *json)
{
  aak_json_clear (json);
  if (why == NULL)
    aak_reply_put_json (reply, json);
  else
    aak_reply_put_refusal (why->message, json);
  aak_cli_out_json (cli, json);
}

static void
print_line (AakCli *cli, const AakReply *reply, const GError *why, AakJson *json)
{
  if (aak_cli_json (cli))
    print_line_json (cli, reply, why, json);
  else if (why != NULL)
    aak_cli_out (cli, "invalid %s\n", why->message);
  else
    {
      g_autofree char *text = aak_reply_text (reply);
      aak_cli_out (cli, "%s\n", text);
    }
}

static int
ask_all (AakCli *cli, const AakPolicySet *set, const AakPolicyProfile *profile, GError **error)
{
  Tally tally = { 0 };
  g_auto (AakQuestionLines) lines = aak_question_lines_of (STDIN_FILENO);
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (AakJson) json = aak_json_new_line ();
  g_autoptr (GError) failed = NULL;
  for (char *line = aak_question_lines_next (&lines, &failed); line != NULL;
       line = aak_question_lines_next (&lines, &failed))
    {
      g_auto (AakReply) reply = { .label = NULL };
      g_autoptr (GError) why = NULL;
      if (!aak_question_words_split (line, words, &why)
          || !aak_question_ask (set, profile, (const char *const *) words->pdata, words->len,
                                &reply, &why))
        tally.bad++;
      else if (!reply.answer.allowed)
        tally.denied++;
      print_line (cli, &reply, why, json);
      if (ferror (stdout))
        break; /* nobody hears the answers; the questions may have no end */
    }
  if (failed != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failed));
      return AAK_EXIT_FAILED;
    }
  if (tally.bad > 0)
    return AAK_EXIT_INVALID;
  return tally.denied > 0 ? AAK_EXIT_FINDING : AAK_EXIT_OK;
}

int
aak_cmd_query (AakCli *cli, int argc, char **argv, GError **error)
{
  g_auto (AakPolicyOptions) options = { 0 };
  if (!parse (cli, &options, &argc, &argv, error))
    return AAK_EXIT_USAGE;
  const AakPolicyOpen where = aak_policy_options_open (&options, cli);
  g_autoptr (AakPolicySet) set = aak_policy_open (argv[1], argv[2], &where, error);
  const AakPolicyProfile *profile = set != NULL ? aak_policy_set_find (set, argv[2]) : NULL;
  if (set == NULL)
    return AAK_EXIT_FAILED;
  if (profile == NULL)
    {
      g_set_error_literal (error, AAK_ERROR, AAK_ERROR_NOT_FOUND, "no such profile in the bundle");
      return AAK_EXIT_FAILED;
    }
  if (profile->mode == AAK_MODE_COMPLAIN)
    aak_cli_note (cli, "a complain profile: these are its rules; the kernel lets everything pass");
  if (options.tree != NULL)
    return aak_query_tree (cli, profile, options.tree, options.owner, error);
  return argc > 3 ? ask_once (cli, set, profile, argv + 3, error)
                  : ask_all (cli, set, profile, error);
}
