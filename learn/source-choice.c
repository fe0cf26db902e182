/* SPDX-License-Identifier: GPL-2.0-or-later
 * --source and --input: a name becomes a source. */
#include "config.h"

#include "learn/source-choice.h"

#include "learn/duplicates.h"
#include "learn/source-auditd.h"
#include "lib/error.h"
#include "lib/fs.h"

#include <string.h>

#define AUDIT_LOG "/var/log/audit/audit.log"

gboolean
aak_source_choice_is_live (const AakCli *cli, const AakSourceChoice *choice)
{
  return choice->inputs == NULL && aak_fs_is_host (aak_cli_root (cli))
         && (choice->sources == NULL || !g_str_has_prefix (choice->sources[0], "journald="));
}

/* The position of the killed recording, where it read source @name, and the log at @path. */
static const AakPosition *
position_for (const AakSourceChoice *choice, const char *name, const char *path)
{
  const AakRun *run = choice->unfinished;
  if (run == NULL || run->position == NULL || strcmp (run->source, name) != 0
      || g_strcmp0 (run->position->path, path) != 0)
    return NULL;
  return run->position;
}

/* auditd's log on the running host: what the kernel could not hand to auditd is not in it. */
static AakSource *
follow_log (const AakSourceChoice *choice, const char *path, GError **error)
{
  const AakPosition *from = position_for (choice, "audit-log", path);
  AakSource *source = aak_source_follow_open (path, from, error);
  if (source != NULL)
    aak_source_attach_control (source, !choice->keep_limits, from);
  return source;
}

static AakSource *
open_netlink (const AakSourceChoice *choice, GError **error)
{
  return aak_source_netlink_open (!choice->keep_limits, position_for (choice, "netlink", NULL),
                                  error);
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
open_journal (const AakSourceChoice *choice, GError **error)
{
  const AakPosition *from = position_for (choice, "journald", NULL);
  AakSource *source = aak_source_journal_follow (NULL, from, error);
  if (source != NULL)
    aak_source_attach_control (source, !choice->keep_limits, from);
  return source;
}

static AakSource *
open_kmsg (const AakSourceChoice *choice, GError **error)
{
  return aak_source_kmsg_open ("/", position_for (choice, "kmsg", NULL), error);
}

/* What the running host has, the most complete first. */
static const struct
{
  const char *name;
  const char *what;
  AakSource *(*open) (const AakSourceChoice *choice, GError **error);
} automatic[] = {
  { "netlink", "the kernel's audit multicast group", open_netlink },
  { "audit-log", "the log of auditd", open_auditd_log },
  { "journald", "the journal, which has what journald heard of them", open_journal },
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

/* "NAME=WHERE": WHERE, or NULL. */
static const char *
where (const char *source, const char *name)
{
  gsize len = strlen (name);
  return strncmp (source, name, len) == 0 && source[len] == '=' ? source + len + 1 : NULL;
}

static AakSource *
unknown (const char *source, GError **error)
{
  g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE,
               "--source %s: not auto, netlink, audit-log[=FILE], journald[=DIR] or kmsg, or not "
               "possible with --root",
               source);
  return NULL;
}

static AakSource *
open_live (AakCli *cli, const AakSourceChoice *choice, const char *source, GError **error)
{
  if (strcmp (source, "auto") == 0)
    return open_auto (cli, choice, error);
  if (where (source, "audit-log") != NULL)
    return follow_log (choice, where (source, "audit-log"), error);
  if (strcmp (source, "audit-log") == 0)
    return follow_log (choice, AUDIT_LOG, error);
  for (gsize i = 0; i < G_N_ELEMENTS (automatic); i++)
    if (strcmp (source, automatic[i].name) == 0)
      return automatic[i].open (choice, error);
  return unknown (source, error);
}

/* The logs of a system that does not run: auditd's, else the journal. */
static AakSource *
read_auto (AakCli *cli, const char *log, GError **error)
{
  g_autoptr (GError) local = NULL;
  AakSource *source = aak_source_file_open (log, &local);
  if (source == NULL && g_error_matches (local, AAK_ERROR, AAK_ERROR_NOT_FOUND))
    source = aak_source_journal_read (aak_cli_root (cli), TRUE, NULL);
  if (source == NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else if (local != NULL)
    aak_cli_note (cli, "records come from journald's journal (%s)", local->message);
  return source;
}

static AakSource *
open_root (AakCli *cli, const char *source, GError **error)
{
  g_autofree char *log = aak_fs_path (aak_cli_root (cli), AUDIT_LOG);
  if (strcmp (source, "auto") == 0)
    return read_auto (cli, log, error);
  if (where (source, "audit-log") != NULL)
    return aak_source_file_open (where (source, "audit-log"), error);
  if (strcmp (source, "audit-log") == 0)
    return aak_source_file_open (log, error);
  if (strcmp (source, "journald") == 0)
    return aak_source_journal_read (aak_cli_root (cli), TRUE, error);
  return unknown (source, error);
}

static AakSource *
open_one (AakCli *cli, const AakSourceChoice *choice, const char *source, GError **error)
{
  if (where (source, "journald") != NULL)
    return aak_source_journal_read (where (source, "journald"), FALSE, error);
  return aak_source_choice_is_live (cli, choice) ? open_live (cli, choice, source, error)
                                                 : open_root (cli, source, error);
}

/* Each of several sources is one of the running host, is there once, and is no guess. */
static gboolean
check_several (AakCli *cli, const AakSourceChoice *choice, GError **error)
{
  const char *wrong = NULL;
  for (guint i = 0; choice->sources[i] != NULL; i++)
    {
      const char *source = choice->sources[i];
      if (!aak_source_choice_is_live (cli, choice) || where (source, "journald") != NULL)
        wrong = "several sources at once are those of the running host, not with --root and not "
                "journald=DIR";
      else if (strcmp (source, "auto") == 0)
        wrong = "auto stands alone";
      else if (i >= AAK_DUPLICATES_SOURCES)
        wrong = "too many sources";
      for (guint k = 0; k < i; k++)
        if (strcmp (source, choice->sources[k]) == 0)
          wrong = "given twice";
      if (wrong == NULL)
        continue;
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "--source %s: %s", source, wrong);
      return FALSE;
    }
  return TRUE;
}

/* "netlink+audit-log": what several sources together are called. */
static char *
name_several (const AakSourceChoice *choice)
{
  g_autoptr (GString) name = g_string_new (NULL);
  for (guint i = 0; choice->sources[i] != NULL; i++)
    {
      const char *equals = strchrnul (choice->sources[i], '=');
      g_string_append_printf (name, "%s%.*s", i > 0 ? "+" : "", (int) (equals - choice->sources[i]),
                              choice->sources[i]);
    }
  return g_string_free (g_steal_pointer (&name), FALSE);
}

/* Opens the source at @index, at its place in the position @from of all, where that has one. The
 * kernel's log begins anew: it would give again what the others gave before. */
static AakSource *
open_member (AakCli *cli, const AakSourceChoice *choice, guint index, const AakPosition *from,
             GError **error)
{
  AakSourceChoice member = *choice;
  g_autofree char *name = g_strndup (choice->sources[index], strcspn (choice->sources[index], "="));
  AakRun run = { .source = name };
  if (from != NULL && index < from->members->len && strcmp (name, "kmsg") != 0)
    run.position = g_ptr_array_index (from->members, index);
  member.unfinished = &run;
  return open_one (cli, &member, choice->sources[index], error);
}

static AakSource *
open_several (AakCli *cli, const AakSourceChoice *choice, GError **error)
{
  if (!check_several (cli, choice, error))
    return NULL;
  g_autofree char *name = name_several (choice);
  const AakPosition *from = position_for (choice, name, NULL);
  g_autoptr (GPtrArray) sources =
      g_ptr_array_new_with_free_func ((GDestroyNotify) aak_source_close);
  for (guint i = 0; choice->sources[i] != NULL; i++)
    {
      AakSource *source = open_member (cli, choice, i, from, error);
      if (source == NULL)
        return NULL;
      g_ptr_array_add (sources, source);
    }
  return aak_source_several_new (sources, from, error);
}

AakSource *
aak_source_choose (AakCli *cli, const AakSourceChoice *choice, GError **error)
{
  const char *const *sources = choice->sources;
  if (choice->inputs != NULL && sources != NULL)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "--input and --source exclude each other");
      return NULL;
    }
  if (choice->inputs != NULL)
    return aak_source_inputs_open (choice->inputs, error);
  if (sources != NULL && sources[1] != NULL)
    return open_several (cli, choice, error);
  return open_one (cli, choice, sources != NULL ? sources[0] : "auto", error);
}

gboolean
aak_source_choice_goes_on (const AakSourceChoice *choice, AakSource *source)
{
  g_autoptr (AakPosition) now = aak_source_mark (source);
  return now != NULL && position_for (choice, aak_source_name (source), now->path) != NULL;
}
