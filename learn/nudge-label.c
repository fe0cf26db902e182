/* SPDX-License-Identifier: GPL-2.0-or-later
 * Loading and removing aakit-nudge. Whoever holds it has a shared lock on a file of its own; who
 * gets that lock alone is the last. The lock of the store keeps two of them from loading and
 * removing at once. */
#include "config.h"

#include "learn/nudge-label.h"

#include "lib/compiler.h"
#include "lib/error.h"
#include "lib/fd.h"
#include "lib/fs.h"
#include "lib/lsm.h"
#include "lib/store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>

#define USERS_PATH   "/run/aakit/nudge.lock"
#define LOCK_SECONDS 10

/* It is enforced and allows one thing, which is used, and audited: a record says AUDIT and not
 * DENIED, so that nobody takes it for an attack. Without the other two rules not even root could
 * end or look at what wears it. */
static const char profile[] = "# Worn by threads of aa-learn while it records (--no-nudge).\n"
                              "abi <abi/3.0>,\n\n"
                              "profile " AAK_NUDGE_LABEL " {\n"
                              "  audit capability wake_alarm,\n"
                              "  signal (receive),\n"
                              "  ptrace (readby, tracedby),\n"
                              "}\n";

struct AakNudgeLabel
{
  char *root;
  AakFd users; /* the shared lock */
};

static gboolean
load (const char *root, GError **error)
{
  g_autoptr (AakLsm) lsm = aak_lsm_open (root, error);
  g_autoptr (AakFeatures) features = lsm != NULL ? aak_features_kernel (root, error) : NULL;
  g_autoptr (AakCompiler) compiler = features != NULL ? aak_compiler_new (NULL, error) : NULL;
  if (compiler == NULL)
    return FALSE;
  g_autoptr (GBytes) text = g_bytes_new_static (profile, strlen (profile));
  g_autoptr (GBytes) blob =
      aak_compiler_compile (compiler, features, AAK_NUDGE_LABEL, text, NULL, error);
  return blob != NULL && aak_lsm_replace (lsm, blob, error);
}

static int
open_users (const char *root, GError **error)
{
  g_autofree char *path = aak_fs_path (root, USERS_PATH);
  g_auto (AakFd) fd = open (path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0 || flock (fd, LOCK_SH) < 0)
    {
      aak_error_set_errno (error, errno, "cannot lock %s", path);
      return -1;
    }
  return aak_fd_steal (&fd);
}

AakNudgeLabel *
aak_nudge_label_hold (const char *root, GError **error)
{
  g_auto (AakFd) lock = aak_store_lock (root, LOCK_SECONDS, error);
  g_auto (AakFd) users = lock >= 0 ? open_users (root, error) : -1;
  if (users < 0 || !load (root, error))
    return NULL;
  AakNudgeLabel *label = g_new0 (AakNudgeLabel, 1);
  label->root = g_strdup (root);
  label->users = aak_fd_steal (&users);
  return label;
}

void
aak_nudge_label_release (AakNudgeLabel *label)
{
  g_auto (AakFd) lock = aak_store_lock (label->root, LOCK_SECONDS, NULL);
  g_autoptr (AakLsm) lsm = lock >= 0 ? aak_lsm_open (label->root, NULL) : NULL;
  g_autoptr (GError) refused = NULL;
  if (lsm != NULL && flock (label->users, LOCK_EX | LOCK_NB) == 0
      && !aak_lsm_remove (lsm, AAK_NUDGE_LABEL, &refused))
    g_debug ("%s", refused->message);
  aak_fd_clear (&label->users);
  g_free (label->root);
  g_free (label);
}
