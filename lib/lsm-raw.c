/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reading the kernel's raw_data and finding profiles in it. */
#include "config.h"

#include "lib/lsm-raw.h"

#include "lib/fs.h"
#include "lib/policy/blob.h"

#include <string.h>
#include <sys/stat.h>

#define MAX_RAW (64 * 1024 * 1024)

typedef struct
{
  GBytes *bytes;
  GPtrArray *parts;    /* of AakBlobProfile */
  GHashTable *by_name; /* the same by their names */
} Blob;

struct AakLsmRaw
{
  GHashTable *blobs; /* "DEVICE:INODE" -> Blob */
};

static void
blob_free (Blob *blob)
{
  g_clear_pointer (&blob->by_name, g_hash_table_unref);
  g_clear_pointer (&blob->parts, g_ptr_array_unref);
  g_clear_pointer (&blob->bytes, g_bytes_unref);
  g_free (blob);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Blob, blob_free)

/* Reads @path; one that cannot be read, or is no policy, holds no profiles. */
static Blob *
blob_read (const char *path)
{
  Blob *blob = g_new0 (Blob, 1);
  blob->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  blob->bytes = aak_fs_read (path, MAX_RAW, NULL);
  blob->parts = blob->bytes != NULL ? aak_policy_blob_parse (path, blob->bytes, NULL) : NULL;
  for (guint i = 0; blob->parts != NULL && i < blob->parts->len; i++)
    {
      AakBlobProfile *part = blob->parts->pdata[i];
      g_hash_table_insert (blob->by_name, part->name, part);
    }
  return blob;
}

AakLsmRaw *
aak_lsm_raw_new (void)
{
  AakLsmRaw *raw = g_new0 (AakLsmRaw, 1);
  raw->blobs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) blob_free);
  return raw;
}

void
aak_lsm_raw_free (AakLsmRaw *raw)
{
  g_hash_table_unref (raw->blobs);
  g_free (raw);
}

/* Profiles that were loaded at once lead to the same file. */
static const Blob *
find_blob (AakLsmRaw *raw, const char *path)
{
  struct stat st;
  if (stat (path, &st) < 0)
    return NULL;
  g_autofree char *key = g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                                          (guint64) st.st_dev, (guint64) st.st_ino);
  Blob *blob = g_hash_table_lookup (raw->blobs, key);
  if (blob == NULL)
    {
      blob = blob_read (path);
      g_hash_table_insert (raw->blobs, g_steal_pointer (&key), blob);
    }
  return blob;
}

/* TRUE where @part is what the kernel calls @hash; one that keeps no hash is believed. */
static gboolean
has_hash (const Blob *blob, const AakBlobProfile *part, const char *hash)
{
  if (hash == NULL)
    return TRUE;
  g_autofree char *algorithm = g_strndup (hash, strcspn (hash, ":"));
  g_autofree char *computed = aak_policy_blob_hash (blob->bytes, part, algorithm);
  return g_strcmp0 (computed, hash) == 0;
}

GBytes *
aak_lsm_raw_get (AakLsmRaw *raw, const AakLoaded *loaded)
{
  g_autofree char *path = g_build_filename (loaded->path, "raw_data", NULL);
  const Blob *blob = find_blob (raw, path);
  const AakBlobProfile *part =
      blob != NULL ? g_hash_table_lookup (blob->by_name, loaded->name) : NULL;
  if (part == NULL || !has_hash (blob, part, loaded->hash))
    return NULL;
  return g_bytes_new_from_bytes (blob->bytes, part->start, part->end - part->start);
}

char *
aak_lsm_raw_hash (const char *path, const char *name)
{
  g_autofree char *file = g_build_filename (path, "raw_data", NULL);
  g_autoptr (Blob) blob = blob_read (file);
  const AakBlobProfile *part = g_hash_table_lookup (blob->by_name, name);
  return part != NULL ? aak_policy_blob_hash (blob->bytes, part, "sha256") : NULL;
}
