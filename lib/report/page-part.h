/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What the sections of a page are made of, and the sections themselves. */
#pragma once

#include "lib/report/html.h"
#include "lib/report/report.h"

/* Where the page is being written. */
typedef struct
{
  AakHtml *html;
  const AakReportPart *part;
  guint number;   /* of the part, from 1 */
  gboolean alone; /* it is the only one */
  guint before;   /* rules of the parts that come earlier */
} AakPage;

/* --- pieces ---------------------------------------------------------------------------------- */

/* An id of this part: "p1-rules". The caller frees it. */
char *aak_page_id (const AakPage *page, const char *id);

/* A section with its heading; it ends with aak_page_end(). */
void aak_page_begin_section (const AakPage *page, const char *id, const char *heading);
void aak_page_end (const AakPage *page);
void aak_page_paragraph (const AakPage *page, const char *text);
/* Of less importance. */
void aak_page_remark (const AakPage *page, const char *text);

/* A column; of numbers, it is aligned at its end. */
typedef struct
{
  const char *heading;
  const char *class; /* "number", "rule", "words" */
} AakPageColumn;

/* A table in a box that scrolls sideways; it ends with aak_page_end_table(). */
void aak_page_begin_table (const AakPage *page, const char *caption, const AakPageColumn *columns,
                           guint n);
void aak_page_end_table (const AakPage *page);
void aak_page_cell (const AakPage *page, const char *class, const char *text);
void aak_page_cell_count (const AakPage *page, guint64 count);
/* A time, or nothing where @ms is 0. */
void aak_page_cell_time (const AakPage *page, guint64 ms);
/* The cell that names its row, with @code in it. */
void aak_page_row_name (const AakPage *page, const char *code);
/* A word with a colour and a frame: "good", "bad", "warn" or "plain". */
void aak_page_badge (const AakPage *page, const char *class, const char *text);

/* A verdict of the list on top (dl.cards), of the same classes: its name, the value, and a word on
 * it. */
void aak_page_card (const AakPage *page, const char *class, const char *name, const char *value,
                    const char *explanation);

/* --- sections, each of which may write nothing ----------------------------------------------- */

typedef struct
{
  const char *id;
  const char *heading;
  gboolean (*is_there) (const AakReportPart *part);
  void (*write) (const AakPage *page);
} AakPageSection;

/* In their order; the last has no id. */
extern const AakPageSection aak_page_sections[];

gboolean aak_page_has_review (const AakReportPart *part);
gboolean aak_page_has_changes (const AakReportPart *part);
gboolean aak_page_has_denied (const AakReportPart *part);
gboolean aak_page_has_tree (const AakReportPart *part);
gboolean aak_page_has_programs (const AakReportPart *part);
gboolean aak_page_has_peers (const AakReportPart *part);
gboolean aak_page_has_calls (const AakReportPart *part);
gboolean aak_page_has_score (const AakReportPart *part);
gboolean aak_page_has_growth (const AakReportPart *part);
gboolean aak_page_has_runs (const AakReportPart *part);

void aak_page_write_words (const AakPage *page);        /* page-words.c */
void aak_page_write_review (const AakPage *page);       /* page-rules.c */
void aak_page_write_rules (const AakPage *page);        /* the same */
void aak_page_write_changes (const AakPage *page);      /* page-score.c */
void aak_page_write_denied (const AakPage *page);       /* the same */
void aak_page_write_score (const AakPage *page);        /* the same */
void aak_page_write_tree (const AakPage *page);         /* page-programs.c */
void aak_page_write_programs (const AakPage *page);     /* the same */
void aak_page_write_capabilities (const AakPage *page); /* page-facts.c */
void aak_page_write_peers (const AakPage *page);        /* the same */
void aak_page_write_calls (const AakPage *page);        /* the same */
void aak_page_write_runs (const AakPage *page);         /* the same */
void aak_page_write_growth (const AakPage *page);       /* page-growth.c */
