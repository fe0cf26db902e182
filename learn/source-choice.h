/* SPDX-License-Identifier: GPL-2.0-or-later
 * Which source a command line means. */
#pragma once

#include "learn/source.h"
#include "lib/cli.h"

typedef struct
{
  const char *source;        /* --source; NULL: auto */
  const char *const *inputs; /* --input, or NULL; goes before @source */
  gboolean keep_limits;      /* --keep-limits: leave the kernel's audit limits as they are */
} AakSourceChoice;

/* TRUE where the records come from the running host, as they are written. */
gboolean aak_source_choice_is_live (const AakCli *cli, const AakSourceChoice *choice);

/* Opens the source. Below --root nothing runs, so that the log there is read to its end. USAGE
 * where there is no such source, or not there; else the errors of the sources. */
AakSource *aak_source_choose (AakCli *cli, const AakSourceChoice *choice,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
