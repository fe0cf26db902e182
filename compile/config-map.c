/* SPDX-License-Identifier: GPL-2.0-or-later
 * Keys and values of a ConfigMap. */
#include "config.h"

#include "compile/config-map.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"
#include "lib/seccomp/name.h"
#include "lib/sort.h"

#include <string.h>
#include <unistd.h>

#define MAX_KEY      253
#define MAX_NAME     253
#define LABEL_LENGTH 63
#define LOWER        "abcdefghijklmnopqrstuvwxyz0123456789"

typedef struct
{
  char *key;
  GBytes *bytes;
} Entry;

typedef struct
{
  GPtrArray *entries; /* of Entry */
  GHashTable *keys;   /* theirs */
  gsize size;
} Map;

static void
entry_free (gpointer data)
{
  Entry *entry = data;
  g_free (entry->key);
  g_bytes_unref (entry->bytes);
  g_free (entry);
}

static void
map_clear (Map *map)
{
  g_clear_pointer (&map->keys, g_hash_table_unref);
  g_clear_pointer (&map->entries, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Map, map_clear)

/* Letters, digits, '-', '_' and '.'; kubelets keep what begins with two dots for themselves. */
static gboolean
is_key (const char *key)
{
  return strlen (key) <= MAX_KEY && !g_str_has_prefix (key, "..")
         && key[strspn (key, LOWER "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.")] == '\0';
}

/* A DNS label or, with @dots, several (RFC 1123). */
static gboolean
is_dns_name (const char *name, gboolean dots)
{
  g_auto (GStrv) labels = g_strsplit (name, ".", -1);
  for (char **label = labels; *label != NULL; label++)
    {
      gsize len = strlen (*label);
      if (len == 0 || (!dots && len > LABEL_LENGTH) || (*label)[strspn (*label, LOWER "-")] != '\0'
          || **label == '-' || (*label)[len - 1] == '-')
        return FALSE;
    }
  return labels[0] != NULL && (dots || labels[1] == NULL) && strlen (name) <= MAX_NAME;
}

static gboolean
check_name (const char *name, const char *option, gboolean dots, GError **error)
{
  if (name == NULL || is_dns_name (name, dots))
    return TRUE;
  g_autofree char *shown = aak_escape (name, strlen (name));
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
               "%s %s: lower case letters, digits, '-'%s, as Kubernetes takes them", option, shown,
               dots ? " and '.'" : "");
  return FALSE;
}

/* Adds the file @file of @dir (NULL: of the bundle itself), whose bytes it takes; one that is there
 * is not added again. */
static gboolean
add (Map *map, const char *dir, const char *file, GBytes *bytes, GError **error)
{
  Entry *entry = g_new0 (Entry, 1);
  entry->key = dir != NULL ? aak_bundle_flat_name (dir, file) : g_strdup (file);
  entry->bytes = bytes;
  if (!is_key (entry->key))
    {
      g_autofree char *shown = aak_escape (entry->key, strlen (entry->key));
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
                   "%s cannot be a key of a ConfigMap: give the profile a name of at most some "
                   "180 letters, digits, '-', '_' and '.'",
                   shown);
      entry_free (entry);
      return FALSE;
    }
  if (!g_hash_table_add (map->keys, entry->key))
    {
      entry_free (entry);
      return TRUE;
    }
  map->size += g_bytes_get_size (bytes);
  g_ptr_array_add (map->entries, entry);
  return TRUE;
}

/* --- the bundle's files ---------------------------------------------------------------------- */

static gboolean
is_chosen (const AakConfigMapOptions *options, const char *id)
{
  return options->features == NULL
         || g_ptr_array_find_with_equal_func (options->features, id, g_str_equal, NULL);
}

static gboolean
add_profile (Map *map, const AakBundle *bundle, const AakBundleProfile *profile,
             const AakConfigMapOptions *options, GError **error)
{
  for (guint i = 0; i < profile->blobs->len; i++)
    {
      const AakBundleBlob *blob = profile->blobs->pdata[i];
      if (!is_chosen (options, blob->features))
        continue;
      g_autoptr (AakPolicy) policy = aak_bundle_load (bundle, profile, blob->features, error);
      if (policy == NULL
          || !add (map, blob->features, profile->file, g_bytes_ref (policy->blob), error)
          || !add (map, AAK_BUNDLE_TEXTS, profile->text, g_bytes_ref (policy->text), error))
        return FALSE;
    }
  return TRUE;
}

/* The manifest is what the bundle was read from: its digest proves it. */
static gboolean
add_manifest (Map *map, const AakBundle *bundle, GError **error)
{
  static const AakBundleTrust anybody = { .owners = AAK_PATH_ANYBODY };
  g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", aak_bundle_fd (bundle));
  const char *const names[] = { AAK_BUNDLE_MANIFEST, AAK_BUNDLE_SIGNATURE };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (link, names[i], NULL);
      if (i > 0 && access (path, F_OK) != 0)
        continue;
      GBytes *bytes = aak_fs_read (path, AAK_CONFIG_MAP_MAX, error);
      if (bytes == NULL || !add (map, NULL, names[i], bytes, error))
        return FALSE;
    }
  g_autofree char *now =
      aak_bundle_digest (aak_bundle_fd (bundle), aak_bundle_path (bundle), anybody.owners, error);
  if (now == NULL || strcmp (now, aak_bundle_manifest_digest (bundle)) == 0)
    return now != NULL;
  g_set_error (error, AAK_ERROR, AAK_ERROR_BUSY, "%s changed while it was read",
               aak_bundle_path (bundle));
  return FALSE;
}

/* The feature sets, by which programs that ask the bundle know what it was compiled for. */
static gboolean
add_feature_sets (Map *map, const AakBundle *bundle, const AakConfigMapOptions *options,
                  GError **error)
{
  GPtrArray *ids = aak_bundle_features (bundle);
  for (guint i = 0; i < ids->len; i++)
    {
      const char *id = ids->pdata[i];
      if (!is_chosen (options, id))
        continue;
      g_autoptr (AakFeatures) features = aak_bundle_load_features (bundle, id, error);
      const char *text = features != NULL ? aak_features_text (features) : NULL;
      if (text == NULL
          || !add (map, id, AAK_BUNDLE_FEATURES, g_bytes_new (text, strlen (text)), error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_bundle (Map *map, const AakBundle *bundle, const AakConfigMapOptions *options, GError **error)
{
  GPtrArray *profiles = aak_bundle_profiles (bundle), *seccomp = aak_bundle_seccomp (bundle);
  if (!add_manifest (map, bundle, error) || !add_feature_sets (map, bundle, options, error))
    return FALSE;
  for (guint i = 0; i < profiles->len; i++)
    if (!add_profile (map, bundle, profiles->pdata[i], options, error))
      return FALSE;
  for (guint i = 0; i < seccomp->len; i++)
    {
      const AakBundleSeccomp *entry = seccomp->pdata[i];
      g_autoptr (AakSeccompFile) file = aak_bundle_load_seccomp (bundle, entry, error);
      if (file == NULL
          || !add (map, AAK_BUNDLE_SECCOMP, aak_seccomp_name_file (entry->name),
                   g_bytes_ref (file->content), error))
        return FALSE;
    }
  return TRUE;
}

/* --- the manifest of the ConfigMap ----------------------------------------------------------- */

static gint
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *const *left = a, *const *right = b;
  return strcmp ((*left)->key, (*right)->key);
}

/* Within quotes neither names, keys nor base64 have anything to escape. */
static char *
write_map (const Map *map, const AakConfigMapOptions *options)
{
  GString *out = g_string_new ("apiVersion: v1\nkind: ConfigMap\nmetadata:\n");
  g_string_append_printf (out, "  name: \"%s\"\n",
                          options->name != NULL ? options->name : AAK_CONFIG_MAP_NAME);
  if (options->namespace != NULL)
    g_string_append_printf (out, "  namespace: \"%s\"\n", options->namespace);
  if (options->immutable)
    g_string_append (out, "immutable: true\n");
  g_string_append (out, "binaryData:\n");
  for (guint i = 0; i < map->entries->len; i++)
    {
      const Entry *entry = map->entries->pdata[i];
      gsize len = 0;
      const guchar *data = g_bytes_get_data (entry->bytes, &len);
      g_autofree char *encoded = g_base64_encode (data, len);
      g_string_append_printf (out, "  \"%s\": \"%s\"\n", entry->key, encoded);
    }
  return g_string_free (out, FALSE);
}

/* Every set that was asked for is one of the bundle's. */
static gboolean
check_features (const AakBundle *bundle, const AakConfigMapOptions *options, GError **error)
{
  for (guint i = 0; options->features != NULL && i < options->features->len; i++)
    {
      const char *id = options->features->pdata[i];
      if (g_ptr_array_find_with_equal_func (aak_bundle_features (bundle), id, g_str_equal, NULL))
        continue;
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: not compiled for feature set %s",
                   aak_bundle_path (bundle), id);
      return FALSE;
    }
  return TRUE;
}

char *
aak_config_map_text (const AakBundle *bundle, const AakConfigMapOptions *options, gsize *out_size,
                     GError **error)
{
  g_auto (Map) map = { .entries = g_ptr_array_new_with_free_func (entry_free),
                       .keys = g_hash_table_new (g_str_hash, g_str_equal) };
  if (!check_name (options->name, "--name", TRUE, error)
      || !check_name (options->namespace, "--namespace", FALSE, error)
      || !check_features (bundle, options, error) || !add_bundle (&map, bundle, options, error))
    return NULL;
  if (map.size > AAK_CONFIG_MAP_MAX)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE,
                   "%s: %" G_GSIZE_FORMAT
                   " bytes, and a ConfigMap holds %d: build several bundles, "
                   "or give --features for each kind of node",
                   aak_bundle_path (bundle), map.size, AAK_CONFIG_MAP_MAX);
      return NULL;
    }
  g_ptr_array_sort (map.entries, compare_entries);
  *out_size = map.size;
  return write_map (&map, options);
}
