/* SPDX-License-Identifier: GPL-2.0-or-later
 * From labels to containers. */
#include "config.h"

#include "learn/wearers.h"

#include "learn/container.h"
#include "learn/label.h"

#include <string.h>

/* A label that no container wears is looked for again after this time, not at every event. */
#define RESCAN_US G_USEC_PER_SEC

struct AakWearers
{
  char *root;
  GPtrArray *containers;
  gint64 scanned;
};

static void
scan (AakWearers *wearers)
{
  g_clear_pointer (&wearers->containers, g_ptr_array_unref);
  wearers->containers = aak_container_discover (wearers->root, NULL);
  wearers->scanned = g_get_monotonic_time ();
}

AakWearers *
aak_wearers_new (const char *root)
{
  AakWearers *wearers = g_new0 (AakWearers, 1);
  wearers->root = g_strdup (root);
  scan (wearers);
  return wearers;
}

void
aak_wearers_free (AakWearers *wearers)
{
  g_ptr_array_unref (wearers->containers);
  g_free (wearers->root);
  g_free (wearers);
}

static AakEventOwner
look_up (const AakWearers *wearers, const char *label)
{
  AakEventOwner owner = { 0 };
  for (guint i = 0; i < wearers->containers->len; i++)
    {
      const AakContainer *container = g_ptr_array_index (wearers->containers, i);
      if (g_strcmp0 (container->label, label) != 0)
        continue;
      owner = (AakEventOwner){ container->pod, container->namespace, container->container,
                               owner.wearers + 1 };
    }
  return owner;
}

AakEventOwner
aak_wearers_find (AakWearers *wearers, const char *label)
{
  g_autofree char *folded = aak_label_fold (label);
  AakEventOwner owner = look_up (wearers, folded);
  if (owner.wearers > 0 || g_get_monotonic_time () - wearers->scanned < RESCAN_US)
    return owner;
  scan (wearers);
  return look_up (wearers, folded);
}
