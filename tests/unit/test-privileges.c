/* SPDX-License-Identifier: GPL-2.0-or-later
 * What is given up is gone, for what the process starts as well. */
#include "lib/error.h"
#include "lib/fs.h"
#include "lib/privileges.h"
#include "lib/spawn.h"

#include <criterion/criterion.h>
#include <linux/capability.h>
#include <string.h>

#define KEPT ((1ull << CAP_MAC_ADMIN) | (1ull << CAP_DAC_READ_SEARCH))

/* The number of the line @key of a /proc/PID/status. */
static guint64
number (const char *status, const char *key)
{
  const char *line = strstr (status, key);
  cr_assert_not_null (line, "no %s in %s", key, status);
  return g_ascii_strtoull (line + strlen (key), NULL, 16);
}

static char *
own_status (void)
{
  char *status = aak_fs_read_text ("/proc/thread-self/status", 65536, NULL);
  cr_assert_not_null (status);
  return status;
}

static char *
child_status (void)
{
  const char *const argv[] = { "/bin/cat", "/proc/self/status", NULL };
  AakSpawn spawn = { .argv = argv, .max_output = 65536, .timeout_ms = 60000 };
  g_autoptr (GError) error = NULL;
  g_autoptr (AakSpawnResult) result = aak_spawn_run (&spawn, &error);
  cr_assert_not_null (result, "%s", error != NULL ? error->message : "");
  gsize len = 0;
  const char *out = g_bytes_get_data (result->out, &len);
  return g_strndup (out, len);
}

static void
drop (void)
{
  g_autoptr (GError) error = NULL;
  cr_assert (aak_privileges_drop (&error), "%s", error != NULL ? error->message : "");
}

Test (privileges, no_more_is_kept_than_is_needed)
{
  g_autofree char *before = own_status ();
  guint64 had = number (before, "CapPrm:"), bounding = number (before, "CapBnd:");
  drop ();
  g_autofree char *status = own_status ();
  cr_expect_eq (number (status, "CapPrm:"), had & KEPT);
  cr_expect_eq (number (status, "CapEff:"), had & KEPT);
  cr_expect_eq (number (status, "CapInh:"), 0);
  cr_expect_eq (number (status, "CapAmb:"), 0);
  cr_expect_eq (number (status, "NoNewPrivs:"), 1);
  if ((had & (1ull << CAP_SETPCAP)) != 0)
    bounding = had & KEPT;
  cr_expect_eq (number (status, "CapBnd:"), bounding);
  cr_expect (aak_privileges_are_final ());
}

Test (privileges, giving_up_twice_is_no_error)
{
  drop ();
  g_autofree char *once = own_status ();
  drop ();
  g_autofree char *twice = own_status ();
  cr_expect_eq (number (once, "CapEff:"), number (twice, "CapEff:"));
}

Test (privileges, a_child_has_none)
{
  drop ();
  g_autofree char *own = own_status ();
  g_autofree char *child = child_status ();
  cr_expect_eq (number (child, "CapPrm:"), 0);
  cr_expect_eq (number (child, "CapEff:"), 0);
  cr_expect_eq (number (child, "CapAmb:"), 0);
  g_autofree char *after = own_status ();
  cr_expect_eq (number (own, "CapEff:"),
                number (after, "CapEff:")); /* it is the child's loss alone */
}

Test (privileges, who_gave_nothing_up_has_children_like_itself)
{
  if (aak_privileges_are_final ())
    return; /* who runs the tests did */
  g_autofree char *own = own_status ();
  g_autofree char *child = child_status ();
  cr_expect_eq (number (child, "CapEff:"), number (own, "CapEff:"));
}

Test (privileges, what_is_missing_is_named)
{
  g_autoptr (GError) error = NULL;
  cr_assert (aak_privileges_drop_thread (&error), "%s", error != NULL ? error->message : "");
  g_autofree char *lacking = aak_privileges_lacking ();
  cr_assert_not_null (lacking);
  cr_expect (strstr (lacking, "CAP_MAC_ADMIN") != NULL
                 || strstr (lacking, "user namespace") != NULL,
             "%s", lacking);
  cr_assert_not (aak_privileges_check (&error));
  cr_expect_eq (aak_error_exit_code (error), AAK_EXIT_PRIVILEGE);
}
