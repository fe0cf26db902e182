/* SPDX-License-Identifier: GPL-2.0-or-later
 * From labels to containers. */
#include "config.h"

#include "learn/wearers.h"

#include "learn/label.h"
#include "lib/container-index.h"

#include <string.h>

/* How often the node is looked at, however many events come; and for a label that nobody wears. */
#define LOOK_US         (G_USEC_PER_SEC / 2)
#define LOOK_UNKNOWN_US (G_USEC_PER_SEC / 10)

struct AakWearers
{
  AakContainerIndex *index;
  GHashTable *owners; /* label -> AakEventOwner */
  gint64 looked;      /* monotonic, µs */
};

static gboolean
is_of (const AakEventOwner *owner, const AakContainer *container)
{
  return strcmp (owner->pod, container->pod) == 0
         && strcmp (owner->namespace, container->namespace) == 0
         && strcmp (owner->container, container->container) == 0;
}

/* A container that was restarted is still the same one to whoever asks for its name. */
static void
add (AakWearers *wearers, const AakContainer *container)
{
  AakEventOwner *owner = g_hash_table_lookup (wearers->owners, container->label);
  if (owner != NULL)
    {
      owner->wearers += !is_of (owner, container);
      return;
    }
  owner = g_new (AakEventOwner, 1);
  *owner = (AakEventOwner){ container->pod, container->namespace, container->container, 1 };
  g_hash_table_insert (wearers->owners, container->label, owner);
}

static void
look (AakWearers *wearers)
{
  wearers->looked = g_get_monotonic_time ();
  if (!aak_container_index_refresh (wearers->index))
    return;
  const GPtrArray *containers = aak_container_index_list (wearers->index);
  g_hash_table_remove_all (wearers->owners);
  for (guint i = 0; i < containers->len; i++)
    {
      const AakContainer *container = g_ptr_array_index (containers, i);
      if (container->label != NULL)
        add (wearers, container);
    }
}

AakWearers *
aak_wearers_new (const char *root)
{
  AakWearers *wearers = g_new0 (AakWearers, 1);
  wearers->index = aak_container_index_new (root);
  wearers->owners = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  look (wearers);
  return wearers;
}

void
aak_wearers_free (AakWearers *wearers)
{
  g_hash_table_unref (wearers->owners);
  aak_container_index_free (wearers->index);
  g_free (wearers);
}

static const AakEventOwner *
look_up (AakWearers *wearers, const char *label, gint64 interval)
{
  if (g_get_monotonic_time () - wearers->looked >= interval)
    look (wearers);
  return g_hash_table_lookup (wearers->owners, label);
}

AakEventOwner
aak_wearers_find (AakWearers *wearers, const char *label)
{
  g_autofree char *folded = aak_label_fold (label);
  const AakEventOwner *owner = look_up (wearers, folded, LOOK_US);
  if (owner == NULL)
    owner = look_up (wearers, folded, LOOK_UNKNOWN_US);
  return owner != NULL ? *owner : (AakEventOwner){ 0 };
}
