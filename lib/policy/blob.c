/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The tagged binary form of AppArmor policy, walked with bounds at every step. */
#include "config.h"

#include "lib/policy/blob.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/policy/stream.h"

#include <nettle/base16.h>
#include <nettle/nettle-meta.h>
#include <nettle/sha2.h>
#include <string.h>

#define MAX_NAME 4096
/* The low ten bits of the version word are the kernel's ABI; bit 11 forces complain mode. */
#define VERSION_KABI_MASK      0x3ff
#define VERSION_FORCE_COMPLAIN 0x800
#define OLDEST_KABI            5
#define NEWEST_KABI            9

static const struct nettle_hash *const algorithms[AAK_BLOB_N_HASHES] = { &nettle_sha1,
                                                                         &nettle_sha256 };

typedef struct
{
  const char *what; /* escaped */
  AakPolicyStream stream;
} Walk;

void
aak_blob_profile_free (AakBlobProfile *profile)
{
  for (guint i = 0; i < AAK_BLOB_N_HASHES; i++)
    g_free (profile->hashes[i]);
  g_free (profile->hashes);
  g_free (profile->name);
  g_free (profile);
}

static gboolean
bad (const Walk *walk, GError **error, const char *why)
{
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: byte %" G_GSIZE_FORMAT ": %s", walk->what,
               walk->stream.pos, why);
  return FALSE;
}

/* --- header ---------------------------------------------------------------------------------- */

static gboolean
is_zstd (const guint8 *p, gsize len)
{
  static const guint8 magic[] = { 0x28, 0xb5, 0x2f, 0xfd };
  return len >= sizeof magic && memcmp (p, magic, sizeof magic) == 0;
}

/* The version word before each profile, and an optional policy namespace. */
static gboolean
read_header (Walk *walk, AakBlobProfile *profile, GError **error)
{
  AakPolicyStream *stream = &walk->stream;
  AakPolicySlice ignored = { 0 };
  profile->start = stream->pos;
  const guint8 *here = stream->data + stream->pos;
  gsize left = stream->len - stream->pos;
  /* apparmor_parser 5.0 can store zstd frames, bare or behind a header of 8 bytes; no kernel takes
   * them. */
  if (is_zstd (here, left) || (left > 8 && is_zstd (here + 8, left - 8)))
    return bad (walk, error, "compressed (zstd) policy: compile it again without compression");
  if (!aak_policy_stream_u32 (stream, "version", &profile->version))
    return bad (walk, error, "no AppArmor policy header");
  guint32 kabi = profile->version & VERSION_KABI_MASK;
  if (kabi < OLDEST_KABI || kabi > NEWEST_KABI)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
                   "%s: policy version %u, which no kernel known here takes", walk->what, kabi);
      return FALSE;
    }
  if (aak_policy_stream_string (stream, "namespace", &ignored))
    return bad (walk, error, "policy for another namespace is not supported");
  profile->body = stream->pos;
  return TRUE;
}

/* --- profile --------------------------------------------------------------------------------- */

/* flags { u32 hat or debug, u32 mode, u32 audit }: security/apparmor/policy_unpack.c,
 * unpack_profile() */
static gboolean
read_flags (AakPolicyStream *stream, AakBlobProfile *profile)
{
  guint32 flags = 0, mode = 0, audit = 0;
  if (!aak_policy_stream_u32 (stream, NULL, &flags) || !aak_policy_stream_u32 (stream, NULL, &mode)
      || !aak_policy_stream_u32 (stream, NULL, &audit) || mode > AAK_MODE_USER
      || !aak_policy_stream_end (stream, AAK_POLICY_CODE_STRUCTEND))
    return FALSE;
  profile->mode =
      (profile->version & VERSION_FORCE_COMPLAIN) != 0 ? AAK_MODE_COMPLAIN : (AakMode) mode;
  return TRUE;
}

/* Walks the rest of the profile's structure to its end. */
static gboolean
read_body (Walk *walk, AakBlobProfile *profile, GError **error)
{
  gboolean have_flags = FALSE;
  int depth = 1;
  while (depth > 0)
    {
      if (walk->stream.pos >= walk->stream.len)
        return bad (walk, error, "truncated: the profile has no end");
      if (depth == 1 && !have_flags && aak_policy_stream_struct (&walk->stream, "flags"))
        {
          if (!read_flags (&walk->stream, profile))
            return bad (walk, error, "damaged profile flags");
          have_flags = TRUE;
        }
      else if (!aak_policy_stream_skip (&walk->stream, &depth))
        return bad (walk, error, "damaged or truncated policy");
    }
  return have_flags || bad (walk, error, "a profile without flags");
}

static gboolean
read_profile (Walk *walk, AakBlobProfile *profile, GError **error)
{
  AakPolicySlice name = { 0 };
  if (!read_header (walk, profile, error))
    return FALSE;
  if (!aak_policy_stream_struct (&walk->stream, "profile")
      || !aak_policy_stream_string (&walk->stream, NULL, &name))
    return bad (walk, error, "no profile behind the header");
  if (name.len == 0 || name.len > MAX_NAME || memchr (name.data, '\0', name.len) != NULL)
    return bad (walk, error, "a profile with an impossible name");
  if (*name.data == ':')
    return bad (walk, error, "policy for another namespace is not supported");
  profile->name = g_strndup ((const char *) name.data, name.len);
  if (!read_body (walk, profile, error))
    return FALSE;
  profile->end = walk->stream.pos;
  return TRUE;
}

gboolean
aak_policy_blob_is (GBytes *data)
{
  static const guint8 header[] = { 4, 8, 0, 'v', 'e', 'r', 's', 'i', 'o', 'n', 0 };
  gsize len = 0;
  const guint8 *p = g_bytes_get_data (data, &len);
  return (len >= sizeof header && memcmp (p, header, sizeof header) == 0) || is_zstd (p, len)
         || (len > 8 && is_zstd (p + 8, len - 8));
}

GPtrArray *
aak_policy_blob_parse (const char *what, GBytes *blob, GError **error)
{
  g_autofree char *shown = aak_escape (what, strlen (what));
  Walk walk = { .what = shown };
  walk.stream.data = g_bytes_get_data (blob, &walk.stream.len);
  if (walk.stream.len == 0)
    {
      bad (&walk, error, "empty: no policy in it");
      return NULL;
    }
  g_autoptr (GPtrArray) profiles =
      g_ptr_array_new_with_free_func ((GDestroyNotify) aak_blob_profile_free);
  while (walk.stream.pos < walk.stream.len)
    {
      AakBlobProfile *profile = g_new0 (AakBlobProfile, 1);
      profile->hashes = g_new0 (char *, AAK_BLOB_N_HASHES);
      g_ptr_array_add (profiles, profile);
      if (!read_profile (&walk, profile, error))
        return NULL;
    }
  return g_steal_pointer (&profiles);
}

/* "ALGORITHM:HEX" */
static char *
compute_hash (GBytes *blob, const AakBlobProfile *profile, const struct nettle_hash *algorithm)
{
  g_autofree void *sum = g_malloc (algorithm->context_size);
  guint32 version = GUINT32_TO_LE (profile->version);
  const guint8 *data = g_bytes_get_data (blob, NULL);
  algorithm->init (sum);
  algorithm->update (sum, sizeof version, (const guint8 *) &version);
  algorithm->update (sum, profile->end - profile->body, data + profile->body);
  guint8 digest[SHA256_DIGEST_SIZE];
  char hex[BASE16_ENCODE_LENGTH (sizeof digest) + 1] = "";
  algorithm->digest (sum, algorithm->digest_size, digest);
  base16_encode_update (hex, algorithm->digest_size, digest);
  return g_strconcat (algorithm->name, ":", hex, NULL);
}

/* Its place in the table, or AAK_BLOB_N_HASHES for a name that is not there. */
static guint
find_algorithm (const char *name)
{
  guint i = 0;
  while (i < AAK_BLOB_N_HASHES && strcmp (algorithms[i]->name, name) != 0)
    i++;
  return i;
}

char *
aak_policy_blob_hash (GBytes *blob, const AakBlobProfile *profile, const char *algorithm)
{
  guint i = find_algorithm (algorithm);
  if (i == AAK_BLOB_N_HASHES)
    return NULL;
  if (profile->hashes[i] == NULL)
    profile->hashes[i] = compute_hash (blob, profile, algorithms[i]);
  return g_strdup (profile->hashes[i]);
}

gboolean
aak_policy_blob_knows_hash (const AakBlobProfile *profile, const char *algorithm)
{
  guint i = find_algorithm (algorithm);
  return i < AAK_BLOB_N_HASHES && profile->hashes[i] != NULL;
}
