/* SPDX-License-Identifier: GPL-2.0-or-later
 * The one place where aa-compile meets what aa-learn is made of. */
#include "config.h"

#include "compile/learned-state.h"

#include "learn/state-profile.h"
#include "lib/fs.h"
#include "lib/policy/policy.h"

#define MAX_STATE (64 * 1024 * 1024)

GBytes *
aak_learned_state_text (const char *path, GError **error)
{
  g_autoptr (GBytes) yaml = aak_fs_read (path, MAX_STATE, error);
  return yaml != NULL ? aak_state_profile (path, yaml, error) : NULL;
}

gboolean
aak_learned_state_is (const char *path)
{
  return g_str_has_suffix (path, AAK_POLICY_STATE_SUFFIX);
}

GBytes *
aak_learned_state_or_text (const char *path, GError **error)
{
  return aak_learned_state_is (path) ? aak_learned_state_text (path, error)
                                     : aak_policy_read_text (path, error);
}
