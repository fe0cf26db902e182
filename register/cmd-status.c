/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-register status: is what was registered still what the kernel holds, and who wears it. */
#include "config.h"

#include "lib/error.h"
#include "lib/json.h"
#include "lib/store.h"
#include "register/cmd.h"
#include "register/report.h"

#include <string.h>

typedef enum
{
  STATE_LOADED,
  STATE_DRIFTED,
  STATE_MISSING,
  N_STATES,
} State;

static const char *const state_names[N_STATES] = { "loaded", "drifted", "missing" };

/* One registered profile. */
typedef struct
{
  const AakStoreEntry *entry;
  const AakLoaded *loaded; /* NULL: missing */
  State state;
  guint tasks;
} Row;

static gboolean
part_is_loaded (GPtrArray *actual, const AakStorePart *part)
{
  const AakLoaded *loaded = aak_lsm_find (actual, part->name);
  if (loaded == NULL || loaded->hash == NULL)
    return FALSE;
  const char *hex = strchr (loaded->hash, ':') + 1;
  return strcmp (hex, g_str_has_prefix (loaded->hash, "sha1:") ? part->sha1 : part->sha256) == 0;
}

static State
judge (GPtrArray *actual, const Row *row)
{
  if (row->loaded == NULL)
    return STATE_MISSING;
  if (row->loaded->mode != row->entry->mode)
    return STATE_DRIFTED;
  for (guint i = 0; i < row->entry->parts->len; i++)
    if (!part_is_loaded (actual, row->entry->parts->pdata[i]))
      return STATE_DRIFTED;
  return STATE_LOADED;
}

static GPtrArray *
make_rows (AakLsm *lsm, AakStore *store, GPtrArray *actual, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *entries = aak_store_entries (store);
  for (guint i = 0; i < entries->len; i++)
    {
      Row *row = g_new0 (Row, 1);
      g_ptr_array_add (rows, row);
      row->entry = entries->pdata[i];
      row->loaded = aak_lsm_find (actual, row->entry->name);
      row->state = judge (actual, row);
      g_autoptr (GPtrArray) wearers = aak_lsm_wearers (lsm, row->entry->name, error);
      if (wearers == NULL)
        return NULL;
      row->tasks = wearers->len;
    }
  return g_steal_pointer (&rows);
}

static void
print_text (AakCli *cli, GPtrArray *rows, const guint counts[N_STATES], guint others)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = rows->pdata[i];
      const char *hash = row->loaded != NULL && row->loaded->hash != NULL ? row->loaded->hash : "-";
      aak_cli_out (cli, "%-7s  %s  %s  %s  %u %s\n", state_names[row->state], row->entry->name,
                   row->loaded != NULL ? aak_mode_name (row->loaded->mode) : "-", hash, row->tasks,
                   row->tasks == 1 ? "task" : "tasks");
    }
  aak_cli_out (
      cli, "%u registered: %u loaded, %u drifted, %u missing; %u other profiles in the kernel\n",
      rows->len, counts[STATE_LOADED], counts[STATE_DRIFTED], counts[STATE_MISSING], others);
}

static void
print_json (AakCli *cli, GPtrArray *rows, guint others)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/status/1");
  json_builder_set_member_name (json, "profiles");
  json_builder_begin_array (json);
  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = rows->pdata[i];
      json_builder_begin_object (json);
      aak_json_add_text (json, "name", row->entry->name);
      aak_json_add_text (json, "state", state_names[row->state]);
      if (row->loaded != NULL)
        aak_json_add_text (json, "mode", aak_mode_name (row->loaded->mode));
      if (row->loaded != NULL && row->loaded->hash != NULL)
        aak_json_add_text (json, "hash", row->loaded->hash);
      aak_json_add_uint (json, "tasks", row->tasks);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
  aak_json_add_uint (json, "others", others);
  json_builder_end_object (json);
  aak_cli_out_json (cli, json_builder_get_root (json));
}

/* Loaded top profiles that are not registered. */
static guint
count_others (GPtrArray *actual, const AakStore *store)
{
  guint others = 0;
  for (guint i = 0; i < actual->len; i++)
    {
      const AakLoaded *loaded = actual->pdata[i];
      if (strstr (loaded->name, "//") == NULL && aak_store_find (store, loaded->name) == NULL)
        others++;
    }
  return others;
}

int
aak_cmd_status (AakCli *cli, int argc, char **argv, GError **error)
{
  if (!aak_cli_parse (cli, NULL, "", "  aa-register status\n  aa-register status --json", &argc,
                      &argv, error)
      || !aak_cli_no_words (argc, argv, error))
    return AAK_EXIT_USAGE;
  g_autoptr (AakLsm) lsm = aak_report_open_lsm (cli, error);
  g_autoptr (AakStore) store = lsm != NULL ? aak_store_read (aak_cli_root (cli), error) : NULL;
  g_autoptr (GPtrArray) actual = store != NULL ? aak_lsm_list (lsm, error) : NULL;
  g_autoptr (GPtrArray) rows = actual != NULL ? make_rows (lsm, store, actual, error) : NULL;
  if (rows == NULL)
    return AAK_EXIT_FAILED;

  guint counts[N_STATES] = { 0 };
  for (guint i = 0; i < rows->len; i++)
    counts[((const Row *) rows->pdata[i])->state]++;
  guint others = count_others (actual, store);
  if (aak_cli_json (cli))
    print_json (cli, rows, others);
  else
    print_text (cli, rows, counts, others);
  return counts[STATE_LOADED] == rows->len ? AAK_EXIT_OK : AAK_EXIT_FINDING;
}
