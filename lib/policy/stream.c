/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The tagged values that compiled policy is made of. */
#include "config.h"

#include "lib/policy/stream.h"

#include <string.h>

#define MAX_DEPTH 32

static gboolean
take (AakPolicyStream *stream, gsize n, const guint8 **out)
{
  if (stream->len - stream->pos < n)
    return FALSE;
  *out = stream->data + stream->pos;
  stream->pos += n;
  return TRUE;
}

static gboolean
take_number (AakPolicyStream *stream, gsize width, guint64 *out)
{
  const guint8 *p = NULL;
  if (!take (stream, width, &p))
    return FALSE;
  *out = 0;
  for (gsize i = 0; i < width; i++)
    *out |= (guint64) p[i] << (8 * i);
  return TRUE;
}

static gboolean
take_code (AakPolicyStream *stream, AakPolicyCode code)
{
  if (stream->pos >= stream->len || stream->data[stream->pos] != code)
    return FALSE;
  stream->pos++;
  return TRUE;
}

/* A length of @width bytes, then that many bytes. */
static gboolean
take_chunk (AakPolicyStream *stream, gsize width, AakPolicySlice *out)
{
  guint64 len = 0;
  const guint8 *p = NULL;
  if (!take_number (stream, width, &len) || !take (stream, len, &p))
    return FALSE;
  *out = (AakPolicySlice){ p, len };
  return TRUE;
}

/* The text of a name or a string. */
static gboolean
take_text (AakPolicyStream *stream, AakPolicySlice *out)
{
  AakPolicySlice chunk = { 0 };
  if (!take_chunk (stream, 2, &chunk) || chunk.len == 0 || chunk.data[chunk.len - 1] != '\0')
    return FALSE;
  *out = (AakPolicySlice){ chunk.data, chunk.len - 1 };
  return TRUE;
}

gboolean
aak_policy_slice_is (AakPolicySlice slice, const char *text)
{
  return slice.len == strlen (text) && memcmp (slice.data, text, slice.len) == 0;
}

/* The tag and the code of a value. The caller goes back to where it was on failure. */
static gboolean
take_head (AakPolicyStream *stream, const char *name, AakPolicyCode code)
{
  AakPolicySlice tag = { 0 };
  gboolean tagged = take_code (stream, AAK_POLICY_CODE_NAME);
  if (tagged && !take_text (stream, &tag))
    return FALSE;
  if (name != NULL && (!tagged || !aak_policy_slice_is (tag, name)))
    return FALSE;
  return take_code (stream, code);
}

static gboolean
back_to (AakPolicyStream *stream, gsize pos)
{
  stream->pos = pos;
  return FALSE;
}

static gboolean
take_tagged (AakPolicyStream *stream, const char *name, AakPolicyCode code, gsize width,
             guint64 *out)
{
  gsize pos = stream->pos;
  if (!take_head (stream, name, code) || !take_number (stream, width, out))
    return back_to (stream, pos);
  return TRUE;
}

gboolean
aak_policy_stream_u8 (AakPolicyStream *stream, const char *name, guint8 *out)
{
  guint64 value = 0;
  if (!take_tagged (stream, name, AAK_POLICY_CODE_U8, 1, &value))
    return FALSE;
  *out = (guint8) value;
  return TRUE;
}

gboolean
aak_policy_stream_u32 (AakPolicyStream *stream, const char *name, guint32 *out)
{
  guint64 value = 0;
  if (!take_tagged (stream, name, AAK_POLICY_CODE_U32, 4, &value))
    return FALSE;
  *out = (guint32) value;
  return TRUE;
}

gboolean
aak_policy_stream_u64 (AakPolicyStream *stream, const char *name, guint64 *out)
{
  return take_tagged (stream, name, AAK_POLICY_CODE_U64, 8, out);
}

gboolean
aak_policy_stream_string (AakPolicyStream *stream, const char *name, AakPolicySlice *out)
{
  gsize pos = stream->pos;
  if (!take_head (stream, name, AAK_POLICY_CODE_STRING) || !take_text (stream, out))
    return back_to (stream, pos);
  return TRUE;
}

gboolean
aak_policy_stream_blob (AakPolicyStream *stream, const char *name, AakPolicySlice *out)
{
  gsize pos = stream->pos;
  if (!take_head (stream, name, AAK_POLICY_CODE_BLOB) || !take_chunk (stream, 4, out))
    return back_to (stream, pos);
  return TRUE;
}

gboolean
aak_policy_stream_array (AakPolicyStream *stream, const char *name, guint16 *out_n)
{
  guint64 value = 0;
  if (!take_tagged (stream, name, AAK_POLICY_CODE_ARRAY, 2, &value))
    return FALSE;
  *out_n = (guint16) value;
  return TRUE;
}

gboolean
aak_policy_stream_struct (AakPolicyStream *stream, const char *name)
{
  gsize pos = stream->pos;
  return take_head (stream, name, AAK_POLICY_CODE_STRUCT) || back_to (stream, pos);
}

gboolean
aak_policy_stream_end (AakPolicyStream *stream, AakPolicyCode code)
{
  gsize pos = stream->pos;
  return take_head (stream, NULL, code) || back_to (stream, pos);
}

gboolean
aak_policy_stream_skip (AakPolicyStream *stream, int *depth)
{
  static const gsize widths[] = { 1, 2, 4, 8 }; /* of the numbers, by code */
  AakPolicySlice ignored = { 0 };
  guint64 number = 0;
  if (stream->pos >= stream->len)
    return FALSE;
  guint8 code = stream->data[stream->pos++];
  switch (code)
    {
    case AAK_POLICY_CODE_U8:
    case AAK_POLICY_CODE_U16:
    case AAK_POLICY_CODE_U32:
    case AAK_POLICY_CODE_U64:
      return take_number (stream, widths[code], &number);
    case AAK_POLICY_CODE_NAME:
    case AAK_POLICY_CODE_STRING:
      return take_text (stream, &ignored);
    case AAK_POLICY_CODE_BLOB:
      return take_chunk (stream, 4, &ignored);
    case AAK_POLICY_CODE_STRUCT:
    case AAK_POLICY_CODE_LIST:
      return ++*depth <= MAX_DEPTH;
    case AAK_POLICY_CODE_ARRAY:
      return ++*depth <= MAX_DEPTH && take_number (stream, 2, &number);
    case AAK_POLICY_CODE_STRUCTEND:
    case AAK_POLICY_CODE_LISTEND:
    case AAK_POLICY_CODE_ARRAYEND:
      return --*depth >= 0;
    default:
      return FALSE;
    }
}
