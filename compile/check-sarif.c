/* SPDX-License-Identifier: GPL-2.0-or-later
 * Findings as SARIF 2.1.0. */
#include "config.h"

#include "compile/check-report.h"
#include "lib/json.h"

#include <string.h>

#define SCHEMA \
  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

static void
begin_object (JsonBuilder *json, const char *member)
{
  json_builder_set_member_name (json, member);
  json_builder_begin_object (json);
}

static void
begin_array (JsonBuilder *json, const char *member)
{
  json_builder_set_member_name (json, member);
  json_builder_begin_array (json);
}

/* {"text": ...}, the form of every message. */
static void
put_message (JsonBuilder *json, const char *member, const char *text)
{
  begin_object (json, member);
  aak_json_add_text (json, "text", text);
  json_builder_end_object (json);
}

/* --- the tool ----------------------------------------------------------------------------------
 */

static void
put_rule (JsonBuilder *json, const AakFindingKind *kind)
{
  json_builder_begin_object (json);
  aak_json_add_text (json, "id", kind->id);
  put_message (json, "shortDescription", kind->why);
  put_message (json, "help", kind->hint);
  begin_object (json, "defaultConfiguration");
  aak_json_add_text (json, "level", aak_severity_name (kind->severity));
  json_builder_end_object (json);
  json_builder_end_object (json);
}

static void
put_tool (JsonBuilder *json)
{
  begin_object (json, "tool");
  begin_object (json, "driver");
  aak_json_add_text (json, "name", "aa-compile check");
  aak_json_add_text (json, "version", PACKAGE_VERSION);
  begin_array (json, "rules");
  for (guint id = 0; id < AAK_FINDING_N; id++)
    put_rule (json, aak_finding_kind ((AakFindingId) id));
  json_builder_end_array (json);
  json_builder_end_object (json);
  json_builder_end_object (json);
}

/* --- results -----------------------------------------------------------------------------------
 */

/* A relative reference, or a file URI for an absolute path. */
static char *
uri_of (const char *path)
{
  g_autofree char *escaped = g_uri_escape_bytes ((const guint8 *) path, strlen (path), "/");
  return g_strconcat (g_path_is_absolute (path) ? "file://" : "", escaped, NULL);
}

static void
put_location (JsonBuilder *json, AakPolicyPlace place)
{
  AakPolicyPosition position = aak_policy_place_position (place);
  g_autofree char *uri = uri_of (place.source->path);
  json_builder_begin_object (json);
  begin_object (json, "physicalLocation");
  begin_object (json, "artifactLocation");
  aak_json_add_text (json, "uri", uri);
  json_builder_end_object (json);
  begin_object (json, "region");
  aak_json_add_uint (json, "startLine", position.line);
  aak_json_add_uint (json, "startColumn", position.column);
  aak_json_add_uint (json, "endColumn", position.end_column);
  json_builder_end_object (json);
  json_builder_end_object (json);
  json_builder_end_object (json);
}

static void
put_suppression (JsonBuilder *json, const char *reason)
{
  begin_array (json, "suppressions");
  json_builder_begin_object (json);
  aak_json_add_text (json, "kind", "inSource");
  aak_json_add_text (json, "justification", reason);
  json_builder_end_object (json);
  json_builder_end_array (json);
}

static void
put_result (JsonBuilder *json, const AakCheck *check, const AakFinding *finding)
{
  const AakFindingKind *kind = aak_finding_kind (finding->id);
  const char *hint = finding->hint != NULL ? finding->hint : kind->hint;
  g_autofree char *text = g_strdup_printf ("%s. Hint: %s", finding->message, hint);
  json_builder_begin_object (json);
  aak_json_add_text (json, "ruleId", kind->id);
  aak_json_add_uint (json, "ruleIndex", (guint) finding->id);
  aak_json_add_text (json, "level", aak_severity_name (kind->severity));
  put_message (json, "message", text);
  begin_array (json, "locations");
  put_location (json, finding->place);
  json_builder_end_array (json);
  if (finding->other.source != NULL)
    {
      begin_array (json, "relatedLocations");
      put_location (json, finding->other);
      json_builder_end_array (json);
    }
  if (finding->silenced != NULL)
    put_suppression (json, finding->silenced);
  g_autoptr (GPtrArray) only = aak_check_only_for (check, finding);
  if (only != NULL)
    {
      begin_object (json, "properties");
      aak_json_add_texts (json, "only_for", only);
      json_builder_end_object (json);
    }
  json_builder_end_object (json);
}

/* --- what could not be done ---------------------------------------------------------------------
 */

static void
put_invocation (JsonBuilder *json, const GPtrArray *texts)
{
  gboolean ok = TRUE;
  json_builder_begin_object (json);
  begin_array (json, "toolExecutionNotifications");
  for (guint i = 0; i < texts->len; i++)
    {
      const AakCheckText *one = texts->pdata[i];
      if (one->error == NULL)
        continue;
      ok = FALSE;
      json_builder_begin_object (json);
      aak_json_add_text (json, "level", "error");
      put_message (json, "message", one->error->message);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
  aak_json_add_flag (json, "executionSuccessful", ok);
  json_builder_end_object (json);
}

static void
put_run (JsonBuilder *json, const AakCheck *check)
{
  const GPtrArray *texts = aak_check_texts (check);
  json_builder_begin_object (json);
  put_tool (json);
  aak_json_add_text (json, "columnKind", "unicodeCodePoints");
  begin_array (json, "invocations");
  put_invocation (json, texts);
  json_builder_end_array (json);
  begin_array (json, "results");
  for (guint i = 0; i < texts->len; i++)
    {
      const AakCheckText *one = texts->pdata[i];
      for (guint k = 0; k < one->findings->len; k++)
        put_result (json, check, one->findings->pdata[k]);
    }
  json_builder_end_array (json);
  json_builder_end_object (json);
}

void
aak_check_report_sarif (AakCli *cli, const AakCheck *check)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_object (json);
  aak_json_add_text (json, "$schema", SCHEMA);
  aak_json_add_text (json, "version", "2.1.0");
  begin_array (json, "runs");
  put_run (json, check);
  json_builder_end_array (json);
  json_builder_end_object (json);
  aak_cli_out_json (cli, json_builder_get_root (json));
}
