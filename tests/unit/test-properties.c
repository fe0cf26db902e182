/* SPDX-License-Identifier: GPL-2.0-or-later
 * What holds for every state, image and set of volumes: nothing that was observed is lost, more
 * observations take nothing away, nothing else of the image becomes writable or executable, and
 * doing it twice changes nothing. */
#include "learn/generalise.h"
#include "learn/image-weigh.h"
#include "learn/merge.h"
#include "learn/path-match.h"
#include "learn/profile-writer.h"
#include "learn/state.h"
#include "lib/policy/query.h"
#include "tests/unit/learned.h"
#include "tests/unit/policy-fixture.h"

#define ROUNDS          150
#define COMPILED_ROUNDS 6
#define PROBES          60

/* --- random worlds --------------------------------------------------------------------------- */

static const char *
one_of (GRand *rand, const char *const *texts, gsize count)
{
  return texts[g_rand_int_range (rand, 0, (gint32) count)];
}

#define ONE_OF(rand, texts) one_of (rand, texts, G_N_ELEMENTS (texts))

/* A path of a small world, so that chance meets the same directories and patterns again. */
static char *
random_path (GRand *rand)
{
  static const char *const dirs[] = { "/srv/www/",
                                      "/srv/www/docs/",
                                      "/data/",
                                      "/tmp/job-1/",
                                      "/tmp/job-2/",
                                      "/tmp/job-2/7/",
                                      "/tmp/",
                                      "/proc/1/",
                                      "/conf/..2026_11_21_10_00_00.1/",
                                      "/conf/..2026_11_22_10_00_00.2/",
                                      "/opt/app/lib/",
                                      "/opt/app-1/x2/",
                                      "/opt/app-2/x3/",
                                      "/usr/share/zoneinfo/",
                                      "/usr/lib/python3/m/",
                                      "/usr/lib/python3/m/n/",
                                      "/etc/" };
  static const char *const stems[] = { "a",        "b",        "c",   "d-1", "d-2",
                                       "u-aB3xYz", "u-9Qx7Zk", "tls", "f0" };
  static const char *const kinds[] = { "",      ".html", ".html", ".html", ".css",
                                       ".so.1", ".so.2", "/",     ".key",  ".py" };
  return g_strconcat (ONE_OF (rand, dirs), ONE_OF (rand, stems), ONE_OF (rand, kinds), NULL);
}

static void
see (AakObservations *observations, const char *path, guint perms, gboolean owner)
{
  AakEvent event = { .class = AAK_CLASS_FILE,
                     .verdict = AAK_VERDICT_ALLOWED,
                     .name = (char *) path,
                     .perms = perms,
                     .owner = owner,
                     .time = 7 };
  gboolean news;
  aak_observations_add (observations, 0, &event, &news);
}

/* @busy: most of what it does is creating. */
static AakObservations *
random_observations (GRand *rand, const char *run, gboolean busy)
{
  static const guint perms[] = { AAK_PERM_R,
                                 AAK_PERM_R,
                                 AAK_PERM_R,
                                 AAK_PERM_R | AAK_PERM_M,
                                 AAK_PERM_R | AAK_PERM_W,
                                 AAK_PERM_A,
                                 AAK_PERM_X,
                                 AAK_PERM_W | AAK_PERM_C,
                                 AAK_PERM_C };
  AakObservations *observations = learned_nothing (run, 1);
  for (int i = g_rand_int_range (rand, 1, busy ? 80 : 25); i > 0; i--)
    {
      g_autofree char *path = random_path (rand);
      gint32 first = busy && g_rand_int_range (rand, 0, 4) > 0 ? G_N_ELEMENTS (perms) - 2 : 0;
      see (observations, path, perms[g_rand_int_range (rand, first, G_N_ELEMENTS (perms))],
           g_rand_boolean (rand));
    }
  return observations;
}

static AakImageTree *
random_image (GRand *rand)
{
  AakImageTree *image = g_new0 (AakImageTree, 1);
  g_autoptr (GHashTable) paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  image->paths = g_string_new (NULL);
  for (int i = g_rand_int_range (rand, 0, 60); i > 0; i--)
    {
      char *path = random_path (rand);
      if (g_hash_table_add (paths, path))
        g_string_append_len (image->paths, path, (gssize) strlen (path) + 1);
    }
  return image;
}

static void
random_volumes (GRand *rand, AakObservations *a, AakObservations *b)
{
  static const char *const paths[] = { "/data",
                                       "/tmp",
                                       "/conf",
                                       "/opt/app-1",
                                       "/srv/www/docs",
                                       "/usr/share/zoneinfo",
                                       "/usr/lib/python3/m/n" };
  for (int i = g_rand_int_range (rand, 0, 4); i > 0; i--)
    {
      const char *path = ONE_OF (rand, paths);
      AakVolumeType type = (AakVolumeType) g_rand_int_range (rand, 0, AAK_VOLUME_HOST_PATH + 1);
      aak_volumes_add (aak_observations_volumes (a), path, type);
      aak_volumes_add (aak_observations_volumes (b), path, type);
    }
}

static AakObservations *
merged (const AakObservations *a, const AakObservations *b)
{
  g_autoptr (AakMerge) merge = aak_merge_new ("k8s-t");
  cr_assert (aak_merge_add (merge, "a", a, NULL, NULL));
  cr_assert (aak_merge_add (merge, "b", b, NULL, NULL));
  return aak_merge_end (merge);
}

/* --- what a profile allows ------------------------------------------------------------------- */

/* @perms as a rule says them. */
static guint
said (guint perms)
{
  if (perms & (AAK_PERM_W | AAK_PERM_C | AAK_PERM_D))
    perms |= AAK_PERM_W | AAK_PERM_A;
  return perms & (AAK_PERM_R | AAK_PERM_W | AAK_PERM_A | AAK_PERM_X | AAK_PERM_M | AAK_PERM_K);
}

/* What the rules that are active allow with @path; @review: also those that wait. */
static guint
allowed (const AakProfile *profile, const char *path, gboolean review)
{
  guint perms = 0;
  for (guint i = 0; i < profile->rules->len; i++)
    {
      const AakRule *rule = profile->rules->pdata[i];
      if (rule->class == AAK_CLASS_FILE && (review || aak_rule_is_active (rule))
          && aak_path_match (rule->name, path))
        perms |= said (rule->perms);
    }
  return perms;
}

static void
expect_nothing_lost (const AakObservations *observations, const AakProfile *profile)
{
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
  for (guint i = 0; i < sorted->len; i++)
    {
      const AakObservation *access = sorted->pdata[i];
      guint missing = said (access->perms) & ~allowed (profile, access->name, TRUE);
      cr_assert_eq (missing, 0, "%s: %x is lost", access->name, missing);
    }
}

static void
expect_no_less (GRand *rand, const AakProfile *before, const AakProfile *after)
{
  for (int i = 0; i < PROBES; i++)
    {
      g_autofree char *path = random_path (rand);
      guint missing = allowed (before, path, FALSE) & ~allowed (after, path, FALSE);
      cr_assert_eq (missing, 0, "%s: %x was allowed before", path, missing);
    }
}

/* TRUE where a tree of content or of public data holds @path. */
static gboolean
is_open (const AakProfile *profile, const char *path)
{
  for (guint i = 0; i < profile->rules->len; i++)
    {
      const AakRule *rule = profile->rules->pdata[i];
      gboolean open =
          g_strcmp0 (rule->pass, "content") == 0 || g_strcmp0 (rule->pass, "time-zones") == 0;
      if (open && aak_path_match (rule->name, path))
        return TRUE;
    }
  return FALSE;
}

/* No file of @image that was not seen is written or executed; and, content and public data apart,
 * of thirteen that can be read ten were. */
static void
expect_light (const AakObservations *observations, const AakProfile *profile,
              const AakImageTree *image)
{
  static const guint changing = AAK_PERM_W | AAK_PERM_A | AAK_PERM_X;
  guint seen = 0, others = 0;
  const char *end = image->paths->str + image->paths->len;
  for (const char *path = image->paths->str; path < end; path += strlen (path) + 1)
    {
      g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
      guint perms = 0;
      for (guint i = 0; i < sorted->len; i++)
        if (strcmp (((AakObservation *) sorted->pdata[i])->name, path) == 0)
          perms |= said (((AakObservation *) sorted->pdata[i])->perms);
      perms |= perms & AAK_PERM_A ? AAK_PERM_W : 0; /* appending and writing are one use */
      guint more = allowed (profile, path, TRUE) & ~perms;
      cr_assert_eq (more & changing, 0, "%s: %x is allowed beyond", path, more & changing);
      seen += (perms & AAK_PERM_R) != 0;
      others += (more & AAK_PERM_R) != 0 && !is_open (profile, path);
    }
  cr_assert_leq (others * 10, seen * 3);
}

static char *
state_text (const AakObservations *observations)
{
  g_autoptr (GBytes) yaml = aak_state_to_yaml (observations);
  gsize len = 0;
  const char *data = g_bytes_get_data (yaml, &len);
  return g_strndup (data, len);
}

/* --- the properties -------------------------------------------------------------------------- */

Test (properties, of_random_worlds)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (31);
  for (int round = 0; round < ROUNDS; round++)
    {
      g_autoptr (AakObservations) a = random_observations (rand, "run-a", round % 2),
                                  b = random_observations (rand, "run-b", round % 2);
      g_autoptr (AakImageTree) image = random_image (rand);
      random_volumes (rand, a, b);
      if (round % 3 > 0)
        cr_assert (aak_image_weigh (a, image) && aak_image_weigh (b, image));
      g_autoptr (AakObservations) both = merged (a, b), again = merged (both, b);
      g_autoptr (AakProfile) before = aak_generalise (a, FALSE),
                             after = aak_generalise (both, FALSE);
      expect_nothing_lost (a, before);
      expect_nothing_lost (both, after);
      expect_no_less (rand, before, after);
      if (round % 3 == 0)
        continue;
      expect_light (a, before, image);
      cr_assert (aak_image_weigh (both, image));
      g_autofree char *text = state_text (both);
      g_autoptr (AakProfile) weighed = aak_generalise (both, FALSE);
      expect_light (both, weighed, image);
      cr_assert (aak_image_weigh (both, image) && aak_image_weigh (again, image));
      g_autofree char *text_again = state_text (both), *text_merged = state_text (again);
      cr_assert_str_eq (text, text_again);
      cr_assert_str_eq (text, text_merged);
    }
}

/* What is allowed to one who owns the file, and to others, by the compiled policy. */
static guint
answers (const AakPolicyProfile *profile, const char *path)
{
  static const guint32 requests[] = { AAK_MAY_READ, AAK_MAY_WRITE, AAK_MAY_APPEND, AAK_MAY_EXEC,
                                      AAK_MAY_MMAP };
  guint bits = 0;
  for (guint i = 0; i < 2 * G_N_ELEMENTS (requests); i++)
    if (aak_policy_query_file (profile, aak_name (path), requests[i / 2], i % 2).allowed)
      bits |= 1u << i;
  return bits;
}

static AakPolicySet *
compiled (const AakProfile *profile)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = aak_profile_to_text (profile);
  g_autoptr (GPtrArray) policies = fixture_policies (text);
  AakPolicySet *set =
      aak_policy_set_new ("t", ((const AakPolicy *) policies->pdata[0])->blob, &error);
  cr_assert_not_null (set, "%s", error != NULL ? error->message : "");
  return set;
}

Test (properties, of_compiled_policy)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (32);
  for (int round = 0; round < COMPILED_ROUNDS; round++)
    {
      g_autoptr (AakObservations) a = random_observations (rand, "run-a", round % 2),
                                  b = random_observations (rand, "run-b", round % 2);
      g_autoptr (AakImageTree) image = random_image (rand);
      random_volumes (rand, a, b);
      cr_assert (aak_image_weigh (a, image) && aak_image_weigh (b, image));
      g_autoptr (AakObservations) both = merged (a, b);
      g_autoptr (AakProfile) before = aak_generalise (a, FALSE),
                             after = aak_generalise (both, FALSE);
      g_autoptr (AakPolicySet) less = compiled (before), more = compiled (after);
      const AakPolicyProfile *p = aak_policy_set_find (less, "k8s-t"),
                             *q = aak_policy_set_find (more, "k8s-t");
      for (int i = 0; i < 20 * PROBES; i++)
        {
          g_autofree char *path = random_path (rand);
          guint missing = answers (p, path) & ~answers (q, path);
          cr_assert_eq (missing, 0, "%s: %x was allowed before", path, missing);
        }
    }
}
