/* SPDX-License-Identifier: GPL-2.0-or-later
 * Units as files: works without systemd, on images and recordings too. */
#include "config.h"

#include "register/service.h"

#include "lib/fs.h"

#include <string.h>

#define MAX_UNIT    (1024 * 1024)
#define MAX_ENTRIES 4096

static const char *const places[] = { "/etc/systemd/system", "/run/systemd/system",
                                      "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
                                      "/lib/systemd/system" };

/* k3s and rke2 have containerd's messages in their own units. */
const AakServiceRuntime aak_service_runtimes[AAK_SERVICE_N_RUNTIMES] = {
  { "containerd.service", TRUE },  { "crio.service", FALSE },      { "docker.service", FALSE },
  { "kubelet.service", FALSE },    { "k3s.service", TRUE },        { "k3s-agent.service", TRUE },
  { "rke2-server.service", TRUE }, { "rke2-agent.service", TRUE },
};

gboolean
aak_service_systemd_runs (const char *root)
{
  g_autofree char *path = aak_fs_path (root, "/run/systemd/system");
  return g_file_test (path, G_FILE_TEST_IS_DIR);
}

gboolean
aak_service_is_installed (const char *root, const char *unit)
{
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *dir = aak_fs_path (root, places[i]);
      g_autofree char *path = g_build_filename (dir, unit, NULL);
      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return TRUE;
    }
  return FALSE;
}

/* --- enabled --------------------------------------------------------------------------------- */

gboolean
aak_service_is_enabled (const char *root, const char *unit)
{
  g_autofree char *top = aak_fs_path (root, places[0]);
  g_autoptr (GDir) dir = g_dir_open (top, 0, NULL);
  for (const char *entry = dir != NULL ? g_dir_read_name (dir) : NULL; entry != NULL;
       entry = g_dir_read_name (dir))
    {
      if (!g_str_has_suffix (entry, ".wants") && !g_str_has_suffix (entry, ".requires"))
        continue;
      /* A link whose file is elsewhere below the root leads nowhere here, and counts. */
      g_autofree char *link = g_build_filename (top, entry, unit, NULL);
      if (g_file_test (link, G_FILE_TEST_EXISTS) || g_file_test (link, G_FILE_TEST_IS_SYMLINK))
        return TRUE;
    }
  return FALSE;
}

gboolean
aak_service_is_running (const char *root, const char *unit)
{
  static const char *const slices[] = { "/sys/fs/cgroup/system.slice",
                                        "/sys/fs/cgroup/systemd/system.slice" };
  for (guint i = 0; i < G_N_ELEMENTS (slices); i++)
    {
      g_autofree char *slice = aak_fs_path (root, slices[i]);
      g_autofree char *path = g_build_filename (slice, unit, "cgroup.procs", NULL);
      g_autofree char *pids = aak_fs_read_text (path, MAX_UNIT, NULL);
      if (pids != NULL && *pids != '\0')
        return TRUE;
    }
  return FALSE;
}

/* --- settings -------------------------------------------------------------------------------- */

static gboolean
line_names (const char *line, const char *key, const char *word)
{
  line += strspn (line, " \t");
  gsize len = strlen (key);
  if (strncmp (line, key, len) != 0)
    return FALSE;
  line += len + strspn (line + len, " \t");
  if (*line != '=')
    return FALSE;
  g_auto (GStrv) words = g_strsplit_set (line + 1, " \t", -1);
  return g_strv_contains ((const char *const *) words, word);
}

static gboolean
file_names (const char *path, const char *key, const char *word)
{
  g_autofree char *text = aak_fs_read_text (path, MAX_UNIT, NULL);
  if (text == NULL)
    return FALSE;
  g_auto (GStrv) pieces = g_strsplit (text, "\\\n", -1); /* a line that goes on */
  g_autofree char *joined = g_strjoinv (" ", pieces);
  g_auto (GStrv) lines = g_strsplit (joined, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (line_names (*line, key, word))
      return TRUE;
  return FALSE;
}

static gboolean
drop_ins_name (const char *dir_path, const char *key, const char *word)
{
  g_autoptr (GDir) dir = g_dir_open (dir_path, 0, NULL);
  guint left = MAX_ENTRIES;
  for (const char *entry = dir != NULL ? g_dir_read_name (dir) : NULL; entry != NULL && left-- > 0;
       entry = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename (dir_path, entry, NULL);
      if (g_str_has_suffix (entry, ".conf") && file_names (path, key, word))
        return TRUE;
    }
  return FALSE;
}

gboolean
aak_service_names (const char *root, const char *unit, const char *key, const char *word)
{
  g_autofree char *drop_ins = g_strconcat (unit, ".d", NULL);
  gboolean found = FALSE; /* the first place hides the unit itself in the others */
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *dir = aak_fs_path (root, places[i]);
      g_autofree char *path = g_build_filename (dir, unit, NULL);
      g_autofree char *beside = g_build_filename (dir, drop_ins, NULL);
      if ((!found && file_names (path, key, word)) || drop_ins_name (beside, key, word))
        return TRUE;
      found = found || g_file_test (path, G_FILE_TEST_EXISTS);
    }
  return FALSE;
}
