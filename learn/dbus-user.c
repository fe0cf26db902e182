/* SPDX-License-Identifier: GPL-2.0-or-later
 * Looks into passwd(5) itself: the node may be another one than that which this runs on. */
#include "config.h"

#include "learn/dbus-user.h"

#include "learn/record.h"
#include "lib/error.h"
#include "lib/fs.h"

#include <string.h>

#define PASSWD_MAX (1 << 20)

/* "NAME:x:UID:..." */
static gboolean
is_bus (const char *line, guint64 *out_uid)
{
  g_auto (GStrv) fields = g_strsplit (line, ":", 4);
  if (g_strv_length (fields) < 4
      || (strcmp (fields[0], "messagebus") != 0 && strcmp (fields[0], "dbus") != 0))
    return FALSE;
  return aak_span_to_uint ((AakSpan){ fields[2], strlen (fields[2]) }, out_uid);
}

gboolean
aak_dbus_user_find (const char *root, guint64 *out_uid, GError **error)
{
  g_autofree char *path = aak_fs_path (root, "/etc/passwd");
  g_autofree char *text = aak_fs_read_text (path, PASSWD_MAX, error);
  if (text == NULL)
    return FALSE;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (is_bus (*line, out_uid))
      return TRUE;
  g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND,
               "%s: has no user messagebus or dbus, by whom the D-Bus daemon is known", path);
  return FALSE;
}

void
aak_dbus_user_warn_foreign (AakCli *cli, guint64 count)
{
  if (count > 0)
    aak_cli_warn (cli,
                  "%" G_GUINT64_FORMAT " D-Bus records were sent by somebody else than the bus",
                  count);
}
