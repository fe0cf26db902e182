/* SPDX-License-Identifier: GPL-2.0-or-later
 * The certain passes: which names of a path are others each time, by profiles/generalise.yaml, and
 * what stands for them. */
#pragma once

#include "learn/own-paths.h"

/* Of so many names of its own in one path each can be widened by itself; of more, all or none. */
#define AAK_PATH_WIDEN_MAX_CHOICES 6

typedef struct AakPathWiden AakPathWiden;

/* Looks at @path. @read: it was read or mapped, which widens more. */
AakPathWiden *aak_path_widen_new (const char *path, const AakOwnPaths *own, gboolean read);
void aak_path_widen_free (AakPathWiden *widen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPathWiden, aak_path_widen_free)

/* How many names there are that are widened since they are the application's own, which can be
 * chosen; the others always are. */
guint aak_path_widen_choices (const AakPathWiden *widen);

/* The pattern for the path, with those of its own names widened whose bits are set in @choices, the
 * first being bit 0. *@out_pass: the id of the entry that widened the last one (static), or NULL
 * where nothing is widened. Newly allocated. */
char *aak_path_widen_pattern (const AakPathWiden *widen, guint choices, const char **out_pass);

/* The pattern that matches @path only. Newly allocated. */
char *aak_path_widen_nothing (const char *path);
