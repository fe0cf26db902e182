/* SPDX-License-Identifier: GPL-2.0-or-later
 * Feature sets taken apart and compared. */
#include "lib/feature-leaves.h"
#include "lib/features-shipped.h"

#include <criterion/criterion.h>
#include <string.h>

#define REST "file {mask {read write\n}\n}\npolicy {set_load {yes\n}\n}\n"

static AakFeatures *
parse (const char *text)
{
  g_autofree char *whole = g_strconcat (text, REST, NULL);
  AakFeatures *features = aak_features_parse ("t", whole, NULL);
  cr_assert_not_null (features);
  return features;
}

Test (feature_leaves, paths_and_words)
{
  g_autoptr (AakFeatures) features = parse ("caps {mask {b a\n}\nempty {\n}\n}\nx {yes\n}\n");
  g_autoptr (GPtrArray) leaves = aak_feature_leaves (features);
  g_autoptr (GString) all = g_string_new (NULL);
  for (guint i = 0; i < leaves->len; i++)
    {
      const AakFeatureLeaf *leaf = leaves->pdata[i];
      g_autofree char *words = g_strjoinv (",", leaf->words);
      g_string_append_printf (all, "%s=%s ", leaf->path, words);
    }
  cr_expect_str_eq (all->str,
                    "caps/empty= caps/mask=a,b file/mask=read,write policy/set_load=yes x=yes ");
}

static void
expect (const char *first, const char *second, const char *expected)
{
  g_autoptr (AakFeatures) a = parse (first), b = parse (second);
  g_autoptr (GPtrArray) changes = aak_feature_changes (a, b);
  g_autoptr (GString) all = g_string_new (NULL);
  for (guint i = 0; i < changes->len; i++)
    {
      const AakFeatureChange *change = changes->pdata[i];
      g_string_append_printf (all, "%d %s %s %s;", change->kind, change->path,
                              change->first != NULL ? change->first : "-",
                              change->second != NULL ? change->second : "-");
    }
  cr_expect_str_eq (all->str, expected, "%s / %s: %s", first, second, all->str);
}

Test (feature_leaves, changes)
{
  expect ("", "", "");
  expect ("a {x\n}\n", "", "0 a x -;");
  expect ("", "a {x\n}\n", "1 a - x;");
  expect ("a {x y\n}\n", "a {y z\n}\n", "0 a x -;1 a - z;");
  expect ("a {1.2\n}\n", "a {1.3\n}\n", "2 a 1.2 1.3;");
  expect ("a {yes\n}\n", "a {no\n}\n", "0 a yes -;");
  expect ("a {no\n}\n", "", "");
  expect ("a {m {x\n}\n}\nzz {yes\n}\n", "a {n {x\n}\n}\n", "0 a/m x -;1 a/n - x;0 zz yes -;");
}

/* Both ways the same words; a set and itself differ in nothing. */
Test (feature_leaves, the_sets_that_ship)
{
  const GPtrArray *all = aak_features_shipped ();
  for (guint i = 0; i < all->len; i++)
    for (guint j = 0; j < all->len; j++)
      {
        const AakShippedFeatures *a = all->pdata[i], *b = all->pdata[j];
        g_autoptr (GPtrArray) there = aak_feature_changes (a->features, b->features);
        g_autoptr (GPtrArray) back = aak_feature_changes (b->features, a->features);
        cr_expect_eq (there->len, back->len);
        cr_expect_eq (there->len == 0, i == j);
      }
}
