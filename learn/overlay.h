/* SPDX-License-Identifier: GPL-2.0-or-later
 * Overlay mounts: a container's root filesystem is its image below, and what it wrote above. */
#pragma once

#include <glib.h>

/* The directory that holds what was written to the overlay mounted at @dir, by @mountinfo, the text
 * of /proc/self/mountinfo (proc_pid_mountinfo(5)); NULL where none is mounted there. Newly
 * allocated. */
char *aak_overlay_upper (const char *mountinfo, const char *dir);
