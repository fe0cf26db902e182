/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A hash of numbers that are put together of parts. */
#pragma once

#include <glib.h>

/* For g_hash_table_new() in the place of g_int64_hash(), which adds the halves by exclusive or, so
 * that pairs of small numbers collide. @key: of a guint64 or gint64. */
static inline guint
aak_int64_hash (gconstpointer key)
{
  guint64 number = *(const guint64 *) key;
  number = (number ^ number >> 32) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return (guint) (number >> 32);
}
