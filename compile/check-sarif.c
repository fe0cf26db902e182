/* SPDX-License-Identifier: GPL-2.0-or-later
 * Findings as SARIF 2.1.0. */
#include "config.h"

#include "compile/check-report.h"
#include "lib/json.h"

#include <string.h>

#define SCHEMA \
  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

static void
begin_object (AakJson *json, const char *member)
{
  aak_json_set_member_name (json, member);
  aak_json_begin_object (json);
}

static void
begin_array (AakJson *json, const char *member)
{
  aak_json_set_member_name (json, member);
  aak_json_begin_array (json);
}

/* {"text": ...}, the form of every message. */
static void
put_message (AakJson *json, const char *member, const char *text)
{
  begin_object (json, member);
  aak_json_add_text (json, "text", text);
  aak_json_end_object (json);
}

/* --- the tool ----------------------------------------------------------------------------------
 */

static void
put_rule (AakJson *json, const AakFindingKind *kind)
{
  aak_json_begin_object (json);
  aak_json_add_text (json, "id", kind->id);
  put_message (json, "shortDescription", kind->why);
  put_message (json, "help", kind->hint);
  begin_object (json, "defaultConfiguration");
  aak_json_add_text (json, "level", aak_severity_name (kind->severity));
  aak_json_end_object (json);
  aak_json_end_object (json);
}

static void
put_tool (AakJson *json)
{
  begin_object (json, "tool");
  begin_object (json, "driver");
  aak_json_add_text (json, "name", "aa-compile check");
  aak_json_add_text (json, "version", PACKAGE_VERSION);
  begin_array (json, "rules");
  for (guint id = 0; id < AAK_FINDING_N; id++)
    put_rule (json, aak_finding_kind ((AakFindingId) id));
  aak_json_end_array (json);
  aak_json_end_object (json);
  aak_json_end_object (json);
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
put_location (AakJson *json, AakPolicyPlace place)
{
  AakPolicyPosition position = aak_policy_place_position (place);
  g_autofree char *uri = uri_of (place.source->path);
  aak_json_begin_object (json);
  begin_object (json, "physicalLocation");
  begin_object (json, "artifactLocation");
  aak_json_add_text (json, "uri", uri);
  aak_json_end_object (json);
  begin_object (json, "region");
  aak_json_add_uint (json, "startLine", position.line);
  aak_json_add_uint (json, "startColumn", position.column);
  aak_json_add_uint (json, "endColumn", position.end_column);
  aak_json_end_object (json);
  aak_json_end_object (json);
  aak_json_end_object (json);
}

static void
put_suppression (AakJson *json, const char *reason)
{
  begin_array (json, "suppressions");
  aak_json_begin_object (json);
  aak_json_add_text (json, "kind", "inSource");
  aak_json_add_text (json, "justification", reason);
  aak_json_end_object (json);
  aak_json_end_array (json);
}

static void
put_result (AakJson *json, const AakCheck *check, const AakFinding *finding)
{
  const AakFindingKind *kind = aak_finding_kind (finding->id);
  const char *hint = finding->hint != NULL ? finding->hint : kind->hint;
  g_autofree char *text = g_strdup_printf ("%s. Hint: %s", finding->message, hint);
  aak_json_begin_object (json);
  aak_json_add_text (json, "ruleId", kind->id);
  aak_json_add_uint (json, "ruleIndex", (guint) finding->id);
  aak_json_add_text (json, "level", aak_severity_name (kind->severity));
  put_message (json, "message", text);
  begin_array (json, "locations");
  put_location (json, finding->place);
  aak_json_end_array (json);
  if (finding->other.source != NULL)
    {
      begin_array (json, "relatedLocations");
      put_location (json, finding->other);
      aak_json_end_array (json);
    }
  if (finding->silenced != NULL)
    put_suppression (json, finding->silenced);
  g_autoptr (GPtrArray) only = aak_check_only_for (check, finding);
  if (only != NULL)
    {
      begin_object (json, "properties");
      aak_json_add_texts (json, "only_for", only);
      aak_json_end_object (json);
    }
  aak_json_end_object (json);
}

/* --- what could not be done ---------------------------------------------------------------------
 */

static void
put_invocation (AakJson *json, const GPtrArray *texts)
{
  gboolean ok = TRUE;
  aak_json_begin_object (json);
  begin_array (json, "toolExecutionNotifications");
  for (guint i = 0; i < texts->len; i++)
    {
      const AakCheckText *one = texts->pdata[i];
      if (one->error == NULL)
        continue;
      ok = FALSE;
      aak_json_begin_object (json);
      aak_json_add_text (json, "level", "error");
      put_message (json, "message", one->error->message);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
  aak_json_add_flag (json, "executionSuccessful", ok);
  aak_json_end_object (json);
}

static void
put_run (AakJson *json, const AakCheck *check)
{
  const GPtrArray *texts = aak_check_texts (check);
  aak_json_begin_object (json);
  put_tool (json);
  aak_json_add_text (json, "columnKind", "unicodeCodePoints");
  begin_array (json, "invocations");
  put_invocation (json, texts);
  aak_json_end_array (json);
  begin_array (json, "results");
  for (guint i = 0; i < texts->len; i++)
    {
      const AakCheckText *one = texts->pdata[i];
      for (guint k = 0; k < one->findings->len; k++)
        put_result (json, check, one->findings->pdata[k]);
    }
  aak_json_end_array (json);
  aak_json_end_object (json);
}

void
aak_check_report_sarif (AakCli *cli, const AakCheck *check)
{
  g_autoptr (AakJson) json = aak_json_new ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "$schema", SCHEMA);
  aak_json_add_text (json, "version", "2.1.0");
  begin_array (json, "runs");
  put_run (json, check);
  aak_json_end_array (json);
  aak_json_end_object (json);
  aak_cli_out_json (cli, json);
}
