/* SPDX-License-Identifier: GPL-2.0-or-later
 * Findings for people and as JSON. */
#include "config.h"

#include "compile/check-report.h"

#include "lib/count.h"
#include "lib/escape.h"
#include "lib/json.h"
#include "lib/term-block.h"

#include <string.h>

/* How much of a long line is shown. */
#define MAX_SHOWN 160

/* --- the line --------------------------------------------------------------------------------- */

/* @bytes as they are shown: tabs as blanks, and escaped but for backslashes, which many patterns
 * have. */
static char *
shown (const char *bytes, gsize len)
{
  g_autofree char *copy = g_strndup (bytes, len);
  g_strdelimit (copy, "\t", ' ');
  g_auto (GStrv) parts = g_strsplit (copy, "\\", -1);
  for (char **part = parts; *part != NULL; part++)
    {
      g_autofree char *plain = *part;
      *part = aak_escape (plain, strlen (plain));
    }
  return g_strjoinv ("\\", parts);
}

/* The line that the finding is on, and below it a mark. */
static void
print_line (AakCli *cli, const AakFinding *finding)
{
  gsize size = 0;
  guint line = aak_policy_place_position (finding->place).line;
  gsize start = aak_policy_source_line (finding->place.source, line, &size);
  gsize at = CLAMP (finding->place.at, start, start + size);
  gsize end = CLAMP (finding->place.at + finding->place.size, at, start + size);
  const char *bytes = g_bytes_get_data (finding->place.source->text, NULL);
  gsize from = at - start > MAX_SHOWN / 2 ? at - MAX_SHOWN / 2 : start;
  gsize to = MIN (start + size, from + MAX_SHOWN);
  if (from == to)
    return;
  g_autofree char *before = shown (bytes + from, at - from);
  g_autofree char *marked = shown (bytes + at, MIN (end, to) - at);
  g_autofree char *after = shown (bytes + MIN (end, to), to - MIN (end, to));
  glong width = g_utf8_strlen (marked, -1);
  g_autofree char *tail = g_strnfill ((gsize) (width > 1 ? width - 1 : 0), '~');
  aak_cli_out (cli, "  %s%s%s\n  %*s^%s\n", before, marked, after, (int) g_utf8_strlen (before, -1),
               "", tail);
}

/* --- text ------------------------------------------------------------------------------------- */

static char *
place_text (AakPolicyPlace place)
{
  AakPolicyPosition position = aak_policy_place_position (place);
  g_autofree char *path = aak_escape (place.source->path, strlen (place.source->path));
  return g_strdup_printf ("%s:%u:%u", path, position.line, position.column);
}

static const char *
hint_of (const AakFinding *finding)
{
  return finding->hint != NULL ? finding->hint : aak_finding_kind (finding->id)->hint;
}

/* "debian-12-6.1, debian-13-6.12": the feature sets of a finding that is not for all; else NULL. */
static char *
only_text (const AakCheck *check, const AakFinding *finding)
{
  g_autoptr (GPtrArray) only = aak_check_only_for (check, finding);
  if (only == NULL)
    return NULL;
  g_ptr_array_add (only, NULL);
  return g_strjoinv (", ", (char **) only->pdata);
}

static void
print_finding (AakCli *cli, const AakCheck *check, const AakFinding *finding)
{
  const AakFindingKind *kind = aak_finding_kind (finding->id);
  g_autofree char *place = place_text (finding->place);
  aak_cli_out (cli, "%s: %s: %s [%s]\n", place, aak_severity_name (kind->severity),
               finding->message, kind->id);
  print_line (cli, finding);
  if (finding->other.source != NULL)
    {
      g_autofree char *other = place_text (finding->other);
      aak_cli_out (cli, "  see: %s\n", other);
    }
  g_autofree char *only = only_text (check, finding);
  if (only != NULL)
    aak_cli_out (cli, "  only for: %s\n", only);
  g_autofree char *why = aak_term_wrap_out (kind->why, strlen ("  reason: "));
  aak_cli_out (cli, "  reason: %s\n  hint: %s\n", why, hint_of (finding));
  if (finding->silenced != NULL)
    aak_cli_out (cli, "  silenced: %s\n", finding->silenced);
}

void
aak_check_report_text (AakCli *cli, const AakCheck *check, gboolean silenced)
{
  const GPtrArray *texts = aak_check_texts (check);
  for (guint i = 0; i < texts->len; i++)
    {
      const AakCheckText *one = texts->pdata[i];
      for (guint k = 0; k < one->findings->len; k++)
        {
          const AakFinding *finding = one->findings->pdata[k];
          if (finding->silenced == NULL || silenced)
            print_finding (cli, check, finding);
        }
    }
  g_autofree char *files = aak_count (texts->len, "file");
  g_autofree char *errors = aak_count (aak_check_count (check, AAK_SEVERITY_ERROR), "error");
  g_autofree char *warnings = aak_count (aak_check_count (check, AAK_SEVERITY_WARNING), "warning");
  g_autofree char *notes = aak_count (aak_check_count (check, AAK_SEVERITY_NOTE), "note");
  aak_cli_out (cli, "%s: %s, %s, %s, %u silenced\n", files, errors, warnings, notes,
               aak_check_count_silenced (check));
}

/* --- JSON --------------------------------------------------------------------------------------
 */

static void
put_place (AakJson *json, AakPolicyPlace place)
{
  AakPolicyPosition position = aak_policy_place_position (place);
  g_autofree char *path = aak_escape (place.source->path, strlen (place.source->path));
  aak_json_add_text (json, "path", path);
  aak_json_add_uint (json, "line", position.line);
  aak_json_add_uint (json, "column", position.column);
  aak_json_add_uint (json, "end_column", position.end_column);
}

static void
put_finding (AakJson *json, const AakCheck *check, const AakFinding *finding)
{
  const AakFindingKind *kind = aak_finding_kind (finding->id);
  aak_json_begin_object (json);
  aak_json_add_text (json, "id", kind->id);
  aak_json_add_text (json, "severity", aak_severity_name (kind->severity));
  put_place (json, finding->place);
  aak_json_add_text (json, "message", finding->message);
  aak_json_add_text (json, "reason", kind->why);
  aak_json_add_text (json, "hint", hint_of (finding));
  if (finding->other.source != NULL)
    {
      aak_json_set_member_name (json, "see");
      aak_json_begin_object (json);
      put_place (json, finding->other);
      aak_json_end_object (json);
    }
  g_autoptr (GPtrArray) only = aak_check_only_for (check, finding);
  if (only != NULL)
    aak_json_add_texts (json, "only_for", only);
  if (finding->silenced != NULL)
    aak_json_add_text (json, "silenced", finding->silenced);
  aak_json_end_object (json);
}

static void
put_file (AakJson *json, const AakCheckText *one)
{
  g_autofree char *path = aak_escape (one->path, strlen (one->path));
  aak_json_begin_object (json);
  aak_json_add_text (json, "path", path);
  aak_json_add_flag (json, "compiled", one->compiled);
  if (one->error != NULL)
    aak_json_add_text (json, "error", one->error->message);
  aak_json_end_object (json);
}

void
aak_check_report_json (AakCli *cli, const AakCheck *check)
{
  const GPtrArray *texts = aak_check_texts (check);
  g_autoptr (AakJson) json = aak_json_new ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/check/1");
  aak_json_set_member_name (json, "files");
  aak_json_begin_array (json);
  for (guint i = 0; i < texts->len; i++)
    put_file (json, texts->pdata[i]);
  aak_json_end_array (json);
  aak_json_set_member_name (json, "findings");
  aak_json_begin_array (json);
  for (guint i = 0; i < texts->len; i++)
    {
      const AakCheckText *one = texts->pdata[i];
      for (guint k = 0; k < one->findings->len; k++)
        put_finding (json, check, one->findings->pdata[k]);
    }
  aak_json_end_array (json);
  aak_json_add_uint (json, "errors", aak_check_count (check, AAK_SEVERITY_ERROR));
  aak_json_add_uint (json, "warnings", aak_check_count (check, AAK_SEVERITY_WARNING));
  aak_json_add_uint (json, "notes", aak_check_count (check, AAK_SEVERITY_NOTE));
  aak_json_add_uint (json, "silenced", aak_check_count_silenced (check));
  aak_json_end_object (json);
  aak_cli_out_json (cli, json);
}

/* --- the list ----------------------------------------------------------------------------------
 */

static void
list_as_json (AakCli *cli)
{
  g_autoptr (AakJson) json = aak_json_new ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/findings/1");
  aak_json_set_member_name (json, "findings");
  aak_json_begin_array (json);
  for (guint id = 0; id < AAK_FINDING_N; id++)
    {
      const AakFindingKind *kind = aak_finding_kind ((AakFindingId) id);
      aak_json_begin_object (json);
      aak_json_add_text (json, "id", kind->id);
      aak_json_add_text (json, "severity", aak_severity_name (kind->severity));
      aak_json_add_text (json, "reason", kind->why);
      aak_json_add_text (json, "hint", kind->hint);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
  aak_json_end_object (json);
  aak_cli_out_json (cli, json);
}

void
aak_check_report_kinds (AakCli *cli)
{
  if (aak_cli_json (cli))
    {
      list_as_json (cli);
      return;
    }
  for (guint id = 0; id < AAK_FINDING_N; id++)
    {
      const AakFindingKind *kind = aak_finding_kind ((AakFindingId) id);
      aak_cli_out (cli, "%-20s  %-7s  %s\n", kind->id, aak_severity_name (kind->severity),
                   kind->why);
    }
}
