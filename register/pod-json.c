/* SPDX-License-Identifier: GPL-2.0-or-later
 * Names of a container as members. */
#include "config.h"

#include "register/pod-json.h"

void
aak_pod_json_add (AakJson *json, const AakContainer *container)
{
  aak_json_add_bytes (json, "namespace", container->namespace);
  aak_json_add_bytes (json, "pod", container->pod);
  aak_json_add_bytes (json, "container", container->container);
  if (container->id != NULL)
    aak_json_add_bytes (json, "id", container->id);
}
