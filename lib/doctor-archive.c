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

struct AakDoctorArchive
{
  const char *root;
  AakNameMask *mask; /* or NULL */
  AakLsm *lsm;       /* or NULL */
  GPtrArray *loaded; /* of AakLoaded, or NULL, */
  gint code;         /* and then of which error */
  AakStore *store;   /* or NULL */
  AakContainerIndex *containers;
};

/* --- names ----------------------------------------------------------------------------------- */

static void
learn (AakNameMask *mask, const char *kind, const char *name)
{
  if (name != NULL && *name != '\0' && !g_strv_contains (well_known, name))
    aak_name_mask_of (mask, kind, name);
}

static void
learn_containers (AakNameMask *mask, const GPtrArray *list)
{
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
read_small (const AakDoctorArchive *archive, const char *path)
{
  g_autofree char *full = aak_fs_path (archive->root, path);
  return aak_fs_read_text (full, MAX_SMALL, NULL);
}

static void
learn_names (AakDoctorArchive *archive)
{
  AakNameMask *mask = archive->mask;
  GPtrArray *entries = archive->store != NULL ? aak_store_entries (archive->store) : NULL;
  g_autofree char *host = read_small (archive, "/proc/sys/kernel/hostname");
  for (guint i = 0; archive->loaded != NULL && i < archive->loaded->len; i++)
    learn (mask, "profile", ((const AakLoaded *) archive->loaded->pdata[i])->name);
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    learn (mask, "profile", ((const AakStoreEntry *) entries->pdata[i])->name);
  learn_containers (mask, aak_container_index_list (archive->containers));
  if (host != NULL)
    learn (mask, "host", g_strstrip (host));
}

AakDoctorArchive *
aak_doctor_archive_new (const char *root, gboolean names)
{
  g_autoptr (GError) why = NULL;
  AakDoctorArchive *archive = g_new0 (AakDoctorArchive, 1);
  archive->root = root;
  archive->lsm = aak_lsm_open (root, &why);
  archive->loaded = archive->lsm != NULL ? aak_lsm_list (archive->lsm, &why) : NULL;
  archive->code = why != NULL ? why->code : 0;
  archive->store = aak_store_read (root, NULL);
  archive->containers = aak_container_index_new (root);
  aak_container_index_refresh (archive->containers);
  archive->mask = names ? NULL : aak_name_mask_new ();
  if (archive->mask != NULL)
    learn_names (archive);
  return archive;
}

void
aak_doctor_archive_free (AakDoctorArchive *archive)
{
  g_clear_pointer (&archive->mask, aak_name_mask_free);
  aak_container_index_free (archive->containers);
  g_clear_pointer (&archive->store, aak_store_free);
  g_clear_pointer (&archive->loaded, g_ptr_array_unref);
  g_clear_pointer (&archive->lsm, aak_lsm_free);
  g_free (archive);
}

const AakNameMask *
aak_doctor_archive_mask (const AakDoctorArchive *archive)
{
  return archive->mask;
}

/* What stands for @name in the archive. The caller frees it. */
static char *
shown (const AakDoctorArchive *archive, const char *kind, const char *name)
{
  if (name == NULL)
    return g_strdup ("-");
  if (archive->mask == NULL || g_strv_contains (well_known, name))
    return g_strescape (name, NULL);
  return g_strdup (aak_name_mask_of (archive->mask, kind, name));
}

/* --- texts ----------------------------------------------------------------------------------- */

static gboolean
put (const char *dir, const char *name, const char *text, GError **error)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  return aak_fs_write (path, text, strlen (text), 0644, error);
}

/* The words of the kernel's command line; of those that are not known to be harmless only that
 * there is one. */
static void
add_command_line (const AakDoctorArchive *archive, GString *text)
{
  g_autofree char *line = read_small (archive, "/proc/cmdline");
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
add_file (const AakDoctorArchive *archive, GString *text, const char *title, const char *path)
{
  g_autofree char *content = read_small (archive, path);
  g_autofree char *safe = content != NULL ? g_strescape (g_strchomp (content), NULL) : NULL;
  g_string_append_printf (text, "%s: %s\n", title, safe != NULL ? safe : "(cannot be read)");
}

/* The lines KEY=VALUE of @path whose key is one of @keys. */
static void
add_settings (const AakDoctorArchive *archive, GString *text, const char *path,
              const char *const *keys)
{
  g_autofree char *content = read_small (archive, path);
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
put_node (const AakDoctorArchive *archive, const char *dir, GError **error)
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
  return put (dir, "node.txt", text->str, error);
}

static gboolean
put_features (const AakDoctorArchive *archive, const char *dir, GError **error)
{
  g_autoptr (AakFeatures) features = aak_features_kernel (archive->root, NULL);
  return features == NULL || put (dir, "features", aak_features_text (features), error);
}

static gboolean
put_profiles (const AakDoctorArchive *archive, const char *dir, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GPtrArray *list = archive->loaded;
  AakStore *store = archive->store;
  if (list == NULL)
    g_string_append_printf (text, "the kernel's cannot be listed (error %d)\n", archive->code);
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
  return put (dir, "profiles.txt", text->str, error);
}

static gboolean
put_containers (const AakDoctorArchive *archive, const char *dir, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const GPtrArray *list = aak_container_index_list (archive->containers);
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
  g_string_append_printf (text, "%u cannot be read\n",
                          aak_container_index_problems (archive->containers)->len);
  return put (dir, "containers.txt", text->str, error);
}

/* --- the file -------------------------------------------------------------------------------- */

static gboolean
put_all (const AakDoctorArchive *archive, const char *dir, const char *findings, GError **error)
{
  return put (dir, "doctor.json", findings, error) && put_node (archive, dir, error)
         && put_features (archive, dir, error) && put_profiles (archive, dir, error)
         && put_containers (archive, dir, error);
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
aak_doctor_archive_write (const AakDoctorArchive *archive, const char *path, const char *findings,
                          GError **error)
{
  g_autofree char *above = g_dir_make_tmp ("aakit-doctor-XXXXXX", error);
  if (above == NULL)
    return FALSE;
  g_autofree char *dir = g_build_filename (above, TOP, NULL);
  g_autoptr (GBytes) packed =
      aak_fs_make_dir (dir, error) && put_all (archive, dir, findings, error) ? pack (above, error)
                                                                              : NULL;
  aak_tree_remove (above);
  gsize len = 0;
  const void *data = packed != NULL ? g_bytes_get_data (packed, &len) : NULL;
  return data != NULL && aak_fs_write (path, data, len, 0600, error);
}
