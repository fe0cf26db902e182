/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as /proc/PID/cgroup. */
#include "lib/cgroup.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *owned = g_strconcat ("0::/kubepods/ab12/", text, NULL);
  g_autoptr (GHashTable) containers = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (containers, (gpointer) "ab12", (gpointer) "ab12");
  g_hash_table_insert (containers, (gpointer) "cd34", (gpointer) "cd34");
  const char *found = aak_cgroup_find (text, containers);
  /* An id that is found is in the text, and whatever is below a container's group is that
   * container's. */
  g_assert (found == NULL || strstr (text, found) != NULL);
  g_assert_cmpstr (aak_cgroup_find (owned, containers), ==, "ab12");
  return 0;
}
