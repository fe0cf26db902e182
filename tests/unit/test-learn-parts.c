/* SPDX-License-Identifier: GPL-2.0-or-later
 * Small parts of the learner: labels, containers, serials, the file source. */
#include "learn/label.h"
#include "learn/serial-window.h"
#include "learn/source-block.h"
#include "learn/source.h"
#include "lib/container.h"
#include "lib/error.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

Test (label, folding)
{
  static const char *const cases[][2] = {
    { "k8s-web", "k8s-web" },
    { "k8s-web//null-/bin/sh", "k8s-web" },
    { "k8s-web//null-/bin/sh//null-/bin/ls", "k8s-web" },
    { "/usr/sbin/nginx//child", "/usr/sbin/nginx" },
    { "k8s-web//&unconfined", "k8s-web//&unconfined" },
    { ":ns:k8s-web", ":ns:k8s-web" },
    { "//odd", "//odd" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *folded = aak_label_fold (cases[i][0]);
      cr_expect_str_eq (folded, cases[i][1]);
    }
}

Test (label, file_names)
{
  static const char *const cases[][2] = {
    { "k8s-web", "k8s-web" }, { "/usr/sbin/nginx", "usr.sbin.nginx" },
    { "..", NULL },           { "/.x", NULL },
    { "//x", NULL },          { "", NULL },
    { "a b", NULL },          { "a\nb", NULL },
    { "a;b", NULL },          { "../x", NULL },
    { "a/../b", "a....b" },   { "{a,b}", NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = aak_label_file_name (cases[i][0]);
      cr_expect_eq (g_strcmp0 (name, cases[i][1]), 0, "%s", cases[i][0]);
    }
}

Test (container, workload_names)
{
  static const struct
  {
    const char *pod;
    gboolean of_web;
  } cases[] = {
    { "web", TRUE },
    { "web-0", TRUE },
    { "web-x2x9k", TRUE },
    { "web-7d4b9c5f6-x2x9k", TRUE },
    { "web-28391740-bzx9k", TRUE },
    { "web-admin", FALSE },
    { "webx", FALSE },
    { "web-api-x2x9k", FALSE },
    { "web-", FALSE },
    { "web-admin-7d4b9c5f6-x2x9k", FALSE },
    { "my-web", FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AakContainer container = { .pod = (char *) cases[i].pod };
      cr_expect_eq (aak_container_is_of (&container, "web"), cases[i].of_web, "%s", cases[i].pod);
    }
}

static AakContainer *
parse (const char *json, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));
  return aak_container_parse ("config.json", bytes, error);
}

Test (container, hostile_bundles)
{
  static const char *const damaged[] = { "",         "[",
                                         "[]",       "{",
                                         "\"x\"",    "{\"annotations\":",
                                         "\xff\xfe", "null",
                                         "{} {}",    "{\"a\":\"\xff\"}" };
  static const char *const without_pod[] = {
    "{}",
    "{\"annotations\":[]}",
    "{\"annotations\":{\"io.kubernetes.cri.sandbox-name\":7}}",
    "{\"annotations\":{\"io.kubernetes.cri.sandbox-name\":{},\"io.kubernetes.cri.sandbox-namespace\":\"n\"}}",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autoptr (GError) error = NULL;
      cr_expect_null (parse (damaged[i], &error));
      cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID), "%s", damaged[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (without_pod); i++)
    {
      g_autoptr (GError) error = NULL;
      cr_expect_null (parse (without_pod[i], &error));
      cr_expect_null (error, "%s", without_pod[i]);
    }
}

/* Go's JSON has them: a limit that is none, a name that is set twice. */
Test (container, numbers_names_and_nuls)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakContainer) container = parse (
      "{\"process\":{\"rlimits\":[{\"hard\":18446744073709551615}],\"apparmorProfile\":\"k8s-web\"},"
      "\"root\":{\"path\":\"r\\\\u0000s\"},\"annotations\":{\"io.kubernetes.cri.container-name\":\"web\","
      "\"io.kubernetes.cri.sandbox-namespace\":\"n\",\"io.kubernetes.cri.sandbox-name\":\"a\","
      "\"io.kubernetes.cri.sandbox-name\":\"b\",\"io.kubernetes.cri.image-name\":\"i\\u0000j\"}}",
      &error);
  cr_assert_null (error);
  cr_expect_str_eq (container->label, "k8s-web");
  cr_expect_str_eq (container->pod, "b");
  cr_expect_str_eq (container->image, "i\x1aj");
  cr_expect_str_eq (container->rootfs, "r\\u0000s");
}

Test (container, depth_is_bounded)
{
  g_autoptr (GString) text = g_string_new ("{\"a\":");
  for (guint i = 0; i < 1000000; i++)
    g_string_append_c (text, '[');
  g_autoptr (GError) error = NULL;
  cr_expect_null (parse (text->str, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
}

Test (container, containerd_and_crio)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakContainer) a = parse (
      "{\"process\":{\"apparmorProfile\":\"k8s-web\"},\"annotations\":{\"io.kubernetes.cri.container-name\":\"web\","
      "\"io.kubernetes.cri.container-type\":\"container\",\"io.kubernetes.cri.image-name\":\"i:1\","
      "\"io.kubernetes.cri.sandbox-name\":\"web-0\",\"io.kubernetes.cri.sandbox-namespace\":\"default\"}}",
      &error);
  cr_assert_not_null (a);
  cr_expect_str_eq (a->label, "k8s-web");
  cr_expect_str_eq (a->namespace, "default");
  g_autoptr (AakContainer) b = parse (
      "{\"annotations\":{\"io.kubernetes.pod.namespace\":\"n\",\"io.kubernetes.pod.name\":\"p\","
      "\"io.kubernetes.container.name\":\"c\"}}",
      &error);
  cr_assert_not_null (b);
  cr_expect_null (b->label);
}

Test (serial_window, counts_what_never_came)
{
  static const struct
  {
    guint32 serials[12];
    guint count;
    guint64 missing;
  } cases[] = {
    { { 5, 6, 7 }, 3, 0 },
    { { 5, 5, 5, 6 }, 4, 0 },
    { { 5, 8 }, 2, 2 },
    { { 5, 8, 6, 7 }, 4, 0 },
    { { 5, 8, 7, 7 }, 4, 1 },
    { { 5, 4, 3, 6 }, 4, 0 }, /* older than the first: not counted */
    { { G_MAXUINT32 - 1, G_MAXUINT32, 0, 1 }, 4, 0 },
    { { G_MAXUINT32 - 1, 1 }, 2, 2 },
    { { 10, 10 + AAK_SERIAL_WINDOW * 3 }, 2, AAK_SERIAL_WINDOW * 3 - 1 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree AakSerialWindow *window = g_new0 (AakSerialWindow, 1);
      for (guint k = 0; k < cases[i].count; k++)
        aak_serial_window_add (window, cases[i].serials[k]);
      cr_expect_eq (aak_serial_window_missing (window), cases[i].missing, "case %zu: %lu", i,
                    (unsigned long) aak_serial_window_missing (window));
    }
}

static guint64
unsettled (const AakSerialWindow *window)
{
  return aak_serial_window_unsettled (window, window->newest - AAK_SERIAL_UNSETTLED);
}

Test (serial_window, the_newest_may_still_come)
{
  g_autofree AakSerialWindow *window = g_new0 (AakSerialWindow, 1);
  cr_expect_eq (unsettled (window), 0);
  aak_serial_window_add (window, G_MAXUINT32 - 10);
  cr_expect_eq (unsettled (window), 0);
  aak_serial_window_add (window, 5); /* 15 between them */
  cr_expect_eq (unsettled (window), 15);
  aak_serial_window_add (window, 0);
  cr_expect_eq (unsettled (window), 14);
  cr_expect_eq (aak_serial_window_unsettled (window, G_MAXUINT32), 4); /* 1 to 4 */
  cr_expect_eq (aak_serial_window_unsettled (window, 4), 0);
  cr_expect_eq (aak_serial_window_unsettled (window, 5), 0);
  cr_expect_eq (aak_serial_window_settled (window), G_MAXUINT32 - 10);
  for (guint32 serial = 6; serial < 6 + AAK_SERIAL_UNSETTLED; serial++)
    aak_serial_window_add (window, serial);
  cr_expect_eq (unsettled (window), 0);
  cr_expect_eq (aak_serial_window_settled (window), 5 + AAK_SERIAL_UNSETTLED);
  cr_expect_eq (aak_serial_window_missing (window), 14);
}

/* A random order within the window, with some left out: exactly those are missing. */
Test (serial_window, property)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  g_autofree AakSerialWindow *window = g_new0 (AakSerialWindow, 1);
  guint32 base = G_MAXUINT32 - 20000;
  guint64 left_out = 0;
  aak_serial_window_add (window, base);
  for (guint32 block = 0; block < 500; block++)
    {
      guint32 order[100];
      for (guint32 i = 0; i < 100; i++)
        order[i] = base + 1 + block * 100 + i;
      for (guint32 i = 99; i > 0; i--)
        {
          guint32 k = (guint32) g_rand_int_range (rand, 0, (gint32) i + 1), swap = order[i];
          order[i] = order[k];
          order[k] = swap;
        }
      for (guint32 i = 0; i < 100; i++)
        if (order[i] != base + 1 + block * 100 + 50)
          aak_serial_window_add (window, order[i]);
        else
          left_out++;
    }
  cr_expect_eq (aak_serial_window_missing (window), left_out);
}

static void
expect_lines (const char *content, gsize len, const gsize *lengths, guint count)
{
  g_autofree char *dir = g_dir_make_tmp ("aakit-source-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "log", NULL);
  cr_assert (g_file_set_contents (path, content, (gssize) len, NULL));
  g_autoptr (GError) error = NULL;
  g_autoptr (AakSource) source = aak_source_file_open (path, &error);
  cr_assert_not_null (source);
  AakSourceRecord raw;
  for (guint i = 0; i < count; i++)
    {
      cr_assert_eq (aak_source_next (source, &raw, &error), AAK_SOURCE_RECORD);
      cr_expect_eq (raw.len, lengths[i], "line %u: %zu", i, raw.len);
    }
  cr_expect_eq (aak_source_next (source, &raw, &error), AAK_SOURCE_END);
  g_autofree char *position = aak_source_position (source);
  g_autofree char *want = count > 0 ? g_strdup_printf ("%s:%u", path, count) : g_strdup (path);
  cr_expect_str_eq (position, want);
  g_unlink (path);
  g_rmdir (dir);
}

Test (source_file, lines_of_every_length)
{
  expect_lines ("", 0, NULL, 0);
  expect_lines ("a", 1, (gsize[]){ 1 }, 1);
  expect_lines ("a\n\nbc\n", 6, (gsize[]){ 1, 0, 2 }, 3);
  expect_lines ("a\0b\nc", 5, (gsize[]){ 3, 1 }, 2);
  for (gsize long_line = 65530; long_line < 65545; long_line++)
    {
      g_autofree char *content = g_malloc (long_line + 3);
      memset (content, 'x', long_line);
      memcpy (content + long_line, "\nyy", 3);
      expect_lines (content, long_line + 3, (gsize[]){ MIN (long_line, 65536), 2 }, 2);
    }
  /* Where a line meets the end of a block. */
  for (gsize long_line = AAK_SOURCE_BLOCK_SIZE - 8; long_line < AAK_SOURCE_BLOCK_SIZE + 8;
       long_line++)
    {
      g_autofree char *content = g_malloc (2 * long_line + 8);
      memset (content, 'x', 2 * long_line + 8);
      memcpy (content, "a\nb", 3);
      memcpy (content + 3 + long_line, "\ncc\n", 4);
      expect_lines (content, 2 * long_line + 8, (gsize[]){ 1, 65536, 2, 65536 }, 4);
    }
  g_autofree char *huge = g_malloc (1000003);
  memset (huge, 'x', 1000000);
  memcpy (huge + 1000000, "\nyy", 3);
  expect_lines (huge, 1000003, (gsize[]){ 65536, 2 }, 2);
}

Test (source_file, what_cannot_be_read)
{
  g_autoptr (GError) error = NULL;
  cr_expect_null (aak_source_file_open ("/nonexistent/log", &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND));
  g_clear_error (&error);
  cr_expect_null (aak_source_file_open ("/", &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
}
