/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reading OCI bundles. */
#include "config.h"

#include "lib/container.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/runtime-socket.h"

#include <json-glib/json-glib.h>
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

static JsonObject *
get_object (JsonObject *parent, const char *key)
{
  JsonNode *node = parent != NULL ? json_object_get_member (parent, key) : NULL;
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static const char *
get_string (JsonObject *parent, const char *key)
{
  JsonNode *node = parent != NULL ? json_object_get_member (parent, key) : NULL;
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

/* @sandbox: the pod's, else a container's; NULL where it is of the other kind. */
static AakContainer *
from_annotations (JsonObject *annotations, gboolean sandbox)
{
  for (gsize i = 0; i < G_N_ELEMENTS (annotation_keys); i++)
    {
      const char *namespace = get_string (annotations, annotation_keys[i].namespace);
      const char *pod = get_string (annotations, annotation_keys[i].pod);
      const char *name = get_string (annotations, annotation_keys[i].container);
      const char *image = get_string (annotations, annotation_keys[i].image);
      const char *type = get_string (annotations, annotation_keys[i].type);
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
read_mounts (JsonObject *root, AakContainer *container)
{
  container->volumes = aak_volumes_new ();
  JsonNode *node = json_object_get_member (root, "mounts");
  JsonArray *mounts =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint count = mounts != NULL ? json_array_get_length (mounts) : 0;
  for (guint i = 0; i < MIN (count, AAK_VOLUMES_MAX); i++)
    {
      JsonNode *item = json_array_get_element (mounts, i);
      JsonObject *mount = JSON_NODE_HOLDS_OBJECT (item) ? json_node_get_object (item) : NULL;
      const char *path = get_string (mount, "destination"), *source = get_string (mount, "source");
      AakVolumeType type;
      if (path == NULL || source == NULL)
        continue;
      if (aak_volume_type_of (source, path, &type))
        add_volume (container->volumes, path, type);
      if (container->runtime_socket == NULL)
        container->runtime_socket = aak_runtime_socket_in (source, path);
    }
}

/* The object that @json is, which @parser keeps; NULL with an error. */
static JsonObject *
parse_object (JsonParser *parser, const char *name, GBytes *json, GError **error)
{
  g_autoptr (GError) local = NULL;
  gsize len = 0;
  const char *data = g_bytes_get_data (json, &len);
  if (g_utf8_validate (data != NULL ? data : "", (gssize) len, NULL)
      && json_parser_load_from_data (parser, data != NULL ? data : "", (gssize) len, &local)
      && json_parser_get_root (parser) != NULL
      && JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return json_node_get_object (json_parser_get_root (parser));
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: %s", name,
               local != NULL ? local->message : "not a JSON object");
  return NULL;
}

AakContainer *
aak_container_parse (const char *name, GBytes *json, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *root = parse_object (parser, name, json, error);
  AakContainer *container =
      root != NULL ? from_annotations (get_object (root, "annotations"), FALSE) : NULL;
  if (container == NULL)
    return NULL;
  const char *label = get_string (get_object (root, "process"), "apparmorProfile");
  if (label != NULL && *label != '\0' && strcmp (label, "unconfined") != 0)
    container->label = g_strdup (label);
  container->rootfs = g_strdup (get_string (get_object (root, "root"), "path"));
  read_mounts (root, container);
  return container;
}

AakContainer *
aak_container_parse_sandbox (const char *name, GBytes *json, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *root = parse_object (parser, name, json, error);
  return root != NULL ? from_annotations (get_object (root, "annotations"), TRUE) : NULL;
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
