/* SPDX-License-Identifier: GPL-2.0-or-later
 * The option --allow ID of the verbs that make rules. */
#pragma once

#include "learn/observations.h"

#define AAK_ALLOW_OPTION                                                                            \
  "Grant this kind of sensitive access where it was seen: the ID that the # review: comment names " \
  "(again for more)"

/* TRUE where all of @ids (NULL-terminated, or NULL) are in the table of sensitive accesses; else
 * USAGE, with the one that was perhaps meant. */
gboolean aak_allow_option_check (char *const *ids, GError **error);

/* Allows @observations what @ids say. */
void aak_allow_option_apply (char *const *ids, AakObservations *observations);
