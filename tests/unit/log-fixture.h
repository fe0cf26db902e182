/* SPDX-License-Identifier: GPL-2.0-or-later
 * A directory with a log of auditd's, and a name there for what is written. */
#pragma once

#include <criterion/criterion.h>
#include <glib.h>
#include <stdlib.h>

static char *dir;
static char *logfile;
G_GNUC_UNUSED static char *out;

static void
log_fixture_init (const char *content)
{
  dir = g_dir_make_tmp ("aakit-log-XXXXXX", NULL);
  logfile = g_build_filename (dir, "audit.log", NULL);
  out = g_build_filename (dir, "out", NULL);
  cr_assert (g_file_set_contents (logfile, content, -1, NULL));
}

static void
log_fixture_clear (void)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", dir);
  cr_expect_eq (system (command), 0);
  g_free (dir);
  g_free (logfile);
  g_free (out);
}
