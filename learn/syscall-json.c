/* SPDX-License-Identifier: GPL-2.0-or-later
 * Writing profiles for runc, crun and the kubelet. */
#include "config.h"

#include "learn/syscall-json.h"

#include "lib/json.h"
#include "lib/seccomp/answer.h"
#include "lib/syscalls.h"

#include <errno.h>
#include <string.h>

/* --- rules ----------------------------------------------------------------------------------- */

static void
begin_rule (AakJson *json)
{
  aak_json_begin_object (json);
  aak_json_set_member_name (json, "names");
  aak_json_begin_array (json);
}

static void
end_rule (AakJson *json, const char *action)
{
  aak_json_end_array (json);
  aak_json_add_text (json, "action", action);
}

/* Those flags must not be there: (argument & value) == valueTwo. */
static void
add_clone (AakJson *json, const char *name, guint argument)
{
  begin_rule (json);
  aak_json_add_string_value (json, name);
  end_rule (json, "SCMP_ACT_ALLOW");
  aak_json_set_member_name (json, "args");
  aak_json_begin_array (json);
  aak_json_begin_object (json);
  aak_json_add_uint (json, "index", argument);
  aak_json_add_uint (json, "value", AAK_CLONE_NAMESPACES);
  aak_json_add_uint (json, "valueTwo", 0);
  aak_json_add_text (json, "op", "SCMP_CMP_MASKED_EQ");
  aak_json_end_object (json);
  aak_json_end_array (json);
  aak_json_end_object (json);
}

typedef gboolean (*CallFilter) (const AakSyscallAllowed *call);

/* What @takes takes; a rule without names is an error to runtimes. */
static void
add_allowed (AakJson *json, const AakSyscallProfile *profile, CallFilter takes)
{
  guint plain = 0;
  for (guint i = 0; i < profile->calls->len; i++)
    {
      const AakSyscallAllowed *call = profile->calls->pdata[i];
      if (call->limited || !takes (call))
        continue;
      if (plain++ == 0)
        begin_rule (json);
      aak_json_add_string_value (json, call->name);
    }
  if (plain > 0)
    {
      end_rule (json, "SCMP_ACT_ALLOW");
      aak_json_end_object (json);
    }
  for (guint i = 0; i < profile->calls->len; i++)
    {
      const AakSyscallAllowed *call = profile->calls->pdata[i];
      if (call->limited && takes (call))
        add_clone (json, call->name, profile->clone_flags);
    }
}

static void
add_absent (AakJson *json, const AakSyscallProfile *profile)
{
  if (profile->absent->len == 0)
    return;
  begin_rule (json);
  for (guint i = 0; i < profile->absent->len; i++)
    aak_json_add_string_value (json, profile->absent->pdata[i]);
  end_rule (json, "SCMP_ACT_ERRNO");
  aak_json_add_uint (json, "errnoRet", ENOSYS);
  aak_json_end_object (json);
}

/* --- documents ------------------------------------------------------------------------------- */

static void
add_archs (AakJson *json, const GPtrArray *words)
{
  aak_json_set_member_name (json, "architectures");
  aak_json_begin_array (json);
  for (guint i = 0; i < words->len; i++)
    {
      g_autofree char *name = aak_seccomp_arch_name (words->pdata[i]);
      aak_json_add_string_value (json, name);
    }
  aak_json_end_array (json);
}

static AakJson *
begin (const char *action)
{
  AakJson *json = aak_json_new ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "defaultAction", action);
  return json;
}

static void
begin_rules (AakJson *json)
{
  aak_json_set_member_name (json, "syscalls");
  aak_json_begin_array (json);
}

static char *
end (AakJson *json)
{
  aak_json_end_array (json);
  aak_json_end_object (json);
  return g_strconcat (aak_json_text (json), "\n", NULL);
}

static gboolean
take_all (const AakSyscallAllowed *call)
{
  (void) call;
  return TRUE;
}

static gboolean
take_known (const AakSyscallAllowed *call)
{
  static const char *const logged[] = { "execve", "execveat", "exit", "exit_group", NULL };
  return call->reason == AAK_CALL_SEEN && !g_strv_contains (logged, call->name);
}

char *
aak_syscall_profile_json (const AakSyscallProfile *profile)
{
  g_autoptr (AakJson) json = begin ("SCMP_ACT_ERRNO");
  aak_json_add_uint (json, "defaultErrnoRet", EPERM);
  add_archs (json, profile->archs);
  begin_rules (json);
  add_allowed (json, profile, take_all);
  add_absent (json, profile);
  return end (json);
}

char *
aak_syscall_log_json (const AakSyscallProfile *known)
{
  g_autoptr (GPtrArray) archs = aak_syscall_archs_here ();
  g_autoptr (AakJson) json = begin ("SCMP_ACT_LOG");
  add_archs (json, archs);
  begin_rules (json);
  if (known != NULL)
    add_allowed (json, known, take_known);
  return end (json);
}
