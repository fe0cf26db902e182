/* SPDX-License-Identifier: GPL-2.0-or-later
 * The results of a build, printed. */
#include "config.h"

#include "compile/build-report.h"

#include "lib/count.h"
#include "lib/escape.h"
#include "lib/json.h"
#include "lib/policy/policy.h"

#include <string.h>

void
aak_build_report_warnings (AakCli *cli, GPtrArray *jobs)
{
  for (guint i = 0; i < jobs->len; i++)
    {
      const AakBuildJob *job = jobs->pdata[i];
      for (guint j = 0; job->error == NULL && job->messages != NULL && j < job->messages->len; j++)
        {
          g_autofree char *text = aak_compiler_message_text (job->messages->pdata[j]);
          aak_cli_warn (cli, "%s", text);
        }
    }
}

/* --- text ------------------------------------------------------------------------------------ */

static void
print_profiles (AakCli *cli, const AakBuildJob *job)
{
  for (guint i = 0; i < job->policies->len; i++)
    {
      const AakPolicy *policy = job->policies->pdata[i];
      aak_cli_out (cli, "%-9s  %s  %s  %s  %" G_GSIZE_FORMAT " bytes\n",
                   job->reused ? "unchanged" : "compiled", policy->name,
                   aak_mode_name (policy->mode), aak_features_id (job->features),
                   g_bytes_get_size (policy->blob));
    }
}

static void
print_seccomp (AakCli *cli, const AakSeccompFile *file)
{
  aak_cli_out (cli, "%-9s  %s  seccomp  any kernel  %" G_GSIZE_FORMAT " bytes\n", "proved",
               file->name, g_bytes_get_size (file->content));
}

/* ", 2 seccomp profiles proved", where there are any. */
static char *
tell_seccomp (guint count)
{
  g_autofree char *profiles = aak_count (count, "seccomp profile");
  return count > 0 ? g_strdup_printf (", %s proved", profiles) : g_strdup ("");
}

void
aak_build_report_current (AakCli *cli, const char *output, guint64 compiled)
{
  g_autofree char *shown = aak_escape (output, strlen (output));
  aak_cli_out (cli, "%s: nothing to change: %" G_GUINT64_FORMAT " compiled as wanted\n", shown,
               compiled);
}

void
aak_build_report_text (AakCli *cli, const AakBuildReport *report)
{
  guint compiled = 0, unchanged = 0, seccomp = 0;
  for (guint i = 0; i < report->jobs->len; i++)
    {
      const AakBuildJob *job = report->jobs->pdata[i];
      seccomp += job->seccomp != NULL;
      if (report->changed && job->seccomp != NULL)
        print_seccomp (cli, job->seccomp);
      if (job->policies == NULL)
        continue;
      *(job->reused ? &unchanged : &compiled) += job->policies->len;
      if (report->changed)
        print_profiles (cli, job);
    }
  if (!report->changed)
    {
      aak_build_report_current (cli, report->output, compiled + unchanged + seccomp);
      return;
    }
  g_autofree char *shown = aak_escape (report->output, strlen (report->output));
  g_autofree char *more = tell_seccomp (seccomp);
  aak_cli_out (cli, "%s: %u compiled, %u unchanged%s\n", shown, compiled, unchanged, more);
}

/* --- JSON ------------------------------------------------------------------------------------ */

static void
put_text (AakJson *json, const char *key, const char *text)
{
  g_autofree char *safe = g_utf8_make_valid (text, -1);
  aak_json_add_text (json, key, safe);
}

static void
put_profiles (AakJson *json, const AakBuildJob *job)
{
  for (guint i = 0; job->policies != NULL && i < job->policies->len; i++)
    {
      const AakPolicy *policy = job->policies->pdata[i];
      aak_json_begin_object (json);
      put_text (json, "name", policy->name);
      put_text (json, "mode", aak_mode_name (policy->mode));
      put_text (json, "features", aak_features_id (job->features));
      aak_json_add_uint (json, "size", g_bytes_get_size (policy->blob));
      aak_json_add_flag (json, "compiled", !job->reused);
      aak_json_end_object (json);
    }
}

static void
put_seccomp (AakJson *json, const AakBuildJob *job)
{
  if (job->seccomp == NULL)
    return;
  aak_json_begin_object (json);
  put_text (json, "name", job->seccomp->name);
  put_text (json, "sha256", job->seccomp->sha256);
  aak_json_add_uint (json, "size", g_bytes_get_size (job->seccomp->content));
  aak_json_end_object (json);
}

/* A message, of the parser or about the whole text. */
static void
put_message (AakJson *json, const AakBuildJob *job, const AakCompilerMessage *message)
{
  aak_json_begin_object (json);
  put_text (json, "file", message->file);
  if (message->line > 0)
    {
      aak_json_add_uint (json, "line", message->line);
      aak_json_add_uint (json, "column", message->column);
    }
  put_text (json, "message", message->what);
  if (job->features != NULL)
    put_text (json, "features", aak_features_id (job->features));
  aak_json_end_object (json);
}

static void
put_messages (AakJson *json, const AakBuildJob *job)
{
  for (guint i = 0; job->messages != NULL && i < job->messages->len; i++)
    put_message (json, job, job->messages->pdata[i]);
}

static void
put_errors (AakJson *json, const AakBuildJob *job)
{
  if (job->error == NULL)
    return;
  if (job->messages != NULL && job->messages->len > 0)
    {
      put_messages (json, job);
      return;
    }
  g_autofree char *file = aak_escape (job->path, strlen (job->path));
  AakCompilerMessage message = { .file = file, .what = job->error->message };
  put_message (json, job, &message);
}

static void
put_warnings (AakJson *json, const AakBuildJob *job)
{
  if (job->error == NULL)
    put_messages (json, job);
}

typedef void (*PutJob) (AakJson *json, const AakBuildJob *job);

static void
put_list (AakJson *json, const char *key, GPtrArray *jobs, PutJob put)
{
  aak_json_set_member_name (json, key);
  aak_json_begin_array (json);
  for (guint i = 0; i < jobs->len; i++)
    put (json, jobs->pdata[i]);
  aak_json_end_array (json);
}

void
aak_build_report_json (AakCli *cli, const AakBuildReport *report)
{
  g_autoptr (AakJson) json = aak_json_new ();
  aak_json_begin_object (json);
  put_text (json, "schema", "aakit/build/1");
  aak_json_add_flag (json, "written", report->written);
  aak_json_add_flag (json, "changed", report->changed);
  put_list (json, "profiles", report->jobs, put_profiles);
  put_list (json, "seccomp", report->jobs, put_seccomp);
  put_list (json, "warnings", report->jobs, put_warnings);
  put_list (json, "errors", report->jobs, put_errors);
  aak_json_end_object (json);
  aak_cli_out_json (cli, json);
}
