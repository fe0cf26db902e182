/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reading labels. */
#include "config.h"

#include "lib/task-label.h"

#include "lib/error.h"
#include "lib/fd.h"
#include "lib/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define MAX_LABEL 8192

static char *
read_file (int dir, const char *shown, const char *file, GError **error)
{
  g_autofree char *path = g_build_filename (shown, file, NULL);
  g_auto (AakFd) fd = openat (dir, file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    {
      aak_error_set_errno (error, errno, "cannot read %s", path);
      return NULL;
    }
  g_autoptr (GBytes) bytes = aak_fs_read_open (fd, path, MAX_LABEL, error);
  if (bytes == NULL)
    return NULL;
  gsize len = 0;
  const char *data = g_bytes_get_data (bytes, &len);
  while (len > 0 && (data[len - 1] == '\n' || data[len - 1] == '\0'))
    len--;
  return g_strndup (data != NULL ? data : "", len);
}

char *
aak_task_label_read (int dir, const char *shown, GError **error)
{
  g_autoptr (GError) local = NULL;
  char *label = read_file (dir, shown, "attr/apparmor/current", &local);
  if (label != NULL)
    return label;
  /* Kernels before 5.8 have only the file that all security modules share. */
  if (g_error_matches (local, AAK_ERROR, AAK_ERROR_NOT_FOUND))
    return read_file (dir, shown, "attr/current", error);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

char *
aak_task_label_cut_mode (char *label)
{
  char *at = g_strrstr (label, " (");
  if (at == NULL || !g_str_has_suffix (at, ")"))
    return NULL;
  *at = '\0';
  return g_strndup (at + 2, strlen (at + 2) - 1);
}
