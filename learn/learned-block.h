/* SPDX-License-Identifier: GPL-2.0-or-later
 * The block of rules that aakit adds to a profile by another hand: one rule a line, sorted, between
 * two marks, at the end of the profile's body. */
#pragma once

#include "learn/policy-outline.h"

/* A text, and the profile in it. Owned by others. */
typedef struct
{
  const char *what; /* stands for the text in messages, escaped */
  const char *text;
  gsize len;
  const AakOutlineProfile *profile;
} AakLearnedPlace;

/* @place's text with @lines (char*) in the profile's learned block, which is made where it is
 * missing; all other bytes stay as they are. A line is a rule and its comment ("/a r,  # 1 file"),
 * the same behind a # without a blank (it waits for review, until it is added as a rule), or
 * another comment. What the block holds already stays: of two lines with the same rule one is kept,
 * and adding the same lines again changes nothing. *@out_len: the length; the caller frees it.
 *
 * INVALID, with its place, where the block holds more than rules and comments that end on their
 * line. */
char *aak_learned_block_join (const AakLearnedPlace *place, GPtrArray *lines, gsize *out_len,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
