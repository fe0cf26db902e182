/* SPDX-License-Identifier: GPL-2.0-or-later
 * File rules that another rule of the same profile makes needless: its pattern matches all that
 * they do, and gives no less. */
#pragma once

#include "learn/generalise.h"

/* What the text of @rule gives, as AakPerm bits: of a link only that, and of a file w for creating
 * and deleting, which includes a. */
guint aak_rule_permissions (const AakRule *rule);

/* How many patterns are compared with one another, by the product of their lengths; beyond it
 * needless ones stay. */
#define AAK_RULE_COVER_MAX (1000u * 1000)
/* And how many paths with patterns. */
#define AAK_RULE_COVER_MAX_PATHS (10u * 1000 * 1000)

/* Takes such rules out of @rules (AakRule*, in their order), which frees them; those that execute,
 * link, wait for review or were allowed stay. Their accesses in @trace (AakTrace) become those of
 * the rule that covers them, whose counts of accesses and events grow; its runs are not counted. */
void aak_rule_cover_drop (GPtrArray *rules, GArray *trace);
