/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Sorting, of many items on two processors, and finding what is sorted. */
#pragma once

#include <glib.h>
#include <string.h>

/* Sorts @items as g_ptr_array_sort() does, to which @compare is what it is there; a thread takes
 * one half where they are many. Items that are equal stay in their order. */
void aak_sort (GPtrArray *items, GCompareFunc compare);

/* Where in @items, which are sorted by their names (strcmp(); @name_of gives that of one), the item
 * called @name is (TRUE), or belongs: an index, to *@out. */
gboolean aak_find_sorted (const GPtrArray *items, const char *name,
                          const char *(*name_of) (gconstpointer item), guint *out);

/* Orders texts by their bytes: for what sorts an array of pointers to them. */
static inline int
aak_compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}
