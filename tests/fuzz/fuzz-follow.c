/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as what auditd and logrotate do to a log: lines, rotation by renaming with the writer
 * going on in the old file for a while, copies beside it, deletion. Every line comes out once,
 * those of one file in their order. One source follows the path for the whole life of the program,
 * since closing an inotify instance takes milliseconds: an input goes on where the one before it
 * ended. */
#include "learn/source.h"
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define STEPS_MAX 8
#define FILES     4 /* the log, and those it was renamed to */

static char *dir;
static char *paths[FILES];
static AakSource *source;
static int writer = -1;
static guint64 file;             /* the number of the file that is written to */
static guint64 written;          /* lines in it */
static guint64 missing;          /* lines that were not read yet */
static GHashTable *last_of_file; /* its number: the last line of it that was read */

static void
remove_all (void)
{
  aak_source_close (source);
  for (gsize i = 0; i < FILES; i++)
    {
      g_unlink (paths[i]);
      g_free (paths[i]);
    }
  g_rmdir (dir);
  g_free (dir);
  g_hash_table_unref (last_of_file);
}

static void
open_writer (void)
{
  if (writer >= 0)
    close (writer);
  writer = open (paths[0], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  g_assert (writer >= 0);
  g_hash_table_remove (last_of_file, GSIZE_TO_POINTER (file - FILES));
  file++;
  written = 0;
}

static void
set_up (void)
{
  const char *shm = g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm" : g_get_tmp_dir ();
  g_autofree char *pattern = g_build_filename (shm, "aakit-fuzz-XXXXXX", NULL);
  dir = g_mkdtemp (g_steal_pointer (&pattern));
  g_assert (dir != NULL);
  for (guint i = 0; i < FILES; i++)
    paths[i] = i == 0 ? g_build_filename (dir, "audit.log", NULL)
                      : g_strdup_printf ("%s/audit.log.%u", dir, i);
  last_of_file = g_hash_table_new (NULL, NULL);
  open_writer ();
  source = aak_source_follow_open (paths[0], NULL, NULL);
  g_assert (source != NULL);
  atexit (remove_all);
}

static void
write_lines (guint count)
{
  char text[64];
  for (guint i = 0; i < count; i++)
    {
      int len = g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n",
                            file, ++written);
      g_assert (write (writer, text, (size_t) len) == len);
      missing++;
    }
}

static void
read_all (void)
{
  AakSourceRecord raw;
  AakSourceStatus status;
  while ((status = aak_source_next (source, &raw, NULL)) == AAK_SOURCE_RECORD)
    {
      guint64 number = 0, line = 0;
      g_autofree char *text = g_strndup (raw.data, raw.len);
      g_assert (sscanf (text, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, &number, &line) == 2);
      gpointer key = GSIZE_TO_POINTER (number);
      g_assert (line == GPOINTER_TO_SIZE (g_hash_table_lookup (last_of_file, key)) + 1);
      g_hash_table_insert (last_of_file, key, GSIZE_TO_POINTER (line));
      g_assert (missing-- > 0);
    }
  g_assert (status == AAK_SOURCE_AGAIN);
  g_assert (missing == 0);
  g_assert (aak_account_lost (aak_source_account (source)) == 0);
}

/* audit.log.2 becomes audit.log.3, and so on. What would be deleted is read first: a file that is
 * gone before it was opened can only be counted. */
static void
rotate (void)
{
  read_all ();
  for (guint i = FILES - 1; i > 0; i--)
    g_rename (paths[i - 1], paths[i]);
}

static void
copy_beside (void)
{
  g_autofree char *copy = g_strconcat (paths[0], ".copy", NULL);
  g_autofree char *text = NULL;
  gsize len = 0;
  if (g_file_get_contents (paths[0], &text, &len, NULL) && len < 4096)
    g_file_set_contents (copy, text, (gssize) len, NULL);
  g_unlink (copy);
}

static void
act (uint8_t what)
{
  switch (what % 8)
    {
    case 0:
    case 1:
    case 2:
      write_lines (what / 8u);
      break;
    case 3:
      read_all ();
      break;
    case 4:
      rotate ();
      open_writer ();
      break;
    case 5:
      rotate ();
      write_lines (what / 8u);
      open_writer ();
      break;
    case 6:
      read_all ();
      g_unlink (paths[0]);
      open_writer ();
      break;
    case 7:
      copy_beside ();
      break;
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (source == NULL)
    set_up ();
  for (size_t i = 0; i < size && i < STEPS_MAX; i++)
    act (data[i]);
  read_all ();
  return 0;
}
