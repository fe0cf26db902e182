/* SPDX-License-Identifier: GPL-2.0-or-later
 * The names of the children that programs are given: their paths are hostile text. */
#pragma once

#include <glib.h>

/* The kernel makes a file of a profile's name, which may have 255 bytes with a number behind it. */
#define AAK_CHILD_NAME_MAX 200

/* The name of the child for the program @path, as AppArmor has it the path itself ("/usr/bin/id"),
 * with every byte that is not a letter, a digit or one of "/._+@-" as %XX: different paths have
 * different names, and no byte of a name means anything to the parser or the kernel. NULL for a
 * path that is not absolute or in its normal form, or whose name would be longer than
 * AAK_CHILD_NAME_MAX. Newly allocated. */
char *aak_child_name_for (const char *path);

/* TRUE where @name is safe as a child's name: of those bytes and '%', not longer, and without a
 * part that the kernel gives a meaning ("//", "null-" at its begin). */
gboolean aak_child_name_is_sound (const char *name);
