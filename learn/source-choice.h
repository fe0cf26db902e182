/* SPDX-License-Identifier: GPL-2.0-or-later
 * Which source a command line means. */
#pragma once

#include "learn/observations.h"
#include "learn/source.h"
#include "lib/cli.h"

typedef struct
{
  const char *const *sources; /* --source, at least one of them; NULL: auto */
  const char *const *inputs;  /* --input, or NULL; excludes the other */
  gboolean keep_limits;       /* --keep-limits: leave the kernel's audit limits as they are */
  const AakRun *unfinished;   /* a recording that was killed: where its source is the one that is
                                 opened, this begins where that one had counted everything */
} AakSourceChoice;

/* TRUE where the records come from the running host, as they are written. */
gboolean aak_source_choice_is_live (const AakCli *cli, const AakSourceChoice *choice);

/* TRUE where @source, which was opened for @choice, goes on with the killed recording. */
gboolean aak_source_choice_goes_on (const AakSourceChoice *choice, AakSource *source);

/* Opens the source. Below --root nothing runs, so that the log there is read to its end. USAGE
 * where there is no such source, or not there; else the errors of the sources. */
AakSource *aak_source_choose (AakCli *cli, const AakSourceChoice *choice,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
