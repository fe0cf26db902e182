/* SPDX-License-Identifier: GPL-2.0-or-later
 * --source and --input: a name becomes a source. */
#include "config.h"

#include "learn/source-choice.h"

#include "lib/error.h"
#include "lib/fs.h"

#include <string.h>

#define AUDIT_LOG "/var/log/audit/audit.log"

gboolean
aak_source_choice_is_live (const AakCli *cli, const AakSourceChoice *choice)
{
  return choice->inputs == NULL && aak_fs_is_host (aak_cli_root (cli));
}

static AakSource *
open_log (const char *path, gboolean live, GError **error)
{
  return live ? aak_source_follow_open (path, error) : aak_source_file_open (path, error);
}

AakSource *
aak_source_choose (AakCli *cli, const AakSourceChoice *choice, GError **error)
{
  const char *source = choice->source != NULL ? choice->source : "auto";
  gboolean live = aak_source_choice_is_live (cli, choice);
  if (choice->inputs != NULL)
    return aak_source_files_open (choice->inputs, error);
  if (g_str_has_prefix (source, "audit-log="))
    return open_log (source + strlen ("audit-log="), live, error);
  if (live && (strcmp (source, "auto") == 0 || strcmp (source, "netlink") == 0))
    return aak_source_netlink_open (TRUE, error);
  if (strcmp (source, "auto") != 0 && strcmp (source, "audit-log") != 0)
    {
      g_set_error (
          error, AAK_ERROR, AAK_ERROR_USAGE,
          "--source %s: not auto, netlink or audit-log[=FILE], or not possible with --root",
          source);
      return NULL;
    }
  g_autofree char *path = aak_fs_path (aak_cli_root (cli), AUDIT_LOG);
  return open_log (path, live, error);
}
