/* SPDX-License-Identifier: GPL-2.0-or-later
 * Answers as lines and as JSON. */
#include "config.h"

#include "compile/reply.h"

#include "lib/escape.h"

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
add_mask (AakJson *json, const char *key, const AakReply *reply, guint32 mask)
{
  g_autofree char *text = aak_policy_perms_text (reply->words, mask);
  aak_json_add_text (json, key, text);
}

void
aak_reply_put_json (const AakReply *reply, AakJson *json)
{
  const AakAnswer *answer = &reply->answer;
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", SCHEMA);
  aak_json_add_flag (json, "allowed", answer->allowed);
  aak_json_add_flag (json, "mediated", answer->mediated);
  if (reply->words != AAK_PERM_WORDS_NONE)
    {
      add_mask (json, "requested", reply, answer->requested);
      add_mask (json, "denied", reply, answer->denied);
      add_mask (json, "quiet", reply, answer->quiet);
      add_mask (json, "audited", reply, answer->audited);
    }
  else
    {
      aak_json_add_flag (json, "quiet", answer->quiet != 0);
      aak_json_add_flag (json, "audited", answer->audited != 0);
    }
  if (answer->allowed && answer->exec.target != AAK_EXEC_NOWHERE)
    {
      g_autofree char *exec = aak_policy_exec_text (&answer->exec);
      aak_json_add_text (json, "exec", exec);
    }
  if (answer->allowed && reply->label != NULL)
    aak_json_add_bytes (json, "label", reply->label);
  if (answer->allowed && reply->name != NULL)
    aak_json_add_bytes (json, "name", reply->name);
  aak_json_end_object (json);
}

void
aak_reply_put_refusal (const char *why, AakJson *json)
{
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", SCHEMA);
  aak_json_add_text (json, "invalid", why);
  aak_json_end_object (json);
}
