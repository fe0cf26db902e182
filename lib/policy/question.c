/* SPDX-License-Identifier: LGPL-2.1-or-later
 * From words to a question, one function a class. */
#include "config.h"

#include "lib/policy/question.h"

#include "lib/policy/question-class.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/policy/reach.h"

#include <string.h>

void
aak_reply_clear (AakReply *reply)
{
  g_clear_pointer (&reply->label, g_free);
  g_clear_pointer (&reply->name, g_free);
}

gboolean
aak_asked_bad_word (GError **error, const char *what, const char *word)
{
  g_autofree char *shown = aak_escape (word, strlen (word));
  g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "%s: \"%s\"", what, shown);
  return FALSE;
}

gboolean
aak_asked_parts (const AakAsked *asked, guint at, const AakAskedPart *parts, gsize n,
                 GError **error)
{
  for (; at < asked->n; at++)
    {
      gboolean found = FALSE;
      for (gsize i = 0; !found && i < n; i++)
        {
          found = g_str_has_prefix (asked->words[at], parts[i].key);
          if (found)
            *parts[i].value = asked->words[at] + strlen (parts[i].key);
        }
      if (!found)
        return aak_asked_bad_word (error, "not a part of this question", asked->words[at]);
    }
  return TRUE;
}

/* Whose the file is, from the word @at, which may be missing: then it is another's. */
static gboolean
read_owner (const AakAsked *asked, guint at, gboolean *out_owner, GError **error)
{
  const char *word = at < asked->n ? asked->words[at] : "other";
  *out_owner = strcmp (word, "owner") == 0;
  return *out_owner || strcmp (word, "other") == 0
         || aak_asked_bad_word (error, "neither owner nor other", word);
}

/* --- files ----------------------------------------------------------------------------------- */

static gboolean
ask_path (const AakAsked *asked, guint32 mask, guint owner_at, AakReply *out, GError **error)
{
  gboolean owner = FALSE;
  if (!read_owner (asked, owner_at, &owner, error))
    return FALSE;
  AakName path = aak_name (asked->words[0]);
  out->words = AAK_PERM_WORDS_FILE;
  out->answer = aak_policy_query_file (asked->profile, path, mask, owner);
  if (out->answer.exec.target != AAK_EXEC_NOWHERE)
    out->label = aak_policy_query_exec_label (asked->set, asked->profile, path, out->answer.exec);
  return TRUE;
}

static gboolean
ask_file (const AakAsked *asked, AakReply *out, GError **error)
{
  guint32 mask = 0;
  if (!aak_policy_perms_parse (AAK_PERM_WORDS_FILE, asked->words[1], &mask))
    return aak_asked_bad_word (error, "no mask of the letters rwaxmklcd", asked->words[1]);
  return ask_path (asked, mask, 2, out, error);
}

static gboolean
ask_exec (const AakAsked *asked, AakReply *out, GError **error)
{
  return ask_path (asked, AAK_MAY_EXEC, 1, out, error);
}

static gboolean
ask_link (const AakAsked *asked, AakReply *out, GError **error)
{
  gboolean owner = FALSE;
  if (!read_owner (asked, 2, &owner, error))
    return FALSE;
  out->words = AAK_PERM_WORDS_FILE;
  out->answer = aak_policy_query_link (asked->profile, aak_name (asked->words[0]),
                                       aak_name (asked->words[1]), owner);
  return TRUE;
}

static gboolean
ask_below (const AakAsked *asked, AakReply *out, GError **error)
{
  AakReach reach = { .below = asked->words[0] };
  if (*reach.below != '/' || !g_str_has_suffix (reach.below, "/"))
    return aak_asked_bad_word (error, "no directory that begins and ends with a slash",
                               reach.below);
  if (!aak_policy_perms_parse (AAK_PERM_WORDS_FILE, asked->words[1], &reach.request))
    return aak_asked_bad_word (error, "no mask of the letters rwaxmklcd", asked->words[1]);
  if (!read_owner (asked, 2, &reach.owner, error))
    return FALSE;
  out->words = AAK_PERM_WORDS_FILE;
  out->answer = aak_policy_reach (asked->profile, &reach, &out->name);
  return TRUE;
}

static gboolean
ask_unconfined (const AakAsked *asked, AakReply *out, GError **error)
{
  AakReach reach = { .below = "/", .request = AAK_MAY_EXEC, .unconfined = TRUE };
  if (!read_owner (asked, 0, &reach.owner, error))
    return FALSE;
  out->words = AAK_PERM_WORDS_FILE;
  out->answer = aak_policy_reach (asked->profile, &reach, &out->name);
  return TRUE;
}

static gboolean
ask_change_profile (const AakAsked *asked, AakReply *out, GError **error)
{
  (void) error;
  AakName program = aak_name (asked->n > 1 ? asked->words[1] : "");
  out->answer = aak_policy_query_change_profile (asked->profile, asked->n > 1 ? &program : NULL,
                                                 asked->words[0]);
  return TRUE;
}

/* --- capabilities, network, tasks ------------------------------------------------------------- */

static gboolean
ask_capability (const AakAsked *asked, AakReply *out, GError **error)
{
  guint number = 0;
  if (!aak_policy_capability_number (asked->words[0], &number))
    return aak_asked_bad_word (error, "no capability", asked->words[0]);
  out->answer = aak_policy_query_capability (asked->profile, number);
  return TRUE;
}

static gboolean
ask_signal (const AakAsked *asked, AakReply *out, GError **error)
{
  guint number = 0;
  guint32 mask = 0;
  if (!aak_policy_perms_parse (AAK_PERM_WORDS_SIGNAL, asked->words[0], &mask))
    return aak_asked_bad_word (error, "neither send nor receive", asked->words[0]);
  if (!aak_policy_signal_number (asked->words[1], &number))
    return aak_asked_bad_word (error, "no signal", asked->words[1]);
  out->words = AAK_PERM_WORDS_SIGNAL;
  out->answer = aak_policy_query_signal (asked->profile, number, asked->words[2], mask);
  return TRUE;
}

static gboolean
ask_limit (const AakAsked *asked, AakReply *out, GError **error)
{
  guint number = 0;
  guint64 value = G_MAXUINT64;
  if (!aak_policy_limit_number (asked->words[0], &number))
    return aak_asked_bad_word (error, "no limit", asked->words[0]);
  if (strcmp (asked->words[1], "infinity") != 0
      && !g_ascii_string_to_unsigned (asked->words[1], 10, 0, G_MAXUINT64, &value, NULL))
    return aak_asked_bad_word (error, "no value of a limit", asked->words[1]);
  out->answer = aak_policy_query_limit (asked->profile, number, value);
  return TRUE;
}

static gboolean
ask_ptrace (const AakAsked *asked, AakReply *out, GError **error)
{
  guint32 mask = 0;
  if (!aak_policy_perms_parse (AAK_PERM_WORDS_PTRACE, asked->words[0], &mask))
    return aak_asked_bad_word (error, "none of read, trace, readby, tracedby", asked->words[0]);
  out->words = AAK_PERM_WORDS_PTRACE;
  out->answer = aak_policy_query_ptrace (asked->profile, asked->words[1], mask);
  return TRUE;
}

static gboolean
ask_userns (const AakAsked *asked, AakReply *out, GError **error)
{
  (void) error;
  out->answer = aak_policy_query_userns (asked->profile);
  return TRUE;
}

/* --- the classes ------------------------------------------------------------------------------ */

typedef struct
{
  const char *name;
  const char *args;
  guint min;
  guint max;
  AakAskFunc ask;
} Class;

static const Class classes[] = {
  { "file", "PATH MASK [owner|other]", 2, 3, ask_file },
  { "exec", "PATH [owner|other]", 1, 2, ask_exec },
  { "below", "DIR MASK [owner|other]", 2, 3, ask_below },
  { "unconfined", "[owner|other]", 0, 1, ask_unconfined },
  { "link", "LINK TARGET [owner|other]", 2, 3, ask_link },
  { "capability", "NAME", 1, 1, ask_capability },
  { "network", "FAMILY TYPE [PERMISSION,...] [addr=A] [port=N] [peer_addr=A] [peer_port=N]", 2, 7,
    aak_asked_network },
  { "unix", "TYPE [PERMISSION,...] [addr=A] [peer_addr=A] [peer=LABEL]", 1, 5, aak_asked_unix },
  { "dbus", "PERMISSION,... BUS [name=N] [peer=LABEL] [path=P] [interface=I] [member=M]", 2, 7,
    aak_asked_dbus },
  { "mqueue", "NAME|KEY PERMISSION,...", 2, 2, aak_asked_mqueue },
  { "io_uring", "sqpoll|override_creds [LABEL]", 1, 2, aak_asked_io_uring },
  { "rlimit", "NAME VALUE|infinity", 2, 2, ask_limit },
  { "signal", "send|receive SIGNAL PEER", 3, 3, ask_signal },
  { "ptrace", "read|trace|readby|tracedby PEER", 2, 2, ask_ptrace },
  { "mount", "TARGET [source=S] [fstype=T] [options=O,...] [data=D]", 1, 5, aak_asked_mount },
  { "umount", "TARGET", 1, 1, aak_asked_umount },
  { "pivot_root", "NEW OLD", 2, 2, aak_asked_pivot_root },
  { "change_profile", "LABEL [PROGRAM]", 1, 2, ask_change_profile },
  { "userns", "", 0, 0, ask_userns },
};

/* The class of the @n words, or NULL with an error. */
static const Class *
find_class (const char *const *words, guint n, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      const Class *class = &classes[i];
      if (strcmp (words[0], class->name) != 0)
        continue;
      if (n - 1 >= class->min && n - 1 <= class->max)
        return class;
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "it is: %s %s", class->name, class->args);
      return NULL;
    }
  aak_asked_bad_word (error, "no class of questions", words[0]);
  return NULL;
}

gboolean
aak_question_check (const char *const *words, guint n, GError **error)
{
  return find_class (words, n, error) != NULL;
}

gboolean
aak_question_has_owner (const char *class)
{
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (strcmp (class, classes[i].name) == 0)
      return g_str_has_suffix (classes[i].args, "[owner|other]");
  return FALSE;
}

gboolean
aak_question_ask (const AakPolicySet *set, const AakPolicyProfile *profile,
                  const char *const *words, guint n, AakReply *out, GError **error)
{
  const Class *class = find_class (words, n, error);
  if (class == NULL)
    return FALSE;
  const AakAsked asked = { set, profile, words + 1, n - 1 };
  *out = (AakReply){ .words = AAK_PERM_WORDS_NONE };
  return class->ask (&asked, out, error);
}
