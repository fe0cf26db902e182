/* SPDX-License-Identifier: GPL-2.0-or-later
 * A status as a document (aakit/status/1). */
#include "config.h"

#include "register/status-print.h"

#include "lib/json.h"
#include "register/pod-json.h"

static void
add_tasks (AakJson *json, const GArray *tasks)
{
  aak_json_add_uint (json, "tasks", tasks->len);
  aak_json_set_member_name (json, "worn-by");
  aak_json_begin_array (json);
  for (guint i = 0; i < tasks->len; i++)
    {
      AakStatusTask task = g_array_index (tasks, AakStatusTask, i);
      aak_json_begin_object (json);
      aak_json_add_uint (json, "pid", task.task->pid);
      aak_json_add_text (json, "comm", task.task->comm);
      aak_json_add_bytes (json, "label", task.task->label);
      if (task.container != NULL)
        aak_pod_json_add (json, task.container);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
}

static void
add_lacking (AakJson *json, const AakStatusRow *row)
{
  aak_json_set_member_name (json, "wanted-by");
  aak_json_begin_array (json);
  for (guint i = 0; i < row->lacking->len; i++)
    {
      const AakContainer *container = row->lacking->pdata[i];
      aak_json_begin_object (json);
      aak_pod_json_add (json, container);
      aak_json_add_flag (json, "created", container->bundle != NULL);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
}

static void
add_row (AakJson *json, const AakStatusRow *row)
{
  const AakLoaded *loaded = row->loaded;
  aak_json_begin_object (json);
  aak_json_add_bytes (json, "name", row->name);
  aak_json_add_text (json, "state", aak_status_state_name (row->state));
  aak_json_add_text (json, "kind", row->seccomp != NULL ? "seccomp" : "apparmor");
  if (row->seccomp != NULL && row->state == AAK_STATUS_LOADED)
    {
      g_autofree char *hash = g_strconcat ("sha256:", row->seccomp->sha256, NULL);
      aak_json_add_text (json, "hash", hash);
    }
  if (loaded != NULL)
    aak_json_add_text (json, "mode", aak_mode_name (loaded->mode));
  if (loaded != NULL && loaded->hash != NULL)
    aak_json_add_text (json, "hash", loaded->hash);
  if (loaded != NULL && loaded->changed > 0)
    {
      g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (loaded->changed);
      g_autofree char *since = time != NULL ? g_date_time_format (time, "%FT%TZ") : NULL;
      if (since != NULL)
        aak_json_add_text (json, "since", since);
    }
  add_tasks (json, row->tasks);
  add_lacking (json, row);
  aak_json_end_object (json);
}

static void
add_counts (AakJson *json, const AakStatus *status)
{
  aak_json_set_member_name (json, "counts");
  aak_json_begin_object (json);
  for (guint i = 0; i < AAK_STATUS_ABSENT; i++)
    aak_json_add_uint (json, aak_status_state_name (i), status->counts[i]);
  aak_json_end_object (json);
  aak_json_add_uint (json, "others",
                     status->counts[AAK_STATUS_FOREIGN] + status->counts[AAK_STATUS_LEARNING]);
  aak_json_add_uint (json, "lacking", status->lacking);
}

void
aak_status_print_json (AakCli *cli, const AakStatus *status, const GPtrArray *rows)
{
  g_autoptr (AakJson) json = aak_json_new ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/status/1");
  aak_json_set_member_name (json, "profiles");
  aak_json_begin_array (json);
  for (guint i = 0; i < rows->len; i++)
    add_row (json, rows->pdata[i]);
  aak_json_end_array (json);
  add_counts (json, status);
  aak_json_add_uint (json, "hidden", status->hidden);
  aak_json_add_text (json, "blind-spot", status->blind_spot);
  aak_json_add_text (json, "log-problem", status->log_problem);
  aak_json_end_object (json);
  aak_cli_out_json (cli, json);
}
