/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What each capability lets a process do, in words (capabilities(7)). */
#pragma once

#include <glib.h>

/* In the infinitive: "bind ports below 1024"; static. NULL where @number is none that is known. */
const char *aak_capability_words (guint number);
/* TRUE where who has it can get at the node by it, with a little work. */
gboolean aak_capability_is_grave (guint number);
