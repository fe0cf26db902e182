/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What aakit itself has put into the kernel of a node: ROOT/var/lib/aakit/registered.yaml. */
#pragma once

#include "lib/policy/policy.h"
#include "lib/seccomp/file.h"
#include "lib/store-seccomp.h"

#include <glib.h>

#define AAK_STORE_PATH "/var/lib/aakit/registered.yaml"

typedef struct AakStore AakStore;

/* A profile's (or child's) own hash under both algorithms, so that it can be told under
 * any kernel. */
typedef struct
{
  char *name;
  char *sha1;
  char *sha256;
} AakStorePart;

typedef struct
{
  char *name;
  AakMode mode;
  char *text_name;   /* file in /etc/apparmor.d, "" where there is none */
  char *text_sha256; /* its digest in hex, "" where there is none */
  guint64 serial;    /* of the signed bundle that it came from, or was in later; 0: none */
  GPtrArray *parts;  /* of AakStorePart: the profile, then its children */
} AakStoreEntry;

/* An empty store below @root, whatever lies there. */
AakStore *aak_store_new (const char *root);
/* Reads the store below @root; one that does not exist is empty. INVALID or NEWER_SCHEMA where it
 * cannot be understood. */
AakStore *aak_store_read (const char *root, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A copy that can be changed by itself. */
AakStore *aak_store_copy (const AakStore *store);
void aak_store_free (AakStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakStore, aak_store_free)

/* The entries sorted by name (of AakStoreEntry). Owned by the store. */
GPtrArray *aak_store_entries (AakStore *store);
/* The entry for @name, or NULL. */
const AakStoreEntry *aak_store_find (const AakStore *store, const char *name);
/* TRUE where @name is registered, or a learning profile that aa-learn loaded. */
gboolean aak_store_owns (const AakStore *store, const char *name);

/* Notes @policy as registered: takes the place of an older entry, but for its serial where @policy
 * is not verified, and of the learning mark. */
void aak_store_put (AakStore *store, const AakPolicy *policy);
/* Forgets @name. */
void aak_store_drop (AakStore *store, const char *name);

/* The seccomp profiles (of AakStoreSeccomp, lib/store-seccomp.h). Owned by the store. */
GPtrArray *aak_store_seccomp (const AakStore *store);
/* The one called @name, or NULL. */
const AakStoreSeccomp *aak_store_find_seccomp (const AakStore *store, const char *name);
/* Notes @file as registered, below the directory @dir; takes the place of an older entry. */
void aak_store_put_seccomp (AakStore *store, const AakSeccompFile *file, const char *dir);
/* Forgets the seccomp profile @name. */
void aak_store_drop_seccomp (AakStore *store, const char *name);

/* Writes the store whole; leaves the file untouched where it is equal. No times are in it: same
 * content, same bytes. */
gboolean aak_store_write (AakStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Removes what killed writers of the store left beside it; under its lock. */
void aak_store_sweep (const AakStore *store);

/* Notes that aa-learn loaded the learning profile @name, so that aa-register may replace it. Read,
 * change, write, under the store's lock. */
gboolean aak_store_add_learning (const char *root, const char *name,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts the file back to the bytes that @store was read from, or removes it where there was none:
 * undoes aak_store_write(), also one that failed halfway. */
gboolean aak_store_restore (AakStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The exclusive lock of everything that changes the kernel's policy or the store below @root
 * (ROOT/run/aakit/register.lock): waits up to @seconds, then BUSY, with the process that holds it.
 * Gives a descriptor to close, or -1. */
int aak_store_lock (const char *root, guint seconds, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* TRUE where another program has that lock at this moment. */
gboolean aak_store_is_locked (const char *root);
