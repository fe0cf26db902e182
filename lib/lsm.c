/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The kernel's AppArmor through securityfs. */
#include "config.h"

#include "lib/lsm.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/fs.h"
#include "lib/lsm-backend.h"
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

struct AakLsm
{
  char *root;
  char *dir; /* ROOT/sys/kernel/security/apparmor */
  char *note;
  const AakLsmBackend *backend;
  AakLsmSeen seen;
};

void
aak_lsm_free (AakLsm *lsm)
{
  g_free (lsm->root);
  g_free (lsm->dir);
  g_free (lsm->note);
  g_free (lsm->seen.moment);
  g_clear_pointer (&lsm->seen.list, g_ptr_array_unref);
  g_free (lsm);
}

AakLsmSeen *
aak_lsm_seen (AakLsm *lsm)
{
  return &lsm->seen;
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
