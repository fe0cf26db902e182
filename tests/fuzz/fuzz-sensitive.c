/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as what a site says about sensitive accesses. */
#include "learn/sensitive-table.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

/* What stands in the comments of profiles is one line. */
static void
check_entry (const AakSensitive *entry)
{
  g_assert (strpbrk (entry->id, "\n\r") == NULL && strpbrk (entry->why, "\n\r") == NULL);
  g_assert (entry->silenced == NULL
            || (*entry->silenced != '\0' && strpbrk (entry->silenced, "\n\r") == NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GPtrArray) table = aak_sensitive_table_shipped ();
  g_autoptr (GBytes) text = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  guint before = table->len;
  gboolean taken = aak_sensitive_table_extend (table, "t", text, &error);
  g_assert (taken == (error == NULL));
  g_assert (taken ? table->len >= before : table->len == before);
  for (guint i = 0; i < table->len; i++)
    check_entry (table->pdata[i]);
  return 0;
}
