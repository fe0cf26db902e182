/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reads what is to be compared. */
#include "config.h"

#include "learn/diff-input.h"

#include "learn/generalise.h"
#include "learn/profile-writer.h"
#include "learn/security-diff.h"
#include "learn/state-reader.h"
#include "learn/state.h"
#include "learn/syscall-diff.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"
#include "lib/policy/policy.h"
#include "lib/seccomp/name.h"

#include <string.h>

void
aak_diff_input_clear (AakDiffInput *input)
{
  g_clear_pointer (&input->profile, aak_profile_free);
  g_clear_pointer (&input->text, g_free);
  g_clear_pointer (&input->syscalls, g_ptr_array_unref);
  g_clear_pointer (&input->security, g_ptr_array_unref);
}

/* TRUE where the file is a profile's text and no state: a line of it opens a profile. */
static gboolean
is_profile_text (GBytes *text)
{
  gsize len = 0;
  const char *data = g_bytes_get_data (text, &len);
  g_autofree char *copy = g_strndup (len > 0 ? data : "", len);
  return g_str_has_prefix (copy, "profile ") || strstr (copy, "\nprofile ") != NULL
         || strstr (copy, "\nabi <") != NULL || g_str_has_prefix (copy, "abi <");
}

/* Only where the state beside it leads to just this text is it known which rules it was made of. */
static gboolean
read_text (AakDiffInput *input, gboolean exact, GError **error)
{
  g_autofree char *beside = g_strconcat (input->path, AAK_STATE_SUFFIX, NULL);
  g_autoptr (GBytes) text = aak_policy_read_text (input->path, error);
  if (text == NULL)
    return FALSE;
  gsize len = 0;
  const char *data = g_bytes_get_data (text, &len);
  input->text = g_strndup (len > 0 ? data : "", len);
  g_autoptr (AakObservations) state = aak_state_read (beside, NULL);
  g_autoptr (AakProfile) profile = state != NULL ? aak_generalise (state, exact) : NULL;
  g_autofree char *made = profile != NULL ? aak_profile_to_text (profile) : NULL;
  if (g_strcmp0 (made, input->text) == 0)
    input->profile = g_steal_pointer (&profile);
  return TRUE;
}

static gboolean
read_state (AakDiffInput *input, GBytes *bytes, gboolean exact, GError **error)
{
  g_autofree char *shown = aak_escape (input->path, strlen (input->path));
  g_autoptr (AakObservations) state = aak_state_from_yaml (shown, bytes, error);
  if (state == NULL)
    return FALSE;
  input->profile = aak_generalise (state, exact);
  input->text = aak_profile_to_text (input->profile);
  input->syscalls = aak_syscall_rules (state, exact);
  input->security = aak_security_items (state);
  return TRUE;
}

gboolean
aak_diff_input_read (const char *path, gboolean exact, AakDiffInput *out, GError **error)
{
  g_auto (AakDiffInput) input = { .path = path };
  g_autofree char *shown = aak_escape (path, strlen (path));
  if (aak_seccomp_is_path (path))
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
                   "%s: seccomp profiles are compared by the states that they were made from",
                   shown);
      return FALSE;
    }
  g_autoptr (GBytes) bytes = aak_fs_read (path, AAK_STATE_MAX_BYTES, error);
  if (bytes == NULL)
    return FALSE;
  if (is_profile_text (bytes) ? !read_text (&input, exact, error)
                              : !read_state (&input, bytes, exact, error))
    return FALSE;
  *out = input;
  input = (AakDiffInput){ .path = NULL };
  return TRUE;
}
