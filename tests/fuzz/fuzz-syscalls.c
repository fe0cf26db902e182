/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as the table of what a seccomp profile needs beside what was seen: what is taken has
 * names that JSON and a terminal can have as they are. */
#include "lib/syscall-table.h"
#include "lib/syscalls.h"
#include "lib/table.h"
#include "tests/fuzz/fuzz.h"

/* At least one, where they are @needed. */
static void
check_calls (char *const *calls, gboolean needed)
{
  g_assert (calls != NULL && (!needed || *calls != NULL));
  for (; *calls != NULL; calls++)
    g_assert (aak_syscall_is_name (*calls) && **calls != '#');
}

/* Each ID is there once in a list. */
static void
check_groups (const GPtrArray *groups, gboolean seen)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < groups->len; i++)
    {
      const AakSyscallGroup *group = groups->pdata[i];
      g_assert (aak_table_is_id (group->id) && aak_table_is_line (group->why));
      g_assert (g_hash_table_add (ids, group->id));
      check_calls (group->adds, TRUE);
      if (seen)
        check_calls (group->seen, TRUE);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) text = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (AakSyscallTable) table = aak_syscall_table_read ("t", text, &error);
  g_assert ((table == NULL) == (error != NULL));
  if (table == NULL)
    return 0;
  check_groups (table->start, FALSE);
  check_groups (table->groups, TRUE);
  for (guint i = 0; i < table->instead->len; i++)
    {
      const AakSyscallInstead *instead = table->instead->pdata[i];
      g_assert (aak_syscall_is_name (instead->call) && *instead->call != '#');
      g_assert (aak_table_is_id (instead->allow) && aak_table_is_line (instead->why));
      check_calls (instead->by, TRUE);
    }
  for (guint i = 0; i < table->absent->len; i++)
    g_assert (aak_syscall_is_name (table->absent->pdata[i]));
  return 0;
}
