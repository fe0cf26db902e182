/* SPDX-License-Identifier: GPL-2.0-or-later
 * The table profiles/generalise.yaml, which describes its format. */
#pragma once

#include "learn/public-list.h"

#define AAK_PATTERNS_MAX 256 /* entries */

/* A test that an entry brings with it. */
typedef struct
{
  char *path;
  char *pattern; /* what becomes of it */
} AakPatternExample;

/* One kind of names that are others each time. */
typedef struct
{
  char *id;           /* "generation" */
  char *why;          /* one line */
  GPtrArray *below;   /* char**: the names of directories, "*" and, at the end, "**"; empty: all */
  gboolean read;      /* only for reading and mapping */
  gboolean own;       /* only what is the application's own */
  GRegex *expression; /* of bytes */
  gboolean partial;   /* it matches parts of a name, each of which is replaced */
  char *pattern;      /* with "\1" */
  GPtrArray *becomes; /* AakPatternExample* */
  char **stays;       /* paths */
} AakCertainPattern;

/* Where no content lies, whatever was read there. The lists end with NULL. */
typedef struct
{
  char **system; /* prefixes of paths, with a slash at both ends */
  char **except; /* the same, but there it does */
  char **code;   /* names of directories */
  char **kinds;  /* extensions, without their dot */
} AakContentRules;

/* Where the modules of a language lie. The lists end with NULL. */
typedef struct
{
  char **names; /* of directories, without the version at their end */
  char **kinds; /* extensions, without their dot */
} AakModuleRules;

typedef struct
{
  GPtrArray *patterns; /* AakCertainPattern*, the first that matches counts */
  AakContentRules content;
  char **shared;     /* directories, with a slash at both ends, that many keep their files in */
  GPtrArray *public; /* AakPublicData* */
  AakModuleRules modules;
} AakPatternTable;

/* Reads a table, which the caller frees. INVALID with "NAME:LINE:COL: why", or NEWER_SCHEMA. */
AakPatternTable *aak_pattern_table_read (const char *name, GBytes *text,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_pattern_table_free (AakPatternTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPatternTable, aak_pattern_table_free)

/* The table that the program carries in itself; read once, by whichever thread is the first. */
const AakPatternTable *aak_pattern_table (void);

/* TRUE where @dir, a path that ends with a slash, is "/", lies directly in it, or is one of the
 * system's by that table. */
gboolean aak_pattern_table_is_system (const char *dir);

/* Why its entry @id, a pattern or public data, widens, one line; NULL where it has none of that id.
 * Static. */
const char *aak_pattern_table_why (const char *id);
