/* SPDX-License-Identifier: GPL-2.0-or-later
 * The kinds of sensitive accesses that somebody allowed a label: ids of profiles/sensitive.yaml.
 * Ids that this table does not know are kept: another version's may. */
#pragma once

#include "lib/yaml.h"

#define AAK_ALLOW_MAX 4096 /* ids */

typedef struct AakAllowList AakAllowList;

AakAllowList *aak_allow_list_new (void);
void aak_allow_list_free (AakAllowList *list);

void aak_allow_list_add (AakAllowList *list, const char *id);
gboolean aak_allow_list_has (const AakAllowList *list, const char *id);
/* The ids (char*), sorted; the list owns them. */
const GPtrArray *aak_allow_list_ids (const AakAllowList *list);
/* Adds what @from has. */
void aak_allow_list_merge (AakAllowList *list, const AakAllowList *from);

/* Writes it under the key "allow", sorted; nothing where it is empty. */
void aak_allow_list_write (const AakAllowList *list, AakYamlWriter *yaml);
/* Adds what stands in the mapping @node under "allow" to an empty list; no such key is no error.
 * INVALID with "NAME:LINE:COL: why". */
gboolean aak_allow_list_read (AakAllowList *list, AakYamlNode node,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
