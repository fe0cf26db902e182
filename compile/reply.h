/* SPDX-License-Identifier: GPL-2.0-or-later
 * Answers as lines and as JSON. */
#pragma once

#include "lib/policy/question.h"
#include "lib/json.h"

/* "allowed" or "denied", then what else is to say as KEY=VALUE, names last. One line, escaped,
 * without its end. The caller frees it. */
char *aak_reply_text (const AakReply *reply);

/* Writes the document "aakit/answer/1". */
void aak_reply_put_json (const AakReply *reply, AakJson *json);

/* The same of a question that was none; @why is escaped. */
void aak_reply_put_refusal (const char *why, AakJson *json);
