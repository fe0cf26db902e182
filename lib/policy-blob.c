/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The tagged binary form of AppArmor policy, walked with bounds at every step. */
#include "config.h"

#include "lib/policy-blob.h"

#include "lib/error.h"
#include "lib/escape.h"

#include <string.h>

/* security/apparmor/policy_unpack.c, enum aa_code: the byte before every value */
enum
{
  CODE_U8 = 0,
  CODE_U16 = 1,
  CODE_U32 = 2,
  CODE_U64 = 3,
  CODE_NAME = 4, /* the name of the value that follows */
  CODE_STRING = 5,
  CODE_BLOB = 6,
  CODE_STRUCT = 7,
  CODE_STRUCTEND = 8,
  CODE_LIST = 9,
  CODE_LISTEND = 10,
  CODE_ARRAY = 11,
  CODE_ARRAYEND = 12,
};

#define MAX_DEPTH 32
#define MAX_NAME  4096
/* The low ten bits of the version word are the kernel's ABI; bit 11 forces complain mode. */
#define VERSION_KABI_MASK      0x3ff
#define VERSION_FORCE_COMPLAIN 0x800
#define OLDEST_KABI            5
#define NEWEST_KABI            9

typedef struct
{
  const char *what; /* escaped */
  const guint8 *data;
  gsize len;
  gsize pos;
} Walk;

/* A value's text (not NUL-terminated), inside the blob. */
typedef struct
{
  const char *text;
  gsize len;
} Slice;

void
aak_blob_profile_free (AakBlobProfile *profile)
{
  g_free (profile->name);
  g_free (profile);
}

static gboolean
bad (const Walk *walk, GError **error, const char *why)
{
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: byte %" G_GSIZE_FORMAT ": %s", walk->what,
               walk->pos, why);
  return FALSE;
}

static gboolean
take (Walk *walk, gsize n, const guint8 **out)
{
  if (walk->len - walk->pos < n)
    return FALSE;
  *out = walk->data + walk->pos;
  walk->pos += n;
  return TRUE;
}

static gboolean
take_u16 (Walk *walk, gsize *out)
{
  const guint8 *p = NULL;
  if (!take (walk, 2, &p))
    return FALSE;
  *out = (gsize) p[0] | (gsize) p[1] << 8;
  return TRUE;
}

static gboolean
take_u32 (Walk *walk, guint32 *out)
{
  const guint8 *p = NULL;
  if (!take (walk, 4, &p))
    return FALSE;
  *out = (guint32) p[0] | (guint32) p[1] << 8 | (guint32) p[2] << 16 | (guint32) p[3] << 24;
  return TRUE;
}

static gboolean
take_code (Walk *walk, guint8 code)
{
  if (walk->pos >= walk->len || walk->data[walk->pos] != code)
    return FALSE;
  walk->pos++;
  return TRUE;
}

/* A NAME or a STRING: u16 length, then that many bytes with a NUL at the end. */
static gboolean
take_text (Walk *walk, Slice *out)
{
  gsize len = 0;
  const guint8 *p = NULL;
  if (!take_u16 (walk, &len) || len == 0 || !take (walk, len, &p) || p[len - 1] != '\0')
    return FALSE;
  *out = (Slice){ (const char *) p, len - 1 };
  return TRUE;
}

static gboolean
slice_is (Slice slice, const char *text)
{
  return slice.len == strlen (text) && memcmp (slice.text, text, slice.len) == 0;
}

/* Takes the name @name; the position stays where there is another one. */
static gboolean
take_name (Walk *walk, const char *name)
{
  gsize start = walk->pos;
  Slice slice = { 0 };
  if (take_code (walk, CODE_NAME) && take_text (walk, &slice) && slice_is (slice, name))
    return TRUE;
  walk->pos = start;
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
  profile->start = walk->pos;
  const guint8 *here = walk->data + walk->pos;
  gsize left = walk->len - walk->pos;
  /* apparmor_parser 5.0 can store zstd frames, bare or behind a header of 8 bytes; no kernel takes
   * them. */
  if (is_zstd (here, left) || (left > 8 && is_zstd (here + 8, left - 8)))
    return bad (walk, error, "compressed (zstd) policy: compile it again without compression");
  if (!take_name (walk, "version") || !take_code (walk, CODE_U32)
      || !take_u32 (walk, &profile->version))
    return bad (walk, error, "no AppArmor policy header");
  guint32 kabi = profile->version & VERSION_KABI_MASK;
  if (kabi < OLDEST_KABI || kabi > NEWEST_KABI)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
                   "%s: policy version %u, which no kernel known here takes", walk->what, kabi);
      return FALSE;
    }
  if (take_name (walk, "namespace"))
    return bad (walk, error, "policy for another namespace is not supported");
  profile->body = walk->pos;
  return TRUE;
}

/* --- values ---------------------------------------------------------------------------------- */

static gboolean
skip_bytes (Walk *walk, gsize n)
{
  const guint8 *ignored = NULL;
  return take (walk, n, &ignored);
}

static gboolean
skip_blob (Walk *walk)
{
  guint32 len = 0;
  return take_u32 (walk, &len) && skip_bytes (walk, len);
}

/* Skips one value behind its code byte; containers only change @depth. */
static gboolean
skip_value (Walk *walk, guint8 code, int *depth)
{
  Slice ignored = { 0 };
  switch (code)
    {
    case CODE_U8:
      return skip_bytes (walk, 1);
    case CODE_U16:
      return skip_bytes (walk, 2);
    case CODE_U32:
      return skip_bytes (walk, 4);
    case CODE_U64:
      return skip_bytes (walk, 8);
    case CODE_NAME:
    case CODE_STRING:
      return take_text (walk, &ignored);
    case CODE_BLOB:
      return skip_blob (walk);
    case CODE_STRUCT:
    case CODE_LIST:
      return ++*depth <= MAX_DEPTH;
    case CODE_ARRAY:
      return ++*depth <= MAX_DEPTH && skip_bytes (walk, 2);
    case CODE_STRUCTEND:
    case CODE_LISTEND:
    case CODE_ARRAYEND:
      return --*depth >= 0;
    default:
      return FALSE;
    }
}

/* flags { u32 hat or debug, u32 mode, u32 audit }: security/apparmor/policy_unpack.c,
 * unpack_profile() */
static gboolean
read_flags (Walk *walk, AakBlobProfile *profile)
{
  guint32 flags = 0, mode = 0;
  if (!take_code (walk, CODE_STRUCT) || !take_code (walk, CODE_U32) || !take_u32 (walk, &flags)
      || !take_code (walk, CODE_U32) || !take_u32 (walk, &mode) || mode > AAK_MODE_USER)
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
      if (walk->pos >= walk->len)
        return bad (walk, error, "truncated: the profile has no end");
      if (depth == 1 && !have_flags && take_name (walk, "flags"))
        {
          if (!read_flags (walk, profile))
            return bad (walk, error, "damaged profile flags");
          have_flags = TRUE;
          depth++;
          continue;
        }
      guint8 code = walk->data[walk->pos++];
      if (!skip_value (walk, code, &depth))
        return bad (walk, error, "damaged or truncated policy");
    }
  return have_flags || bad (walk, error, "a profile without flags");
}

static gboolean
read_profile (Walk *walk, AakBlobProfile *profile, GError **error)
{
  Slice name = { 0 };
  if (!read_header (walk, profile, error))
    return FALSE;
  if (!take_name (walk, "profile") || !take_code (walk, CODE_STRUCT)
      || !take_code (walk, CODE_STRING) || !take_text (walk, &name))
    return bad (walk, error, "no profile behind the header");
  if (name.len == 0 || name.len > MAX_NAME || memchr (name.text, '\0', name.len) != NULL)
    return bad (walk, error, "a profile with an impossible name");
  if (*name.text == ':')
    return bad (walk, error, "policy for another namespace is not supported");
  profile->name = g_strndup (name.text, name.len);
  if (!read_body (walk, profile, error))
    return FALSE;
  profile->end = walk->pos;
  return TRUE;
}

GPtrArray *
aak_policy_blob_parse (const char *what, GBytes *blob, GError **error)
{
  g_autofree char *shown = aak_escape (what, strlen (what));
  Walk walk = { .what = shown };
  walk.data = g_bytes_get_data (blob, &walk.len);
  if (walk.len == 0)
    {
      bad (&walk, error, "empty: no policy in it");
      return NULL;
    }
  g_autoptr (GPtrArray) profiles =
      g_ptr_array_new_with_free_func ((GDestroyNotify) aak_blob_profile_free);
  while (walk.pos < walk.len)
    {
      AakBlobProfile *profile = g_new0 (AakBlobProfile, 1);
      g_ptr_array_add (profiles, profile);
      if (!read_profile (&walk, profile, error))
        return NULL;
    }
  return g_steal_pointer (&profiles);
}

char *
aak_policy_blob_hash (GBytes *blob, const AakBlobProfile *profile, const char *algorithm)
{
  GChecksumType type;
  if (strcmp (algorithm, "sha1") == 0)
    type = G_CHECKSUM_SHA1;
  else if (strcmp (algorithm, "sha256") == 0)
    type = G_CHECKSUM_SHA256;
  else
    return NULL;
  g_autoptr (GChecksum) sum = g_checksum_new (type);
  guint32 version = GUINT32_TO_LE (profile->version);
  g_checksum_update (sum, (const guchar *) &version, sizeof version);
  const guchar *data = g_bytes_get_data (blob, NULL);
  g_checksum_update (sum, data + profile->body, (gssize) (profile->end - profile->body));
  return g_strconcat (algorithm, ":", g_checksum_get_string (sum), NULL);
}
