/* SPDX-License-Identifier: GPL-2.0-or-later
 * Lines of a watch. Each is flushed: who reads them waits for them. */
#include "config.h"

#include "register/watch-report.h"

#include "lib/json.h"
#include "register/plan.h"

#include <stdio.h>

static const char *const event_names[] = { "generation", "drift", "failed", "stopped" };

static AakJson *
begin_json (AakWatchEvent event)
{
  AakJson *json = aak_json_new_line ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/watch/1");
  aak_json_add_text (json, "event", event_names[event]);
  aak_json_add_uint (json, "time", g_get_real_time () / 1000);
  return json;
}

/* Ends @json, prints it on one line, and frees it. */
static void
end_json (AakCli *cli, AakJson *json)
{
  aak_json_end_object (json);
  aak_cli_out_json (cli, json);
  aak_json_free (json);
}

static void
add_step (AakJson *json, const AakStep *step)
{
  aak_json_begin_object (json);
  aak_json_add_bytes (json, "name", step->name);
  aak_json_add_text (json, "action", aak_action_name (step->action));
  aak_json_add_text (json, "mode", aak_plan_what (step));
  aak_json_end_object (json);
}

static void
print_json (AakCli *cli, AakWatchEvent event, GPtrArray *steps, gint64 microseconds)
{
  AakJson *json = begin_json (event);
  aak_json_add_uint (json, "microseconds", microseconds);
  aak_json_add_uint (json, "unchanged", aak_plan_count (steps, AAK_ACTION_KEEP));
  aak_json_set_member_name (json, "profiles");
  aak_json_begin_array (json);
  for (guint i = 0; i < steps->len; i++)
    if (((const AakStep *) steps->pdata[i])->action != AAK_ACTION_KEEP)
      add_step (json, steps->pdata[i]);
  aak_json_end_array (json);
  end_json (cli, json);
}

/* What was done about @step, a seccomp profile. */
static const char *
tell_seccomp (AakWatchEvent event, const AakStep *step)
{
  if (step->action == AAK_ACTION_PRUNE)
    return "is no longer named: removed";
  if (step->action == AAK_ACTION_WORN)
    return "is no longer named, but may be in use: stays";
  if (event == AAK_WATCH_DRIFT)
    return step->action == AAK_ACTION_ADD ? "was removed: placed again" : "was changed: put back";
  return step->action == AAK_ACTION_ADD ? "placed" : "replaced";
}

/* What was done about @step. */
static const char *
tell_step (AakWatchEvent event, const AakStep *step)
{
  if (step->kind == AAK_KIND_SECCOMP)
    return tell_seccomp (event, step);
  if (step->action == AAK_ACTION_PRUNE)
    return "is no longer named: unloaded";
  if (step->action == AAK_ACTION_WORN)
    return "is no longer named, but tasks wear it: stays";
  if (event == AAK_WATCH_DRIFT)
    return step->action == AAK_ACTION_ADD ? "was unloaded: loaded again" : "was changed: put back";
  return step->action == AAK_ACTION_ADD ? "added" : "replaced";
}

static void
print_text (AakCli *cli, AakWatchEvent event, GPtrArray *steps, gint64 microseconds)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const AakStep *step = steps->pdata[i];
      if (step->action != AAK_ACTION_KEEP)
        aak_cli_out (cli, "%-10s  %s  %s  %s\n", event_names[event], step->name,
                     aak_plan_what (step), tell_step (event, step));
    }
  aak_cli_out (cli, "%-10s  %u of %u profiles changed, in %.1f ms\n", event_names[event],
               aak_plan_changes (steps), steps->len, (double) microseconds / 1000);
}

void
aak_watch_report_steps (AakCli *cli, AakWatchEvent event, GPtrArray *steps, gint64 microseconds)
{
  if (aak_cli_json (cli))
    print_json (cli, event, steps, microseconds);
  else
    print_text (cli, event, steps, microseconds);
  fflush (stdout);
}

void
aak_watch_report_message (AakCli *cli, AakWatchEvent event, const char *message)
{
  if (aak_cli_json (cli))
    {
      AakJson *json = begin_json (event);
      aak_json_add_text (json, "message", message);
      end_json (cli, json);
    }
  else if (event == AAK_WATCH_FAILED)
    aak_cli_warn (cli, "%s", message);
  else
    aak_cli_out (cli, "%-10s  %s\n", event_names[event], message);
  fflush (stdout);
}
