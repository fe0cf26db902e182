/* SPDX-License-Identifier: GPL-2.0-or-later
 * A list of messages. */
#include "config.h"

#include "compile/failures.h"

#define MOST 50

struct AakFailures
{
  GError *first;
  GHashTable *seen;    /* messages */
  GPtrArray *messages; /* the first of them; owned by @seen */
};

AakFailures *
aak_failures_new (void)
{
  AakFailures *failures = g_new0 (AakFailures, 1);
  failures->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  failures->messages = g_ptr_array_new ();
  return failures;
}

void
aak_failures_free (AakFailures *failures)
{
  g_clear_error (&failures->first);
  g_ptr_array_unref (failures->messages);
  g_hash_table_unref (failures->seen);
  g_free (failures);
}

void
aak_failures_add (AakFailures *failures, const GError *failure)
{
  if (failures->first == NULL)
    failures->first = g_error_copy (failure);
  if (g_hash_table_contains (failures->seen, failure->message))
    return;
  char *message = g_strdup (failure->message);
  g_hash_table_add (failures->seen, message);
  if (failures->messages->len < MOST)
    g_ptr_array_add (failures->messages, message);
}

void
aak_failures_raise (const AakFailures *failures, GError **error)
{
  if (failures->first == NULL)
    return;
  g_autoptr (GString) all = g_string_new (NULL);
  for (guint i = 0; i < failures->messages->len; i++)
    g_string_append_printf (all, "%s%s", i > 0 ? "\n" : "",
                            (const char *) failures->messages->pdata[i]);
  guint more = g_hash_table_size (failures->seen) - failures->messages->len;
  if (more > 0)
    g_string_append_printf (all, "\nand %u more", more);
  g_set_error_literal (error, failures->first->domain, failures->first->code, all->str);
}
