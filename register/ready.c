/* SPDX-License-Identifier: GPL-2.0-or-later
 * The file of a watch that is ready. */
#include "config.h"

#include "register/ready.h"

#include "lib/fs.h"

#include <string.h>
#include <sys/stat.h>

#define TEXT "all that the paths hold is loaded\n"

void
aak_ready_entries (char **path, const char *help, GOptionEntry *entries)
{
  entries[0] = (GOptionEntry){ "ready", 0, 0, G_OPTION_ARG_FILENAME, path, help, "FILE" };
}

gboolean
aak_ready_is (const char *path)
{
  struct stat st;
  return path == NULL || (lstat (path, &st) == 0 && S_ISREG (st.st_mode));
}

gboolean
aak_ready_set (const char *path, gboolean ready, GError **error)
{
  if (path == NULL)
    return TRUE;
  if (!ready)
    return aak_fs_remove (path, error);
  return aak_ready_is (path) || aak_fs_write (path, TEXT, strlen (TEXT), 0644, error);
}
