/* SPDX-License-Identifier: GPL-2.0-or-later
 * Seccomp profiles of states: what was seen is allowed or told, the groups do what they say, and
 * nothing sensitive comes in by itself. */
#include "learn/syscall-json.h"
#include "learn/syscall-profile.h"
#include "lib/syscall-table.h"
#include "lib/error.h"
#include "lib/syscalls.h"

#include <criterion/criterion.h>
#include <string.h>

static AakObservations *
state_new (void)
{
  AakObservations *state = aak_observations_new ("k8s-s");
  aak_observations_add_run (state, aak_run_new ());
  return state;
}

static void
see (AakObservations *state, const char *arch, const char *name)
{
  AakEvent event = { .class = AAK_CLASS_SYSCALL,
                     .kind = "syscall",
                     .label = (char *) "k8s-s",
                     .operation = (char *) "syscall",
                     .family = (char *) arch,
                     .detail = (char *) name };
  gboolean news;
  cr_assert_not_null (aak_observations_add (state, 0, &event, &news));
}

static const AakSyscallAllowed *
find (const AakSyscallProfile *profile, const char *name)
{
  for (guint i = 0; i < profile->calls->len; i++)
    {
      const AakSyscallAllowed *call = profile->calls->pdata[i];
      if (strcmp (call->name, name) == 0)
        return call;
    }
  return NULL;
}

static const AakSyscallOmitted *
find_omitted (const AakSyscallProfile *profile, const char *name)
{
  for (guint i = 0; i < profile->omitted->len; i++)
    {
      const AakSyscallOmitted *omitted = profile->omitted->pdata[i];
      if (strcmp (omitted->name, name) == 0)
        return omitted;
    }
  return NULL;
}

/* TRUE where the call is allowed but for flags that make name spaces. */
static gboolean
is_limited (const AakSyscallProfile *profile, const char *name)
{
  const AakSyscallAllowed *call = find (profile, name);
  cr_assert_not_null (call);
  return call != NULL && call->limited;
}

/* "done", the ID, or "nameless". */
static const char *
why_omitted (const AakSyscallProfile *profile, const char *name)
{
  const AakSyscallOmitted *omitted = find_omitted (profile, name);
  if (omitted == NULL)
    return "not";
  return omitted->done ? "done" : omitted->id != NULL ? omitted->id : "nameless";
}

static gboolean
is_absent (const AakSyscallProfile *profile, const char *name)
{
  for (guint i = 0; i < profile->absent->len; i++)
    if (strcmp (profile->absent->pdata[i], name) == 0)
      return TRUE;
  return FALSE;
}

/* --- the table ------------------------------------------------------------------------------- */

/* TRUE where an architecture that containers run on has such a call. */
static gboolean
is_somewhere (const char *name)
{
  static const char *const words[] = { "x86_64", "x86", "arm", "aarch64", "s390x", "mips", "ppc" };
  gboolean found = FALSE;
  for (gsize i = 0; !found && i < G_N_ELEMENTS (words); i++)
    {
      AakArch arch = 0;
      found = aak_syscall_arch_find (words[i], &arch) && aak_syscall_exists (arch, name);
    }
  return found;
}

static void
expect_harmless (const AakSyscallGroup *group)
{
  for (char **name = group->adds; *name != NULL; name++)
    {
      g_autoptr (AakObservations) state = state_new ();
      see (state, "x86_64", *name);
      g_autoptr (AakSyscallProfile) profile = aak_syscall_profile_new (state, TRUE);
      cr_expect (is_somewhere (*name), "%s: no architecture has %s", group->id, *name);
      cr_expect_eq (profile->omitted->len, 0, "%s holds %s", group->id, *name);
    }
}

Test (syscall_profile, no_group_holds_a_sensitive_call)
{
  const AakSyscallTable *table = aak_syscall_table ();
  cr_assert_gt (table->groups->len, 50);
  for (guint i = 0; i < table->groups->len; i++)
    expect_harmless (table->groups->pdata[i]);
  for (guint i = 0; i < table->start->len; i++)
    expect_harmless (table->start->pdata[i]);
}

static const char *const archs[] = { "x86_64", "x86", "aarch64", "arm" };

/* Where one was seen all are allowed that the architecture has. */
static void
expect_whole (const AakSyscallGroup *group, const char *seen, const char *word)
{
  AakArch arch = 0;
  g_autoptr (AakObservations) state = state_new ();
  cr_assert (aak_syscall_arch_find (word, &arch));
  see (state, word, seen);
  g_autoptr (AakSyscallProfile) profile = aak_syscall_profile_new (state, FALSE);
  for (char **name = group->adds; *name != NULL; name++)
    cr_expect ((find (profile, *name) != NULL)
                   == (aak_syscall_exists (arch, *name) || strcmp (*name, seen) == 0),
               "%s: %s of %s and %s", group->id, seen, word, *name);
}

Test (syscall_profile, groups)
{
  const AakSyscallTable *table = aak_syscall_table ();
  for (guint i = 0; i < table->groups->len; i++)
    {
      const AakSyscallGroup *group = table->groups->pdata[i];
      for (char **seen = group->seen; *seen != NULL; seen++)
        expect_whole (group, *seen, archs[i % G_N_ELEMENTS (archs)]);
    }
}

static const struct
{
  const char *text;
  const char *why;
} bad_tables[] = {
  { "schema: \"aakit/syscalls/2\"\n", "aakit/syscalls/2" },
  { "schema: \"aakit/syscalls/1\"\n", "start" },
  { "schema: \"aakit/syscalls/1\"\nstart: []\ngroups: []\ninstead: []\nabsent: []\nx: 1\n", "x" },
  { "schema: \"aakit/syscalls/1\"\nstart: []\ngroups: [{id: \"a\", why: \"w\", source: \"s\"}]\n"
    "instead: []\nabsent: []\n",
    "calls" },
  { "schema: \"aakit/syscalls/1\"\nstart: []\ngroups: [{id: \"a\", why: \"w\", source: \"s\", "
    "calls: [\"open\\\"\"]}]\ninstead: []\nabsent: []\n",
    "system call" },
  { "schema: \"aakit/syscalls/1\"\nstart: []\ngroups: [{id: \"a\", why: \"w\", source: \"s\", "
    "calls: [\"open\"], adds: [\"close\"]}]\ninstead: []\nabsent: []\n",
    "seen and adds" },
  { "schema: \"aakit/syscalls/1\"\nstart: [{id: \"a\", why: \"w\", source: \"s\", calls: "
    "[\"open\"]}, {id: \"a\", why: \"w\", source: \"s\", calls: [\"open\"]}]\ngroups: []\n"
    "instead: []\nabsent: []\n",
    "twice" },
};

Test (syscall_profile, tables_that_are_refused)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad_tables); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) text =
          g_bytes_new_static (bad_tables[i].text, strlen (bad_tables[i].text));
      g_autoptr (AakSyscallTable) table = aak_syscall_table_read ("t", text, &error);
      cr_assert_null (table, "row %zu", i);
      cr_expect_not_null (strstr (error->message, bad_tables[i].why), "row %zu: %s", i,
                          error->message);
    }
}

/* --- profiles -------------------------------------------------------------------------------- */

Test (syscall_profile, sensitive_calls_wait)
{
  g_autoptr (AakObservations) state = state_new ();
  see (state, "x86_64", "read");
  see (state, "x86_64", "keyctl");
  see (state, "x86_64", "#1000");
  g_autoptr (AakSyscallProfile) held = aak_syscall_profile_new (state, FALSE);
  cr_expect_null (find (held, "keyctl"));
  cr_expect_str_eq (why_omitted (held, "keyctl"), "keyring");
  cr_expect_str_eq (why_omitted (held, "#1000"), "nameless");
  cr_expect_eq (aak_syscall_profile_count_nameless (held), 1);
  cr_expect_eq (held->seen, 3);
  aak_allow_list_add (aak_observations_allow_list (state), "keyring");
  g_autoptr (AakSyscallProfile) allowed = aak_syscall_profile_new (state, FALSE);
  cr_expect_not_null (find (allowed, "keyctl"));
  cr_expect_null (find (allowed, "add_key"));
}

Test (syscall_profile, clone3_is_answered_by_clone)
{
  g_autoptr (AakObservations) state = state_new ();
  see (state, "x86_64", "clone3");
  for (int exact = 0; exact < 2; exact++)
    {
      g_autoptr (AakSyscallProfile) profile = aak_syscall_profile_new (state, exact);
      cr_expect_null (find (profile, "clone3"));
      cr_expect (is_limited (profile, "clone"));
      cr_expect_str_eq (why_omitted (profile, "clone3"), "done");
      cr_expect (is_absent (profile, "clone3"));
    }
  aak_allow_list_add (aak_observations_allow_list (state), "userns");
  g_autoptr (AakSyscallProfile) profile = aak_syscall_profile_new (state, FALSE);
  cr_expect_not_null (find (profile, "clone3"));
  cr_expect_not (is_limited (profile, "clone"));
  cr_expect_not (is_absent (profile, "clone3"));
}

Test (syscall_profile, architectures)
{
  g_autoptr (AakObservations) state = state_new ();
  see (state, "x86", "chown32");
  see (state, "s390x", "clone");
  see (state, "0xc000beef", "#1");
  g_autoptr (AakSyscallProfile) profile = aak_syscall_profile_new (state, FALSE);
  cr_assert_eq (profile->archs->len, 2);
  cr_expect_str_eq (profile->archs->pdata[0], "s390x");
  cr_expect_str_eq (profile->archs->pdata[1], "x86");
  cr_expect_eq (profile->clone_flags, 1, "s390x has clone's flags second");
}

/* Of any calls each is allowed, done by another, for review, or without a name; no call is both
 * allowed and absent; and the text depends on the set alone. */
Test (syscall_profile, any_calls)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  for (guint round = 0; round < 60; round++)
    {
      g_autoptr (AakObservations) state = state_new (), again = state_new ();
      g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
      for (guint i = 0; i < 40; i++)
        g_ptr_array_add (names, aak_syscall_name (0xc000003e, g_rand_int_range (rand, 0, 480)));
      for (guint i = 0; i < names->len; i++)
        see (state, "x86_64", names->pdata[i]);
      for (guint i = names->len; i > 0; i--)
        see (again, "x86_64", names->pdata[i - 1]);
      g_autoptr (AakSyscallProfile) profile = aak_syscall_profile_new (state, round % 2);
      g_autoptr (AakSyscallProfile) same = aak_syscall_profile_new (again, round % 2);
      for (guint i = 0; i < names->len; i++)
        cr_expect ((find (profile, names->pdata[i]) != NULL)
                       != (find_omitted (profile, names->pdata[i]) != NULL),
                   "%s", (const char *) names->pdata[i]);
      for (guint i = 0; i < profile->absent->len; i++)
        cr_expect_null (find (profile, profile->absent->pdata[i]));
      g_autofree char *text = aak_syscall_profile_json (profile);
      g_autofree char *text_again = aak_syscall_profile_json (same);
      cr_expect_str_eq (text, text_again);
    }
}

Test (syscall_profile, what_is_logged)
{
  g_autoptr (AakObservations) state = state_new ();
  see (state, "x86_64", "getppid");
  see (state, "x86_64", "execve");
  see (state, "x86_64", "keyctl");
  g_autoptr (AakSyscallProfile) profile = aak_syscall_profile_new (state, FALSE);
  g_autofree char *all = aak_syscall_log_json (NULL), *rest = aak_syscall_log_json (profile);
  cr_expect_null (strstr (all, "names"));
  cr_expect_not_null (strstr (all, "SCMP_ACT_LOG"));
  cr_expect_not_null (strstr (rest, "\"getppid\""));
  cr_expect_null (strstr (rest, "execve"), "%s", rest);
  cr_expect_null (strstr (rest, "keyctl"), "%s", rest);
  cr_expect_null (strstr (rest, "openat"), "%s", rest);
}
