/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What tells one build of a program from another, without running it. */
#pragma once

#include <glib.h>

/* The identity of the program @path: "build-id:HEX", which the linker made of all that went into it
 * (ld(1), --build-id), or "sha256:HEX" of the file where it has none. NULL where what runs cannot
 * be told from the file: a script, or one that cannot be read. The caller frees it. */
char *aak_program_id (const char *path);
