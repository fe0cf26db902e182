/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Writing HTML, element by element. Whatever is put into it stays text: there is no way to put
 * markup into a page but by the names of elements and attributes, which are the program's own. */
#pragma once

#include "lib/json.h"

typedef struct AakHtml AakHtml;

/* An empty document, which begins with its type. Free with aak_html_free(). */
AakHtml *aak_html_new (void) G_GNUC_WARN_UNUSED_RESULT;
void aak_html_free (AakHtml *html);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakHtml, aak_html_free)

/* Takes what was written, all of whose elements must be ended; @html is freed. The caller owns the
 * bytes. */
GBytes *aak_html_take (AakHtml *html) G_GNUC_WARN_UNUSED_RESULT;

/* Begins the element @name, which must consist of lower case letters and digits; of SVG, too. A
 * "noscript" holds no other: to a browser with a script it is text up to the first end of one,
 * which no text of ours has. */
void aak_html_begin (AakHtml *html, const char *name);
/* Gives the element that was just begun an attribute: lower case letters and "-", or "viewBox". Its
 * @value is text as of aak_html_text(). */
void aak_html_attribute (AakHtml *html, const char *name, const char *value);
/* The same, of a number, which is written with one decimal at most. */
void aak_html_number (AakHtml *html, const char *name, double value);
void aak_html_attributef (AakHtml *html, const char *name, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
/* Ends the innermost element. */
void aak_html_end (AakHtml *html);

/* @text of our own, or bytes that were escaped (lib/escape.h): UTF-8. What is not, and what is not
 * printable, such as a line break or a mark that turns the direction of writing, is escaped. */
void aak_html_text (AakHtml *html, const char *text);
void aak_html_textf (AakHtml *html, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Any bytes, which are escaped with their backslashes: a name that a container chose. */
void aak_html_bytes (AakHtml *html, const char *bytes);

/* A whole element with text in it; @class may be NULL. */
void aak_html_element (AakHtml *html, const char *name, const char *class, const char *text);
/* The same of bytes. */
void aak_html_element_bytes (AakHtml *html, const char *name, const char *class, const char *bytes);
/* An element without content that has no end: meta, link, input, br, col. Its attributes follow. */
void aak_html_void (AakHtml *html, const char *name);

/* A script element that holds @json as data, not as a program: no byte of it ends the element. */
void aak_html_data (AakHtml *html, const char *id, const AakJson *json);
/* A file of the program's own (lib/table.h) as the content of the element "style" or "script". */
void aak_html_own_file (AakHtml *html, const char *element, const char *name);
/* The hash of that content, as a Content-Security-Policy names it: "'sha256-...'". The caller frees
 * it. */
char *aak_html_own_file_hash (const char *name);
