/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as compiled policy. */
#include "lib/policy/blob.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) blob = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) profiles = aak_policy_blob_parse ("b", blob, &error);
  g_assert ((profiles == NULL) == (error != NULL));
  for (guint i = 0; profiles != NULL && i < profiles->len; i++)
    {
      g_autofree char *hash = aak_policy_blob_hash (blob, profiles->pdata[i], "sha256");
      g_assert (hash != NULL);
    }
  return 0;
}
