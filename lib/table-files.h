/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The files that the program carries in itself; made from them by profiles/embed. */
#pragma once

#include <glib.h>

typedef struct
{
  const char *name; /* below profiles/: "features/debian-12-6.1"; or "page.css", of lib/report/ */
  const guint8 *bytes;
  gsize len;
} AakTableFile;

extern const AakTableFile aak_table_files[];
extern const gsize aak_table_files_n;
