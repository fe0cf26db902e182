/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The processors that this process may use. */
#pragma once

#include <glib.h>

/* How many there are, at least 1: those that the system has and the process may run on (cpuset,
 * taskset), which g_get_num_processors() does not ask. */
guint aak_processors (void);
