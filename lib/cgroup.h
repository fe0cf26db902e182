/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The container of a task, by the name of its control group (cgroups(7), /proc/PID/cgroup). */
#pragma once

#include <glib.h>

/* What the ids of @containers (char* -> anything) say about @text, the contents of /proc/PID/cgroup
 * of version 1 or 2: the value of the first id that a group is named by, NULL where none is.
 * Runtimes name a group ID, cri-containerd-ID.scope, crio-ID.scope or SLICE:cri-containerd:ID.
 * The outermost group counts: what a container makes inside of its own, under whatever name, says
 * nothing. */
gpointer aak_cgroup_find (const char *text, GHashTable *containers);
