/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Work on the items of a list, shared by several threads. */
#pragma once

#include <glib.h>

/* Works on item @index. */
typedef void (*AakParallelFunc) (guint index, gpointer data);

/* Calls @func for each index below @number, the lower ones first, and returns when all are done. At
 * most @workers threads do that, the calling one included, which does it all where no other can be
 * started. */
void aak_parallel (guint number, guint workers, AakParallelFunc func, gpointer data);
