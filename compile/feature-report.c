/* SPDX-License-Identifier: GPL-2.0-or-later
 * Printing lists of feature sets, and what differs between two. */
#include "config.h"

#include "compile/feature-report.h"

#include "lib/feature-leaves.h"
#include "lib/features-shipped.h"
#include "lib/json.h"
#include "lib/term-block.h"

static void
put (AakJson *json, const char *key, const char *text)
{
  if (text == NULL)
    return;
  aak_json_add_text (json, key, text);
}

static AakJson *
begin (const char *schema, const char *list)
{
  AakJson *json = aak_json_new ();
  aak_json_begin_object (json);
  put (json, "schema", schema);
  aak_json_set_member_name (json, list);
  aak_json_begin_array (json);
  return json;
}

static void
end (AakCli *cli, AakJson *json)
{
  aak_json_end_array (json);
  aak_json_end_object (json);
  aak_cli_out_json (cli, json);
}

/* --- the list -------------------------------------------------------------------------------- */

static void
put_shipped (AakJson *json, const AakShippedFeatures *set)
{
  aak_json_begin_object (json);
  put (json, "name", set->name);
  put (json, "id", aak_features_id (set->features));
  put (json, "from", set->from);
  aak_json_end_object (json);
}

#define NAME_COLUMNS 18
#define FROM_COLUMN  (NAME_COLUMNS + 1 + AAK_FEATURES_ID_LEN + 2)

void
aak_feature_report_list (AakCli *cli)
{
  const GPtrArray *all = aak_features_shipped ();
  g_autoptr (AakJson) json = begin ("aakit/feature-list/1", "features");
  for (guint i = 0; i < all->len; i++)
    {
      const AakShippedFeatures *set = all->pdata[i];
      put_shipped (json, set);
      g_autofree char *from = aak_term_wrap_out (set->from, FROM_COLUMN);
      if (!aak_cli_json (cli))
        aak_cli_out (cli, "%-*s %s  %s\n", NAME_COLUMNS, set->name, aak_features_id (set->features),
                     from);
    }
  if (aak_cli_json (cli))
    end (cli, json);
}

/* --- the difference -------------------------------------------------------------------------- */

static const char *const kinds[] = {
  [AAK_FEATURE_LACKS] = "lacks",
  [AAK_FEATURE_MORE] = "more",
  [AAK_FEATURE_DIFFERS] = "differs",
};

static void
print_change (AakCli *cli, const AakFeatureChange *change)
{
  const char *one = change->first != NULL ? change->first : change->second;
  aak_cli_out (cli, "%-7s  %s: %s", kinds[change->kind], change->path, one);
  if (change->kind == AAK_FEATURE_DIFFERS)
    aak_cli_out (cli, " -> %s", change->second);
  aak_cli_out (cli, "\n");
}

static void
put_change (AakJson *json, const AakFeatureChange *change)
{
  aak_json_begin_object (json);
  put (json, "kind", kinds[change->kind]);
  put (json, "path", change->path);
  put (json, "first", change->first);
  put (json, "second", change->second);
  aak_json_end_object (json);
}

gboolean
aak_feature_report_compare (AakCli *cli, const AakFeatures *first, const AakFeatures *second)
{
  g_autoptr (GPtrArray) changes = aak_feature_changes (first, second);
  g_autoptr (AakJson) json = begin ("aakit/feature-changes/1", "changes");
  for (guint i = 0; i < changes->len; i++)
    {
      put_change (json, changes->pdata[i]);
      if (!aak_cli_json (cli))
        print_change (cli, changes->pdata[i]);
    }
  if (aak_cli_json (cli))
    end (cli, json);
  else if (changes->len == 0)
    aak_cli_out (cli, "the same\n");
  return changes->len == 0;
}
