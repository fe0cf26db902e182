/* SPDX-License-Identifier: GPL-2.0-or-later
 * Answers as lines and as JSON. */
#pragma once

#include "compile/question.h"

/* "allowed" or "denied", then what else is to say as KEY=VALUE, names last. One line, escaped,
 * without its end. The caller frees it. */
char *aak_reply_text (const AakReply *reply);

/* Appends the document "aakit/answer/1", on one line without its end. */
void aak_reply_append_json (const AakReply *reply, GString *line);

/* The same of a question that was none; @why is escaped. */
void aak_reply_append_refusal (const char *why, GString *line);
