/* SPDX-License-Identifier: GPL-2.0-or-later
 * Scores as text and as JSON. */
#pragma once

#include "compile/score-sheet.h"
#include "lib/json.h"

/* How text is written. */
typedef struct
{
  guint columns; /* no line is longer; 0: as long as they are */
  gboolean utf8; /* marks may be more than ASCII */
  gboolean color;
  gboolean verbose; /* with why what is allowed matters, and the question that decided it */
} AakScoreStyle;

/* One profile: a line for each entry of the table, then its score beside the references. Each line
 * ends with a newline; names are escaped. The caller frees it. */
char *aak_score_report_one (const AakScored *scored, const AakScoreStyle *style);

/* Several profiles: a line for each, the references, the highest and the mean. The same. */
char *aak_score_report_all (const AakScoreSheet *sheet, const AakScoreStyle *style);

/* The document "aakit/score/1". @threshold: NULL where there is none. The caller owns it. */
AakJson *aak_score_report_json (const AakScoreSheet *sheet, const guint *threshold);
