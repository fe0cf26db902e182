/* SPDX-License-Identifier: GPL-2.0-or-later
 * Which patterns stand for an access to a file. For each use of it (reading, writing, executing)
 * these are asked in turn, and what is refused by what it would admit of the image leaves the word
 * to the next:
 *   content   the outermost tree of content (learn/content-tree.h), for reading
 *   data      the widest tree of the application's own data (learn/data-tree.h), unless executing
 *   certain   the path with the names widened that are others each time (learn/path-widen.h), as
 *             many of them as may be
 *   exact     the path
 * Besides, where enough was read there, all may be read of
 *   public data  (learn/public-tree.h), and of
 *   modules      (learn/module-tree.h).
 * More observations never make what they say narrower: they only add. */
#pragma once

#include "learn/observations.h"

/* For ten files of an image that a certain pattern matches and that were seen to be read, so many
 * others may be admitted; of content as many as were seen, and more where the tree is sure
 * (learn/content-tree.h); for writing and executing none. */
#define AAK_FILE_RULES_OTHERS_OF_TEN 3

/* A pattern that stands for an access, or for a part of its permissions. */
typedef struct
{
  char *pattern;
  const char *pass; /* what widened it (static); NULL: nothing */
  guint perms;      /* AakPerm bits */
  guint64 others;   /* how many files of the image it admits that were not used so */
  char *refused;    /* the widest pattern that was not used, or NULL: */
  guint64 refused_others;
  gboolean refused_sensitive; /* it would admit what nobody should get at unseen */
} AakFilePattern;

typedef struct AakFileRules AakFileRules;

/* For what is in @observations, whose accesses @sorted are (AakObservation*); both must live as
 * long. @exact: only the last of the passes. */
AakFileRules *aak_file_rules_new (const AakObservations *observations, const GPtrArray *sorted,
                                  gboolean exact);
void aak_file_rules_free (AakFileRules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakFileRules, aak_file_rules_free)

/* The patterns (AakFilePattern) that together allow @access, of class file; one at least. The
 * caller drops the array. */
GArray *aak_file_rules_for (const AakFileRules *rules, const AakObservation *access);

/* The pattern for the path @target of a link. Newly allocated. */
char *aak_file_rules_target (const AakFileRules *rules, const char *target);

/* Adds to @out every pattern that could ever stand for @access, whatever else will be observed:
 * char* -> GINT_TO_POINTER (it is one of content). The keys are the table's to free. */
void aak_file_rules_candidates (const AakFileRules *rules, const AakObservation *access,
                                GHashTable *out);

/* Which of @perms belong to @use. */
guint aak_file_rules_perms_of (AakUse use);
