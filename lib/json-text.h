/* SPDX-License-Identifier: LGPL-2.1-or-later
 * JSON documents as text. */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

/* Appends @text, which is UTF-8, as a JSON string, quotes and all. */
void aak_json_append_string (GString *out, const char *text);

/* The document @root over several lines, without a newline at its end: byte by byte as json-glib
 * writes it, but that an empty object is {}, and a number with a fraction has no more digits than
 * it takes to read the same number (7.9, not 7.9000000000000004). The caller frees it. */
char *aak_json_text (JsonNode *root);
