/* SPDX-License-Identifier: GPL-2.0-or-later
 * Naming runs. */
#include "config.h"

#include "learn/run-stamp.h"

#include "lib/fs.h"

#include <string.h>

#define ID_LENGTH 16

static char *
read_first (const char *root, const char *const *paths)
{
  for (; *paths != NULL; paths++)
    {
      g_autofree char *path = aak_fs_path (root, *paths);
      g_autofree char *text = aak_fs_read_text (path, 4096, NULL);
      if (text != NULL && *text != '\0')
        return g_steal_pointer (&text);
    }
  return g_strdup ("unknown");
}

void
aak_run_stamp_init (AakRunStamp *stamp, const char *root, guint64 start)
{
  static const char *const node_paths[] = { "/proc/sys/kernel/hostname", "/etc/hostname", NULL };
  static const char *const boot_paths[] = { "/proc/sys/kernel/random/boot_id", NULL };
  stamp->node = read_first (root, node_paths);
  stamp->boot = read_first (root, boot_paths);
  stamp->start = start;
}

void
aak_run_stamp_clear (AakRunStamp *stamp)
{
  g_free (stamp->node);
  g_free (stamp->boot);
  memset (stamp, 0, sizeof *stamp);
}

/* A live run is named by node, boot and start; one from a log by what the log holds, wherever it is
 * read. */
static char *
make_id (const AakRunStamp *stamp, const AakRecorder *recorder, const char *label, guint64 events)
{
  g_autoptr (GString) what = g_string_new (label);
  if (stamp->start != 0)
    g_string_append_printf (what, "\nlive\n%s\n%s\n%" G_GUINT64_FORMAT, stamp->node, stamp->boot,
                            stamp->start);
  else
    g_string_append_printf (what,
                            "\nlog\n%" G_GUINT64_FORMAT "\n%" G_GUINT64_FORMAT
                            "\n%" G_GUINT64_FORMAT,
                            recorder->first_time, recorder->last_time, events);
  char *id = g_compute_checksum_for_string (G_CHECKSUM_SHA256, what->str, -1);
  id[ID_LENGTH] = '\0';
  return id;
}

static void
set_text (char **field, const char *value)
{
  g_free (*field);
  *field = g_strdup (value);
}

void
aak_run_stamp_apply (const AakRunStamp *stamp, AakRecorder *recorder, AakSource *source,
                     gboolean ended)
{
  g_autoptr (GPtrArray) subjects = aak_attribution_subjects (recorder->attribution);
  const AakAccount *account = aak_source_account (source);
  g_autoptr (AakPosition) position = ended ? NULL : aak_source_mark (source);
  for (guint i = 0; i < subjects->len; i++)
    {
      AakObservations *observations = g_ptr_array_index (subjects, i);
      AakRun *run = aak_observations_get_run (observations, 0);
      set_text (&run->node, stamp->node);
      set_text (&run->boot, stamp->boot);
      set_text (&run->source, aak_source_name (source));
      run->start = stamp->start != 0 ? stamp->start : recorder->first_time;
      run->account = *account;
      g_clear_pointer (&run->position, aak_position_free);
      run->position = position != NULL ? aak_position_copy (position) : NULL;
      g_free (run->id);
      run->id = make_id (stamp, recorder, aak_observations_label (observations), run->events);
    }
}
