/* SPDX-License-Identifier: GPL-2.0-or-later
 * Compiles texts and looks at each. */
#pragma once

#include "compile/feature-choice.h"
#include "compile/lint.h"
#include "lib/cli.h"
#include "lib/compiler.h"

/* A bit each in AakFinding.sets. */
#define AAK_CHECK_SETS_MAX 64u

typedef struct
{
  AakCli *cli; /* draws how far it has come */
  const AakCompiler *compiler;
  const AakFeatureChoice *features; /* at most AAK_CHECK_SETS_MAX */
  gboolean host;                    /* no profile is for a pod */
  guint workers;
} AakCheckOptions;

/* One text, or seccomp profile. */
typedef struct
{
  char *path;
  GBytes *bytes;           /* NULL where it could not be read */
  AakPolicySource *source; /* of a seccomp profile; else NULL */
  AakPolicyText *text;     /* without its rules, which were looked at; NULL as well */
  gboolean compiled;       /* for every feature set; of a seccomp profile: it makes a filter */
  GPtrArray *findings;     /* AakFinding, sorted */
  GError *error;           /* where it could not be read, or does not compile for one of them */
} AakCheckText;

typedef struct AakCheck AakCheck;

/* Checks the texts @paths. What is wrong with one is in its result; an error only where nothing
 * could be done at all. Free with aak_check_free(), before @options. */
AakCheck *aak_check_run (const GPtrArray *paths, const AakCheckOptions *options,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_check_free (AakCheck *check);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakCheck, aak_check_free)

/* The texts, in the order of their paths (of AakCheckText). Owned by @check. */
const GPtrArray *aak_check_texts (const AakCheck *check);

/* The names of the feature sets that @finding is for: char *, an array that the caller owns; NULL
 * where it is for all. */
GPtrArray *aak_check_only_for (const AakCheck *check, const AakFinding *finding);

/* How many findings of @severity there are that are not silenced. */
guint aak_check_count (const AakCheck *check, AakSeverity severity);
guint aak_check_count_silenced (const AakCheck *check);
