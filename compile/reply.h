/* SPDX-License-Identifier: GPL-2.0-or-later
 * Answers as lines and as JSON. */
#pragma once

#include "compile/question.h"

#include <json-glib/json-glib.h>

/* "allowed" or "denied", then what else is to say as KEY=VALUE, names last. One line, escaped,
 * without its end. The caller frees it. */
char *aak_reply_text (const AakReply *reply);

/* The members of the document "aakit/answer/1", into an object that is open in @json. */
void aak_reply_to_json (const AakReply *reply, JsonBuilder *json);
