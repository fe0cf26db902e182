/* SPDX-License-Identifier: GPL-2.0-or-later
 * Public data and modules: what may be read besides, where enough was read there, and never where a
 * volume is mounted. */
#include "learn/generalise.h"
#include "learn/image-weigh.h"
#include "learn/pattern-table.h"
#include "learn/public-tree.h"
#include "learn/rule-text.h"
#include "learn/state.h"
#include "tests/unit/learned.h"

#include <criterion/criterion.h>
#include <string.h>

/* --- the table ------------------------------------------------------------------------------- */

/* What becomes of @path of which, with its siblings, enough was seen with @perms. */
static char *
widen (const char *path, guint perms, const char **out_id)
{
  g_autoptr (AakVolumes) volumes = aak_volumes_new ();
  g_autoptr (AakPublicTrees) trees = aak_public_trees_new (volumes);
  const AakPublicData *entry = NULL;
  for (guint i = 0; i < AAK_PUBLIC_MIN_FILES; i++)
    {
      /* Beside it, and in a directory directly below the tree's. */
      g_autofree char *sibling = g_strdup_printf ("%s-%u", path, i);
      aak_public_trees_count (trees, sibling, perms);
      for (const char *slash = strchr (path + 1, '/'); slash != NULL;
           slash = strchr (slash + 1, '/'))
        {
          g_autofree char *other = g_strdup_printf ("%.*s/%u/x", (int) (slash - path), path, i);
          aak_public_trees_count (trees, other, perms);
        }
    }
  char *pattern = aak_public_trees_find (trees, path, perms, &entry);
  *out_id = pattern != NULL ? entry->id : NULL;
  return pattern;
}

Test (public, each_entry_passes_its_own_tests)
{
  const AakPatternTable *table = aak_pattern_table ();
  const char *id = NULL;
  cr_expect_geq (table->public->len, 3);
  for (guint i = 0; i < table->public->len; i++)
    {
      const AakPublicData *entry = table->public->pdata[i];
      cr_expect_str_eq (aak_pattern_table_why (entry->id), entry->why);
      for (char **path = entry->becomes; *path != NULL; path++)
        {
          g_autofree char *pattern = widen (*path, entry->perms, &id);
          cr_expect_str_eq (pattern != NULL ? id : "none", entry->id, "%s", *path);
        }
      for (char **path = entry->stays; *path != NULL; path++)
        {
          g_autofree char *pattern = widen (*path, entry->perms, &id);
          cr_expect_null (pattern, "%s: %s becomes %s", entry->id, *path, pattern);
        }
    }
}

/* --- profiles -------------------------------------------------------------------------------- */

#define ZONES   "r /usr/share/zoneinfo/Europe/Berlin r /usr/share/zoneinfo/Europe/Paris "
#define THREE   ZONES "r /usr/share/zoneinfo/Asia/Tokyo"
#define RULE    "/usr/share/zoneinfo/** r,"
#define GCONV   "/usr/lib/x86_64-linux-gnu/gconv/"
#define FLASK   "/usr/lib/python3/dist-packages/flask/"
#define MODULES "r " FLASK "a.py r " FLASK "b.py r " FLASK "c.py"
#define FLASKS  FLASK "a.py " FLASK "b.py " FLASK "c.py"

static const struct
{
  const char *seen;   /* "MASK PATH ..." */
  const char *volume; /* mounted there, or "" */
  const char *image;  /* its files, or "" where it was not weighed */
  const char *rule;   /* that there is */
  const char *none;   /* that there is not, or "" */
} rows[] = {
  { THREE, "", "", RULE, "/usr/share/zoneinfo/Asia/Tokyo r," },
  { ZONES "r /usr/share/zoneinfo/Europe/Paris", "", "", "/usr/share/zoneinfo/Europe/Paris r,",
    RULE },
  /* a directory is no file */
  { ZONES "r /usr/share/zoneinfo/Asia/", "", "", "/usr/share/zoneinfo/Asia/ r,", RULE },
  /* the image's other files do not weigh, unless they are secrets */
  { THREE, "", "/usr/share/zoneinfo/a /usr/share/zoneinfo/b /usr/share/zoneinfo/c", RULE, "" },
  { THREE, "", "/usr/share/zoneinfo/a /usr/share/zoneinfo/tls.key",
    "/usr/share/zoneinfo/Asia/Tokyo r,", RULE },
  /* a volume is not the image's, wherever it lies */
  { THREE, "/usr/share/zoneinfo", "", "/usr/share/zoneinfo/Asia/Tokyo r,", RULE },
  { THREE, "/usr/share/zoneinfo/own", "", "/usr/share/zoneinfo/Asia/Tokyo r,", RULE },
  { THREE, "/usr/share", "", "/usr/share/zoneinfo/Asia/Tokyo r,", RULE },
  { THREE, "/usr/share/zone", "", RULE, "" },
  /* nothing but reading */
  { THREE " w /usr/share/zoneinfo/Etc/UTC", "", "", "/usr/share/zoneinfo/Etc/UTC w,", "" },
  { THREE " rwm /usr/share/zoneinfo/Etc/UTC", "", "", "/usr/share/zoneinfo/Etc/UTC rwm,", "" },
  { THREE " x /usr/share/zoneinfo/run", "", "", "/usr/share/zoneinfo/run ix,", "" },
  /* a secret counts for nothing */
  { ZONES "r /usr/share/zoneinfo/my.key", "", "", "/usr/share/zoneinfo/my.key r,", RULE },
  /* code is mapped, and counts where it is */
  { "rm " GCONV "A.so rm " GCONV "B.so rm " GCONV "C.so", "", "", GCONV "** rm,", "" },
  { "r " GCONV "A.so r " GCONV "B.so r " GCONV "C.so", "", "", GCONV "A.so r,", GCONV "** r," },
  /* of one locale there are many files */
  { "r /usr/lib/locale/C/A r /usr/lib/locale/C/B r /usr/lib/locale/C/C", "", "",
    "/usr/lib/locale/C/C r,", "/usr/lib/locale/** r," },
  { "r /usr/lib/locale/C/A r /usr/lib/locale/D/A r /usr/lib/locale/E/A", "", "",
    "/usr/lib/locale/** r,", "/usr/lib/locale/C/A r," },
  /* modules: only of a weighed image, and where nearly all were read */
  { MODULES, "", FLASKS, "/usr/lib/python3/**.py r,", FLASK "a.py r," },
  { MODULES, "", "", FLASK "a.py r,", FLASK "**.py r," },
  { MODULES, "", FLASKS " " FLASK "d.py", FLASK "a.py r,", FLASK "**.py r," },
  { MODULES, "", FLASKS " /usr/lib/python3/x/y.py", "/usr/lib/python3/dist-packages/**.py r,", "" },
  { MODULES, "", FLASKS " " FLASK "x/d.py " FLASK "x/e.py", FLASK "*.py r,", FLASK "**.py r," },
  { MODULES, FLASK "own", FLASKS, FLASK "a.py r,", FLASK "**.py r," },
  { MODULES, "/usr/lib/python3/x", FLASKS, "/usr/lib/python3/dist-packages/**.py r,", "" },
  { "r /usr/lib/python3/a.txt r /usr/lib/python3/b.txt r /usr/lib/python3/c.txt", "",
    "/usr/lib/python3/a.txt /usr/lib/python3/b.txt /usr/lib/python3/c.txt",
    "/usr/lib/python3/a.txt r,", "" },
  { "r /opt/a/a.py r /opt/a/b.py r /opt/a/c.py", "", "/opt/a/a.py /opt/a/b.py /opt/a/c.py",
    "/opt/a/a.py r,", "" },
};

static void
see (AakObservations *observations, const char *path, const char *letters)
{
  AakEvent event = { .class = AAK_CLASS_FILE,
                     .verdict = AAK_VERDICT_ALLOWED,
                     .name = (char *) path,
                     .time = 7 };
  gboolean news;
  cr_assert (aak_perms_from_text (letters, &event.perms));
  aak_observations_add (observations, 0, &event, &news);
}

static AakObservations *
observed (const char *seen, const char *volume, const char *image)
{
  AakObservations *observations = learned_nothing ("a", 1);
  g_auto (GStrv) words = g_strsplit (seen, " ", -1), files = g_strsplit (image, " ", -1);
  g_autoptr (AakImageTree) tree = g_new0 (AakImageTree, 1);
  tree->paths = g_string_new (NULL);
  for (guint i = 0; words[i] != NULL; i += 2)
    see (observations, words[i + 1], words[i]);
  for (char **file = files; *file != NULL; file++)
    g_string_append_len (tree->paths, *file, (gssize) strlen (*file) + 1);
  aak_volumes_add (aak_observations_volumes (observations), volume, AAK_VOLUME_HOST_PATH);
  if (*image != '\0')
    cr_assert (aak_image_weigh (observations, tree));
  return observations;
}

static const AakRule *
find (const AakProfile *profile, const char *text)
{
  for (guint i = 0; i < profile->rules->len; i++)
    {
      g_autofree char *rule = aak_rule_text (profile->rules->pdata[i]);
      if (strcmp (rule, text) == 0)
        return profile->rules->pdata[i];
    }
  return NULL;
}

Test (public, profiles)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AakObservations) observations =
          observed (rows[i].seen, rows[i].volume, rows[i].image);
      g_autoptr (AakProfile) profile = aak_generalise (observations, FALSE),
                             exact = aak_generalise (observations, TRUE);
      cr_expect_not_null (find (profile, rows[i].rule), "%zu: no %s", i, rows[i].rule);
      cr_expect_null (find (profile, rows[i].none), "%zu: %s", i, rows[i].none);
      for (guint k = 0; k < exact->rules->len; k++)
        cr_expect_null (((const AakRule *) exact->rules->pdata[k])->pass);
    }
}

Test (public, a_rule_says_what_it_rests_on)
{
  static const char image[] = "/usr/share/zoneinfo/Asia/Tokyo /usr/share/zoneinfo/Africa/Cairo";
  g_autoptr (AakObservations) observations = observed (THREE, "", image);
  g_autoptr (AakProfile) profile = aak_generalise (observations, FALSE);
  const AakRule *rule = find (profile, RULE);
  cr_assert_not_null (rule);
  cr_expect_str_eq (rule->pass, "time-zones");
  cr_expect (rule->widened && rule->accesses == 3 && rule->others == 1 && rule->events == 3);
}
