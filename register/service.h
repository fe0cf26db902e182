/* SPDX-License-Identifier: GPL-2.0-or-later
 * What the files below a root say of systemd's units: where one is, whether it is started at boot,
 * and in which order. */
#pragma once

#include <glib.h>

/* TRUE where systemd runs the node below @root. */
gboolean aak_service_systemd_runs (const char *root);
/* TRUE where there is a unit of that name ("containerd.service"). */
gboolean aak_service_is_installed (const char *root, const char *unit);
/* TRUE where a target or another unit wants or requires it. */
gboolean aak_service_is_enabled (const char *root, const char *unit);
/* TRUE where it has processes, by its control group (of either version). */
gboolean aak_service_is_running (const char *root, const char *unit);
/* TRUE where the setting @key ("Before") of @unit, or of a drop-in of it, names @word among its
 * words. Format: systemd.syntax(7). */
gboolean aak_service_names (const char *root, const char *unit, const char *key, const char *word);

/* A unit that starts containers, which aa-register.service is ordered before. */
typedef struct
{
  const char *unit;     /* "containerd.service" */
  gboolean is_refusing; /* containerd, in it, tells in the journal what it does not create */
} AakServiceRuntime;

#define AAK_SERVICE_N_RUNTIMES 8
extern const AakServiceRuntime aak_service_runtimes[AAK_SERVICE_N_RUNTIMES];
