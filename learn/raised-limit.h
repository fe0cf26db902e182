/* SPDX-License-Identifier: GPL-2.0-or-later
 * Recordings raise one limit of the kernel's together: the first notes what it was, the last puts
 * it back. A killed one leaves its note, and the next to end puts the limit back then. */
#pragma once

#include <glib.h>

typedef struct AakRaisedLimit AakRaisedLimit;

/* Takes part, by a shared lock on the file @path, whose directory is made. NULL where that cannot
 * be: then nobody knows of the others. */
AakRaisedLimit *aak_raised_limit_join (const char *path);

/* @now: the limit as it is; @raised: what recordings raise it to, and more than @now unless one has
 * done so. Gives what has to be put back at the end, and notes it. */
guint32 aak_raised_limit_note (AakRaisedLimit *limit, guint32 now, guint32 raised);

/* TRUE where no other recording takes part: *@out_before has to be put back before this one's part
 * is freed. FALSE as well where nothing was noted. To be asked once, at the end. */
gboolean aak_raised_limit_is_last (AakRaisedLimit *limit, guint32 *out_before);

/* Takes part no more. */
void aak_raised_limit_free (AakRaisedLimit *limit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakRaisedLimit, aak_raised_limit_free)
