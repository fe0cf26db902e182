/* SPDX-License-Identifier: GPL-2.0-or-later
 * Does one path pattern match all that another one does? */
#pragma once

#include <glib.h>

/* TRUE where @outer matches every path that @inner does, both in AppArmor's syntax and without
 * quotes. It is never TRUE where that is not so, and may be FALSE where it is: braces, carets, and
 * a variable compared with anything but itself and a star are not looked into, nor is what would
 * take too long. */
gboolean aak_pattern_includes (const char *outer, const char *inner);
