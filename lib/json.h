/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Writing JSON, value by value, into a text that grows. */
#pragma once

#include <glib.h>

typedef struct AakJson AakJson;

/* A document over several lines: two blanks a level, and " : " between a name and its value. */
AakJson *aak_json_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* A document on one line without a blank: for streams of many. */
AakJson *aak_json_new_line (void) G_GNUC_WARN_UNUSED_RESULT;
void aak_json_free (AakJson *json);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakJson, aak_json_free)
/* The same, but for the text, which the caller frees. */
char *aak_json_free_to_text (AakJson *json) G_GNUC_WARN_UNUSED_RESULT;

/* What was written so far, without a newline at its end: a document once all that was begun is
 * ended. @json owns it, until something is written. */
const char *aak_json_text (const AakJson *json);
/* Forgets what was written; its room is used again. */
void aak_json_clear (AakJson *json);

/* --- values: the root's, an array's next one, or that of the member whose name was set -------- */

void aak_json_begin_object (AakJson *json);
void aak_json_end_object (AakJson *json);
void aak_json_begin_array (AakJson *json);
void aak_json_end_array (AakJson *json);

/* The name of the next value, in an object. @name: UTF-8, and new in its object: that is for the
 * caller to see to. */
void aak_json_set_member_name (AakJson *json, const char *name);

/* @text: UTF-8. */
void aak_json_add_string_value (AakJson *json, const char *text);
void aak_json_add_int_value (AakJson *json, gint64 value);
/* @value: finite. It has a fraction, and no more digits than it takes to read the same number (7.9,
 * 10.0, not 7.9000000000000004). */
void aak_json_add_double_value (AakJson *json, double value);
void aak_json_add_boolean_value (AakJson *json, gboolean value);
void aak_json_add_null_value (AakJson *json);

/* --- members: a name and its value ------------------------------------------------------------ */

/* @text: UTF-8, or NULL for null. */
void aak_json_add_text (AakJson *json, const char *name, const char *text);
/* @bytes: any, which are escaped (lib/escape.h), or NULL for null. */
void aak_json_add_bytes (AakJson *json, const char *name, const char *bytes);
/* What is beyond the largest number of JSON readers, G_MAXINT64, is that. */
void aak_json_add_uint (AakJson *json, const char *name, guint64 value);
void aak_json_add_flag (AakJson *json, const char *name, gboolean value);
/* @texts: UTF-8. */
void aak_json_add_texts (AakJson *json, const char *name, const GPtrArray *texts);
