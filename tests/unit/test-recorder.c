/* SPDX-License-Identifier: GPL-2.0-or-later
 * Remembering what equal records mean changes nothing but the time it takes. */
#include "learn/recorder.h"
#include "tests/unit/learned.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

/* A log in which records recur with other stamps and pids, and differ in single bytes. */
static char *
make_log (GRand *rand, guint lines)
{
  static const char *const forms[] = {
    "apparmor=\"%s\" operation=\"open\" profile=\"%s\" name=\"/f%u\" pid=%u comm=\"c\" "
    "requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=%u",
    "apparmor=\"%s\" operation=\"file_mmap\" profile=\"%s\" name=\"/f%u\" pid=%u comm=\" pid=7 \" "
    "requested_mask=\"rm\" fsuid=0 ouid=%u",
    "apparmor=\"%s\" operation=\"capable\" profile=\"%s\" pid=%u pid=%u comm=\"c\" capability=%u  "
    "capname=\"chown\"",
    "apparmor=\"%s\" operation=\"mount\" profile=\"%s\" name=\"/m%u/\" pid=%u comm=\"c\" error=%u",
    "apparmor=\"%s\" operation=\"open\" profile=\"%s\" name=\"/f%u\" comm=\"c\" pid=x%u "
    "requested_mask=\"r\" fsuid=%u",
  };
  static const char *const verdicts[] = { "ALLOWED", "DENIED", "AUDIT", "STATUS" };
  static const char *const labels[] = { "k8s-a", "k8s-b", "k8s-late", "other",
                                        "k8s-a//null-/bin/sh" };
  GString *log = g_string_new (NULL);
  for (guint i = 0; i < lines; i++)
    {
      const char *form = forms[g_rand_int_range (rand, 0, G_N_ELEMENTS (forms))];
      g_string_append_printf (log, "type=AVC msg=audit(%u.%03u:%u): ", 100 + i / 7, i % 1000, i);
      G_GNUC_BEGIN_IGNORE_DEPRECATIONS
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
      g_string_append_printf (log, form, verdicts[g_rand_int_range (rand, 0, 4)],
                              labels[g_rand_int_range (rand, 0, 5)],
                              (guint) g_rand_int_range (rand, 0, 12),
                              (guint) g_rand_int_range (rand, 1, 99999),
                              (guint) g_rand_int_range (rand, 0, 2));
#pragma GCC diagnostic pop
      G_GNUC_END_IGNORE_DEPRECATIONS
      g_string_append (log, i % 3 == 0 ? "\x1d"
                                         "FSUID=\"root\"\n"
                                       : "\n");
    }
  return g_string_free (log, FALSE);
}

/* What a recorder that reads @path comes to: the states of all labels, and its counts. With @forget
 * the cache is emptied before each record. */
static char *
learn (const char *path, gboolean forget)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakAttribution) attribution = aak_attribution_new ();
  g_autoptr (AakRecorder) recorder = aak_recorder_new (attribution);
  g_autoptr (AakSource) source = aak_source_file_open (path, &error);
  cr_assert_not_null (source);
  cr_assert (aak_attribution_follow (attribution, "k8s-a", &error));
  cr_assert (aak_attribution_follow (attribution, "k8s-b", &error));
  for (guint i = 0;; i++)
    {
      if (forget)
        {
          aak_record_cache_free (recorder->cache);
          recorder->cache = aak_record_cache_new ();
        }
      if (i == 400)
        cr_assert (aak_attribution_follow (attribution, "k8s-late", &error));
      if (aak_recorder_drain (recorder, source, 1, &error) == AAK_SOURCE_END)
        break;
    }
  GString *out = g_string_new (NULL);
  g_string_append_printf (out, "%lu %lu %lu %lu %lu\n", (unsigned long) recorder->events,
                          (unsigned long) recorder->news, (unsigned long) recorder->first_time,
                          (unsigned long) recorder->last_time,
                          (unsigned long) source->account.malformed);
  append_states (out, attribution);
  return g_string_free (out, FALSE);
}

Test (recorder, remembering_changes_nothing)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (8);
  g_autofree char *dir = g_dir_make_tmp ("aakit-recorder-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "log", NULL);
  for (int round = 0; round < 5; round++)
    {
      g_autofree char *log = make_log (rand, 800);
      cr_assert (g_file_set_contents (path, log, -1, NULL));
      g_autofree char *with = learn (path, FALSE), *without = learn (path, TRUE);
      cr_assert_str_eq (with, without);
      cr_assert_not_null (strstr (with, "k8s-late"));
    }
  g_unlink (path);
  g_rmdir (dir);
}

Test (recorder, keys_leave_out_stamp_and_pid_only)
{
  static const struct
  {
    const char *a, *b;
    gboolean equal;
  } cases[] = {
    { "audit(1.000:1): x=\"1\" pid=7 y=2", "audit(9.999:2): x=\"1\" pid=81 y=2", TRUE },
    { "audit(1.000:1): a=\"0123456789abcdef0123456789abcdef\" pid=7 y=2",
      "audit(1.000:1): a=\"0123456789abcdef0123456789abcdef\" pid=8 y=2", TRUE },
    { "audit(1.000:1): a=\"0123456789abcdef 123456789abcdef\" pid=7 y=2",
      "audit(1.000:1): a=\"0123456789abcdef0123456789abcdef\" pid=7 y=2", FALSE },
    { "audit(1.000:1): x=\"1\" pid=7 y=2", "audit(1.000:1): x=\"1\" pid=7 y=3", FALSE },
    { "audit(1.000:1): x=\"1\" pid=7 y=2", "audit(1.000:1): x=\"2\" pid=7 y=2", FALSE },
    { "audit(1.000:1): x=1 pid=7 y= pid=8 z", "audit(1.000:1): x=1 pid=7 y= pid=9 z", FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AakSourceRecord a = { 1400, cases[i].a, strlen (cases[i].a) },
                      b = { 1400, cases[i].b, strlen (cases[i].b) };
      AakRecordKey x, y;
      g_autoptr (AakRecordCache) cache = aak_record_cache_new ();
      cr_assert (aak_record_key_parse (&a, &x) && aak_record_key_parse (&b, &y));
      aak_record_cache_put (cache, &x, 1, &(AakRecordMeaning){ 0 });
      cr_expect_eq (aak_record_cache_count (cache, &y, 1) != NULL, cases[i].equal, "case %zu", i);
      cr_expect_null (aak_record_cache_count (cache, &x, 2));
      /* An equal hash is not equality. */
      y.hash = x.hash;
      cr_expect_eq (aak_record_cache_count (cache, &y, 1) != NULL, cases[i].equal, "case %zu", i);
    }
}
