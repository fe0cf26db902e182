/* SPDX-License-Identifier: GPL-2.0-or-later
 * Answers as lines and as JSON. */
#include "config.h"

#include "compile/reply.h"

#include "lib/escape.h"
#include "lib/json-line.h"

#include <string.h>

#define SCHEMA "aakit/answer/1"

static void
append_mask (GString *line, const char *key, const AakReply *reply, guint32 mask)
{
  if (mask == 0)
    return;
  g_autofree char *text = aak_policy_perms_text (reply->words, mask);
  g_string_append_printf (line, " %s%s%s", key, *text != '\0' ? "=" : "", text);
}

static void
append_bytes (GString *line, const char *key, const char *bytes)
{
  g_autofree char *shown = aak_escape (bytes, strlen (bytes));
  g_string_append_printf (line, " %s=%s", key, shown);
}

char *
aak_reply_text (const AakReply *reply)
{
  const AakAnswer *answer = &reply->answer;
  g_autoptr (GString) line = g_string_new (answer->allowed ? "allowed" : "denied");
  if (!answer->mediated)
    g_string_append (line, " unmediated");
  if (reply->words != AAK_PERM_WORDS_NONE)
    append_mask (line, "mask", reply, answer->denied);
  append_mask (line, "quiet", reply, answer->quiet);
  append_mask (line, "audited", reply, answer->audited);
  if (answer->allowed && answer->exec.target != AAK_EXEC_NOWHERE)
    {
      g_autofree char *exec = aak_policy_exec_text (&answer->exec);
      g_string_append_printf (line, " exec=%s", exec);
    }
  if (answer->allowed && reply->label != NULL)
    append_bytes (line, "label", reply->label);
  if (answer->allowed && reply->name != NULL)
    append_bytes (line, "name", reply->name);
  return g_string_free (g_steal_pointer (&line), FALSE);
}

static void
add_mask (GString *line, const char *key, const AakReply *reply, guint32 mask)
{
  g_autofree char *text = aak_policy_perms_text (reply->words, mask);
  aak_json_line_text (line, key, text);
}

void
aak_reply_append_json (const AakReply *reply, GString *line)
{
  const AakAnswer *answer = &reply->answer;
  g_string_append_c (line, '{');
  aak_json_line_text (line, "schema", SCHEMA);
  aak_json_line_flag (line, "allowed", answer->allowed);
  aak_json_line_flag (line, "mediated", answer->mediated);
  if (reply->words != AAK_PERM_WORDS_NONE)
    {
      add_mask (line, "requested", reply, answer->requested);
      add_mask (line, "denied", reply, answer->denied);
      add_mask (line, "quiet", reply, answer->quiet);
      add_mask (line, "audited", reply, answer->audited);
    }
  else
    {
      aak_json_line_flag (line, "quiet", answer->quiet != 0);
      aak_json_line_flag (line, "audited", answer->audited != 0);
    }
  if (answer->allowed && answer->exec.target != AAK_EXEC_NOWHERE)
    {
      g_autofree char *exec = aak_policy_exec_text (&answer->exec);
      aak_json_line_text (line, "exec", exec);
    }
  if (answer->allowed && reply->label != NULL)
    aak_json_line_bytes (line, "label", reply->label);
  if (answer->allowed && reply->name != NULL)
    aak_json_line_bytes (line, "name", reply->name);
  g_string_append_c (line, '}');
}

void
aak_reply_append_refusal (const char *why, GString *line)
{
  g_string_append_c (line, '{');
  aak_json_line_text (line, "schema", SCHEMA);
  aak_json_line_text (line, "invalid", why);
  g_string_append_c (line, '}');
}
