/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Writing bundles: deterministic bytes, put into place whole. */
#include "config.h"

#include "lib/bundle.h"
#include "lib/bundle-seal.h"
#include "lib/bundle-sign.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/fs.h"
#include "lib/sha256.h"
#include "lib/tree.h"
#include "lib/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#define MAX_OLD_MANIFEST (64 * 1024 * 1024)

/* A profile with its compiled form for each feature set. */
typedef struct
{
  AakPolicy *policy; /* of the feature set that was added first */
  char *file;
  char *source; /* where the text came from, escaped */
  GPtrArray *variants;
} Item;

typedef struct
{
  char *id;
  char *inputs;
  AakPolicy *policy;
} Variant;

struct AakBundleWriter
{
  char *parser;
  AakBundleSeal *seal;  /* or NULL */
  GPtrArray *keys;      /* of AakSignKey, or NULL */
  GHashTable *features; /* id -> text */
  GHashTable *items;    /* file -> Item */
};

static void
variant_free (Variant *variant)
{
  g_free (variant->id);
  g_free (variant->inputs);
  aak_policy_unref (variant->policy);
  g_free (variant);
}

static void
item_free (Item *item)
{
  aak_policy_unref (item->policy);
  g_free (item->file);
  g_free (item->source);
  g_ptr_array_unref (item->variants);
  g_free (item);
}

AakBundleWriter *
aak_bundle_writer_new (const char *parser)
{
  AakBundleWriter *writer = g_new0 (AakBundleWriter, 1);
  writer->parser = g_strdup (parser);
  writer->features = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  writer->items = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) item_free);
  return writer;
}

void
aak_bundle_writer_free (AakBundleWriter *writer)
{
  g_free (writer->parser);
  g_clear_pointer (&writer->seal, aak_bundle_seal_free);
  g_clear_pointer (&writer->keys, g_ptr_array_unref);
  g_hash_table_unref (writer->features);
  g_hash_table_unref (writer->items);
  g_free (writer);
}

void
aak_bundle_writer_set_seal (AakBundleWriter *writer, const AakBundleSeal *seal)
{
  g_clear_pointer (&writer->seal, aak_bundle_seal_free);
  writer->seal = aak_bundle_seal_new (seal->inputs, seal->parser, seal->parser_id);
}

void
aak_bundle_writer_set_keys (AakBundleWriter *writer, GPtrArray *keys)
{
  g_clear_pointer (&writer->keys, g_ptr_array_unref);
  writer->keys = g_ptr_array_ref (keys);
}

void
aak_bundle_writer_add_features (AakBundleWriter *writer, const AakFeatures *features)
{
  g_hash_table_replace (writer->features, g_strdup (aak_features_id (features)),
                        g_strdup (aak_features_text (features)));
}

static Item *
item_new (const AakPolicy *policy, char *file, char *source)
{
  Item *item = g_new0 (Item, 1);
  item->policy = aak_policy_ref ((AakPolicy *) policy);
  item->file = file;
  item->source = source;
  item->variants = g_ptr_array_new_with_free_func ((GDestroyNotify) variant_free);
  return item;
}

static int
compare_variants (gconstpointer a, gconstpointer b)
{
  const Variant *const *left = a, *const *right = b;
  return strcmp ((*left)->id, (*right)->id);
}

/* FALSE with an error where @item comes from another text than @source, or has the feature set @id
 * already. */
static gboolean
check_same (const Item *item, const AakPolicy *policy, const char *id, const char *source,
            GError **error)
{
  gboolean twice =
      strcmp (item->source, source) != 0 || strcmp (item->policy->name, policy->name) != 0;
  for (guint i = 0; i < item->variants->len; i++)
    twice = twice || strcmp (((Variant *) item->variants->pdata[i])->id, id) == 0;
  if (!twice)
    return TRUE;
  if (strcmp (item->policy->name, policy->name) == 0)
    g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: profile \"%s\" is in %s already", source,
                 policy->name, item->source);
  else
    g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
                 "%s: profile \"%s\" has the same file name as \"%s\" in %s", source, policy->name,
                 item->policy->name, item->source);
  return FALSE;
}

gboolean
aak_bundle_writer_add (AakBundleWriter *writer, const AakPolicy *policy, const char *id,
                       const char *inputs, const char *source, GError **error)
{
  g_autofree char *file = aak_policy_file_name (policy->name, error);
  if (file == NULL)
    return FALSE;
  g_autofree char *shown = aak_escape (source, strlen (source));
  Item *item = g_hash_table_lookup (writer->items, file);
  if (item == NULL)
    {
      item = item_new (policy, g_steal_pointer (&file), g_strdup (shown));
      g_hash_table_insert (writer->items, item->file, item);
    }
  else if (!check_same (item, policy, id, shown, error))
    return FALSE;
  Variant *variant = g_new0 (Variant, 1);
  variant->id = g_strdup (id);
  variant->inputs = g_strdup (inputs != NULL ? inputs : "");
  variant->policy = aak_policy_ref ((AakPolicy *) policy);
  g_ptr_array_add (item->variants, variant);
  g_ptr_array_sort (item->variants, compare_variants);
  return TRUE;
}

/* --- the manifest ---------------------------------------------------------------------------- */

static int
compare_items (gconstpointer a, gconstpointer b)
{
  const Item *const *left = a, *const *right = b;
  return strcmp ((*left)->policy->name, (*right)->policy->name);
}

static GPtrArray *
sorted_items (const AakBundleWriter *writer)
{
  GPtrArray *items = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer item = NULL;
  g_hash_table_iter_init (&iter, writer->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    g_ptr_array_add (items, item);
  g_ptr_array_sort (items, compare_items);
  return items;
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
sorted_ids (const AakBundleWriter *writer)
{
  GPtrArray *ids = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer id = NULL;
  g_hash_table_iter_init (&iter, writer->features);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_ptr_array_add (ids, id);
  g_ptr_array_sort (ids, compare_ids);
  return ids;
}

static void
put_variant (AakYamlWriter *yaml, const Variant *variant)
{
  g_autofree char *sha256 = aak_sha256_of (variant->policy->blob);
  aak_yaml_begin_map (yaml);
  aak_yaml_pair_text (yaml, "features", variant->id);
  aak_yaml_pair_text (yaml, "inputs", variant->inputs);
  aak_yaml_pair_text (yaml, "sha256", sha256);
  aak_yaml_pair_uint (yaml, "size", g_bytes_get_size (variant->policy->blob));
  aak_yaml_end_map (yaml);
}

static void
put_item (AakYamlWriter *yaml, const Item *item)
{
  g_autofree char *source = aak_sha256_of (item->policy->text);
  aak_yaml_begin_map (yaml);
  aak_yaml_pair_text (yaml, "name", item->policy->name);
  aak_yaml_pair_text (yaml, "mode", aak_mode_name (item->policy->mode));
  aak_yaml_pair_text (yaml, "file", item->file);
  aak_yaml_pair_text (yaml, "text", item->policy->text_name);
  aak_yaml_pair_text (yaml, "source", source);
  aak_yaml_key (yaml, "children");
  aak_yaml_begin_flow_list (yaml);
  for (guint i = 1; i < item->policy->parts->len; i++)
    {
      const AakBlobProfile *part = item->policy->parts->pdata[i];
      g_autofree char *name = aak_escape (part->name, strlen (part->name));
      aak_yaml_put_text (yaml, name);
    }
  aak_yaml_end_list (yaml);
  aak_yaml_key (yaml, "blobs");
  aak_yaml_begin_list (yaml);
  for (guint i = 0; i < item->variants->len; i++)
    put_variant (yaml, item->variants->pdata[i]);
  aak_yaml_end_list (yaml);
  aak_yaml_end_map (yaml);
}

static GBytes *
make_manifest (const AakBundleWriter *writer, GPtrArray *items)
{
  g_autoptr (AakYamlWriter) yaml = aak_yaml_writer_new ();
  g_autoptr (GPtrArray) ids = sorted_ids (writer);
  aak_yaml_begin_map (yaml);
  aak_yaml_pair_text (yaml, "schema", "aakit/bundle/1");
  aak_yaml_pair_text (yaml, "tool", "aakit " PACKAGE_VERSION);
  aak_yaml_pair_text (yaml, "parser", writer->parser);
  aak_yaml_key (yaml, "features");
  aak_yaml_begin_flow_list (yaml);
  for (guint i = 0; i < ids->len; i++)
    aak_yaml_put_text (yaml, ids->pdata[i]);
  aak_yaml_end_list (yaml);
  aak_yaml_key (yaml, "profiles");
  aak_yaml_begin_list (yaml);
  for (guint i = 0; i < items->len; i++)
    put_item (yaml, items->pdata[i]);
  aak_yaml_end_list (yaml);
  aak_yaml_end_map (yaml);
  return aak_yaml_writer_end (yaml);
}

/* --- the tree -------------------------------------------------------------------------------- */

/* The texts of several profiles may be one file: the first one stays. */
static gboolean
put_file (const char *top, const char *dir, const char *file, GBytes *bytes, GError **error)
{
  g_autofree char *path = g_build_filename (top, dir, file, NULL);
  return g_file_test (path, G_FILE_TEST_EXISTS)
         || aak_fs_create (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
}

static gboolean
put_features (const AakBundleWriter *writer, const char *top, GError **error)
{
  GHashTableIter iter;
  gpointer id = NULL, text = NULL;
  g_hash_table_iter_init (&iter, writer->features);
  while (g_hash_table_iter_next (&iter, &id, &text))
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
      g_autofree char *dir = g_build_filename (top, id, NULL);
      if (!aak_fs_make_dir (dir, error))
        return FALSE;
      /* A dot file: no profile's file name begins like that. */
      if (!put_file (top, id, ".features", bytes, error))
        return FALSE;
    }
  return TRUE;
}

/* What there is to write. */
typedef struct
{
  GPtrArray *items;
  GBytes *manifest;
  GBytes *signature; /* or NULL */
  GBytes *seal;      /* or NULL */
} Content;

static void
content_clear (Content *content)
{
  g_ptr_array_unref (content->items);
  g_bytes_unref (content->manifest);
  g_clear_pointer (&content->signature, g_bytes_unref);
  g_clear_pointer (&content->seal, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Content, content_clear)

/* The seal over all files but itself. */
static GBytes *
make_seal (const AakBundleWriter *writer, GPtrArray *items, GBytes *manifest)
{
  AakBundleSeal *seal = writer->seal;
  g_autoptr (GPtrArray) ids = sorted_ids (writer);
  seal->compiled = 0;
  aak_bundle_seal_clear_files (seal);
  aak_bundle_seal_add_file (seal, NULL, AAK_BUNDLE_MANIFEST, g_bytes_get_size (manifest));
  for (guint i = 0; i < ids->len; i++)
    aak_bundle_seal_add_file (seal, ids->pdata[i], ".features",
                              strlen (g_hash_table_lookup (writer->features, ids->pdata[i])));
  for (guint i = 0; i < items->len; i++)
    {
      const Item *item = items->pdata[i];
      aak_bundle_seal_add_file (seal, "text", item->policy->text_name,
                                g_bytes_get_size (item->policy->text));
      for (guint j = 0; j < item->variants->len; j++)
        {
          const Variant *variant = item->variants->pdata[j];
          aak_bundle_seal_add_file (seal, variant->id, item->file,
                                    g_bytes_get_size (variant->policy->blob));
        }
      seal->compiled += item->variants->len;
    }
  return aak_bundle_seal_to_text (seal);
}

/* The manifest last: a directory without one is no bundle. */
static gboolean
fill (const AakBundleWriter *writer, const char *top, const Content *content, GError **error)
{
  GPtrArray *items = content->items;
  g_autofree char *texts = g_build_filename (top, "text", NULL);
  if (!put_features (writer, top, error) || !aak_fs_make_dir (texts, error)
      || (content->seal != NULL && !put_file (top, "", AAK_BUNDLE_SEAL, content->seal, error))
      || (content->signature != NULL
          && !put_file (top, "", AAK_BUNDLE_SIGNATURE, content->signature, error)))
    return FALSE;
  for (guint i = 0; i < items->len; i++)
    {
      const Item *item = items->pdata[i];
      if (!put_file (top, "text", item->policy->text_name, item->policy->text, error))
        return FALSE;
      for (guint j = 0; j < item->variants->len; j++)
        {
          const Variant *variant = item->variants->pdata[j];
          if (!put_file (top, variant->id, item->file, variant->policy->blob, error))
            return FALSE;
        }
    }
  return put_file (top, "", AAK_BUNDLE_MANIFEST, content->manifest, error);
}

/* TRUE where @bytes are what the file @name in @path holds; NULL stands for no file. */
static gboolean
holds (const char *path, const char *name, GBytes *bytes)
{
  g_autofree char *file = g_build_filename (path, name, NULL);
  g_autoptr (GBytes) old = aak_fs_read (file, MAX_OLD_MANIFEST, NULL);
  return old == bytes || (old != NULL && bytes != NULL && g_bytes_equal (old, bytes));
}

/* TRUE where the bundle at @path has this manifest and every file is as it says. */
static gboolean
is_same (const char *path, const Content *content)
{
  if (!holds (path, AAK_BUNDLE_MANIFEST, content->manifest)
      || !holds (path, AAK_BUNDLE_SIGNATURE, content->signature)
      || !holds (path, AAK_BUNDLE_SEAL, content->seal))
    return FALSE;
  g_autoptr (AakBundle) bundle = aak_bundle_read (path, NULL);
  GPtrArray *profiles = bundle != NULL ? aak_bundle_profiles (bundle) : NULL;
  for (guint i = 0; profiles != NULL && i < profiles->len; i++)
    {
      const AakBundleProfile *profile = profiles->pdata[i];
      for (guint j = 0; j < profile->blobs->len; j++)
        {
          const AakBundleBlob *blob = profile->blobs->pdata[j];
          g_autoptr (AakPolicy) policy = aak_bundle_load (bundle, profile, blob->features, NULL);
          if (policy == NULL)
            return FALSE;
        }
    }
  return bundle != NULL;
}

/* Removes what killed builds of the same bundle have left: their directories are not locked any
 * more. */
static void
sweep (const char *parent, const char *prefix)
{
  g_autoptr (GDir) dir = g_dir_open (parent, 0, NULL);
  for (const char *name = dir != NULL ? g_dir_read_name (dir) : NULL; name != NULL;
       name = g_dir_read_name (dir))
    {
      if (!g_str_has_prefix (name, prefix))
        continue;
      g_autofree char *path = g_build_filename (parent, name, NULL);
      g_auto (AakFd) fd = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0)
        aak_tree_remove (path);
    }
}

/* Makes the directory @fresh (a template) and gives a descriptor that locks it, or -1. The lock on
 * @parent keeps another build from sweeping it away before it is locked itself. */
static int
make_fresh (const char *parent, const char *prefix, char *fresh, GError **error)
{
  g_auto (AakFd) guard = open (parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (guard >= 0)
    flock (guard, LOCK_EX);
  sweep (parent, prefix);
  if (g_mkdtemp_full (fresh, 0755) == NULL)
    {
      aak_error_set_errno (error, errno, "cannot make a directory in %s", parent);
      return -1;
    }
  g_auto (AakFd) lock = open (fresh, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0 || flock (lock, LOCK_EX) < 0 || chmod (fresh, 0755) < 0)
    {
      aak_error_set_errno (error, errno, "cannot lock %s", fresh);
      aak_tree_remove (fresh);
      return -1;
    }
  return aak_fd_steal (&lock);
}

static gboolean
check_target (const char *path, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS) || aak_bundle_is (path)
      || (dir != NULL && g_dir_read_name (dir) == NULL))
    return TRUE;
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
               "%s is there already and no bundle: it is left alone, name another place", path);
  return FALSE;
}

/* Fills a fresh, locked directory beside @path and puts it into its place. */
static gboolean
write_beside (const AakBundleWriter *writer, const char *path, const Content *content,
              GError **error)
{
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *prefix = g_strdup_printf (".%s.aakit-", name);
  g_autofree char *fresh = g_strdup_printf ("%s/%sXXXXXX", parent, prefix);
  g_auto (AakFd) lock =
      aak_fs_make_dir (parent, error) ? make_fresh (parent, prefix, fresh, error) : -1;
  if (lock < 0)
    return FALSE;
  if (fill (writer, fresh, content, error) && aak_fs_flush (fresh, error)
      && aak_tree_swap (fresh, path, error))
    return TRUE;
  aak_tree_remove (fresh);
  return FALSE;
}

gboolean
aak_bundle_writer_write (AakBundleWriter *writer, const char *path, gboolean *out_changed,
                         GError **error)
{
  g_autofree char *target = g_canonicalize_filename (path, NULL);
  g_auto (Content) content = { .items = sorted_items (writer) };
  content.manifest = make_manifest (writer, content.items);
  content.signature = aak_bundle_sign (target, writer->keys, content.manifest);
  if (writer->seal != NULL)
    content.seal = make_seal (writer, content.items, content.manifest);
  *out_changed = FALSE;
  if (is_same (target, &content))
    return TRUE;
  if (!check_target (target, error) || !write_beside (writer, target, &content, error))
    return FALSE;
  *out_changed = TRUE;
  return TRUE;
}
