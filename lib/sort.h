/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Sorting many items on two processors. */
#pragma once

#include <glib.h>

/* Sorts @items as g_ptr_array_sort() does, to which @compare is what it is there; a thread takes
 * one half where they are many. Items that are equal stay in their order. */
void aak_sort (GPtrArray *items, GCompareFunc compare);
