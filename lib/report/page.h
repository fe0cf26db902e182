/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A report as one file of HTML, which needs nothing beside it: for people who decide whether a
 * profile is right. */
#pragma once

#include "lib/cli.h"
#include "lib/report/page-part.h"
#include "lib/report/report.h"

/* What the page is about. */
typedef struct
{
  const char *title;      /* UTF-8 */
  const char *program;    /* that makes it: "aa-learn" */
  const GPtrArray *parts; /* AakReportPart*, one at least */
} AakReport;

/* The page of @report; the same report gives the same bytes. The caller owns them.
 *
 * A page of many rules holds the groups behind its first hundreds (page-rules.c) in <noscript>,
 * each as the table that it is elsewhere. A browser without a script reads them as such. One with a
 * script keeps them as text, which is quick, and page.js makes elements of that text: of a group
 * when it is opened or a link names one of its rules, of all when something is looked for, before
 * the page is printed, and soon after it was loaded. */
GBytes *aak_report_page (const AakReport *report);

/* Writes the page of @report to the file @out, or to standard output where that is "-". */
gboolean aak_report_write (AakCli *cli, const AakReport *report, const char *out,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes what stands in a page of another kind; @page has no part. */
typedef void (*AakReportBody) (const AakPage *page, gpointer user_data);

/* The page with the heading @title that @body fills, in the look of a report. The caller owns the
 * bytes. */
GBytes *aak_report_page_around (const char *title, const char *program, AakReportBody body,
                                gpointer user_data);
/* Writes the bytes of a page as aak_report_write() does. */
gboolean aak_report_write_page (AakCli *cli, GBytes *page, const char *out,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
