/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A merge sort whose last step is ours, and all others GLib's. Much of what is sorted comes from a
 * file that was written in order, or from two: what is in order already costs one look. */
#include "config.h"

#include "lib/sort.h"

#include "lib/processors.h"

#define MANY 2048 /* items, whose half takes longer to sort than a thread to start */

typedef struct
{
  gpointer *items;
  gsize count;
  GCompareFunc compare;
} Half;

static int
compare_items (gconstpointer a, gconstpointer b, gpointer data)
{
  const Half *half = data;
  return half->compare (a, b);
}

/* How many of the first items are in order. */
static gsize
count_in_order (const Half *half)
{
  gsize count = MIN (half->count, 1);
  while (count < half->count && half->compare (&half->items[count - 1], &half->items[count]) <= 0)
    count++;
  return count;
}

static gpointer
sort_half (gpointer data)
{
  Half *half = data;
  if (count_in_order (half) == half->count)
    return NULL;
  g_qsort_with_data (half->items, (gint) half->count, sizeof (gpointer), compare_items, half);
  return NULL;
}

/* Puts @first and @second, which follow it, into order. */
static void
merge (const Half *first, const Half *second)
{
  g_autofree gpointer *left = g_memdup2 (first->items, first->count * sizeof (gpointer));
  gpointer *right = second->items, *end = second->items + second->count, *out = first->items;
  for (gsize i = 0; i < first->count;)
    *out++ = right < end && first->compare (right, &left[i]) < 0 ? *right++ : left[i++];
}

void
aak_sort (GPtrArray *items, GCompareFunc compare)
{
  Half first = { items->pdata, items->len, compare };
  gsize ordered = count_in_order (&first);
  if (ordered == items->len)
    return;
  gsize middle = ordered > items->len / 4 ? ordered : items->len / 2;
  first.count = middle;
  Half second = { items->pdata + middle, items->len - middle, compare };
  GThread *thread = NULL;
  if (items->len >= MANY && aak_processors () > 1)
    thread = g_thread_try_new ("sort", sort_half, &second, NULL);
  if (thread == NULL)
    {
      g_ptr_array_sort (items, compare);
      return;
    }
  sort_half (&first);
  g_thread_join (thread);
  merge (&first, &second);
}

gboolean
aak_find_sorted (const GPtrArray *items, const char *name,
                 const char *(*name_of) (gconstpointer item), guint *out)
{
  guint low = 0, high = items->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      int order = strcmp (name, name_of (items->pdata[middle]));
      if (order == 0)
        {
          *out = middle;
          return TRUE;
        }
      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }
  *out = low;
  return FALSE;
}
