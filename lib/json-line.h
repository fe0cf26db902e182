/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A JSON object on one line, written straight into a string: for streams of many. */
#pragma once

#include <glib.h>

/* Each appends a member to the object that @line ends in, which "{" begins. @key: letters and
 * underscores. The one who began the object appends its "}". */

/* @text: UTF-8. */
void aak_json_line_text (GString *line, const char *key, const char *text);
/* @bytes: any, which are escaped (lib/escape.h). */
void aak_json_line_bytes (GString *line, const char *key, const char *bytes);
void aak_json_line_flag (GString *line, const char *key, gboolean value);
