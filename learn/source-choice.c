/* SPDX-License-Identifier: GPL-2.0-or-later
 * --source and --input: a name becomes a source. */
#include "config.h"

#include "learn/source-choice.h"

#include "learn/source-auditd.h"
#include "lib/error.h"
#include "lib/fs.h"

#include <string.h>

#define AUDIT_LOG "/var/log/audit/audit.log"

gboolean
aak_source_choice_is_live (const AakCli *cli, const AakSourceChoice *choice)
{
  return choice->inputs == NULL && aak_fs_is_host (aak_cli_root (cli));
}

/* auditd's log on the running host: what the kernel could not hand to auditd is not in it. */
static AakSource *
follow_log (const AakSourceChoice *choice, const char *path, GError **error)
{
  AakSource *source = aak_source_follow_open (path, error);
  if (source != NULL)
    aak_source_attach_control (source, !choice->keep_limits);
  return source;
}

static AakSource *
open_netlink (const AakSourceChoice *choice, GError **error)
{
  return aak_source_netlink_open (!choice->keep_limits, error);
}

/* A log that nobody writes to any more would be followed for ever. */
static AakSource *
open_auditd_log (const AakSourceChoice *choice, GError **error)
{
  if (aak_source_auditd_runs ("/"))
    return follow_log (choice, AUDIT_LOG, error);
  g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND, "auditd does not run");
  return NULL;
}

static AakSource *
open_kmsg (const AakSourceChoice *choice, GError **error)
{
  (void) choice;
  return aak_source_kmsg_open ("/", error);
}

/* The most complete first. */
static const struct
{
  const char *name;
  const char *what;
  AakSource *(*open) (const AakSourceChoice *choice, GError **error);
} automatic[] = {
  { "netlink", "the kernel's audit multicast group", open_netlink },
  { "audit-log", "the log of auditd", open_auditd_log },
  { "kmsg", "the kernel's log, where records are missing as soon as there are many", open_kmsg },
};

/* The first that works; the code of the error is that of the best one's. */
static AakSource *
open_auto (AakCli *cli, const AakSourceChoice *choice, GError **error)
{
  g_autoptr (GString) reasons = g_string_new (NULL);
  int code = AAK_ERROR_IO;
  for (gsize i = 0; i < G_N_ELEMENTS (automatic); i++)
    {
      g_autoptr (GError) local = NULL;
      AakSource *source = automatic[i].open (choice, &local);
      if (source != NULL)
        {
          if (i > 0)
            aak_cli_warn (cli, "%s", reasons->str);
          aak_cli_note (cli, "records come from %s: %s", automatic[i].name, automatic[i].what);
          return source;
        }
      g_string_append_printf (reasons, "%sno %s: %s", i > 0 ? "; " : "", automatic[i].name,
                              local->message);
      code = i == 0 ? local->code : code;
    }
  g_set_error_literal (error, AAK_ERROR, code, reasons->str);
  return NULL;
}

AakSource *
aak_source_choose (AakCli *cli, const AakSourceChoice *choice, GError **error)
{
  const char *source = choice->source != NULL ? choice->source : "auto";
  gboolean live = aak_source_choice_is_live (cli, choice);
  if (choice->inputs != NULL && choice->source != NULL)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "--input and --source exclude each other");
      return NULL;
    }
  if (choice->inputs != NULL)
    return aak_source_files_open (choice->inputs, error);
  if (g_str_has_prefix (source, "audit-log="))
    return live ? follow_log (choice, source + strlen ("audit-log="), error)
                : aak_source_file_open (source + strlen ("audit-log="), error);
  if (live && strcmp (source, "auto") == 0)
    return open_auto (cli, choice, error);
  if (live && strcmp (source, "netlink") == 0)
    return open_netlink (choice, error);
  if (live && strcmp (source, "kmsg") == 0)
    return open_kmsg (choice, error);
  if (strcmp (source, "auto") != 0 && strcmp (source, "audit-log") != 0)
    {
      g_set_error (
          error, AAK_ERROR, AAK_ERROR_USAGE,
          "--source %s: not auto, netlink, audit-log[=FILE] or kmsg, or not possible with --root",
          source);
      return NULL;
    }
  g_autofree char *path = aak_fs_path (aak_cli_root (cli), AUDIT_LOG);
  return live ? follow_log (choice, path, error) : aak_source_file_open (path, error);
}
