/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reversible escaping of bytes that a container wrote, for everything that people and
 * parsers read. */
#pragma once

#include <glib.h>

/* @bytes (any bytes, @len of them) as UTF-8 text in which every control character, every byte that
 * is not part of valid UTF-8, DEL, and the backslash itself is written as \xNN. Printable UTF-8
 * stays. Reversible; newly allocated. */
char *aak_escape (const char *bytes, gsize len);

/* The text of a rule, whose names have escapes of their own: as it is where all of it is printable
 * ASCII, else as aak_escape() writes it. Newly allocated. */
char *aak_escape_rule (const char *text);

/* The bytes that aak_escape() made @text from, and their number in @out_len (may be NULL); a NUL
 * follows them. Returns NULL where @text holds a backslash that is not \xNN. Newly allocated. */
char *aak_unescape (const char *text, gsize *out_len);
