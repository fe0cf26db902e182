/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as the seal of a bundle: what is read is written back as it was. */
#include "lib/bundle-seal.h"
#include "tests/fuzz/fuzz.h"

#include <glib.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) text = g_bytes_new (data, size);
  g_autoptr (AakBundleSeal) seal = aak_bundle_seal_parse (text);
  if (seal == NULL)
    return 0;
  g_autoptr (GBytes) written = aak_bundle_seal_to_text (seal);
  g_autoptr (AakBundleSeal) again = aak_bundle_seal_parse (written);
  g_assert (again != NULL && again->files->len == seal->files->len);
  g_autoptr (GBytes) same = aak_bundle_seal_to_text (again);
  g_assert (g_bytes_equal (written, same));
  aak_bundle_seal_is_whole (seal, "/nowhere");
  return 0;
}
