/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What goes into a bug report, and what does not. */
#include "config.h"

#include "lib/doctor-archive.h"

#include "lib/compiler.h"
#include "lib/container-index.h"
#include "lib/container.h"
#include "lib/error.h"
#include "lib/features.h"
#include "lib/fs.h"
#include "lib/lsm.h"
#include "lib/spawn.h"
#include "lib/store.h"
#include "lib/tree.h"

#include <string.h>

#define TOP         "aakit-doctor"
#define MAX_SMALL   (64 * 1024)
#define MAX_ARCHIVE (64 * 1024 * 1024)
#define TAR_MS      60000

static const char *const well_known[] = { "cri-containerd.apparmor.d",
                                          "crio-default",
                                          "docker-default",
                                          "unconfined",
                                          "default",
                                          "kube-system",
                                          NULL };

/* Words of the kernel's command line that concern AppArmor, audit and control groups. */
static const char *const kernel_words[] = {
  "apparmor", "audit",    "audit_backlog_limit",
  "lsm",      "quiet",    "ro",
  "rw",       "security", "systemd.unified_cgroup_hierarchy",
  NULL
};

/* What auditd does with records; names and addresses are not among it. */
static const char *const auditd_words[] = {
  "disk_error_action", "disk_full_action",  "flush",          "freq",
  "local_events",      "log_format",        "max_log_file",   "max_log_file_action",
  "num_logs",          "overflow_action",   "priority_boost", "q_depth",
  "space_left",        "space_left_action", "write_logs",     NULL
};

static const char *const parameters[] = { "audit",       "enabled",      "export_binary",
                                          "hash_policy", "lock_policy",  "logsyscall",
                                          "mode",        "paranoid_load" };

typedef struct
{
  const char *root;
  AakNameMask *mask; /* or NULL */
  char *dir;         /* TOP in a new directory */
} Archive;

/* --- names ----------------------------------------------------------------------------------- */

static void
learn (AakNameMask *mask, const char *kind, const char *name)
{
  if (name != NULL && *name != '\0' && !g_strv_contains (well_known, name))
    aak_name_mask_of (mask, kind, name);
}

static void
learn_containers (AakNameMask *mask, const char *root)
{
  g_autoptr (AakContainerIndex) index = aak_container_index_new (root);
  aak_container_index_refresh (index);
  const GPtrArray *list = aak_container_index_list (index);
  for (guint i = 0; i < list->len; i++)
    {
      const AakContainer *container = list->pdata[i];
      learn (mask, "namespace", container->namespace);
      learn (mask, "pod", container->pod);
      learn (mask, "container", container->container);
      learn (mask, "id", container->id);
      learn (mask, "image", container->image);
      learn (mask, "profile", container->label);
    }
}

static char *
read_small (const char *root, const char *path)
{
  g_autofree char *full = aak_fs_path (root, path);
  return aak_fs_read_text (full, MAX_SMALL, NULL);
}

void
aak_doctor_archive_learn_names (AakNameMask *mask, const char *root)
{
  g_autoptr (AakLsm) lsm = aak_lsm_open (root, NULL);
  g_autoptr (GPtrArray) loaded = lsm != NULL ? aak_lsm_list (lsm, NULL) : NULL;
  g_autoptr (AakStore) store = aak_store_read (root, NULL);
  GPtrArray *entries = store != NULL ? aak_store_entries (store) : NULL;
  g_autofree char *host = read_small (root, "/proc/sys/kernel/hostname");
  for (guint i = 0; loaded != NULL && i < loaded->len; i++)
    learn (mask, "profile", ((const AakLoaded *) loaded->pdata[i])->name);
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    learn (mask, "profile", ((const AakStoreEntry *) entries->pdata[i])->name);
  learn_containers (mask, root);
  if (host != NULL)
    learn (mask, "host", g_strstrip (host));
}

/* What stands for @name in the archive. The caller frees it. */
static char *
shown (const Archive *archive, const char *kind, const char *name)
{
  if (name == NULL)
    return g_strdup ("-");
  if (archive->mask == NULL || g_strv_contains (well_known, name))
    return g_strescape (name, NULL);
  return g_strdup (aak_name_mask_of (archive->mask, kind, name));
}

/* --- texts ----------------------------------------------------------------------------------- */

static gboolean
put (const Archive *archive, const char *name, const char *text, GError **error)
{
  g_autofree char *path = g_build_filename (archive->dir, name, NULL);
  return aak_fs_write (path, text, strlen (text), 0644, error);
}

/* The words of the kernel's command line; of those that are not known to be harmless only that
 * there is one. */
static void
add_command_line (const Archive *archive, GString *text)
{
  g_autofree char *line = read_small (archive->root, "/proc/cmdline");
  g_auto (GStrv) words = g_strsplit_set (line != NULL ? g_strstrip (line) : "", " \n", -1);
  g_string_append (text, "cmdline:");
  for (char **word = words; *word != NULL; word++)
    {
      g_auto (GStrv) pair = g_strsplit (*word, "=", 2);
      if (pair[0] == NULL)
        continue;
      gboolean known = g_strv_contains (kernel_words, pair[0]);
      g_autofree char *safe = g_strescape (known ? *word : "(another word)", NULL);
      g_string_append_printf (text, " %s", safe);
    }
  g_string_append_c (text, '\n');
}

static void
add_file (const Archive *archive, GString *text, const char *title, const char *path)
{
  g_autofree char *content = read_small (archive->root, path);
  g_autofree char *safe = content != NULL ? g_strescape (g_strchomp (content), NULL) : NULL;
  g_string_append_printf (text, "%s: %s\n", title, safe != NULL ? safe : "(cannot be read)");
}

/* The lines KEY=VALUE of @path whose key is one of @keys. */
static void
add_settings (const Archive *archive, GString *text, const char *path, const char *const *keys)
{
  g_autofree char *content = read_small (archive->root, path);
  g_auto (GStrv) lines = g_strsplit (content != NULL ? content : "", "\n", -1);
  g_string_append_printf (text, "%s:%s\n", path, content != NULL ? "" : " (cannot be read)");
  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) pair = g_strsplit (*line, "=", 2);
      g_autofree char *key = pair[0] != NULL ? g_ascii_strdown (g_strstrip (pair[0]), -1) : NULL;
      g_autofree char *safe = g_strescape (*line, NULL);
      if (key != NULL && g_strv_contains (keys, key))
        g_string_append_printf (text, "  %s\n", safe);
    }
}

static gboolean
put_node (const Archive *archive, GError **error)
{
  static const char *const release[] = { "id", "version_id", NULL };
  g_autoptr (GString) text = g_string_new ("aakit: " PACKAGE_VERSION "\n");
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, NULL);
  g_string_append_printf (text, "parser: %s\n",
                          compiler != NULL ? aak_compiler_version (compiler) : "(none)");
  add_file (archive, text, "kernel", "/proc/sys/kernel/osrelease");
  add_settings (archive, text, "/etc/os-release", release);
  add_command_line (archive, text);
  add_file (archive, text, "lsm", "/sys/kernel/security/lsm");
  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      g_autofree char *path = g_strconcat ("/sys/module/apparmor/parameters/", parameters[i], NULL);
      add_file (archive, text, parameters[i], path);
    }
  add_file (archive, text, "printk_ratelimit", "/proc/sys/kernel/printk_ratelimit");
  add_settings (archive, text, "/etc/audit/auditd.conf", auditd_words);
  return put (archive, "node.txt", text->str, error);
}

static gboolean
put_features (const Archive *archive, GError **error)
{
  g_autoptr (AakFeatures) features = aak_features_kernel (archive->root, NULL);
  return features == NULL || put (archive, "features", aak_features_text (features), error);
}

static gboolean
put_profiles (const Archive *archive, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) why = NULL;
  g_autoptr (AakLsm) lsm = aak_lsm_open (archive->root, &why);
  g_autoptr (GPtrArray) list = lsm != NULL ? aak_lsm_list (lsm, &why) : NULL;
  g_autoptr (AakStore) store = aak_store_read (archive->root, NULL);
  if (list == NULL)
    g_string_append_printf (text, "the kernel's cannot be listed (error %d)\n", why->code);
  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const AakLoaded *loaded = list->pdata[i];
      g_autofree char *name = shown (archive, "profile", loaded->name);
      g_string_append_printf (text, "loaded %s %s %s\n", name, aak_mode_name (loaded->mode),
                              loaded->hash != NULL ? loaded->hash : "-");
    }
  for (guint i = 0; store != NULL && i < aak_store_entries (store)->len; i++)
    {
      const AakStoreEntry *entry = aak_store_entries (store)->pdata[i];
      const AakStorePart *part = entry->parts->len > 0 ? entry->parts->pdata[0] : NULL;
      g_autofree char *name = shown (archive, "profile", entry->name);
      g_string_append_printf (text, "registered %s %s %s serial %" G_GUINT64_FORMAT "\n", name,
                              aak_mode_name (entry->mode), part != NULL ? part->sha256 : "-",
                              entry->serial);
    }
  return put (archive, "profiles.txt", text->str, error);
}

static gboolean
put_containers (const Archive *archive, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (AakContainerIndex) index = aak_container_index_new (archive->root);
  aak_container_index_refresh (index);
  const GPtrArray *list = aak_container_index_list (index);
  for (guint i = 0; i < list->len; i++)
    {
      const AakContainer *container = list->pdata[i];
      g_autofree char *namespace = shown (archive, "namespace", container->namespace);
      g_autofree char *pod = shown (archive, "pod", container->pod);
      g_autofree char *name = shown (archive, "container", container->container);
      g_autofree char *image = shown (archive, "image", container->image);
      g_autofree char *label = shown (archive, "profile", container->label);
      g_string_append_printf (text, "%s/%s %s image %s wears %s\n", namespace, pod, name, image,
                              label);
    }
  g_string_append_printf (text, "%u cannot be read\n", aak_container_index_problems (index)->len);
  return put (archive, "containers.txt", text->str, error);
}

/* --- the file -------------------------------------------------------------------------------- */

static gboolean
put_all (const Archive *archive, const char *findings, GError **error)
{
  return put (archive, "doctor.json", findings, error) && put_node (archive, error)
         && put_features (archive, error) && put_profiles (archive, error)
         && put_containers (archive, error);
}

/* The directory above TOP as a tar. */
static GBytes *
pack (const char *above, GError **error)
{
  const char *const argv[] = {
    "/bin/tar", "--sort=name",  "--owner=0", "--group=0", "--numeric-owner",
    "-C",       (char *) above, "-cz",       TOP,         NULL
  };
  AakSpawn spawn = { .argv = argv, .max_output = MAX_ARCHIVE, .timeout_ms = TAR_MS };
  g_autoptr (AakSpawnResult) result = aak_spawn_run (&spawn, error);
  if (result == NULL)
    return NULL;
  if (result->status == 0 && !result->flooded && !result->timed_out)
    return g_bytes_ref (result->out);
  g_set_error (error, AAK_ERROR, AAK_ERROR_IO, "/bin/tar could not pack the report");
  return NULL;
}

gboolean
aak_doctor_archive_write (const char *path, const char *root, const char *findings,
                          AakNameMask *mask, GError **error)
{
  g_autofree char *above = g_dir_make_tmp ("aakit-doctor-XXXXXX", error);
  if (above == NULL)
    return FALSE;
  g_autofree char *dir = g_build_filename (above, TOP, NULL);
  Archive archive = { root, mask, dir };
  g_autoptr (GBytes) packed = aak_fs_make_dir (dir, error) && put_all (&archive, findings, error)
                                  ? pack (above, error)
                                  : NULL;
  aak_tree_remove (above);
  gsize len = 0;
  const void *data = packed != NULL ? g_bytes_get_data (packed, &len) : NULL;
  return data != NULL && aak_fs_write (path, data, len, 0600, error);
}
