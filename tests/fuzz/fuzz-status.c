/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as /proc/PID/status. */
#include "lib/task-security.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *more =
      g_strconcat (text, "\nCapEff:\t0000000000000001\nUid:\t7\t7\t7\t7\n", NULL);
  g_autoptr (GError) error = NULL;
  AakTaskStatus status = { 0 }, again = { 0 };
  gboolean good = aak_task_status_parse ("status", text, &status, &error);
  g_assert (good == (error == NULL));
  if (!good)
    return 0;
  /* The first line of a key counts, whatever follows. */
  g_assert (aak_task_status_parse ("status", more, &again, NULL));
  g_assert_cmpuint (again.sets.effective, ==, status.sets.effective);
  g_assert_cmpuint (again.uid, ==, status.uid);
  g_autofree char *names = aak_capability_set_text (status.sets.bounding);
  g_assert ((*names == '\0') == (status.sets.bounding == 0));
  g_autoptr (GPtrArray) list = aak_capability_set_names (status.sets.bounding);
  g_assert_cmpuint (list->len, ==, aak_capability_set_size (status.sets.bounding));
  return 0;
}
