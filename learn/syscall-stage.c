/* SPDX-License-Identifier: GPL-2.0-or-later
 * Placing the profile that logs. */
#include "config.h"

#include "learn/syscall-stage.h"

#include "learn/label.h"
#include "learn/syscall-json.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fd.h"
#include "lib/fs.h"
#include "lib/path-walk.h"
#include "lib/seccomp/name.h"

#include <string.h>
#include <sys/stat.h>

#define MAX_BYTES (1u << 20)
#define ACTIONS   "/proc/sys/kernel/seccomp/actions_logged"

/* "aakit/log/k8s-web.json", as a pod names it: of the letters that any such name has, so that it is
 * one word of YAML and of a terminal. NULL where the label gives none. */
static char *
relative_path (const char *label)
{
  g_autofree char *file = aak_label_file_name (label);
  g_autofree char *path = file != NULL ? g_strconcat (file, ".json", NULL) : NULL;
  g_autofree char *name = path != NULL ? aak_seccomp_name_of (path, NULL) : NULL;
  return name != NULL ? g_build_filename (AAK_SYSCALL_STAGE_DIR, aak_seccomp_name_file (name), NULL)
                      : NULL;
}

/* TRUE where @found begins as every profile that logs does, up to its rules. */
static gboolean
is_ours (GBytes *found, const char *text)
{
  const char *rules = strstr (text, "\"syscalls\"");
  gsize len = 0, head = (gsize) (rules - text);
  const char *bytes = g_bytes_get_data (found, &len);
  return len > head && memcmp (bytes, text, head) == 0;
}

/* *@out_same: it is there already. */
static gboolean
check_place (const char *path, const char *text, gboolean *out_same, GError **error)
{
  struct stat st;
  g_autofree char *shown = aak_escape (path, strlen (path));
  *out_same = FALSE;
  if (lstat (path, &st) < 0)
    return TRUE; /* what is in the way shows when it is written */
  g_autoptr (GBytes) found =
      S_ISREG (st.st_mode) ? aak_fs_read_trusted (path, MAX_BYTES, error) : NULL;
  if (S_ISREG (st.st_mode) && found == NULL)
    return FALSE;
  if (found == NULL || !is_ours (found, text))
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
                   "%s was not written by aa-learn, and stays: move it away", shown);
      return FALSE;
    }
  *out_same = strlen (text) == g_bytes_get_size (found)
              && memcmp (text, g_bytes_get_data (found, NULL), strlen (text)) == 0;
  return TRUE;
}

/* Makes the directory; nobody else may have had a hand in it. */
static gboolean
make_dir (const char *root, GError **error)
{
  g_autofree char *dir = aak_fs_path (root, AAK_SYSCALL_STAGE_ROOT "/" AAK_SYSCALL_STAGE_DIR);
  if (!aak_fs_make_dir (dir, error))
    return FALSE;
  g_auto (AakFd) fd = aak_path_open (dir, AAK_PATH_OWNERS, error);
  return fd >= 0;
}

static void
warn_unlogged (AakCli *cli)
{
  g_autofree char *path = aak_fs_path (aak_cli_root (cli), ACTIONS);
  g_autofree char *words = aak_fs_read_text (path, MAX_BYTES, NULL);
  g_auto (GStrv) actions = words != NULL ? g_strsplit (words, " ", -1) : NULL;
  if (actions != NULL && !g_strv_contains ((const char *const *) actions, "log"))
    aak_cli_warn (cli, "the kernel does not log what a filter lets pass: "
                       "sysctl kernel.seccomp.actions_logged='kill_process kill_thread trap errno "
                       "user_notif trace log'");
}

gboolean
aak_syscall_stage (AakCli *cli, const char *label, const AakObservations *known, GError **error)
{
  const char *root = aak_cli_root (cli);
  g_autofree char *relative = relative_path (label);
  g_autofree char *shown_label = aak_escape (label, strlen (label));
  if (relative == NULL)
    {
      g_set_error (
          error, AAK_ERROR, AAK_ERROR_USAGE,
          "'%s' cannot be the name of a seccomp profile: letters, digits, '.', '_' and '-'",
          shown_label);
      return FALSE;
    }
  g_autofree char *below = g_build_filename (AAK_SYSCALL_STAGE_ROOT, relative, NULL);
  g_autofree char *path = aak_fs_path (root, below);
  g_autofree char *shown = aak_escape (path, strlen (path));
  g_autoptr (AakSyscallProfile) profile =
      known != NULL ? aak_syscall_profile_new (known, FALSE) : NULL;
  g_autofree char *text = aak_syscall_log_json (profile);
  gboolean same = FALSE;
  if (!make_dir (root, error) || !check_place (path, text, &same, error)
      || (!same && !aak_fs_write (path, text, strlen (text), 0644, error)))
    return FALSE;
  guint seen = profile != NULL ? aak_syscall_profile_count (profile, AAK_CALL_SEEN) : 0;
  if (seen > 0)
    aak_cli_note (cli, "%s logs the system calls that %s was not seen to make; %u are known", shown,
                  shown_label, seen);
  else
    aak_cli_note (cli, "%s logs every system call", shown);
  warn_unlogged (cli);
  return TRUE;
}

void
aak_syscall_stage_explain (AakCli *cli, const char *label)
{
  g_autofree char *relative = relative_path (label);
  aak_cli_block (cli,
                 "\n"
                 "Put this into the pod, then create it again. While it is there nothing filters "
                 "the pod's calls:\n"
                 "\n"
                 "  securityContext:             # of the container or the pod\n"
                 "    seccompProfile:\n"
                 "      type: Localhost\n"
                 "      localhostProfile: %s\n"
                 "\n",
                 relative);
}
