/* SPDX-License-Identifier: GPL-2.0-or-later
 * Comparing capabilities. */
#include "config.h"

#include "learn/security-diff.h"

#include "learn/security-needs.h"

#include <string.h>

static void
item_free (gpointer data)
{
  AakSecurityItem *item = data;
  g_free (item->container);
  g_free (item->capability);
  g_free (item);
}

static void
add_item (GPtrArray *items, const char *container, const char *what, const char *capability)
{
  AakSecurityItem *item = g_new0 (AakSecurityItem, 1);
  item->container = g_strdup (container);
  item->what = what;
  item->capability = g_strdup (capability);
  g_ptr_array_add (items, item);
}

/* One that holds nothing is known by an item without a capability, which is in no difference. */
static void
add_container (GPtrArray *items, const AakSecurityNeeds *needs)
{
  g_autoptr (GPtrArray) held = aak_capability_set_names (needs->held);
  add_item (items, needs->container, "", "");
  for (guint i = 0; i < held->len; i++)
    add_item (items, needs->container, "holds", held->pdata[i]);
  for (guint i = 0; i < needs->capabilities->len; i++)
    {
      const AakCapabilityNeed *need = needs->capabilities->pdata[i];
      if (aak_capability_need_is_added (need))
        add_item (items, needs->container, "needs", need->name);
    }
}

static int
compare_items (gconstpointer a, gconstpointer b)
{
  const AakSecurityItem *const *left = a, *const *right = b;
  int order = strcmp ((*left)->container, (*right)->container);
  if (order == 0)
    order = strcmp ((*left)->what, (*right)->what);
  return order != 0 ? order : strcmp ((*left)->capability, (*right)->capability);
}

GPtrArray *
aak_security_items (const AakObservations *observations)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (item_free);
  g_autoptr (GPtrArray) all = aak_security_needs (observations, NULL);
  for (guint i = 0; i < all->len; i++)
    if (((const AakSecurityNeeds *) all->pdata[i])->known)
      add_container (items, all->pdata[i]);
  g_ptr_array_sort (items, compare_items);
  return items;
}

static gboolean
has_item (const GPtrArray *items, const char *container, const char *what, const char *capability)
{
  for (guint i = 0; i < items->len; i++)
    {
      const AakSecurityItem *item = items->pdata[i];
      if (strcmp (item->container, container) == 0 && strcmp (item->what, what) == 0
          && strcmp (item->capability, capability) == 0)
        return TRUE;
    }
  return FALSE;
}

GPtrArray *
aak_security_diff (const GPtrArray *items, const GPtrArray *others)
{
  GPtrArray *excess = g_ptr_array_new ();
  for (guint i = 0; i < items->len; i++)
    {
      AakSecurityItem *item = items->pdata[i];
      if (has_item (others, item->container, "", "")
          && !has_item (others, item->container, item->what, item->capability))
        g_ptr_array_add (excess, item);
    }
  return excess;
}
