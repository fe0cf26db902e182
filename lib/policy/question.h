/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A question to a profile in words: CLASS ARGS..., as on the command line of aa-compile query. */
#pragma once

#include "lib/policy/names.h"
#include "lib/policy/query.h"

#include <glib.h>

typedef struct
{
  AakAnswer answer;
  AakPermWords words; /* what the answer's masks are written with */
  char *label;        /* where an allowed exec leads to, as far as is known; else NULL */
  char *name;         /* one of the files that an allowed question was about; else NULL */
} AakReply;

void aak_reply_clear (AakReply *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AakReply, aak_reply_clear)

/* FALSE, and why (USAGE), where the @n words begin with no class of questions, or their number is
 * wrong for it. What they say is looked at when they are asked. */
gboolean aak_question_check (const char *const *words, guint n,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE where questions of @class, a word, end with whose the file is: "owner" or "other". */
gboolean aak_question_has_owner (const char *class);

/* Asks @profile of @set what the @n words say. USAGE, with what is wrong, where they are no
 * question. The caller clears @out. */
gboolean aak_question_ask (const AakPolicySet *set, const AakPolicyProfile *profile,
                           const char *const *words, guint n, AakReply *out,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
