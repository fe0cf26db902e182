/* SPDX-License-Identifier: GPL-2.0-or-later
 * The copies of registered texts in ROOT/etc/apparmor.d, where aa-remove-unknown and
 * apparmor.service look. */
#pragma once

#include "lib/policy.h"
#include "lib/store.h"

#include <glib.h>

/* The names of those of @desired (of AakPolicy) whose file in /etc/apparmor.d is there, different,
 * and not aakit's own. The caller owns the set; its strings belong to @desired. */
GHashTable *aak_texts_foreign (const char *root, GPtrArray *desired, AakStore *store);

/* Writes the text of @policy; leaves an equal file untouched. */
gboolean aak_texts_install (const char *root, const AakPolicy *policy,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE where no text can be kept, whatever it is: this user may not write the directory, or its
 * file system is read-only. */
gboolean aak_texts_are_refused (const char *root);

/* Removes the text of @entry where the file is still the one that was installed, and no other entry
 * of @store has it. @out_kept: it was changed by somebody and stays. */
gboolean aak_texts_remove (const char *root, const AakStoreEntry *entry, AakStore *store,
                           gboolean *out_kept, GError **error) G_GNUC_WARN_UNUSED_RESULT;
