/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The kernel's AppArmor through securityfs and /proc. */
#include "config.h"

#include "lib/lsm.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/fs.h"
#include "lib/lsm-backend.h"
#include "lib/policy.h"
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
#define MAX_RAW      (64 * 1024 * 1024)
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
aak_lsm_root (const AakLsm *lsm)
{
  return lsm->root;
}

const char *
aak_lsm_dir (const AakLsm *lsm)
{
  return lsm->dir;
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

static GPtrArray *
parse_raw (const char *path)
{
  g_autofree char *raw_path = g_build_filename (path, "raw_data", NULL);
  g_autoptr (GBytes) raw = aak_fs_read (raw_path, MAX_RAW, NULL);
  return raw != NULL ? aak_policy_split (raw_path, raw, NULL, NULL) : NULL;
}

/* The part called @name of @policies; its policy goes to @out_policy. */
static const AakBlobProfile *
find_part (GPtrArray *policies, const char *name, AakPolicy **out_policy)
{
  for (guint i = 0; i < policies->len; i++)
    {
      AakPolicy *policy = policies->pdata[i];
      for (guint j = 0; j < policy->parts->len; j++)
        {
          const AakBlobProfile *part = policy->parts->pdata[j];
          if (strcmp (part->name, name) != 0)
            continue;
          *out_policy = policy;
          return part;
        }
    }
  return NULL;
}

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
  g_autoptr (GPtrArray) policies = parse_raw (path);
  AakPolicy *policy = NULL;
  const AakBlobProfile *part = policies != NULL ? find_part (policies, name, &policy) : NULL;
  return part != NULL ? aak_policy_blob_hash (policy->blob, part, "sha256") : NULL;
}

static gint64
time_of (const char *path)
{
  struct stat st;
  return stat (path, &st) == 0 ? (gint64) st.st_mtim.tv_sec : 0;
}

/* Reads one profile's directory. NULL where it has vanished meanwhile, or is none. */
static AakLoaded *
read_loaded (const char *path, const char *parent)
{
  g_autofree char *name_path = g_build_filename (path, "name", NULL);
  g_autofree char *mode_path = g_build_filename (path, "mode", NULL);
  g_autofree char *name = aak_fs_read_text (name_path, MAX_SMALL, NULL);
  g_autofree char *word = aak_fs_read_text (mode_path, MAX_SMALL, NULL);
  AakMode mode;
  if (name == NULL || *name == '\0' || word == NULL || !aak_mode_parse (word, &mode))
    return NULL;
  AakLoaded *loaded = g_new0 (AakLoaded, 1);
  /* A child's file holds its last component only (security/apparmor/policy.c, base.name). */
  loaded->name = parent != NULL ? g_strconcat (parent, "//", name, NULL) : g_strdup (name);
  loaded->mode = mode;
  loaded->hash = read_hash (path, loaded->name);
  loaded->path = g_strdup (path);
  loaded->changed = time_of (path);
  return loaded;
}

static gboolean
list_below (const char *path, const char *parent, int depth, GPtrArray *out)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  if (dir == NULL || depth > MAX_NESTING)
    return FALSE;
  for (const char *entry = g_dir_read_name (dir); entry != NULL; entry = g_dir_read_name (dir))
    {
      g_autofree char *child = g_build_filename (path, entry, NULL);
      AakLoaded *loaded = read_loaded (child, parent);
      if (loaded == NULL)
        continue;
      g_ptr_array_add (out, loaded);
      g_autofree char *children = g_build_filename (child, "profiles", NULL);
      list_below (children, loaded->name, depth + 1, out);
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
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_loaded_free);
  errno = 0;
  if (!list_below (path, NULL, 0, list) && lsm->note == NULL)
    {
      aak_error_set_errno (error, errno, "cannot read %s", path);
      g_ptr_array_unref (list);
      return NULL;
    }
  g_ptr_array_sort (list, compare_loaded);
  return list;
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

GBytes *
aak_lsm_raw (AakLsm *lsm, const AakLoaded *loaded)
{
  (void) lsm;
  g_autoptr (GPtrArray) policies = parse_raw (loaded->path);
  AakPolicy *policy = NULL;
  if (policies == NULL || find_part (policies, loaded->name, &policy) == NULL)
    return NULL;
  return strcmp (policy->name, loaded->name) == 0 ? g_bytes_ref (policy->blob) : NULL;
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
