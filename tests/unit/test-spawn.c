/* SPDX-License-Identifier: GPL-2.0-or-later
 * A child gets exactly what it was given, and is bounded in time and output. */
#include "lib/error.h"
#include "lib/spawn.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

static AakSpawnResult *
run_shell (const char *script, GBytes *input, GBytes *extra, guint timeout_ms)
{
  const char *const argv[] = { "/bin/sh", "-c", script, NULL };
  AakSpawn spawn = { .argv = argv,
                     .input = input,
                     .extra = extra,
                     .max_output = 100000,
                     .timeout_ms = timeout_ms };
  g_autoptr (GError) error = NULL;
  AakSpawnResult *result = aak_spawn_run (&spawn, &error);
  cr_assert_not_null (result, "%s", error != NULL ? error->message : "");
  return result;
}

static char *
text_of (GBytes *bytes)
{
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

Test (spawn, input_output_and_status)
{
  g_autoptr (GBytes) input = g_bytes_new_static ("in", 2);
  g_autoptr (GBytes) extra = g_bytes_new_static ("extra", 5);
  g_autoptr (AakSpawnResult) result =
      run_shell ("cat; cat /proc/self/fd/3; echo no >&2; exit 7", input, extra, 10000);
  g_autofree char *out = text_of (result->out);
  g_autofree char *err = text_of (result->err);
  cr_expect_str_eq (out, "inextra");
  cr_expect_str_eq (err, "no\n");
  cr_expect_eq (result->status, 7);
  cr_expect_eq (result->signal, 0);
}

Test (spawn, nothing_is_inherited)
{
  g_setenv ("AAKIT_TEST_SECRET", "x", TRUE);
  int leak = dup (1); /* without close-on-exec */
  cr_assert (leak > 2);
  g_autoptr (AakSpawnResult) result =
      run_shell ("env | grep -c SECRET; for f in /proc/self/fd/*; do echo ${f##*/}; done | sort -n "
                 "| tr '\\n' ' '; pwd",
                 NULL, NULL, 10000);
  g_autofree char *out = text_of (result->out);
  cr_expect (g_str_has_prefix (out, "0\n0 1 2 "), "%s", out);
  cr_expect (g_str_has_suffix (out, "/\n"), "%s", out);
  cr_expect_null (strstr (out, " 3 4 "), "%s", out);
}

Test (spawn, a_hanging_child_and_its_children_are_killed)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (AakSpawnResult) result = run_shell ("sleep 60 & sleep 60", NULL, NULL, 300);
  cr_expect (result->timed_out);
  cr_expect_eq (result->signal, SIGKILL);
  cr_expect_lt (g_get_monotonic_time () - start, 20 * G_USEC_PER_SEC);
}

Test (spawn, a_grandchild_cannot_hold_the_streams_open)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (AakSpawnResult) result = run_shell ("sleep 60 & exit 0", NULL, NULL, 30000);
  cr_expect_eq (result->status, 0);
  cr_expect_not (result->timed_out);
  cr_expect_lt (g_get_monotonic_time () - start, 20 * G_USEC_PER_SEC);
}

Test (spawn, a_flood_is_cut)
{
  g_autoptr (AakSpawnResult) result = run_shell ("yes", NULL, NULL, 30000);
  cr_expect (result->flooded);
  cr_expect_eq (g_bytes_get_size (result->out), 100000);
}

Test (spawn, signals_and_missing_programs)
{
  g_autoptr (AakSpawnResult) result = run_shell ("kill -SEGV $$", NULL, NULL, 10000);
  cr_expect_eq (result->signal, SIGSEGV);
  cr_expect_eq (result->status, -1);
  const char *const argv[] = { "/no/such/program", NULL };
  AakSpawn spawn = { .argv = argv, .timeout_ms = 1000 };
  g_autoptr (GError) error = NULL;
  cr_expect_null (aak_spawn_run (&spawn, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND));
}
