/* SPDX-License-Identifier: GPL-2.0-or-later
 * One rule as AppArmor writes it. */
#pragma once

#include "learn/profile.h"

/* The text of @rule on one line, with its comma: whatever bytes its names hold, each stays one
 * token, which matches just them. Empty for a class that has no rules. @rule must be writable
 * (unwritable is NULL). Newly allocated. */
char *aak_rule_text (const AakRule *rule);

/* A label as the token of a peer that matches just it, quoted where it needs quotes. Newly
 * allocated. */
char *aak_rule_label_token (const char *label);
/* A label and its children as such a token. */
char *aak_rule_family_token (const char *label);
