/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What the tables have in common that the program carries in itself
 * (profiles/Makefile.inc). */
#pragma once

#include "lib/yaml.h"

#define AAK_TABLE_ID_MAX 64

/* TRUE for what an entry can be called: lower case letters, digits and "-", a letter first, at most
 * AAK_TABLE_ID_MAX. */
gboolean aak_table_is_id (const char *text);

/* TRUE for one line of printable ASCII that may stand in a profile: without a comment, which would
 * hide what follows, and not empty. */
gboolean aak_table_is_line (const char *text);

/* The text of the table @name, "sensitive.yaml", which the caller drops. There always is one: where
 * the program is damaged it ends. */
GBytes *aak_table_text (const char *name);

/* Reads the texts that the mapping @entry has under @key, none of them empty, as a list that NULL
 * ends and the caller frees; a key that is missing gives an empty one. INVALID with
 * "NAME:LINE:COL: why". */
gboolean aak_table_texts (AakYamlNode entry, const char *key, char ***out,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Refuses keys of the mapping @entry that are not among @keys (NULL-terminated). INVALID as above.
 */
gboolean aak_table_check_keys (AakYamlNode entry, const char *const *keys,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
