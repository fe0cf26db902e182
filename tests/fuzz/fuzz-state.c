/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as a state file: refused, or read, written and read again as the same; and made into a
 * profile. */
#include "learn/generalise.h"
#include "learn/profile-writer.h"
#include "learn/state.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) text = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (AakObservations) observations = aak_state_from_yaml ("s", text, &error);
  g_assert ((observations == NULL) == (error != NULL));
  if (observations == NULL)
    return 0;
  g_autoptr (GBytes) once = aak_state_to_yaml (observations);
  g_autoptr (AakObservations) back = aak_state_from_yaml ("s", once, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) twice = aak_state_to_yaml (back);
  g_assert (g_bytes_equal (once, twice));
  g_autoptr (AakProfile) profile = aak_generalise (observations, FALSE);
  g_autofree char *profile_text = aak_profile_to_text (profile);
  g_assert (profile_text != NULL);
  return 0;
}
