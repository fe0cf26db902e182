/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The table profiles/runtime.yaml, which describes its format. */
#pragma once

#include <glib.h>

#define AAK_RUNTIME_MAX 64 /* rules */

/* A rule that every profile has. */
typedef struct
{
  char *id;   /* "stop" */
  char *rule; /* one line of apparmor.d(5), its comma included */
  char *why;  /* one line */
} AakRuntimeRule;

/* Reads a table: an array of AakRuntimeRule, in the order of the file, that the caller owns.
 * INVALID with "NAME:LINE:COL: why", also for a rule that is more than one line of printable
 * characters, or NEWER_SCHEMA. */
GPtrArray *aak_runtime_table_read (const char *name, GBytes *text,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The table that the program carries in itself; read once, by whichever thread is the first. */
const GPtrArray *aak_runtime_table (void);

/* TRUE where a rule of the table lets a profile receive signals from a task labelled @peer. */
gboolean aak_runtime_table_is_sender (const char *peer);
