/* SPDX-License-Identifier: GPL-2.0-or-later
 * Does one path pattern match all that another one does? */
#pragma once

#include <glib.h>

/* TRUE where @outer matches every path that @inner does, both in AppArmor's syntax, without quotes,
 * and with the variables of learned profiles. It is never TRUE where that is not so, and FALSE
 * where it would take more than about a millisecond to tell. */
gboolean aak_pattern_includes (const char *outer, const char *inner);
