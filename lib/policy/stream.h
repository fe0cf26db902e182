/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The tagged values that compiled policy is made of, taken one by one with bounds at every step. */
#pragma once

#include <glib.h>

/* The byte before every value (security/apparmor/policy_unpack.c, enum aa_code). */
typedef enum
{
  AAK_POLICY_CODE_U8 = 0,
  AAK_POLICY_CODE_U16 = 1,
  AAK_POLICY_CODE_U32 = 2,
  AAK_POLICY_CODE_U64 = 3,
  AAK_POLICY_CODE_NAME = 4, /* the name of the value that follows */
  AAK_POLICY_CODE_STRING = 5,
  AAK_POLICY_CODE_BLOB = 6,
  AAK_POLICY_CODE_STRUCT = 7,
  AAK_POLICY_CODE_STRUCTEND = 8,
  AAK_POLICY_CODE_LIST = 9,
  AAK_POLICY_CODE_LISTEND = 10,
  AAK_POLICY_CODE_ARRAY = 11,
  AAK_POLICY_CODE_ARRAYEND = 12,
} AakPolicyCode;

/* A place in compiled policy. Points into bytes that the caller keeps. */
typedef struct
{
  const guint8 *data;
  gsize len;
  gsize pos; /* of the next value; at most @len */
} AakPolicyStream;

/* Bytes inside the policy. A string's are without the NUL at its end, which is there. */
typedef struct
{
  const guint8 *data;
  gsize len;
} AakPolicySlice;

/* Each of these takes one value and moves behind it, or gives FALSE and stays where it is. @name:
 * the value must be tagged with this name; NULL: whatever its name is, if it has one. Numbers are
 * little-endian and stored without alignment. */
gboolean aak_policy_stream_u8 (AakPolicyStream *stream, const char *name, guint8 *out);
gboolean aak_policy_stream_u32 (AakPolicyStream *stream, const char *name, guint32 *out);
gboolean aak_policy_stream_u64 (AakPolicyStream *stream, const char *name, guint64 *out);
/* At least the NUL at its end; NULs inside are left to the caller. */
gboolean aak_policy_stream_string (AakPolicyStream *stream, const char *name, AakPolicySlice *out);
gboolean aak_policy_stream_blob (AakPolicyStream *stream, const char *name, AakPolicySlice *out);
/* The beginning of an array and the number of its elements. */
gboolean aak_policy_stream_array (AakPolicyStream *stream, const char *name, guint16 *out_n);
/* The beginning of a structure. */
gboolean aak_policy_stream_struct (AakPolicyStream *stream, const char *name);
/* The end of an array or a structure: AAK_POLICY_CODE_ARRAYEND or AAK_POLICY_CODE_STRUCTEND. */
gboolean aak_policy_stream_end (AakPolicyStream *stream, AakPolicyCode code);

/* Skips one value, or one name; the beginning and the end of structures, lists and arrays only
 * change @depth. FALSE where it is no value, or nested too deep. */
gboolean aak_policy_stream_skip (AakPolicyStream *stream, int *depth);

/* TRUE where the bytes of @slice are @text. */
gboolean aak_policy_slice_is (AakPolicySlice slice, const char *text);
