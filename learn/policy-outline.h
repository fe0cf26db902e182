/* SPDX-License-Identifier: GPL-2.0-or-later
 * Which profiles, children and hats the text of a policy has, and where each ends. */
#pragma once

#include <glib.h>

/* The comments that stand around the rules that aakit adds to a profile by another hand. */
#define AAK_LEARNED_BEGIN "# learned: begin (aakit adds rules up to the end mark, and sorts them)"
#define AAK_LEARNED_END   "# learned: end"

/* A profile in the text. Offsets are in bytes. */
typedef struct
{
  char *name;        /* "web", of a child or hat "web//child", as it is written; variables stay */
  gsize start;       /* of its header */
  gsize open, close; /* of its braces */
  gsize begin, end;  /* of the lines of the learned block: from its first line to behind its last
                        one, or 0 where there is none */
} AakOutlineProfile;

typedef struct AakOutline AakOutline;

/* Reads @text, which may hold any bytes; @what stands for it in messages, escaped. Neither is
 * copied: both have to stay. INVALID, as "WHAT:LINE:COLUMN: why", where braces are not balanced,
 * the marks of a learned block are not, or it cannot be told where something ends. Free with
 * aak_outline_free(). */
AakOutline *aak_outline_new (const char *what, const char *text, gsize len,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_outline_free (AakOutline *outline);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakOutline, aak_outline_free)

/* All of them (AakOutlineProfile), in the order of their headers. Owned by @outline. */
GPtrArray *aak_outline_profiles (const AakOutline *outline);

/* The profile whose name is @label. INVALID where there is none, naming those that are there, or,
 * with its place, where a second has that name. Owned by @outline. */
const AakOutlineProfile *aak_outline_find (const AakOutline *outline, const char *label,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
