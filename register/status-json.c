/* SPDX-License-Identifier: GPL-2.0-or-later
 * A status as a document (aakit/status/1). */
#include "config.h"

#include "register/status-print.h"

#include "lib/json.h"
#include "register/pod-json.h"

static void
add_tasks (JsonBuilder *json, const GArray *tasks)
{
  aak_json_add_uint (json, "tasks", tasks->len);
  json_builder_set_member_name (json, "worn-by");
  json_builder_begin_array (json);
  for (guint i = 0; i < tasks->len; i++)
    {
      AakStatusTask task = g_array_index (tasks, AakStatusTask, i);
      json_builder_begin_object (json);
      aak_json_add_uint (json, "pid", task.task->pid);
      aak_json_add_text (json, "comm", task.task->comm);
      aak_json_add_bytes (json, "label", task.task->label);
      if (task.container != NULL)
        aak_pod_json_add (json, task.container);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
}

static void
add_lacking (JsonBuilder *json, const AakStatusRow *row)
{
  json_builder_set_member_name (json, "wanted-by");
  json_builder_begin_array (json);
  for (guint i = 0; i < row->lacking->len; i++)
    {
      const AakContainer *container = row->lacking->pdata[i];
      json_builder_begin_object (json);
      aak_pod_json_add (json, container);
      aak_json_add_flag (json, "created", container->bundle != NULL);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
}

static void
add_row (JsonBuilder *json, const AakStatusRow *row)
{
  const AakLoaded *loaded = row->loaded;
  json_builder_begin_object (json);
  aak_json_add_bytes (json, "name", row->name);
  aak_json_add_text (json, "state", aak_status_state_name (row->state));
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
  json_builder_end_object (json);
}

static void
add_counts (JsonBuilder *json, const AakStatus *status)
{
  json_builder_set_member_name (json, "counts");
  json_builder_begin_object (json);
  for (guint i = 0; i < AAK_STATUS_ABSENT; i++)
    aak_json_add_uint (json, aak_status_state_name (i), status->counts[i]);
  json_builder_end_object (json);
  aak_json_add_uint (json, "others",
                     status->counts[AAK_STATUS_FOREIGN] + status->counts[AAK_STATUS_LEARNING]);
  aak_json_add_uint (json, "lacking", status->lacking);
}

void
aak_status_print_json (AakCli *cli, const AakStatus *status, const GPtrArray *rows)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/status/1");
  json_builder_set_member_name (json, "profiles");
  json_builder_begin_array (json);
  for (guint i = 0; i < rows->len; i++)
    add_row (json, rows->pdata[i]);
  json_builder_end_array (json);
  add_counts (json, status);
  aak_json_add_uint (json, "hidden", status->hidden);
  aak_json_add_text (json, "blind-spot", status->blind_spot);
  aak_json_add_text (json, "log-problem", status->log_problem);
  json_builder_end_object (json);
  aak_cli_out_json (cli, json_builder_get_root (json));
}
