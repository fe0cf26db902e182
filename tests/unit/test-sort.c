/* SPDX-License-Identifier: GPL-2.0-or-later
 * Sorting by two threads gives what one gives. */
#include "lib/sort.h"

#include <criterion/criterion.h>

/* By the number only, so that many are equal and their order tells whether it was kept. */
typedef struct
{
  guint number;
  guint place;
} Item;

static int
compare_items (gconstpointer a, gconstpointer b)
{
  const Item *x = *(Item *const *) a, *y = *(Item *const *) b;
  return x->number < y->number ? -1 : x->number > y->number;
}

static GPtrArray *
random_items (GRand *rand, guint count, guint numbers)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < count; i++)
    {
      Item item = { (guint) g_rand_int_range (rand, 0, (gint) numbers), i };
      g_ptr_array_add (items, g_memdup2 (&item, sizeof item));
    }
  return items;
}

static void
assert_sorted (const GPtrArray *items)
{
  for (guint i = 1; i < items->len; i++)
    {
      const Item *before = items->pdata[i - 1], *item = items->pdata[i];
      cr_assert (before->number < item->number
                     || (before->number == item->number && before->place < item->place),
                 "%u of %u", i, items->len);
    }
}

Test (sort, any_number_is_in_order_and_equals_stay)
{
  static const guint counts[] = { 0, 1, 2, 3, 100, 2047, 2048, 2049, 10000, 50001 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    for (guint numbers = 1; numbers <= 100000; numbers *= 100)
      {
        g_autoptr (GPtrArray) items = random_items (rand, counts[i], numbers + 1);
        aak_sort (items, compare_items);
        cr_assert_eq (items->len, counts[i]);
        assert_sorted (items);
      }
}

Test (sort, what_is_in_order_or_in_reverse)
{
  for (int reverse = 0; reverse <= 1; reverse++)
    {
      g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_free);
      for (guint i = 0; i < 5000; i++)
        {
          Item item = { reverse ? 5000 - i : i, i };
          g_ptr_array_add (items, g_memdup2 (&item, sizeof item));
        }
      aak_sort (items, compare_items);
      assert_sorted (items);
    }
}

Test (sort, what_is_in_order_but_for_its_end)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  for (guint ordered = 0; ordered <= 6000; ordered += 600)
    {
      g_autoptr (GPtrArray) items = random_items (rand, 6000, 1000);
      for (guint i = 0; i < ordered; i++)
        ((Item *) items->pdata[i])->number = i / 4;
      aak_sort (items, compare_items);
      assert_sorted (items);
    }
}

Test (sort, two_runs_that_are_in_order)
{
  for (guint middle = 0; middle <= 6000; middle += 500)
    {
      g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_free);
      for (guint i = 0; i < 6000; i++)
        {
          Item item = { i < middle ? i / 2 : (i - middle) / 3, i };
          g_ptr_array_add (items, g_memdup2 (&item, sizeof item));
        }
      aak_sort (items, compare_items);
      assert_sorted (items);
    }
}

static const char *
name_of (gconstpointer text)
{
  return text;
}

Test (sort, finding)
{
  static const char *const names[] = { "b", "d", "f" };
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  guint at = 9;
  cr_expect_not (aak_find_sorted (items, "b", name_of, &at));
  cr_expect_eq (at, 0);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_ptr_array_add (items, (gpointer) names[i]);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    cr_expect (aak_find_sorted (items, names[i], name_of, &at) && at == i);
  static const char *const others[] = { "a", "c", "e", "g" };
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    cr_expect (!aak_find_sorted (items, others[i], name_of, &at) && at == i);
}
