/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Unpacks a profile in the order in which the kernel does: what it would not take is
 * refused (security/apparmor/policy_unpack.c, unpack_profile()). */
#include "config.h"

#include "lib/policy/profile.h"

#include "lib/error.h"
#include "lib/escape.h"

#include <string.h>

#define KABI_MASK      0x3ffu
#define FLAG_HAT       1u
#define MAX_ATTRIBUTES 64

void
aak_policy_profile_free (AakPolicyProfile *profile)
{
  g_free (profile->name);
  g_free (profile->disconnected);
  g_clear_pointer (&profile->attributes, g_ptr_array_unref);
  g_clear_pointer (&profile->attachment, aak_policy_db_free);
  g_clear_pointer (&profile->rules, aak_policy_db_free);
  g_clear_pointer (&profile->files, aak_policy_db_free);
  g_free (profile);
}

static gboolean
bad (GError **error, const char *why)
{
  g_set_error_literal (error, AAK_ERROR, AAK_ERROR_INVALID, why);
  return FALSE;
}

static gboolean
end_of (AakPolicyStream *stream, AakPolicyCode code)
{
  return aak_policy_stream_end (stream, code);
}

/* --- parts of a profile, in their order ------------------------------------------------------- */

static gboolean
read_attachment (AakPolicyStream *stream, AakPolicyProfile *profile, guint32 kabi, GError **error)
{
  AakPolicySlice ignored = { 0 };
  aak_policy_stream_string (stream, "rename", &ignored);
  aak_policy_stream_string (stream, "attach", &ignored);
  profile->attachment = aak_policy_db_new (stream, AAK_POLICY_DB_ATTACHMENT, kabi, error);
  if (profile->attachment == NULL)
    {
      g_prefix_error (error, "attachment: ");
      return FALSE;
    }
  return aak_policy_db_is_empty (profile->attachment)
         || aak_policy_stream_u32 (stream, NULL, &profile->attachment_length)
         || bad (error, "an attachment without its length");
}

/* flags { u32 hat or debug, u32 mode, u32 audit }, after the optional "disconnected" and "kill" */
static gboolean
read_flags (AakPolicyStream *stream, AakPolicyProfile *profile, GError **error)
{
  AakPolicySlice disconnected = { 0 };
  guint32 flags = 0, mode = 0, audit = 0;
  if (aak_policy_stream_string (stream, "disconnected", &disconnected))
    profile->disconnected = g_strndup ((const char *) disconnected.data, disconnected.len);
  aak_policy_stream_u32 (stream, "kill", &profile->kill_signal);
  if (!aak_policy_stream_struct (stream, "flags") || !aak_policy_stream_u32 (stream, NULL, &flags)
      || !aak_policy_stream_u32 (stream, NULL, &mode)
      || !aak_policy_stream_u32 (stream, NULL, &audit)
      || !end_of (stream, AAK_POLICY_CODE_STRUCTEND))
    return bad (error, "damaged flags");
  profile->is_hat = (flags & FLAG_HAT) != 0;
  profile->audit_all = audit != 0;
  /* Without the word, paths of deleted files are mediated (unpack_profile()). */
  if (!aak_policy_stream_u32 (stream, "path_flags", &profile->path_flags))
    profile->path_flags = AAK_PATH_MEDIATE_DELETED;
  return TRUE;
}

/* Half of the capabilities: allow, audit, quiet, and a word that is not used. */
static gboolean
read_half (AakPolicyStream *stream, AakPolicyCapabilities *capabilities, guint shift)
{
  guint32 allow = 0, audit = 0, quiet = 0, unused = 0;
  if (!aak_policy_stream_u32 (stream, NULL, &allow) || !aak_policy_stream_u32 (stream, NULL, &audit)
      || !aak_policy_stream_u32 (stream, NULL, &quiet)
      || !aak_policy_stream_u32 (stream, NULL, &unused))
    return FALSE;
  capabilities->allow |= (guint64) allow << shift;
  capabilities->audit |= (guint64) audit << shift;
  capabilities->quiet |= (guint64) quiet << shift;
  return TRUE;
}

static gboolean
read_capabilities (AakPolicyStream *stream, AakPolicyProfile *profile, GError **error)
{
  guint32 ignored = 0;
  if (!read_half (stream, &profile->capabilities, 0))
    return bad (error, "damaged capabilities");
  if (aak_policy_stream_struct (stream, "caps64")
      && (!read_half (stream, &profile->capabilities, 32)
          || !end_of (stream, AAK_POLICY_CODE_STRUCTEND)))
    return bad (error, "damaged upper capabilities");
  if (aak_policy_stream_struct (stream, "capsx")
      && (!aak_policy_stream_u32 (stream, NULL, &ignored)
          || !aak_policy_stream_u32 (stream, NULL, &ignored)
          || !end_of (stream, AAK_POLICY_CODE_STRUCTEND)))
    return bad (error, "damaged extended capabilities");
  return TRUE;
}

static gboolean
read_attribute (AakPolicyStream *stream, AakPolicyProfile *profile, guint16 index)
{
  (void) index;
  AakPolicySlice name = { 0 };
  if (!aak_policy_stream_string (stream, NULL, &name))
    return FALSE;
  g_ptr_array_add (profile->attributes, g_strndup ((const char *) name.data, name.len));
  return TRUE;
}

static gboolean
read_limit (AakPolicyStream *stream, AakPolicyProfile *profile, guint16 index)
{
  return aak_policy_stream_u64 (stream, NULL, &profile->limits.most[index]);
}

/* u8 audit, u8 deny, string label; nothing is asked about them */
static gboolean
read_mark (AakPolicyStream *stream, AakPolicyProfile *profile, guint16 index)
{
  (void) profile;
  (void) index;
  guint8 ignored = 0;
  AakPolicySlice label = { 0 };
  return aak_policy_stream_u8 (stream, NULL, &ignored)
         && aak_policy_stream_u8 (stream, NULL, &ignored)
         && aak_policy_stream_string (stream, NULL, &label);
}

/* Structures around one array. */
static const struct
{
  const char *name;
  gboolean has_mask; /* a u32 before the array: which limits are set */
  guint max;
  gboolean (*read) (AakPolicyStream *stream, AakPolicyProfile *profile, guint16 index);
} lists[] = {
  { "xattrs", FALSE, MAX_ATTRIBUTES, read_attribute },
  { "rlimits", TRUE, AAK_POLICY_N_LIMITS, read_limit },
  { "secmark", FALSE, G_MAXUINT16, read_mark },
};

static gboolean
read_lists (AakPolicyStream *stream, AakPolicyProfile *profile, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      guint16 n = 0;
      if (!aak_policy_stream_struct (stream, lists[i].name))
        continue;
      gboolean good =
          (!lists[i].has_mask || aak_policy_stream_u32 (stream, NULL, &profile->limits.set))
          && aak_policy_stream_array (stream, NULL, &n) && n <= lists[i].max;
      for (guint16 j = 0; good && j < n; j++)
        good = lists[i].read (stream, profile, j);
      if (!good || !end_of (stream, AAK_POLICY_CODE_ARRAYEND)
          || !end_of (stream, AAK_POLICY_CODE_STRUCTEND))
        {
          g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "damaged %s", lists[i].name);
          return FALSE;
        }
    }
  return TRUE;
}

/* policydb { ... }, not there where the parser knew of no class but files */
static gboolean
read_rules (AakPolicyStream *stream, AakPolicyProfile *profile, guint32 kabi, GError **error)
{
  AakPolicyStream none = { 0 };
  gboolean there = aak_policy_stream_struct (stream, "policydb");
  profile->rules = aak_policy_db_new (there ? stream : &none, AAK_POLICY_DB_RULES, kabi, error);
  if (profile->rules == NULL)
    {
      g_prefix_error (error, "policydb: ");
      return FALSE;
    }
  return !there
         || (!aak_policy_db_is_empty (profile->rules) && end_of (stream, AAK_POLICY_CODE_STRUCTEND))
         || bad (error, "policydb without an automaton, or without end");
}

static gboolean
read_files (AakPolicyStream *stream, AakPolicyProfile *profile, guint32 kabi, GError **error)
{
  profile->files = aak_policy_db_new (stream, AAK_POLICY_DB_FILES, kabi, error);
  if (profile->files == NULL)
    g_prefix_error (error, "files: ");
  return profile->files != NULL;
}

/* data { (string, blob) ... }, then the end of the profile */
static gboolean
read_end (AakPolicyStream *stream, GError **error)
{
  AakPolicySlice ignored = { 0 };
  if (aak_policy_stream_struct (stream, "data"))
    {
      while (aak_policy_stream_string (stream, NULL, &ignored))
        if (!aak_policy_stream_blob (stream, NULL, &ignored))
          return bad (error, "damaged data");
      if (!end_of (stream, AAK_POLICY_CODE_STRUCTEND))
        return bad (error, "data without end");
    }
  return (end_of (stream, AAK_POLICY_CODE_STRUCTEND) && stream->pos == stream->len)
         || bad (error, "something that does not belong into a profile");
}

/* --- all of it ------------------------------------------------------------------------------- */

AakPolicyProfile *
aak_policy_profile_new (GBytes *blob, const AakBlobProfile *where, GError **error)
{
  AakPolicySlice ignored = { 0 };
  AakPolicyStream stream = { g_bytes_get_data (blob, NULL), where->end, where->body };
  g_autoptr (AakPolicyProfile) profile = g_new0 (AakPolicyProfile, 1);
  profile->name = g_strdup (where->name);
  profile->mode = where->mode;
  profile->attributes = g_ptr_array_new_with_free_func (g_free);
  guint32 kabi = where->version & KABI_MASK;
  gboolean good = aak_policy_stream_struct (&stream, "profile")
                  && aak_policy_stream_string (&stream, NULL, &ignored);
  if (!good)
    bad (error, "no profile");
  if (!good || !read_attachment (&stream, profile, kabi, error)
      || !read_flags (&stream, profile, error) || !read_capabilities (&stream, profile, error)
      || !read_lists (&stream, profile, error) || !read_rules (&stream, profile, kabi, error)
      || !read_files (&stream, profile, kabi, error) || !read_end (&stream, error))
    {
      g_autofree char *shown = aak_escape (where->name, strlen (where->name));
      g_prefix_error (error, "profile \"%s\", near byte %" G_GSIZE_FORMAT ": ", shown, stream.pos);
      return NULL;
    }
  return g_steal_pointer (&profile);
}
