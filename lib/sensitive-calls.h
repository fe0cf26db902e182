/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The system calls that hardly any application needs, of the table profiles/sensitive.yaml. */
#pragma once

#include <glib.h>

typedef struct
{
  char *id;     /* of the entry: "sys-boot" */
  char *why;    /* in a line */
  char **calls; /* NULL-terminated */
} AakSensitiveCalls;

/* The entries that have calls (AakSensitiveCalls*), in the table's order, read once from what the
 * program carries in itself. */
const GPtrArray *aak_sensitive_calls (void);
