/* SPDX-License-Identifier: GPL-2.0-or-later
 * The copies of registered texts in ROOT/etc/apparmor.d, where aa-remove-unknown and
 * apparmor.service look. */
#pragma once

#include "lib/policy/policy.h"
#include "lib/store.h"

#include <glib.h>

/* Where the copy called @name is below @root. The caller frees it. */
char *aak_texts_path (const char *root, const char *name);

/* The text files that the profiles of @store have. The caller owns the set; its strings belong to
 * @store. */
GHashTable *aak_texts_names (AakStore *store);

/* What a desired profile's file in /etc/apparmor.d is. */
typedef enum
{
  AAK_TEXT_SAME,    /* its text; or it has none to keep */
  AAK_TEXT_MISSING, /* not there */
  AAK_TEXT_DIFFERS, /* aakit's own, with another content */
  AAK_TEXT_FOREIGN, /* somebody else's, with another content */
} AakTextState;

/* Looks at the files of @desired (of AakPolicy): name -> AakTextState (GINT_TO_POINTER). The caller
 * owns the table; its strings belong to @desired. */
GHashTable *aak_texts_look (const char *root, GPtrArray *desired, AakStore *store);

/* Changes to the copies below a root, which can be undone. */
typedef struct AakTexts AakTexts;

/* TRUE where no text can be kept, whatever it is: this user may not write the directory, or its
 * file system is read-only. */
gboolean aak_texts_are_refused (const char *root);

AakTexts *aak_texts_new (const char *root);
void aak_texts_free (AakTexts *texts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakTexts, aak_texts_free)

/* Removes what killed writers of the texts called @names left beside them; under the store's lock.
 */
void aak_texts_sweep (const AakTexts *texts, GHashTable *names);

/* Makes the text of @policy ready, where it has one; an equal file is left untouched, and another
 * one until aak_texts_finish(). @entry is what was registered under this name (NULL: nothing):
 * *@out_changed says whether somebody changed or removed the copy since then. */
gboolean aak_texts_install (AakTexts *texts, const AakPolicy *policy, const AakStoreEntry *entry,
                            gboolean *out_changed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts the texts that are ready in their places, on the disk. */
gboolean aak_texts_finish (AakTexts *texts, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Removes the text of @entry where the file is still the one that was installed. *@out_kept: it was
 * changed by somebody and stays. */
gboolean aak_texts_remove (AakTexts *texts, const AakStoreEntry *entry, gboolean *out_kept,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts back what was there before all this, as far as it can be; the first failure is the error. */
gboolean aak_texts_undo (AakTexts *texts, GError **error) G_GNUC_WARN_UNUSED_RESULT;
