/* SPDX-License-Identifier: GPL-2.0-or-later
 * The one place where aa-compile meets what aa-learn is made of. */
#include "config.h"

#include "compile/learned-state.h"

#include "learn/state-profile.h"
#include "lib/fs.h"

#define MAX_STATE (64 * 1024 * 1024)

GBytes *
aak_learned_state_text (const char *path, GError **error)
{
  g_autoptr (GBytes) yaml = aak_fs_read (path, MAX_STATE, error);
  return yaml != NULL ? aak_state_profile (path, yaml, error) : NULL;
}
