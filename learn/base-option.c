/* SPDX-License-Identifier: GPL-2.0-or-later
 * --base PROFILE and --features. */
#include "config.h"

#include "learn/base-option.h"

#include "learn/label.h"
#include "lib/count.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"
#include "lib/policy/policy.h"

#define POLICY_DIR "/etc/apparmor.d"
#define NAMED_MAX  10

void
aak_base_option_clear (AakBaseOption *option)
{
  g_clear_pointer (&option->path, g_free);
  g_clear_pointer (&option->features, g_free);
}

gboolean
aak_base_option_check (const AakBaseOption *option, const char *other, GError **error)
{
  if (option->path == NULL && option->features != NULL)
    g_set_error_literal (error, AAK_ERROR, AAK_ERROR_USAGE, "--features goes with --base");
  else if (option->path != NULL && other != NULL)
    g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "%s does not go with --base", other);
  else
    return TRUE;
  return FALSE;
}

AakBase *
aak_base_option_open (AakCli *cli, const AakBaseOption *option, const char *label, GError **error)
{
  const AakPolicyOpen where = { .root = aak_cli_root (cli), .features = option->features };
  return aak_base_open (option->path, label, &where, error);
}

void
aak_base_option_report (AakCli *cli, const AakBase *base, const AakRefined *refined)
{
  guint n = refined->forbidden->len;
  if (refined->no_children != NULL)
    aak_cli_warn (cli, "programs keep the profile, and get no child of their own: %s",
                  refined->no_children);
  if (n == 0)
    return;
  g_autofree char *accesses = aak_count (n, "access");
  aak_cli_warn (cli, "%s has deny rules for what was seen, which stays denied (%s):",
                aak_base_name (base), accesses);
  for (guint i = 0; i < MIN (n, NAMED_MAX); i++)
    aak_cli_warn (cli, "  %s", (const char *) refined->forbidden->pdata[i]);
  if (n > NAMED_MAX)
    aak_cli_warn (cli, "  ... and %u more", n - NAMED_MAX);
}

/* TRUE where the text at @path has the profile @label. */
static gboolean
has_profile (const char *path, const char *label)
{
  g_autoptr (GBytes) bytes = aak_policy_read_text (path, NULL);
  gsize len = 0;
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, &len) : NULL;
  g_autoptr (AakOutline) outline = text != NULL ? aak_outline_new (path, text, len, NULL) : NULL;
  return outline != NULL && aak_outline_find (outline, label, NULL) != NULL;
}

char *
aak_base_option_suggest (const char *root, const char *label)
{
  g_autofree char *name = aak_label_file_name (label);
  g_autofree char *file = name != NULL ? g_build_filename (POLICY_DIR, name, NULL) : NULL;
  g_autofree char *path = file != NULL ? aak_fs_path (root, file) : NULL;
  return path != NULL && has_profile (path, label) ? aak_escape (path, strlen (path)) : NULL;
}
