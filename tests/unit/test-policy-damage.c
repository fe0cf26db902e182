/* SPDX-License-Identifier: GPL-2.0-or-later
 * Damaged policy is refused, or read as other policy; it never leads outside, nor takes long. */
#include "config.h"

#include "lib/error.h"
#include "lib/policy/blob.h"
#include "lib/policy/inflate.h"
#include "lib/policy/query.h"
#include "tests/unit/policy-fixture.h"

#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

#define MUTANTS 20000

/* Every kind of question; the answers do not matter. */
static void
ask (const AakPolicySet *set)
{
  GPtrArray *profiles = aak_policy_set_profiles (set);
  for (guint i = 0; i < profiles->len; i++)
    {
      const AakPolicyProfile *p = profiles->pdata[i];
      AakName path = aak_name ("/bin/i\xff/a.so"), other = aak_name ("/t/x");
      AakMount mount = { .target = path, .source = other, .flags = G_MAXUINT32 };
      AakAnswer a = aak_policy_query_file (p, path, G_MAXUINT32, i % 2 == 0);
      g_autofree char *label = aak_policy_query_exec_label (set, p, path, a.exec);
      (void) aak_policy_query_link (p, path, other, TRUE);
      (void) aak_policy_query_change_profile (p, &path, "A//&B");
      (void) aak_policy_query_capability (p, i);
      (void) aak_policy_query_network (p, 1, 1, AAK_MAY_NET_ALL);
      (void) aak_policy_query_signal (p, 9, "A//&B", AAK_MAY_SIGNAL_SEND);
      (void) aak_policy_query_ptrace (p, "x", AAK_MAY_PTRACE_READ);
      (void) aak_policy_query_mount (p, &mount);
      (void) aak_policy_query_pivot_root (p, path, other);
      cr_assert_eq (a.allowed, a.denied == 0);
      cr_assert (label == NULL || a.exec.target != AAK_EXEC_NOWHERE);
    }
}

/* Reads @len bytes of @data from an allocation of their own, so that a sanitizer sees one byte too
 * far; gives TRUE where they were taken. */
static gboolean
try (const guint8 *data, gsize len)
{
  g_autofree guint8 *copy = g_memdup2 (data, MAX (len, 1));
  g_autoptr (GBytes) bytes = g_bytes_new_static (copy, len);
  g_autoptr (GError) error = NULL;
  g_autoptr (AakPolicySet) set = aak_policy_set_new ("b", bytes, &error);
  cr_assert ((set == NULL) == (error != NULL));
  cr_assert (set != NULL || g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID), "%s",
             error != NULL ? error->message : "");
  if (set != NULL)
    ask (set);
  return set != NULL;
}

Test (policy_damage, mutations)
{
  g_autoptr (GBytes) blob = fixture_web ();
  gsize len = 0;
  const guint8 *data = g_bytes_get_data (blob, &len);
  g_autoptr (GRand) rand = g_rand_new_with_seed (815);
  guint taken = 0;
  for (int round = 0; round < MUTANTS; round++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, len);
      for (int i = g_rand_int_range (rand, 1, 4); i > 0; i--)
        copy[g_rand_int_range (rand, 0, (gint32) len)] ^=
            (guint8) (1 << g_rand_int_range (rand, 0, 8));
      taken += try (copy, len) ? 1 : 0;
    }
  cr_expect (taken > 0 && taken < MUTANTS, "%u of %d were taken", taken, MUTANTS);
}

Test (policy_damage, truncations)
{
  g_autoptr (GBytes) blob = fixture_web ();
  g_autoptr (GPtrArray) profiles = aak_policy_blob_parse ("b", blob, NULL);
  gsize len = 0;
  const guint8 *data = g_bytes_get_data (blob, &len);
  for (gsize cut = 0; cut < len; cut += 1 + cut / 64)
    {
      gboolean at_an_end = FALSE;
      for (guint i = 0; i < profiles->len; i++)
        at_an_end = at_an_end || ((const AakBlobProfile *) profiles->pdata[i])->end == cut;
      cr_expect_eq (try (data, cut), at_an_end, "%zu bytes", cut);
    }
}

Test (policy_damage, two_profiles_of_one_name)
{
  g_autoptr (GBytes) blob = fixture_web ();
  gsize len = 0;
  const guint8 *data = g_bytes_get_data (blob, &len);
  g_autoptr (GByteArray) twice = g_byte_array_new ();
  g_byte_array_append (twice, data, (guint) len);
  g_byte_array_append (twice, data, (guint) len);
  cr_expect_not (try (twice->data, twice->len));
}

#ifdef HAVE_ZSTD

static GBytes *
compress (GBytes *plain, gsize header)
{
  gsize len = 0;
  const void *data = g_bytes_get_data (plain, &len);
  gsize room = header + ZSTD_compressBound (len);
  guint8 *out = g_malloc0 (room);
  gsize n = ZSTD_compress (out + header, room - header, data, len, 3);
  cr_assert_not (ZSTD_isError (n));
  return g_bytes_new_take (out, header + n);
}

Test (policy_damage, compressed_forms)
{
  g_autoptr (GBytes) blob = fixture_web ();
  static const gsize headers[] = { 0, 8 };
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr (GBytes) packed = compress (blob, headers[i]);
      gsize len = 0;
      const guint8 *data = g_bytes_get_data (packed, &len);
      g_autoptr (GBytes) plain = aak_policy_inflate (packed, 1 << 20, NULL);
      cr_expect (plain != NULL && g_bytes_equal (plain, blob));
      cr_expect (try (data, len));
      for (gsize cut = headers[i] + 4; cut < len; cut += 7)
        cr_expect_not (try (data, cut), "%zu bytes", cut);
      g_autoptr (GByteArray) more = g_byte_array_new ();
      g_byte_array_append (more, data, (guint) len);
      g_byte_array_append (more, data, 1);
      cr_expect_not (try (more->data, more->len), "something behind the frame");
    }
}

/* apparmor_parser 5.0 writes a frame for each profile. */
Test (policy_damage, frames_in_a_row)
{
  g_autoptr (GBytes) first = g_bytes_new_static ("one", 3);
  g_autoptr (GBytes) second = g_bytes_new_static ("two", 3);
  for (guint headers = 0; headers < 4; headers++)
    {
      g_autoptr (GBytes) a = compress (first, headers & 1 ? 8 : 0);
      g_autoptr (GBytes) b = compress (second, headers & 2 ? 8 : 0);
      g_autoptr (GByteArray) row = g_byte_array_new ();
      g_byte_array_append (row, g_bytes_get_data (a, NULL), (guint) g_bytes_get_size (a));
      g_byte_array_append (row, g_bytes_get_data (b, NULL), (guint) g_bytes_get_size (b));
      g_autoptr (GBytes) packed = g_byte_array_free_to_bytes (g_steal_pointer (&row));
      g_autoptr (GBytes) plain = aak_policy_inflate (packed, 6, NULL);
      g_autoptr (GBytes) expected = g_bytes_new_static ("onetwo", 6);
      cr_expect (plain != NULL && g_bytes_equal (plain, expected), "%u", headers);
      g_autoptr (GError) error = NULL;
      cr_expect_null (aak_policy_inflate (packed, 5, &error));
      cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_TOO_LARGE));
    }
}

Test (policy_damage, a_bomb_is_too_large)
{
  g_autofree guint8 *zeros = g_malloc0 (1 << 20);
  g_autoptr (GBytes) plain = g_bytes_new_static (zeros, 1 << 20);
  g_autoptr (GBytes) packed = compress (plain, 0);
  g_autoptr (GError) error = NULL;
  cr_expect_null (aak_policy_inflate (packed, (1 << 20) - 1, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_TOO_LARGE));
  g_autoptr (GBytes) whole = aak_policy_inflate (packed, 1 << 20, NULL);
  cr_expect (whole != NULL && g_bytes_equal (whole, plain));
}

#endif
