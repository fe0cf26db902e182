/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reading labels. */
#include "config.h"

#include "lib/task-label.h"

#include "lib/error.h"
#include "lib/fs.h"

#include <string.h>

#define MAX_LABEL 8192

char *
aak_task_label_read (int dir, const char *shown, GError **error)
{
  g_autoptr (GError) local = NULL;
  char *label = aak_fs_read_text_at (dir, shown, "attr/apparmor/current", MAX_LABEL, &local);
  if (label != NULL)
    return label;
  /* Kernels before 5.8 have only the file that all security modules share. */
  if (g_error_matches (local, AAK_ERROR, AAK_ERROR_NOT_FOUND))
    return aak_fs_read_text_at (dir, shown, "attr/current", MAX_LABEL, error);
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
