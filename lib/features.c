/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Feature sets: read from securityfs, a copy of it, or the flat file; one canonical text for all of
 * them. */
#include "config.h"

#include "lib/features.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"
#include "lib/json.h"
#include "lib/sort.h"

#include <errno.h>
#include <string.h>
#include <sys/apparmor.h>
#include <sys/stat.h>

#define KERNEL_DIR "/sys/kernel/security/apparmor/features"
#define MAX_DEPTH  16

struct AakFeatures
{
  char *text;
  aa_features *set; /* as libapparmor has it */
  char id[AAK_FEATURES_ID_LEN + 1];
};

AakFeatures *
aak_features_copy (const AakFeatures *features)
{
  AakFeatures *copy = g_new0 (AakFeatures, 1);
  copy->text = g_strdup (features->text);
  copy->set = aa_features_ref (features->set);
  memcpy (copy->id, features->id, sizeof copy->id);
  return copy;
}

void
aak_features_free (AakFeatures *features)
{
  g_free (features->text);
  aa_features_unref (features->set);
  g_free (features);
}

const char *
aak_features_text (const AakFeatures *features)
{
  return features->text;
}

const char *
aak_features_id (const AakFeatures *features)
{
  return features->id;
}

gboolean
aak_features_has (const AakFeatures *features, const char *path)
{
  return aa_features_supports (features->set, path);
}

AakJson *
aak_features_to_json (const AakFeatures *features)
{
  AakJson *json = aak_json_new ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/features/1");
  aak_json_add_text (json, "id", aak_features_id (features));
  aak_json_add_text (json, "text", aak_features_text (features));
  aak_json_end_object (json);
  return json;
}

gboolean
aak_features_is_id (const char *id)
{
  return strlen (id) == AAK_FEATURES_ID_LEN
         && strspn (id, "0123456789abcdef") == AAK_FEATURES_ID_LEN;
}

/* --- the flat form --------------------------------------------------------------------------- */

/* Collects the names that stand before a top-level "{" in @text. NULL where the braces do not
 * match. */
static GHashTable *
top_level_names (const char *text)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char *start = text;
  int depth = 0;
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '{' && depth++ == 0)
        {
          char *name = g_strstrip (g_strndup (start, (gsize) (p - start)));
          g_hash_table_add (names, name);
        }
      else if (*p == '}' && --depth < 0)
        return NULL;
      if (*p == '}')
        start = p + 1;
    }
  return depth == 0 ? g_steal_pointer (&names) : NULL;
}

/* A set without these is none: every kernel since 2.6.36 has them. */
static gboolean
check_text (const char *what, const char *text, GError **error)
{
  g_autoptr (GHashTable) names = top_level_names (text);
  const char *why = NULL;
  if (!g_utf8_validate (text, -1, NULL))
    why = "it is no text";
  else if (names == NULL)
    why = "its braces do not match";
  else if (!g_hash_table_contains (names, "policy") || !g_hash_table_contains (names, "file"))
    why = "it has no 'policy' and 'file' part";
  if (why == NULL)
    return TRUE;
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
               "%s: not an AppArmor feature set: %s (a copy of " KERNEL_DIR
               ", or what 'aa-compile features -o FILE' writes)",
               what, why);
  return FALSE;
}

AakFeatures *
aak_features_parse (const char *what, const char *text, GError **error)
{
  g_autofree char *stripped = g_strchomp (g_strdup (text));
  if (!check_text (what, stripped, error))
    return NULL;
  g_autoptr (AakFeatures) features = g_new0 (AakFeatures, 1);
  features->text = g_strconcat (stripped, "\n", NULL);
  if (aa_features_new_from_string (&features->set, features->text, strlen (features->text)) != 0)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: not an AppArmor feature set: %s", what,
                   g_strerror (errno));
      return NULL;
    }
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, features->text, -1);
  memcpy (features->id, digest, AAK_FEATURES_ID_LEN);
  return g_steal_pointer (&features);
}

/* --- the directory form ---------------------------------------------------------------------- */

/* Names of a directory's entries in byte order, hidden ones left out (as libapparmor does). */
static GPtrArray *
sorted_entries (const char *path, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  if (dir == NULL)
    {
      aak_error_set_errno (error, errno, "cannot read %s", path);
      return NULL;
    }
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    if (*name != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, aak_compare_texts);
  return names;
}

/* Appends "NAME {CONTENT}\n" for each entry of @path, directories nested: what libapparmor makes of
 * a features directory. */
static gboolean
append_directory (GString *out, const char *path, int depth, GError **error)
{
  g_autoptr (GPtrArray) names = sorted_entries (path, error);
  if (names == NULL)
    return FALSE;
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = names->pdata[i];
      g_autofree char *child = g_build_filename (path, name, NULL);
      g_string_append_printf (out, "%s {", name);
      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        {
          if (depth == MAX_DEPTH || !append_directory (out, child, depth + 1, error))
            {
              if (error != NULL && *error == NULL)
                g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE, "%s: nested too deep", child);
              return FALSE;
            }
        }
      else
        {
          g_autoptr (GBytes) content = aak_fs_read (child, AAK_FEATURES_MAX_TEXT, error);
          if (content == NULL)
            return FALSE;
          g_string_append_len (out, g_bytes_get_data (content, NULL),
                               (gssize) g_bytes_get_size (content));
        }
      g_string_append (out, "}\n");
    }
  return TRUE;
}

AakFeatures *
aak_features_read (const char *path, GError **error)
{
  g_autofree char *what = aak_escape (path, strlen (path));
  g_autoptr (GString) text = g_string_new (NULL);
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      if (!append_directory (text, path, 0, error))
        return NULL;
    }
  else
    {
      g_autofree char *flat = aak_fs_read_text (path, AAK_FEATURES_MAX_TEXT, error);
      if (flat == NULL)
        return NULL;
      g_string_assign (text, flat);
    }
  if (text->len > AAK_FEATURES_MAX_TEXT || strlen (text->str) != text->len)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: not an AppArmor feature set", what);
      return NULL;
    }
  return aak_features_parse (what, text->str, error);
}

AakFeatures *
aak_features_kernel (const char *root, GError **error)
{
  g_autofree char *path = aak_fs_path (root, KERNEL_DIR);
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return aak_features_read (path, error);
  g_set_error (error, AAK_ERROR, AAK_ERROR_APPARMOR_OFF,
               "this kernel has no AppArmor feature set (%s is not there): boot with "
               "'apparmor=1 security=apparmor' and mount securityfs",
               path);
  return NULL;
}
