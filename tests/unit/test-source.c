/* SPDX-License-Identifier: GPL-2.0-or-later
 * Sources of lines: several files, compressed ones, damaged ones. */
#include "config.h"

#include "learn/source.h"
#include "lib/error.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>

static char *dir;

static void
setup (void)
{
  dir = g_dir_make_tmp ("aakit-source-XXXXXX", NULL);
}

static void
shell (const char *command)
{
  g_autofree char *line = g_strdup_printf ("cd '%s' && %s", dir, command);
  const char *const argv[] = { "bash", "-c", line, NULL };
  int status = 0;
  cr_assert (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                           &status, NULL));
  cr_assert_eq (status, 0, "%s", command);
}

static void
teardown (void)
{
  shell ("rm -rf -- \"$PWD\"");
  g_free (dir);
}

TestSuite (source, .init = setup, .fini = teardown, .timeout = 120);

static AakSource *
open_files (const char *names, GError **error)
{
  g_auto (GStrv) paths = g_strsplit (names, " ", -1);
  for (char **path = paths; *path != NULL; path++)
    {
      char *whole = g_build_filename (dir, *path, NULL);
      g_free (*path);
      *path = whole;
    }
  return aak_source_files_open ((const char *const *) paths, error);
}

/* All lines of the source, each with its newline; ends with the status @wanted. */
static char *
read_all (AakSource *source, AakSourceStatus wanted, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  AakSourceRecord raw;
  AakSourceStatus status;
  while ((status = aak_source_next (source, &raw, error)) == AAK_SOURCE_RECORD)
    {
      g_string_append_len (text, raw.data, (gssize) raw.len);
      g_string_append_c (text, '\n');
    }
  cr_assert_eq (status, wanted, "%d", status);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* The methods that this build has, and those of the machine that makes the fixtures. */
static const char *const compressors[] = {
  "cat",
  "gzip -c",
#ifdef HAVE_LZMA
  "xz -c",
#endif
#ifdef HAVE_ZSTD
  "zstd -qc",
#endif
};

Test (source, compressed_by_their_bytes_not_their_names)
{
  shell ("seq 1 300000 > want");
  g_autofree char *path = g_build_filename (dir, "want", NULL);
  g_autofree char *want = NULL;
  cr_assert (g_file_get_contents (path, &want, NULL, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (compressors); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *command = g_strdup_printf ("%s want > log.zip", compressors[i]);
      shell (command);
      g_autoptr (AakSource) source = open_files ("log.zip", &error);
      cr_assert_not_null (source);
      g_autofree char *got = read_all (source, AAK_SOURCE_END, &error);
      cr_expect_str_eq (got, want, "%s", compressors[i]);
      g_autofree char *position = aak_source_position (source);
      cr_expect (g_str_has_suffix (position, "/log.zip:300000"), "%s", position);
    }
}

/* Streams that were appended to one another, as logrotate's do, and padding after them. */
Test (source, several_streams_in_one_file)
{
  for (gsize i = 1; i < G_N_ELEMENTS (compressors); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *command = g_strdup_printf (
          "(for n in 1 2 3; do printf 'a%%s\\nb' $n | %s; done; head -c 8 /dev/zero) > log",
          compressors[i]);
      shell (command);
      g_autoptr (AakSource) source = open_files ("log", &error);
      g_autofree char *got = read_all (source, AAK_SOURCE_END, &error);
      cr_expect_str_eq (got, "a1\nba2\nba3\nb\n", "%s: %s", compressors[i], got);
    }
}

Test (source, several_files_in_the_order_given)
{
  shell ("printf 'one\\ntwo' > b; printf 'three\\n' | gzip > a; : > empty; printf 'four' > c");
  g_autoptr (GError) error = NULL;
  g_autoptr (AakSource) source = open_files ("b a empty c empty", &error);
  static const char *const wanted[][2] = { { "one", "/b:1" },
                                           { "two", "/b:2" },
                                           { "three", "/a:1" },
                                           { "four", "/c:1" } };
  AakSourceRecord raw;
  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      cr_assert_eq (aak_source_next (source, &raw, &error), AAK_SOURCE_RECORD);
      g_autofree char *position = aak_source_position (source);
      cr_expect_eq (raw.len, strlen (wanted[i][0]));
      cr_expect (memcmp (raw.data, wanted[i][0], raw.len) == 0);
      cr_expect (g_str_has_suffix (position, wanted[i][1]), "%s", position);
    }
  cr_expect_eq (aak_source_next (source, &raw, &error), AAK_SOURCE_END);
  cr_expect_eq (aak_source_next (source, &raw, &error), AAK_SOURCE_END);
  cr_expect_null (open_files ("b nothere", &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND));
}

/* Cut off at every length, and a byte turned over: every line that is given is one of the log's, in
 * order, and then there is an error that names file and line; never a wrong line, never an endless
 * loop. (A flipped byte may be one that changes nothing, such as gzip's time.) */
Test (source, damaged)
{
  shell ("seq 100000 100999 > want; printf 'x\\n' > plain");
  for (gsize i = 1; i < G_N_ELEMENTS (compressors); i++)
    {
      g_autofree char *command = g_strdup_printf ("%s want > good", compressors[i]);
      shell (command);
      g_autofree char *path = g_build_filename (dir, "good", NULL);
      g_autofree char *good = NULL;
      gsize len;
      cr_assert (g_file_get_contents (path, &good, &len, NULL));
      for (gsize cut = 6; cut < len; cut++)
        {
          g_autoptr (GError) error = NULL;
          g_autofree char *bad = g_build_filename (dir, "bad", NULL);
          cr_assert (g_file_set_contents (bad, good, (gssize) cut, NULL));
          g_autoptr (AakSource) source = open_files ("plain bad", &error);
          g_autofree char *got = read_all (source, AAK_SOURCE_FAILED, &error);
          g_autofree char *place = strlen (got) > 2
                                       ? g_strdup_printf ("/bad:%zu: ", (strlen (got) - 2) / 7)
                                       : g_strdup ("/bad: ");
          cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
          cr_expect (strstr (error->message, place) != NULL, "%s: %s", place, error->message);
          cr_expect (strlen (got) >= 2 && (strlen (got) - 2) % 7 == 0, "%zu of %zu", cut, len);
        }
    }
}

Test (source, flipped_bytes)
{
  shell ("seq 100000 100199 > want");
  for (gsize i = 1; i < G_N_ELEMENTS (compressors); i++)
    {
      g_autofree char *command = g_strdup_printf ("%s want > good", compressors[i]);
      shell (command);
      g_autofree char *path = g_build_filename (dir, "good", NULL);
      g_autofree char *good = NULL;
      gsize len, failures = 0;
      cr_assert (g_file_get_contents (path, &good, &len, NULL));
      for (gsize at = 6; at < len; at++)
        {
          good[at] = (char) ~good[at];
          g_autofree char *bad = g_build_filename (dir, "bad", NULL);
          cr_assert (g_file_set_contents (bad, good, (gssize) len, NULL));
          good[at] = (char) ~good[at];
          g_autoptr (AakSource) source = open_files ("bad", NULL);
          AakSourceRecord raw;
          AakSourceStatus status;
          while ((status = aak_source_next (source, &raw, NULL)) == AAK_SOURCE_RECORD)
            continue;
          failures += status == AAK_SOURCE_FAILED;
        }
      cr_expect_geq (failures, len * 9 / 10, "%s: %zu of %zu", compressors[i], failures, len);
    }
}

static glong
peak_kib (void)
{
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

/* 200 MB of one byte, a thousand times smaller on disk. */
Test (source, memory_does_not_depend_on_the_ratio)
{
  for (gsize i = 1; i < G_N_ELEMENTS (compressors); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *command =
          g_strdup_printf ("(head -c 200000000 /dev/zero; echo; echo end) | %s > log",
                           compressors[i]);
      shell (command);
      glong before = peak_kib ();
      g_autoptr (AakSource) source = open_files ("log", &error);
      AakSourceRecord raw;
      cr_expect_eq (aak_source_next (source, &raw, &error), AAK_SOURCE_RECORD);
      cr_expect_eq (aak_source_next (source, &raw, &error), AAK_SOURCE_RECORD);
      cr_expect (raw.len == 3 && memcmp (raw.data, "end", 3) == 0, "%s", compressors[i]);
      cr_expect_leq (peak_kib () - before, 32 * 1024, "%s: %ld KiB", compressors[i],
                     peak_kib () - before);
    }
}
