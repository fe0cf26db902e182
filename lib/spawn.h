/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Running another program: no shell, clean environment, bounded in time and output. */
#pragma once

#include <glib.h>

/* What to run. Members that are left zero mean the least. */
typedef struct
{
  const char *const *argv; /* NULL-terminated; argv[0] is an absolute path */
  GBytes *input;           /* standard input; NULL: empty */
  GBytes *extra;           /* is read by the child as /proc/self/fd/3; NULL: none */
  gsize
      max_output; /* bytes kept of each of stdout and stderr; a child that prints more is killed */
  guint64 max_memory; /* bytes of address space; 0: as much as this process may have */
  guint timeout_ms;   /* after that much time the child and its children are killed */
  int stop_fd;        /* as soon as that can be read they are killed as well; 0: none */
} AakSpawn;

typedef struct
{
  int status;         /* exit status, or -1 where a signal ended it */
  int signal;         /* that signal, or 0 */
  gboolean timed_out; /* killed at the time limit */
  gboolean flooded;   /* killed at the output limit */
  gboolean stopped;   /* killed as stop_fd told */
  GBytes *out;
  GBytes *err;
} AakSpawnResult;

void aak_spawn_result_free (AakSpawnResult *result);

/* Runs a child in the directory / with PATH and LC_ALL=C as its only environment, default signals,
 * and no descriptors beside 0, 1, 2 (and 3); without any capability where the caller gave up the
 * way back to its own (aak_privileges_drop()). Waits for its end. An error (IO, NOT_FOUND,
 * PRIVILEGE) only where it could not be started; how it ended is in the result, which the caller
 * owns. May be called from several threads at once. */
AakSpawnResult *aak_spawn_run (const AakSpawn *spawn, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakSpawnResult, aak_spawn_result_free)
