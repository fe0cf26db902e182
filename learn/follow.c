/* SPDX-License-Identifier: GPL-2.0-or-later
 * Choosing labels. */
#include "config.h"

#include "learn/follow.h"

#include "learn/label.h"
#include "lib/error.h"

#include <string.h>

static gboolean
follow (AakAttribution *attribution, const char *label, GPtrArray *staged, GError **error)
{
  g_ptr_array_add (staged, g_strdup (label));
  return aak_attribution_follow (attribution, label, error);
}

static gboolean
follow_named (const char *const *profiles, AakAttribution *attribution, GPtrArray *staged,
              GError **error)
{
  for (; profiles != NULL && *profiles != NULL; profiles++)
    {
      if (strpbrk (*profiles, "*?[") != NULL)
        aak_attribution_follow_glob (attribution, *profiles);
      else if (!follow (attribution, *profiles, staged, error))
        return FALSE;
    }
  return TRUE;
}

/* k8s-POD, or k8s-POD-CONTAINER for each of several containers. */
static gboolean
follow_defaults (const AakPodSelector *selector, AakAttribution *attribution, GPtrArray *staged,
                 GError **error)
{
  const char *const *containers = selector->containers;
  if (containers == NULL || containers[0] == NULL || containers[1] == NULL)
    {
      g_autofree char *label = aak_label_for_pod (selector->pod, NULL);
      return follow (attribution, label, staged, error);
    }
  for (; *containers != NULL; containers++)
    {
      g_autofree char *label = aak_label_for_pod (selector->pod, *containers);
      if (!follow (attribution, label, staged, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
aak_follow (const AakFollowRequest *request, AakPodWatch *pods, AakAttribution *attribution,
            GPtrArray **out_staged, GError **error)
{
  g_autoptr (GPtrArray) staged = g_ptr_array_new_with_free_func (g_free);
  if (!follow_named (request->profiles, attribution, staged, error))
    return FALSE;
  if (pods != NULL)
    aak_pod_watch_scan (pods);
  gboolean absent = pods != NULL && aak_pod_watch_found (pods) == 0;
  if (absent && !request->live && aak_pod_watch_passed_over (pods) > 0)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND,
                   "pod '%s' is there, but no container of it can be learned from (see above)",
                   request->selector->pod);
      return FALSE;
    }
  /* A pod that is not there: it is still to come, or the log outlived it. */
  if (absent && !follow_defaults (request->selector, attribution, staged, error))
    return FALSE;
  *out_staged = g_steal_pointer (&staged);
  return TRUE;
}
