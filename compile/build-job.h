/* SPDX-License-Identifier: GPL-2.0-or-later
 * One text to compile for one feature set, or one seccomp profile: what a build is made of. */
#pragma once

#include "lib/compiler.h"
#include "lib/features.h"
#include "lib/seccomp/file.h"

#include <glib.h>

typedef struct
{
  char *path;                  /* of the text, or of the state that it is made from */
  char *source;                /* digest of the text in hex; NULL where it could not be read */
  GBytes *text;                /* one that was made, or is a seccomp profile; NULL: to be read from
                                  the file */
  const AakFeatures *features; /* of the build; NULL where there is no text, or a seccomp profile */
  char *inputs;                /* digest over all that it is compiled from, or NULL */
  GPtrArray *policies;         /* of AakPolicy: the result; NULL where there is none */
  AakSeccompFile *seccomp;     /* the result of a seccomp profile; NULL where there is none */
  gboolean reused;             /* taken from the older bundle */
  GPtrArray *messages; /* of AakCompilerMessage: warnings, or with an error its details; or NULL */
  GError *error;
} AakBuildJob;

AakBuildJob *aak_build_job_new (const char *path, const AakFeatures *features);
void aak_build_job_free (AakBuildJob *job);

/* Notes what the job is compiled from: @text, with its digest @source. */
void aak_build_job_set_inputs (AakBuildJob *job, AakCompiler *compiler, GBytes *text,
                               const char *source);

/* Takes @error for the job, which has no result then. */
void aak_build_job_fail (AakBuildJob *job, GError *error);
