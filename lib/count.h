/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Numbers with their noun: "1 event", "2 events", "3 accesses". */
#pragma once

#include <glib.h>

/* @n and @noun, which is in the singular. Newly allocated. */
static inline char *
aak_count (guint64 n, const char *noun)
{
  const char *ending = n == 1 ? "" : g_str_has_suffix (noun, "s") ? "es" : "s";
  return g_strdup_printf ("%" G_GUINT64_FORMAT " %s%s", n, noun, ending);
}
