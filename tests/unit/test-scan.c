/* SPDX-License-Identifier: GPL-2.0-or-later
 * A log that several workers read comes to the same as one that is read line by line. */
#include "learn/scan.h"
#include "learn/source-block.h"
#include "tests/unit/learned.h"
#include "lib/error.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  guint lines;
  guint names;  /* distinct files */
  guint labels; /* that are followed */
  guint others; /* that are not */
} Shape;

/* A log that holds whatever a log can hold. */
static char *
make_log (GRand *rand, const Shape *shape)
{
  static const char *const odd[] = {
    "type=AVC msg=audit(1.000:1): apparmor=\"ALLOWED\" operation=\"open\n",
    "type=AVC msg=audit(1.000:1): apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-0\" pid=1\n",
    "type=AVC msg=audit(2.000:1): apparmor=\"ALLOWED\" operation=\"novel\" profile=\"k8s-0\" pid=1 x=1\n",
    "type=SYSCALL msg=audit(1.000:1): arch=c000003e syscall=257 success=yes\r\n",
    "\n",
    "type=USER_AVC msg=audit(1.000:1): pid=1 msg='apparmor=\"ALLOWED\"'\n",
    "kernel: nothing\n",
  };
  GString *log = g_string_new (NULL);
  for (guint i = 0; i < shape->lines; i++)
    {
      gint dice = g_rand_int_range (rand, 0, 100);
      gboolean followed = dice < 80 && shape->labels > 0;
      if (dice >= 95)
        g_string_append (log, odd[g_rand_int_range (rand, 0, G_N_ELEMENTS (odd))]);
      else
        g_string_append_printf (
            log,
            "type=AVC msg=audit(%u.%03u:%u): apparmor=\"%s\" operation=\"open\" profile=\"%s-%d\" "
            "name=\"/f%d\" pid=%d comm=\"c\" requested_mask=\"%s\" denied_mask=\"r\" fsuid=%d "
            "ouid=0%s",
            1000 + i / 7, i % 1000, i, dice % 2 ? "ALLOWED" : "DENIED", followed ? "k8s" : "other",
            g_rand_int_range (rand, 0, (gint32) (followed ? shape->labels : shape->others)),
            g_rand_int_range (rand, 0, (gint32) shape->names), g_rand_int_range (rand, 1, 99999),
            dice % 3 ? "r" : "w", g_rand_int_range (rand, 0, 2), dice % 5 ? "\n" : "\r\n");
      if (i % 5000 == 4999)
        for (gint32 n = g_rand_int_range (rand, 0, 2 * AAK_SOURCE_BLOCK_SIZE); n > 0; n--)
          g_string_append_c (log, 'x');
    }
  return g_string_free (log, FALSE);
}

/* What was learned, as text. */
static char *
describe (AakRecorder *recorder, AakSource *source)
{
  GString *out = g_string_new (NULL);
  g_string_append_printf (out, "events %lu from %lu to %lu\nrecords %lu malformed %lu\n",
                          (unsigned long) recorder->events, (unsigned long) recorder->first_time,
                          (unsigned long) recorder->last_time,
                          (unsigned long) source->account.records,
                          (unsigned long) source->account.malformed);
  for (guint i = 0; i < recorder->odd->len; i++)
    g_string_append_printf (out, "odd %s\n", (char *) recorder->odd->pdata[i]);
  g_autoptr (GList) operations =
      g_list_sort (g_hash_table_get_keys (recorder->unlearned), (GCompareFunc) strcmp);
  for (GList *l = operations; l != NULL; l = l->next)
    g_string_append_printf (out, "unlearned %s %u\n", (char *) l->data,
                            GPOINTER_TO_UINT (g_hash_table_lookup (recorder->unlearned, l->data)));
  g_autoptr (GPtrArray) others = aak_attribution_others (recorder->attribution);
  for (guint i = 0; i < others->len; i++)
    g_string_append_printf (out, "other %s\n", (char *) others->pdata[i]);
  append_states (out, recorder->attribution);
  return g_string_free (out, FALSE);
}

/* What comes of @paths when @workers read them; 0: line by line. */
static char *
learn (const char *const *paths, guint workers)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakAttribution) attribution = aak_attribution_new ();
  g_autoptr (AakRecorder) recorder = aak_recorder_new (attribution);
  g_autoptr (AakSource) source = aak_source_files_open (paths, &error);
  cr_assert_not_null (source);
  aak_attribution_follow_glob (attribution, "k8s-*");
  if (workers == 0)
    {
      while (aak_recorder_drain (recorder, source, 1000, &error) == AAK_SOURCE_RECORD)
        continue;
      return describe (recorder, source);
    }
  g_autoptr (AakScan) scan = aak_scan_start (recorder, source, workers, &error);
  cr_assert_not_null (scan);
  g_autoptr (GPtrArray) failures = aak_scan_finish (scan);
  cr_assert_eq (failures->len, 0);
  return describe (recorder, source);
}

static void
compare (const Shape *shape, guint seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autofree char *dir = g_dir_make_tmp ("aakit-scan-XXXXXX", NULL);
  g_autofree char *first = g_build_filename (dir, "first", NULL);
  g_autofree char *second = g_build_filename (dir, "second", NULL);
  g_autofree char *one = make_log (rand, shape), *two = make_log (rand, shape);
  cr_assert (g_file_set_contents (first, one, -1, NULL));
  cr_assert (g_file_set_contents (second, two, (gssize) strlen (two) - 1, NULL));
  const char *const paths[] = { first, second, NULL };
  g_autofree char *by_line = learn (paths, 0);
  for (guint workers = 1; workers <= 4; workers++)
    {
      g_autofree char *by_block = learn (paths, workers);
      cr_expect_str_eq (by_block, by_line, "%u workers", workers);
    }
  cr_expect (shape->lines < 100 || strstr (by_line, "odd ") != NULL);
  g_unlink (first);
  g_unlink (second);
  g_rmdir (dir);
}

Test (scan, workers_change_nothing)
{
  compare (&(Shape){ 12000, 300, 5, 3 }, 1);
  compare (&(Shape){ 12000, 50000, 2, 60 }, 2);
  compare (&(Shape){ 7, 3, 1, 1 }, 3);
}

/* What is kept of more labels than there may be depends on the order of the records. */
Test (scan, bounds_are_those_of_one_worker)
{
  compare (&(Shape){ 9000, 5, AAK_ATTRIBUTION_MAX_LABELS + 40, 3 }, 4);
}

Test (scan, a_pipe_is_read_by_one_worker)
{
  int ends[2], saved = dup (STDIN_FILENO);
  static const char log[] =
      "type=AVC msg=audit(5.000:1): apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-a\" "
      "name=\"/a\" pid=1 comm=\"c\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0\n";
  cr_assert_eq (pipe2 (ends, O_CLOEXEC), 0);
  cr_assert_eq (write (ends[1], log, sizeof log - 1), (gssize) (sizeof log - 1));
  close (ends[1]);
  dup2 (ends[0], STDIN_FILENO);
  close (ends[0]);
  const char *const paths[] = { "-", NULL };
  g_autofree char *got = learn (paths, 4);
  dup2 (saved, STDIN_FILENO);
  close (saved);
  cr_expect_not_null (strstr (got, "events 1 from 5000 to 5000"));
}

/* What comes before the damage is learned, and so is what is in the next file. */
Test (scan, damage_is_named_and_ends_one_file)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (9);
  g_autofree char *dir = g_dir_make_tmp ("aakit-scan-XXXXXX", NULL);
  g_autofree char *plain = g_build_filename (dir, "log", NULL);
  g_autofree char *packed = g_strconcat (plain, ".gz", NULL);
  g_autofree char *log = make_log (rand, &(Shape){ 4000, 300, 2, 1 });
  cr_assert (g_file_set_contents (plain, log, -1, NULL));
  const char *const gzip[] = { "gzip", "-k", plain, NULL };
  cr_assert (g_spawn_sync (NULL, (char **) gzip, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                           NULL, NULL));
  GStatBuf st;
  cr_assert_eq (g_stat (packed, &st), 0);
  cr_assert_eq (truncate (packed, st.st_size / 2), 0);
  guint64 records[2], events[2];
  for (guint with_plain = 0; with_plain <= 1; with_plain++)
    {
      const char *const paths[] = { packed, with_plain ? plain : NULL, NULL };
      g_autoptr (AakAttribution) attribution = aak_attribution_new ();
      g_autoptr (AakRecorder) recorder = aak_recorder_new (attribution);
      g_autoptr (AakSource) source = aak_source_files_open (paths, NULL);
      aak_attribution_follow_glob (attribution, "k8s-*");
      g_autoptr (AakScan) scan = aak_scan_start (recorder, source, 2, NULL);
      g_autoptr (GPtrArray) failures = aak_scan_finish (scan);
      records[with_plain] = source->account.records;
      events[with_plain] = recorder->events;
      g_autofree char *wanted = g_strdup_printf ("after %s:%lu: the gzip data ends early", packed,
                                                 (unsigned long) records[0]);
      cr_assert_eq (failures->len, 1);
      cr_expect_str_eq (((GError *) failures->pdata[0])->message, wanted);
    }
  cr_expect_gt (events[0], 100);
  cr_expect_gt (events[1], 2 * events[0]);
  g_unlink (packed);
  g_unlink (plain);
  g_rmdir (dir);
}

/* --- a log that shrinks while it is read ------------------------------------------------------ */

/* The log's blocks, the second of which shrinks the file when it is given for the first time. */
typedef struct
{
  AakSource base;
  AakSource *log;
  const char *path;
  off_t size; /* that it is cut back to; 0 once it was */
} Shrinking;

static AakSourceStatus
shrinking_next_block (AakSource *source, AakSourceBlock *block, GError **error)
{
  Shrinking *self = (Shrinking *) source;
  AakSourceStatus status = aak_source_next_block (self->log, block, error);
  if (block->number != 1 || self->size == 0)
    return status;
  cr_assert_geq (block->fd, 0, "the bytes of the second block are left to the worker");
  cr_assert_eq (truncate (self->path, self->size), 0);
  self->size = 0;
  return status;
}

static char *
shrinking_position_in (const AakSource *source, guint file, guint64 line)
{
  return aak_source_position_in (((const Shrinking *) source)->log, file, line);
}

static gboolean
shrinking_restart (AakSource *source)
{
  return aak_source_restart (((Shrinking *) source)->log);
}

static const AakSourceClass shrinking_class = { .name = "shrinking",
                                                .next_block = shrinking_next_block,
                                                .position_in = shrinking_position_in,
                                                .restart = shrinking_restart };

Test (scan, a_log_that_shrinks_is_read_again)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  g_autofree char *dir = g_dir_make_tmp ("aakit-scan-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "log", NULL);
  g_autofree char *text = make_log (rand, &(Shape){ 4000, 300, 3, 3 });
  cr_assert (g_file_set_contents (path, text, -1, NULL));
  const char *const paths[] = { path, NULL };
  g_autoptr (AakAttribution) attribution = aak_attribution_new ();
  g_autoptr (AakRecorder) recorder = aak_recorder_new (attribution);
  g_autoptr (AakSource) log = aak_source_file_open (path, NULL);
  Shrinking source = { .log = log, .path = path, .size = 100000 };
  source.base.class = &shrinking_class;
  aak_attribution_follow_glob (attribution, "k8s-*");
  g_autoptr (AakScan) scan = aak_scan_start (recorder, &source.base, 2, NULL);
  g_autoptr (GPtrArray) failures = aak_scan_finish (scan);
  cr_expect_eq (failures->len, 0);
  g_autofree char *what = describe (recorder, &source.base);
  g_autofree char *wanted = learn (paths, 0);
  cr_expect_str_eq (what, wanted);
  g_unlink (path);
  g_rmdir (dir);
}

static void
expect_stops (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakAttribution) attribution = aak_attribution_new ();
  g_autoptr (AakRecorder) recorder = aak_recorder_new (attribution);
  g_autoptr (AakSource) source = aak_source_file_open (path, &error);
  cr_assert_not_null (source);
  g_autoptr (AakScan) scan = aak_scan_start (recorder, source, 2, &error);
  g_usleep (20000);
  aak_scan_stop (scan);
  g_autoptr (GPtrArray) failures = aak_scan_finish (scan);
  cr_expect_eq (failures->len, 0);
}

/* A line that never ends, and a pipe that nobody writes to. */
Test (scan, it_can_be_stopped, .timeout = 60)
{
  int ends[2], saved = dup (STDIN_FILENO);
  expect_stops ("/dev/zero");
  cr_assert_eq (pipe2 (ends, O_CLOEXEC), 0);
  dup2 (ends[0], STDIN_FILENO);
  expect_stops ("-");
  dup2 (saved, STDIN_FILENO);
  close (saved);
  close (ends[0]);
  close (ends[1]);
}
