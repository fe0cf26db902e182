/* SPDX-License-Identifier: GPL-2.0-or-later
 * Keeps the kernel at what some paths hold, until it is told to stop: follows the paths as they
 * change, and puts back what somebody else changes in the kernel.
 *
 * It looks at what is there, never at what an event said: an event only makes it look. What PATH
 * holds is read whole, and read again where it changed meanwhile; what cannot be read or loaded is
 * reported, and the profiles that were good last stay. It ends with everything left loaded. */
#pragma once

#include "lib/cli.h"
#include "register/apply.h"
#include "register/desired.h"
#include "register/export.h"

#include <glib.h>

typedef struct
{
  AakApplyOptions apply;
  AakDesiredOptions desired;
  AakExportOptions export;
  char *ready;     /* a file that is there while all is as wanted; NULL: none */
  guint settle_ms; /* a change of the paths is taken in after so long without another one */
} AakWatchOptions;

/* Watches until SIGTERM or SIGINT; SIGHUP makes it read the paths anew. TRUE at that end. An error
 * only where it cannot even begin: AppArmor is no part of this kernel, or switched off. */
gboolean aak_watch_run (AakCli *cli, const AakWatchOptions *options,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
