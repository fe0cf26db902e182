/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Writing bundles: deterministic bytes, put into place whole. */
#include "config.h"

#include "lib/bundle.h"
#include "lib/bundle-dir.h"
#include "lib/bundle-seal.h"
#include "lib/bundle-sign.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"
#include "lib/seccomp/name.h"
#include "lib/sha256.h"
#include "lib/sort.h"
#include "lib/yaml.h"

#include <string.h>

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

typedef struct
{
  AakSeccompFile *file;
  char *source; /* where it came from, escaped */
} Seccomp;

struct AakBundleWriter
{
  char *parser;
  guint64 serial;       /* 0: none */
  AakBundleSeal *seal;  /* or NULL */
  GPtrArray *keys;      /* of AakSignKey, or NULL */
  const AakBundle *old; /* whose files are kept where they can be, or NULL */
  GHashTable *features; /* id -> text */
  GHashTable *items;    /* file -> Item */
  GPtrArray *seccomp;   /* of Seccomp, sorted by name */
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

static void
seccomp_free (Seccomp *seccomp)
{
  aak_seccomp_file_unref (seccomp->file);
  g_free (seccomp->source);
  g_free (seccomp);
}

AakBundleWriter *
aak_bundle_writer_new (const char *parser)
{
  AakBundleWriter *writer = g_new0 (AakBundleWriter, 1);
  writer->parser = g_strdup (parser);
  writer->features = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  writer->items = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) item_free);
  writer->seccomp = g_ptr_array_new_with_free_func ((GDestroyNotify) seccomp_free);
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
  g_ptr_array_unref (writer->seccomp);
  g_free (writer);
}

void
aak_bundle_writer_set_seal (AakBundleWriter *writer, const AakBundleSeal *seal)
{
  g_clear_pointer (&writer->seal, aak_bundle_seal_free);
  writer->seal = aak_bundle_seal_new (seal->inputs, seal->parser, seal->parser_id);
}

void
aak_bundle_writer_set_serial (AakBundleWriter *writer, guint64 serial)
{
  writer->serial = serial;
}

void
aak_bundle_writer_set_keys (AakBundleWriter *writer, GPtrArray *keys)
{
  g_clear_pointer (&writer->keys, g_ptr_array_unref);
  writer->keys = g_ptr_array_ref (keys);
}

void
aak_bundle_writer_set_old (AakBundleWriter *writer, const AakBundle *old)
{
  writer->old = old;
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

static const char *
seccomp_name (gconstpointer seccomp)
{
  return ((const Seccomp *) seccomp)->file->name;
}

gboolean
aak_bundle_writer_add_seccomp (AakBundleWriter *writer, AakSeccompFile *file, const char *source,
                               GError **error)
{
  guint at = 0;
  g_autofree char *shown = aak_escape (source, strlen (source));
  if (aak_find_sorted (writer->seccomp, file->name, seccomp_name, &at))
    {
      const Seccomp *other = writer->seccomp->pdata[at];
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
                   "%s: seccomp profile \"%s\" is in %s already", shown, file->name, other->source);
      return FALSE;
    }
  Seccomp *seccomp = g_new0 (Seccomp, 1);
  *seccomp = (Seccomp){ aak_seccomp_file_ref (file), g_steal_pointer (&shown) };
  g_ptr_array_insert (writer->seccomp, (gint) at, seccomp);
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

/* A digest that is known, or else that of @bytes. */
static char *
digest_of (const char *known, GBytes *bytes)
{
  return known != NULL ? g_strdup (known) : aak_sha256_of (bytes);
}

static void
describe_variant (AakYamlWriter *yaml, const Variant *variant)
{
  g_autofree char *sha256 = digest_of (variant->policy->sha256, variant->policy->blob);
  aak_yaml_begin_map (yaml);
  aak_yaml_pair_text (yaml, "features", variant->id);
  aak_yaml_pair_text (yaml, "inputs", variant->inputs);
  aak_yaml_pair_text (yaml, "sha256", sha256);
  aak_yaml_pair_uint (yaml, "size", g_bytes_get_size (variant->policy->blob));
  aak_yaml_end_map (yaml);
}

static void
describe_item (AakYamlWriter *yaml, const Item *item)
{
  g_autofree char *source = digest_of (item->policy->source, item->policy->text);
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
    describe_variant (yaml, item->variants->pdata[i]);
  aak_yaml_end_list (yaml);
  aak_yaml_end_map (yaml);
}

/* Only where there are any: a bundle without is the same as ever. */
static void
describe_seccomp (AakYamlWriter *yaml, GPtrArray *seccomp)
{
  if (seccomp->len == 0)
    return;
  aak_yaml_key (yaml, "seccomp");
  aak_yaml_begin_list (yaml);
  for (guint i = 0; i < seccomp->len; i++)
    {
      const AakSeccompFile *file = ((const Seccomp *) seccomp->pdata[i])->file;
      aak_yaml_begin_map (yaml);
      aak_yaml_pair_text (yaml, "name", file->name);
      aak_yaml_pair_text (yaml, "sha256", file->sha256);
      aak_yaml_pair_uint (yaml, "size", g_bytes_get_size (file->content));
      aak_yaml_end_map (yaml);
    }
  aak_yaml_end_list (yaml);
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
  if (writer->serial > 0)
    aak_yaml_pair_uint (yaml, "serial", writer->serial);
  aak_yaml_key (yaml, "features");
  aak_yaml_begin_flow_list (yaml);
  for (guint i = 0; i < ids->len; i++)
    aak_yaml_put_text (yaml, ids->pdata[i]);
  aak_yaml_end_list (yaml);
  aak_yaml_key (yaml, "profiles");
  aak_yaml_begin_list (yaml);
  for (guint i = 0; i < items->len; i++)
    describe_item (yaml, items->pdata[i]);
  aak_yaml_end_list (yaml);
  describe_seccomp (yaml, writer->seccomp);
  aak_yaml_end_map (yaml);
  return aak_yaml_writer_end (yaml);
}

/* --- the tree -------------------------------------------------------------------------------- */

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
  aak_bundle_seal_clear (seal);
  aak_bundle_seal_add_file (seal, NULL, AAK_BUNDLE_MANIFEST, g_bytes_get_size (manifest));
  for (guint i = 0; i < ids->len; i++)
    aak_bundle_seal_add_file (seal, ids->pdata[i], AAK_BUNDLE_FEATURES,
                              strlen (g_hash_table_lookup (writer->features, ids->pdata[i])));
  for (guint i = 0; i < items->len; i++)
    {
      const Item *item = items->pdata[i];
      aak_bundle_seal_add_file (seal, AAK_BUNDLE_TEXTS, item->policy->text_name,
                                g_bytes_get_size (item->policy->text));
      for (guint j = 0; j < item->variants->len; j++)
        {
          const Variant *variant = item->variants->pdata[j];
          aak_bundle_seal_add_file (seal, variant->id, item->file,
                                    g_bytes_get_size (variant->policy->blob));
          aak_bundle_seal_add_compiled (seal, variant->inputs);
        }
    }
  for (guint i = 0; i < writer->seccomp->len; i++)
    {
      const AakSeccompFile *file = ((const Seccomp *) writer->seccomp->pdata[i])->file;
      aak_bundle_seal_add_file (seal, AAK_BUNDLE_SECCOMP, aak_seccomp_name_file (file->name),
                                g_bytes_get_size (file->content));
      aak_bundle_seal_add_compiled (seal, "");
    }
  return aak_bundle_seal_to_text (seal);
}

static gboolean
put_features (const AakBundleWriter *writer, AakBundleDir *dir, GError **error)
{
  GHashTableIter iter;
  gpointer id = NULL, text = NULL;
  g_hash_table_iter_init (&iter, writer->features);
  while (g_hash_table_iter_next (&iter, &id, &text))
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
      /* A dot file: no profile's file name begins like that. */
      if (!aak_bundle_dir_make (dir, id, error)
          || !aak_bundle_dir_put (dir, id, AAK_BUNDLE_FEATURES, bytes, error))
        return FALSE;
    }
  return TRUE;
}

typedef gboolean (*PutFile) (AakBundleDir *dir, const char *sub, const char *name, GBytes *bytes,
                             GError **error);

/* How the files of @policy get into the directory. */
static PutFile
choose_put (const AakBundleWriter *writer, const AakPolicy *policy)
{
  gboolean kept = writer->old != NULL && policy->bundle == writer->old;
  return kept ? aak_bundle_dir_keep : aak_bundle_dir_put;
}

static gboolean
put_item (const AakBundleWriter *writer, AakBundleDir *dir, const Item *item, GError **error)
{
  /* The texts of several profiles may be one file: the first one stays. */
  const AakPolicy *first = item->policy;
  if (!choose_put (writer, first) (dir, AAK_BUNDLE_TEXTS, first->text_name, first->text, error))
    return FALSE;
  for (guint i = 0; i < item->variants->len; i++)
    {
      const Variant *variant = item->variants->pdata[i];
      if (!choose_put (writer, variant->policy) (dir, variant->id, item->file,
                                                 variant->policy->blob, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
put_seccomp (const AakBundleWriter *writer, AakBundleDir *dir, GError **error)
{
  for (guint i = 0; i < writer->seccomp->len; i++)
    {
      const AakSeccompFile *file = ((const Seccomp *) writer->seccomp->pdata[i])->file;
      if (!aak_bundle_dir_make (dir, AAK_BUNDLE_SECCOMP, error)
          || !aak_bundle_dir_put (dir, AAK_BUNDLE_SECCOMP, aak_seccomp_name_file (file->name),
                                  file->content, error))
        return FALSE;
    }
  return TRUE;
}

/* The manifest last: a directory without one is no bundle. */
static gboolean
fill (const AakBundleWriter *writer, AakBundleDir *dir, const Content *content, GError **error)
{
  if (!put_features (writer, dir, error) || !aak_bundle_dir_make (dir, AAK_BUNDLE_TEXTS, error)
      || (content->seal != NULL
          && !aak_bundle_dir_put (dir, "", AAK_BUNDLE_SEAL, content->seal, error))
      || (content->signature != NULL
          && !aak_bundle_dir_put (dir, "", AAK_BUNDLE_SIGNATURE, content->signature, error)))
    return FALSE;
  for (guint i = 0; i < content->items->len; i++)
    if (!put_item (writer, dir, content->items->pdata[i], error))
      return FALSE;
  return put_seccomp (writer, dir, error)
         && aak_bundle_dir_put (dir, "", AAK_BUNDLE_MANIFEST, content->manifest, error);
}

/* TRUE where @bytes are what the file @name in @path holds; NULL stands for no file. */
static gboolean
holds (const char *path, const char *name, GBytes *bytes)
{
  g_autofree char *file = g_build_filename (path, name, NULL);
  g_autoptr (GBytes) old = aak_fs_read (file, MAX_OLD_MANIFEST, NULL);
  return old == bytes || (old != NULL && bytes != NULL && g_bytes_equal (old, bytes));
}

/* TRUE where every seccomp profile of @bundle is as its manifest says. */
static gboolean
seccomp_is_whole (const AakBundle *bundle)
{
  GPtrArray *entries = aak_bundle_seccomp (bundle);
  for (guint i = 0; i < entries->len; i++)
    {
      g_autoptr (AakSeccompFile) file = aak_bundle_load_seccomp (bundle, entries->pdata[i], NULL);
      if (file == NULL)
        return FALSE;
    }
  return TRUE;
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
  return bundle != NULL && !aak_bundle_is_flat (bundle) && seccomp_is_whole (bundle);
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
    {
      aak_bundle_dir_sweep (target);
      return TRUE;
    }
  g_autoptr (AakBundleDir) dir = aak_bundle_dir_new (target, error);
  if (dir == NULL)
    return FALSE;
  if (writer->old != NULL)
    aak_bundle_dir_set_old (dir, aak_bundle_fd (writer->old));
  if (!fill (writer, dir, &content, error) || !aak_bundle_dir_finish (dir, error))
    return FALSE;
  *out_changed = TRUE;
  return TRUE;
}
