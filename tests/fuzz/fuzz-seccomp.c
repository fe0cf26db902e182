/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as a seccomp profile: what is taken is within the bounds, and of a small one a filter
 * can be made, or it is told why not. */
#include "lib/seccomp/filter.h"
#include "lib/seccomp/name.h"
#include "lib/seccomp/profile.h"
#include "tests/fuzz/fuzz.h"

#include <glib.h>

/* More rules than this make libseccomp slow, and nothing new. */
#define MAX_RULES 64

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL, why = NULL;
  g_autoptr (GBytes) text = g_bytes_new (data, size);
  g_autofree char *path = g_strndup ((const char *) data, size);
  g_autofree char *name = aak_seccomp_name_of (path, NULL);
  g_assert (name == NULL || aak_seccomp_is_name (name));

  g_autoptr (AakSeccompProfile) profile = aak_seccomp_profile_parse ("input", text, &error);
  g_assert ((profile == NULL) == (error != NULL));
  if (profile == NULL || profile->rules->len > MAX_RULES)
    return 0;
  g_autoptr (GPtrArray) unknown = NULL;
  guint instructions = 0;
  gboolean made = aak_seccomp_filter_prove (profile, "input", &instructions, &unknown, &why);
  g_assert (made == (why == NULL) && made == (unknown != NULL));
  return 0;
}
