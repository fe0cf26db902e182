/* SPDX-License-Identifier: GPL-2.0-or-later
 * Telling of a profile's calls. */
#include "config.h"

#include "learn/syscall-explain.h"

#include "lib/count.h"
#include "lib/escape.h"
#include "lib/json.h"

#include <string.h>

/* --- text ------------------------------------------------------------------------------------ */

static void
print_call (AakCli *cli, const AakSyscallAllowed *call)
{
  g_autofree char *events = aak_count (call->events, "event");
  g_autofree char *runs = aak_count (call->runs, "run");
  const char *limited = call->limited ? ", without new name spaces" : "";
  if (call->reason == AAK_CALL_SEEN)
    aak_cli_out (cli, "allow   %-24s %s, %s%s\n", call->name, events, runs, limited);
  else
    aak_cli_out (cli, "allow   %-24s %s: %s%s\n", call->name, call->group, call->why, limited);
}

static void
print_omission (AakCli *cli, const AakSyscallOmitted *omission)
{
  g_autofree char *events = aak_count (omission->events, "event");
  const char *word = omission->done ? "instead" : omission->id != NULL ? "review" : "unnamed";
  aak_cli_out (cli, "%-7s %-24s %s; %s", word, omission->name, omission->why, events);
  if (omission->id != NULL)
    aak_cli_out (cli, " (--allow %s)", omission->id);
  aak_cli_out (cli, "\n");
}

void
aak_syscall_explain_text (AakCli *cli, const AakSyscallProfile *profile)
{
  for (guint i = 0; i < profile->archs->len; i++)
    aak_cli_out (cli, "arch    %s\n", (const char *) profile->archs->pdata[i]);
  for (guint i = 0; i < profile->calls->len; i++)
    print_call (cli, profile->calls->pdata[i]);
  for (guint i = 0; i < profile->omitted->len; i++)
    print_omission (cli, profile->omitted->pdata[i]);
  for (guint i = 0; i < profile->absent->len; i++)
    aak_cli_out (cli, "absent  %s\n", (const char *) profile->absent->pdata[i]);
}

void
aak_syscall_tell_omitted (AakCli *cli, const AakSyscallProfile *profile)
{
  g_autofree char *label = aak_escape (profile->label, strlen (profile->label));
  for (guint i = 0; i < profile->omitted->len; i++)
    {
      const AakSyscallOmitted *omission = profile->omitted->pdata[i];
      g_autofree char *events = aak_count (omission->events, "event");
      if (omission->done)
        aak_cli_detail (cli, "%s: %s is answered by ENOSYS: %s", label, omission->name,
                        omission->why);
      else if (omission->id != NULL)
        aak_cli_warn (cli, "%s: for review: %s (%s): %s; --allow %s allows it", label,
                      omission->name, events, omission->why, omission->id);
      else
        aak_cli_warn (cli, "%s: %s (%s) is not in the profile: %s", label, omission->name, events,
                      omission->why);
    }
}

/* --- JSON ------------------------------------------------------------------------------------ */

static const char *
reason_word (AakCallReason reason)
{
  static const char *const words[] = { "seen", "start", "group" };
  return words[reason];
}

static void
add_calls (AakJson *json, const AakSyscallProfile *profile)
{
  aak_json_set_member_name (json, "calls");
  aak_json_begin_array (json);
  for (guint i = 0; i < profile->calls->len; i++)
    {
      const AakSyscallAllowed *call = profile->calls->pdata[i];
      aak_json_begin_object (json);
      aak_json_add_text (json, "name", call->name);
      aak_json_add_text (json, "reason", reason_word (call->reason));
      if (call->group != NULL)
        {
          aak_json_add_text (json, "group", call->group);
          aak_json_add_text (json, "why", call->why);
        }
      aak_json_add_uint (json, "events", call->events);
      aak_json_add_uint (json, "runs", call->runs);
      aak_json_add_flag (json, "limited", call->limited);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
}

static void
add_omitted (AakJson *json, const AakSyscallProfile *profile)
{
  aak_json_set_member_name (json, "omitted");
  aak_json_begin_array (json);
  for (guint i = 0; i < profile->omitted->len; i++)
    {
      const AakSyscallOmitted *omission = profile->omitted->pdata[i];
      aak_json_begin_object (json);
      aak_json_add_text (json, "name", omission->name);
      aak_json_add_text (json, "review", omission->done ? NULL : omission->id);
      aak_json_add_text (json, "why", omission->why);
      aak_json_add_uint (json, "events", omission->events);
      aak_json_add_uint (json, "runs", omission->runs);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
}

void
aak_syscall_explain_json (AakCli *cli, const AakSyscallProfile *profile)
{
  g_autoptr (AakJson) json = aak_json_new ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/seccomp/1");
  aak_json_add_bytes (json, "label", profile->label);
  aak_json_add_texts (json, "architectures", profile->archs);
  add_calls (json, profile);
  add_omitted (json, profile);
  aak_json_add_texts (json, "absent", profile->absent);
  aak_json_end_object (json);
  aak_cli_out_json (cli, json);
}
