/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Files of policy text, each read once, and places in them. */
#pragma once

#include <glib.h>

typedef struct
{
  char *path;
  GBytes *text;
  GArray *lines; /* offsets of the lines: gsize */
} AakPolicySource;

/* @size bytes from @at on. */
typedef struct
{
  const AakPolicySource *source;
  gsize at, size;
} AakPolicyPlace;

/* Lines and columns count from 1; a column is a character, or a byte that is part of none
 * or is far from the line's start. */
typedef struct
{
  guint line, column;
  guint end_column; /* behind the last character that is on the same line */
} AakPolicyPosition;

AakPolicySource *aak_policy_source_new (const char *path, GBytes *text);
void aak_policy_source_free (AakPolicySource *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPolicySource, aak_policy_source_free)

/* Where @place is. Line and column of what is beyond the text are those of its end. */
AakPolicyPosition aak_policy_place_position (AakPolicyPlace place);

/* The offset of the first byte of @line (from 1 on), or of the text's end; *@out_size: how many
 * bytes the line has without its newline. */
gsize aak_policy_source_line (const AakPolicySource *source, guint line, gsize *out_size);

/* --- files that texts include ----------------------------------------------------------------- */

typedef struct AakPolicyIncludes AakPolicyIncludes;

/* @base: the directory of abstractions/ and tunables/. Free with aak_policy_includes_free(), behind
 * everything that has places in its files. */
AakPolicyIncludes *aak_policy_includes_new (const char *base);
void aak_policy_includes_free (AakPolicyIncludes *includes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPolicyIncludes, aak_policy_includes_free)

/* The files that an include of @name ("<abstractions/base>", as it is written) draws in: one, those
 * of a directory, or none where it is not there (AakPolicySource; the caller drops the array, the
 * files stay). NULL where that cannot be told. May be called from several threads at once. */
GPtrArray *aak_policy_includes_find (AakPolicyIncludes *includes, const char *name);
