/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reading JSON of somebody else's writing, with jansson. */
#pragma once

#include <glib.h>
#include <jansson.h>

/* The object that @text is. Its numbers are reals. In strings U+FFFD stands for NUL, which would
 * end them: their beginning may be the name of something else. Of two members of one name the last
 * one counts, as it does for the container runtimes, which are written in Go. NULL with INVALID
 * where it is none, is no UTF-8, or is nested deeper than JSON_PARSER_MAX_DEPTH. @name stands for
 * the file in messages. The caller drops it (json_auto_t). */
json_t *aak_json_read (const char *name, GBytes *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The text of the member @name of @object; NULL where it is no object, or has none. */
const char *aak_json_member_text (const json_t *object, const char *name);
