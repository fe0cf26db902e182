/* SPDX-License-Identifier: GPL-2.0-or-later
 * Tells that something may have changed below some paths, which need not be there. It tells too
 * much rather than too little; what is there now is for the caller to read. */
#pragma once

#include <glib.h>

/* The directories below one path that are watched; beyond them only a look now and then helps. */
#define AAK_PATH_WATCH_MAX       1000
#define AAK_PATH_WATCH_MAX_DEPTH 4

typedef struct AakPathWatch AakPathWatch;

/* Makes a watch of @paths, files or directories (NULL-terminated; copied), which begins with
 * aak_path_watch_renew(). IO where the kernel has no room for it. Free with
 * aak_path_watch_free(). */
AakPathWatch *aak_path_watch_new (const char *const *paths,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_path_watch_free (AakPathWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPathWatch, aak_path_watch_free)

/* To be polled for reading, for as long as it lives. */
int aak_path_watch_fd (const AakPathWatch *watch);

/* Takes what was told; TRUE where something may have changed. Never waits. */
gboolean aak_path_watch_take (AakPathWatch *watch);

/* Watches what is there now: each path with the directories below it, and each directory on the way
 * to it, links followed, for the name that leads on or is to come. What was told before is
 * dropped, what changes from here on is told; so renew first, then read. IO where the kernel has no
 * room for all watches; those that it had room for are kept. */
gboolean aak_path_watch_renew (AakPathWatch *watch, GError **error) G_GNUC_WARN_UNUSED_RESULT;
