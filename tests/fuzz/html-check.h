/* SPDX-License-Identifier: GPL-2.0-or-later
 * A strict judge of pages that shares nothing with what writes them. */
#pragma once

#include <glib.h>

/* What is in a page. */
typedef struct
{
  guint styles, scripts, data; /* elements of each kind; data is a script that is not run */
  GPtrArray *rules;            /* char*: the text of the first cell of each row that is a rule */
  char *json;                  /* the content of the data */
} FuzzPage;

void fuzz_page_clear (FuzzPage *page);

/* Reads @text as HTML of a strict kind: elements and attributes that reports have and no others, in
 * quotes and balanced; text without a bare "<", ">" or "&" and without a character that is not
 * printable; links into the page itself only. NULL, or what is wrong, and near which byte; the
 * caller frees it. */
char *fuzz_read_page (const char *text, gsize len, FuzzPage *out);
