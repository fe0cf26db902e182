/* SPDX-License-Identifier: GPL-2.0-or-later
 * Compiles a list of profile texts for a list of feature sets, by several workers, without what an
 * older bundle has already. */
#pragma once

#include "lib/bundle.h"
#include "lib/compiler.h"

#include <glib.h>

/* One text for one feature set. */
typedef struct
{
  char *path; /* of the text */
  GBytes *text;
  const AakFeatures *features;
  char *inputs;        /* digest over all that it is compiled from, or NULL */
  GPtrArray *policies; /* of AakPolicy: the result */
  gboolean reused;     /* taken from the older bundle */
  char *warnings;      /* a line each, or NULL */
  GError *error;
} AakBuildJob;

/* Reads the texts @paths and makes a job of each for each of @features (of AakFeatures, kept by the
 * caller). The caller owns the array. */
GPtrArray *aak_build_plan (const AakCompiler *compiler, GPtrArray *paths, GPtrArray *features,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes the results of the jobs whose inputs are those of the bundle @path, if there is a readable
 * one, from it. */
void aak_build_reuse (GPtrArray *jobs, const AakCompiler *compiler, const char *path);

/* Compiles all other jobs with @workers threads. Where some fail, the error has all of their
 * messages, in the order of the jobs, and the code of the first. */
gboolean aak_build_run (GPtrArray *jobs, const AakCompiler *compiler, guint workers,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
