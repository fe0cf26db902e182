/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What this process may do to the kernel's policy, and giving up the rest of what it may. */
#pragma once

#include <glib.h>

/* Gives up every capability but CAP_MAC_ADMIN (loading) and CAP_DAC_READ_SEARCH (what runtimes and
 * other users keep to themselves), those too where the caller has not got them, and the way back:
 * the bounding set where that may be changed, the ambient and inheritable sets, no_new_privs. What
 * the process starts from then on has no capability at all (lib/spawn.h). To be called before there
 * is another thread, and before anything is read. PRIVILEGE where the kernel does not let go. */
gboolean aak_privileges_drop (GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Gives up every capability of the calling thread, so that a program that it starts has none: under
 * no_new_privs root gets back only what the thread has that starts it (security/commoncap.c). */
gboolean aak_privileges_drop_thread (GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE where nothing that this process starts can have more than it (no_new_privs). */
gboolean aak_privileges_are_final (void);

/* What the kernel wants of a task that loads policy: why this process may not, with the command
 * that changes it, or NULL where it may. The caller frees it. */
char *aak_privileges_lacking (void);
/* PRIVILEGE with aak_privileges_lacking(). */
gboolean aak_privileges_check (GError **error) G_GNUC_WARN_UNUSED_RESULT;
