/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reading OCI bundles. */
#include "config.h"

#include "lib/container.h"

#include "lib/escape.h"
#include "lib/json-read.h"
#include "lib/runtime-socket.h"

#include <string.h>

/* The annotations that name the pod: containerd's CRI plugin, then CRI-O. */
static const struct
{
  const char *namespace;
  const char *pod;
  const char *container;
  const char *image;
  const char *type;
} annotation_keys[] = {
  { "io.kubernetes.cri.sandbox-namespace", "io.kubernetes.cri.sandbox-name",
    "io.kubernetes.cri.container-name", "io.kubernetes.cri.image-name",
    "io.kubernetes.cri.container-type" },
  { "io.kubernetes.pod.namespace", "io.kubernetes.pod.name", "io.kubernetes.container.name",
    "io.kubernetes.cri-o.ImageName", "io.kubernetes.cri-o.ContainerType" },
};

void
aak_container_free (AakContainer *container)
{
  g_free (container->id);
  g_free (container->namespace);
  g_free (container->pod);
  g_free (container->container);
  g_free (container->image);
  g_free (container->label);
  g_free (container->bundle);
  g_free (container->rootfs);
  g_clear_pointer (&container->volumes, aak_volumes_free);
  g_free (container->runtime_socket);
  g_free (container);
}

/* @sandbox: the pod's, else a container's; NULL where it is of the other kind. */
static AakContainer *
from_annotations (const json_t *annotations, gboolean sandbox)
{
  for (gsize i = 0; i < G_N_ELEMENTS (annotation_keys); i++)
    {
      const char *namespace = aak_json_member_text (annotations, annotation_keys[i].namespace);
      const char *pod = aak_json_member_text (annotations, annotation_keys[i].pod);
      const char *name = aak_json_member_text (annotations, annotation_keys[i].container);
      const char *image = aak_json_member_text (annotations, annotation_keys[i].image);
      const char *type = aak_json_member_text (annotations, annotation_keys[i].type);
      if (namespace == NULL || pod == NULL || (name == NULL && !sandbox)
          || (g_strcmp0 (type, "sandbox") == 0) != sandbox)
        continue;
      AakContainer *container = g_new0 (AakContainer, 1);
      container->namespace = g_strdup (namespace);
      container->pod = g_strdup (pod);
      container->container = sandbox ? NULL : g_strdup (name);
      container->image = g_strdup (image != NULL ? image : "");
      return container;
    }
  return NULL;
}

/* By convention /var/run leads to /run, and the kernel tells where it leads to. */
static void
add_volume (AakVolumes *volumes, const char *path, AakVolumeType type)
{
  if (g_str_has_prefix (path, "/var/run/"))
    path += strlen ("/var");
  aak_volumes_add (volumes, path, type);
}

/* The mounts of @root: volumes, and what gives a runtime's socket. */
static void
read_mounts (const json_t *root, AakContainer *container)
{
  container->volumes = aak_volumes_new ();
  const json_t *mounts = json_object_get (root, "mounts");
  gsize count = json_array_size (mounts);
  for (gsize i = 0; i < MIN (count, AAK_VOLUMES_MAX); i++)
    {
      const json_t *mount = json_array_get (mounts, i);
      const char *path = aak_json_member_text (mount, "destination"),
                 *source = aak_json_member_text (mount, "source");
      AakVolumeType type;
      if (path == NULL || source == NULL)
        continue;
      if (aak_volume_type_of (source, path, &type))
        add_volume (container->volumes, path, type);
      if (container->runtime_socket == NULL)
        container->runtime_socket = aak_runtime_socket_in (source, path);
    }
}

static AakContainer *
read_container (const json_t *root)
{
  AakContainer *container = from_annotations (json_object_get (root, "annotations"), FALSE);
  if (container == NULL)
    return NULL;
  const char *label = aak_json_member_text (json_object_get (root, "process"), "apparmorProfile");
  if (label != NULL && *label != '\0' && strcmp (label, "unconfined") != 0)
    container->label = g_strdup (label);
  container->rootfs = g_strdup (aak_json_member_text (json_object_get (root, "root"), "path"));
  read_mounts (root, container);
  return container;
}

AakContainer *
aak_container_parse (const char *name, GBytes *json, GError **error)
{
  json_auto_t *root = aak_json_read (name, json, error);
  return read_container (root);
}

AakContainer *
aak_container_parse_sandbox (const char *name, GBytes *json, GError **error)
{
  json_auto_t *root = aak_json_read (name, json, error);
  return from_annotations (json_object_get (root, "annotations"), TRUE);
}

char *
aak_container_describe (const AakContainer *container)
{
  g_autofree char *raw = g_strdup_printf ("pod %s/%s, container %s", container->namespace,
                                          container->pod, container->container);
  return aak_escape (raw, strlen (raw));
}

/* --- a pod's workload ------------------------------------------------------------------------ */

/* The alphabet of Kubernetes' generated names (apimachinery, util/rand). */
static gboolean
is_generated (const char *text, gsize len, gsize min, gsize max)
{
  if (len < min || len > max)
    return FALSE;
  for (gsize i = 0; i < len; i++)
    if (strchr ("bcdfghjklmnpqrstvwxz2456789", text[i]) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
is_number (const char *text, gsize len)
{
  for (gsize i = 0; i < len; i++)
    if (!g_ascii_isdigit (text[i]))
      return FALSE;
  return len > 0;
}

gboolean
aak_container_is_of (const AakContainer *container, const char *pod)
{
  gsize len = strlen (pod);
  if (strncmp (container->pod, pod, len) != 0)
    return FALSE;
  const char *rest = container->pod + len;
  if (*rest == '\0')
    return TRUE;
  if (*rest++ != '-')
    return FALSE;
  const char *dash = strchr (rest, '-');
  if (dash == NULL)
    return is_number (rest, strlen (rest)) || is_generated (rest, strlen (rest), 5, 5);
  gsize first = (gsize) (dash - rest);
  return (is_generated (rest, first, 5, 10) || is_number (rest, first))
         && is_generated (dash + 1, strlen (dash + 1), 5, 5);
}
