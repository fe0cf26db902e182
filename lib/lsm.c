/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The kernel's AppArmor through securityfs. */
#include "config.h"

#include "lib/lsm.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/fs.h"
#include "lib/lsm-backend.h"
#include "lib/lsm-raw.h"
#include "lib/privileges.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#define APPARMOR_DIR "/sys/kernel/security/apparmor"
#define ENABLED_FILE "/sys/module/apparmor/parameters/enabled"
#define MAX_SMALL    8192
#define MAX_NESTING  16

struct AakLsm
{
  char *root;
  char *dir; /* ROOT/sys/kernel/security/apparmor */
  char *note;
  const AakLsmBackend *backend;
};

void
aak_loaded_free (AakLoaded *loaded)
{
  g_free (loaded->name);
  g_free (loaded->hash);
  g_free (loaded->path);
  g_free (loaded);
}

void
aak_lsm_free (AakLsm *lsm)
{
  g_free (lsm->root);
  g_free (lsm->dir);
  g_free (lsm->note);
  g_free (lsm);
}

const char *
aak_lsm_note (const AakLsm *lsm)
{
  return lsm->note;
}

gboolean
aak_lsm_check_privileges (const AakLsm *lsm, GError **error)
{
  return lsm->note != NULL || aak_privileges_check (error);
}

const char *
aak_lsm_dir (const AakLsm *lsm)
{
  return lsm->dir;
}

const char *
aak_lsm_root (const AakLsm *lsm)
{
  return lsm->root;
}

guint64
aak_lsm_revision (const AakLsm *lsm)
{
  char text[32] = "";
  g_autofree char *path = g_build_filename (lsm->dir, "revision", NULL);
  g_auto (AakFd) fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  /* One read: the next one would wait for another number. */
  ssize_t len = fd >= 0 ? read (fd, text, sizeof text - 1) : -1;
  return len > 0 ? g_ascii_strtoull (text, NULL, 10) : 0;
}

/* --- opening --------------------------------------------------------------------------------- */

AakLsm *
aak_lsm_new (const char *root, const AakLsmBackend *backend)
{
  AakLsm *lsm = g_new0 (AakLsm, 1);
  lsm->root = g_strdup (root != NULL ? root : "/");
  lsm->dir = aak_fs_path (root, APPARMOR_DIR);
  lsm->backend = backend;
  return lsm;
}

static AakLsm *
off (GError **error, const char *why)
{
  g_set_error_literal (error, AAK_ERROR, AAK_ERROR_APPARMOR_OFF, why);
  return NULL;
}

AakLsm *
aak_lsm_open (const char *root, GError **error)
{
  g_autofree char *switch_path = aak_fs_path (root, ENABLED_FILE);
  g_autofree char *dir = aak_fs_path (root, APPARMOR_DIR);
  g_autofree char *enabled = aak_fs_read_text (switch_path, MAX_SMALL, NULL);
  struct statfs fs;

  if (enabled != NULL && *enabled != 'Y')
    return off (error,
                "AppArmor is disabled in this kernel: boot with 'apparmor=1 security=apparmor'");
  if (enabled == NULL && !g_file_test (dir, G_FILE_TEST_IS_DIR))
    return off (error,
                "this kernel has no AppArmor: it needs CONFIG_SECURITY_APPARMOR, and 'apparmor=1 "
                "security=apparmor' on its command line");
  if (statfs (dir, &fs) < 0)
    return off (error, "AppArmor is on, but its files are missing: mount -t securityfs securityfs "
                       "/sys/kernel/security");
  if (fs.f_type == SECURITYFS_MAGIC)
    return aak_lsm_new (root, &aak_lsm_kernel);
  if (aak_fs_is_host (root))
    return off (
        error,
        "what lies in /sys/kernel/security is not securityfs: mount -t securityfs securityfs "
        "/sys/kernel/security");

  AakLsm *lsm = aak_lsm_new (root, &aak_lsm_recording);
  g_autofree char *shown = aak_escape (root, strlen (root));
  lsm->note = g_strdup_printf (
      "note: %s holds a recording of a kernel, not a kernel: nothing was loaded here", shown);
  return lsm;
}

gboolean
aak_lsm_may_come (const char *root)
{
  g_autofree char *path = aak_fs_path (root, ENABLED_FILE);
  g_autofree char *enabled = aak_fs_read_text (path, MAX_SMALL, NULL);
  return enabled != NULL && *enabled == 'Y';
}

/* --- what is loaded -------------------------------------------------------------------------- */

/* The kernel's own hash: sha1 up to 6.11, sha256 from then on; computed here where hash_policy is
 * off. */
static char *
read_hash (const char *path, const char *name)
{
  static const char *const algorithms[] = { "sha256", "sha1", NULL };
  for (int i = 0; algorithms[i] != NULL; i++)
    {
      g_autofree char *file = g_build_filename (path, algorithms[i], NULL);
      g_autofree char *hex = aak_fs_read_text (file, MAX_SMALL, NULL);
      if (hex != NULL && *hex != '\0')
        return g_strconcat (algorithms[i], ":", hex, NULL);
    }
  return aak_lsm_raw_hash (path, name);
}

static gint64
time_of (const char *path)
{
  struct stat st;
  return stat (path, &st) == 0 ? (gint64) st.st_mtim.tv_sec : 0;
}

/* Reads the file @name of a profile's directory: FALSE with an error, or without one where the
 * profile has vanished meanwhile. */
static gboolean
read_word (const char *path, const char *name, char **out, GError **error)
{
  g_autofree char *file = g_build_filename (path, name, NULL);
  g_autoptr (GError) local = NULL;
  *out = aak_fs_read_text (file, MAX_SMALL, &local);
  if (*out != NULL)
    return **out != '\0';
  if (!g_error_matches (local, AAK_ERROR, AAK_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* Reads one profile's directory. NULL with an error, or without one where it has vanished
 * meanwhile. */
static AakLoaded *
read_loaded (const char *path, const char *parent, GError **error)
{
  g_autofree char *name = NULL, *word = NULL;
  AakMode mode;
  if (!read_word (path, "name", &name, error) || !read_word (path, "mode", &word, error))
    return NULL;
  if (!aak_mode_parse (word, &mode))
    {
      g_autofree char *shown = aak_escape (word, strlen (word));
      g_set_error (error, AAK_ERROR, AAK_ERROR_KERNEL,
                   "%s: the mode \"%s\" is not known here: this kernel needs a newer aakit", path,
                   shown);
      return NULL;
    }
  AakLoaded *loaded = g_new0 (AakLoaded, 1);
  /* A child's file holds its last component only (security/apparmor/policy.c, base.name). */
  loaded->name = parent != NULL ? g_strconcat (parent, "//", name, NULL) : g_strdup (name);
  loaded->mode = mode;
  loaded->hash = read_hash (path, loaded->name);
  loaded->path = g_strdup (path);
  loaded->changed = time_of (path);
  return loaded;
}

/* Adds the profiles below the directory @path to @out. One that cannot be read is an error: what is
 * loaded must not be taken for missing. */
static gboolean
list_below (const char *path, const char *parent, int depth, GPtrArray *out, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GPtrArray) names = depth < MAX_NESTING ? aak_fs_names (path, &local) : NULL;
  if (names == NULL && (local == NULL || g_error_matches (local, AAK_ERROR, AAK_ERROR_NOT_FOUND)))
    return TRUE; /* no children, or gone */
  if (names == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *child = g_build_filename (path, names->pdata[i], NULL);
      AakLoaded *loaded = read_loaded (child, parent, &local);
      if (local != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      if (loaded == NULL)
        continue;
      g_ptr_array_add (out, loaded);
      g_autofree char *children = g_build_filename (child, "profiles", NULL);
      if (!list_below (children, loaded->name, depth + 1, out, error))
        return FALSE;
    }
  return TRUE;
}

static int
compare_loaded (gconstpointer a, gconstpointer b)
{
  const AakLoaded *const *left = a, *const *right = b;
  return strcmp ((*left)->name, (*right)->name);
}

GPtrArray *
aak_lsm_list (AakLsm *lsm, GError **error)
{
  g_autofree char *path = g_build_filename (lsm->dir, "policy/profiles", NULL);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_loaded_free);
  if (lsm->note == NULL && !g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      aak_error_set_errno (error, ENOENT, "cannot read %s", path);
      return NULL;
    }
  if (!list_below (path, NULL, 0, list, error))
    return NULL;
  g_ptr_array_sort (list, compare_loaded);
  return g_steal_pointer (&list);
}

const AakLoaded *
aak_lsm_find (GPtrArray *list, const char *name)
{
  guint low = 0, high = list->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const AakLoaded *loaded = list->pdata[middle];
      int order = strcmp (name, loaded->name);
      if (order == 0)
        return loaded;
      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }
  return NULL;
}

/* --- changing -------------------------------------------------------------------------------- */

static gboolean
kernel_refusal (GError **error, int saved_errno)
{
  int code = AAK_ERROR_KERNEL;
  const char *why = g_strerror (saved_errno);
  g_autofree char *lacking = NULL;
  switch (saved_errno)
    {
    case EACCES:
    case EPERM:
      code = AAK_ERROR_PRIVILEGE;
      lacking = aak_privileges_lacking ();
      why = lacking != NULL ? lacking
                            : "it takes no policy at all until the next boot "
                              "(/sys/module/apparmor/parameters/lock_policy), or the profile that "
                              "confines this process has no such capability";
      break;
    case EPROTO:
      code = AAK_ERROR_INVALID;
      why = "the policy is truncated or damaged";
      break;
    case EPROTONOSUPPORT:
      code = AAK_ERROR_INVALID;
      why = "the policy has a version that it does not know";
      break;
    case ENOENT:
      code = AAK_ERROR_NOT_FOUND;
      why = "no such profile is loaded";
      break;
    case ENOMEM:
      why = "it is out of memory";
      break;
    case ENOSPC:
      why = "No space left on device";
      break;
    default:
      break;
    }
  g_set_error (error, AAK_ERROR, code, "refused by the kernel: %s", why);
  return FALSE;
}

/* Policy goes in with a single write: the kernel unpacks exactly what one write brings, from offset
 * 0. */
static gboolean
write_once (const char *dir, const char *file, const void *data, gsize len, GError **error)
{
  g_autofree char *path = g_build_filename (dir, file, NULL);
  g_auto (AakFd) fd = open (path, O_WRONLY | O_CLOEXEC);
  if (fd < 0)
    return kernel_refusal (error, errno);
  ssize_t n;
  do
    n = write (fd, data, len);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    return kernel_refusal (error, errno);
  return (gsize) n == len || kernel_refusal (error, EPROTO);
}

static gboolean
kernel_replace (const char *dir, GBytes *blob, GError **error)
{
  gsize len = 0;
  const void *data = g_bytes_get_data (blob, &len);
  return write_once (dir, ".replace", data, len, error);
}

static gboolean
kernel_remove (const char *dir, const char *name, GError **error)
{
  return write_once (dir, ".remove", name, strlen (name), error);
}

const AakLsmBackend aak_lsm_kernel = { kernel_replace, kernel_remove };

gboolean
aak_lsm_replace (AakLsm *lsm, GBytes *blob, GError **error)
{
  /* The kernel takes an empty write for success. */
  if (g_bytes_get_size (blob) == 0)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "no policy to load");
      return FALSE;
    }
  return lsm->backend->replace (lsm->dir, blob, error);
}

gboolean
aak_lsm_remove (AakLsm *lsm, const char *name, GError **error)
{
  g_autofree char *shown = aak_escape (name, strlen (name));
  if (lsm->backend->remove (lsm->dir, name, error))
    return TRUE;
  g_prefix_error (error, "cannot remove profile \"%s\": ", shown);
  return FALSE;
}
