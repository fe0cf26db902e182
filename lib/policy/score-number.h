/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Scores as numbers and words. */
#pragma once

#include <glib.h>

/* Scores are in tenths: from 0, where nothing of the table is allowed, to AAK_SCORE_MAX. */
#define AAK_SCORE_MAX 100u

/* One word for a score: "tight" up to 2.0, "ok" up to 4.0, "broad" up to 7.0, "exposed", and
 * "unconfined" for AAK_SCORE_MAX. */
const char *aak_score_word (guint score);

/* "4.2"; the caller frees it. */
char *aak_score_text (guint score);

/* Reads "4.2" or "4". FALSE where it is none, or over 10. */
gboolean aak_score_parse (const char *text, guint *out_score);
