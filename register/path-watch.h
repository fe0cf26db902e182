/* SPDX-License-Identifier: GPL-2.0-or-later
 * Tells that something may have changed below some paths, which need not be there. It tells too
 * much rather than too little; what is there now is for the caller to read. */
#pragma once

#include <glib.h>

/* The directories below one path that are watched; beyond them only a look now and then helps. */
#define AAK_PATH_WATCH_MAX       1000
#define AAK_PATH_WATCH_MAX_DEPTH 4

typedef struct AakPathWatch AakPathWatch;

/* Watches @paths, files or directories (NULL-terminated; copied): each with what is below it, and
 * the directory that it is in, or is to be made in. A link is followed, and watched itself. IO
 * where inotify has no room. Free with aak_path_watch_free(). */
AakPathWatch *aak_path_watch_new (const char *const *paths,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_path_watch_free (AakPathWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPathWatch, aak_path_watch_free)

/* To be polled for reading. It is another one after aak_path_watch_renew(). */
int aak_path_watch_fd (const AakPathWatch *watch);

/* Takes what was told; TRUE where something may have changed. Never waits. */
gboolean aak_path_watch_take (AakPathWatch *watch);

/* Watches what is there now. What changes from here on is told; so renew first, then read. */
gboolean aak_path_watch_renew (AakPathWatch *watch, GError **error) G_GNUC_WARN_UNUSED_RESULT;
