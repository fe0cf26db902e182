/* SPDX-License-Identifier: GPL-2.0-or-later
 * A table of profiles, for people. */
#include "config.h"

#include "register/status-print.h"

#include "lib/count.h"
#include "lib/escape.h"
#include "lib/term-block.h"

#include <string.h>
#include <unistd.h>

/* A hash is shown by its beginning; --json has all of it. */
#define SHOWN_HEX   16
#define SHOWN_TASKS 10

static char *
show_time (gint64 seconds)
{
  g_autoptr (GDateTime) time = seconds > 0 ? g_date_time_new_from_unix_utc (seconds) : NULL;
  return time != NULL ? g_date_time_format (time, "%FT%TZ") : g_strdup ("-");
}

static const char *
mode_of (const AakStatusRow *row)
{
  if (row->seccomp != NULL)
    return "seccomp";
  return row->loaded != NULL ? aak_mode_name (row->loaded->mode) : "-";
}

/* "STATE NAME MODE HASH SINCE TASKS", the name as wide as @width. */
static void
add_row (GString *text, const AakStatusRow *row, guint width)
{
  const AakLoaded *loaded = row->loaded;
  g_autofree char *name = aak_escape (row->name, strlen (row->name));
  g_autofree char *tasks = aak_count (row->tasks->len, "task");
  g_autofree char *since = show_time (loaded != NULL ? loaded->changed : 0);
  g_autofree char *hash = NULL;
  if (loaded != NULL && loaded->hash != NULL)
    hash =
        g_strdup_printf ("%.*s", (int) strcspn (loaded->hash, ":") + 1 + SHOWN_HEX, loaded->hash);
  else if (row->seccomp != NULL && row->state == AAK_STATUS_LOADED)
    hash = g_strdup_printf ("sha256:%.*s", SHOWN_HEX, row->seccomp->sha256);
  g_string_append_printf (text, "%-8s  %-*s  %-8s  %s  %s  %s\n",
                          aak_status_state_name (row->state), (int) width, name, mode_of (row),
                          hash != NULL ? hash : "-", since, tasks);
}

/* The tasks from @first on that are of its container, in one line. */
static void
add_owner (GString *text, const AakStatusRow *row, guint first)
{
  const AakContainer *container = g_array_index (row->tasks, AakStatusTask, first).container;
  g_autofree char *owner =
      container != NULL ? aak_container_describe (container) : g_strdup ("no pod");
  guint count = 0;
  g_string_append_printf (text, "    %s:", owner);
  for (guint i = first; i < row->tasks->len; i++)
    {
      AakStatusTask task = g_array_index (row->tasks, AakStatusTask, i);
      if (task.container == container && count++ < SHOWN_TASKS)
        g_string_append_printf (text, "%s %u (%s)", count > 1 ? "," : "", task.task->pid,
                                task.task->comm);
    }
  if (count > SHOWN_TASKS)
    g_string_append_printf (text, " and %u more", count - SHOWN_TASKS);
  g_string_append_c (text, '\n');
}

static void
add_owners (GString *text, const AakStatusRow *row)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < row->tasks->len; i++)
    if (g_hash_table_add (seen, (gpointer) g_array_index (row->tasks, AakStatusTask, i).container))
      add_owner (text, row, i);
}

static void
add_lacking (GString *text, const AakStatusRow *row)
{
  for (guint i = 0; i < row->lacking->len; i++)
    {
      const AakContainer *container = row->lacking->pdata[i];
      g_autofree char *who = aak_container_describe (container);
      const char *how = "wants it, and will not start again without it";
      if (container->bundle == NULL)
        how = "wants it, and cannot start without it";
      else if (row->loaded != NULL)
        how = "wants it, and runs without it: it was unloaded meanwhile (restart the container)";
      g_string_append_printf (text, "    %s %s\n", who, how);
    }
}

static guint
width_of (const GPtrArray *rows)
{
  guint width = 0;
  for (guint i = 0; i < rows->len; i++)
    {
      const AakStatusRow *row = rows->pdata[i];
      g_autofree char *name = aak_escape (row->name, strlen (row->name));
      width = MAX (width, (guint) g_utf8_strlen (name, -1));
    }
  return width;
}

static void
add_counts (GString *text, const AakStatus *status)
{
  const guint *counts = status->counts;
  guint registered =
      counts[AAK_STATUS_LOADED] + counts[AAK_STATUS_DRIFTED] + counts[AAK_STATUS_MISSING];
  g_string_append_printf (
      text, "%u registered: %u loaded, %u drifted, %u missing; %u other profiles in the kernel",
      registered, counts[AAK_STATUS_LOADED], counts[AAK_STATUS_DRIFTED], counts[AAK_STATUS_MISSING],
      counts[AAK_STATUS_FOREIGN] + counts[AAK_STATUS_LEARNING]);
  if (status->lacking > 0)
    {
      g_autofree char *lacking = aak_count (status->lacking, "container");
      g_string_append_printf (text, "; %s without the profile that it wants", lacking);
    }
  g_string_append_c (text, '\n');
}

void
aak_status_print_text (AakCli *cli, const AakStatus *status, const GPtrArray *rows)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint width = width_of (rows);
  for (guint i = 0; i < rows->len; i++)
    {
      add_row (text, rows->pdata[i], width);
      add_owners (text, rows->pdata[i]);
      add_lacking (text, rows->pdata[i]);
    }
  add_counts (text, status);
  if (!isatty (STDOUT_FILENO))
    {
      aak_cli_out (cli, "%s", text->str);
      return;
    }
  guint columns = 0, rows_there = 0, lines = 0;
  aak_term_size (STDOUT_FILENO, &columns, &rows_there);
  g_autofree char *fitted = aak_term_block_fit (text->str, columns, G_MAXINT, &lines);
  aak_cli_out (cli, "%s", fitted);
}
