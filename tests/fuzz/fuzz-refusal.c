/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as a message of a container runtime. */
#include "register/refusal.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_auto (AakRefusal) refusal = { 0 };
  if (!aak_refusal_parse ((const char *) data, size, &refusal))
    {
      g_assert (refusal.sandbox == NULL && refusal.profile == NULL);
      return 0;
    }
  g_assert (*refusal.sandbox != '\0' && *refusal.container != '\0' && *refusal.profile != '\0');
  g_assert (strchr (refusal.profile, '"') == NULL && strlen (refusal.profile) <= 4096);
  return 0;
}
