/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reading what config.json says of security. */
#include "config.h"

#include "lib/container-security.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define CONFIG_MAX_BYTES (4u << 20)

/* containerd's CRI plugin, then CRI-O. */
static const char *const sandbox_keys[] = {
  "io.kubernetes.cri.sandbox-id",
  "io.kubernetes.cri-o.SandboxID",
};

static void
host_mount_free (gpointer data)
{
  AakHostMount *mount = data;
  g_free (mount->source);
  g_free (mount->path);
  g_free (mount);
}

void
aak_container_security_free (AakContainerSecurity *bundle)
{
  g_free (bundle->label);
  g_free (bundle->selinux_label);
  g_free (bundle->seccomp_action);
  g_ptr_array_unref (bundle->sysctls);
  g_ptr_array_unref (bundle->host_mounts);
  g_free (bundle->sandbox);
  g_free (bundle);
}

/* --- parts of JSON: NULL, 0 and FALSE for what is missing or of another type ------------------ */

static JsonNode *
get_node (JsonObject *parent, const char *key)
{
  return parent != NULL ? json_object_get_member (parent, key) : NULL;
}

static JsonObject *
get_object (JsonObject *parent, const char *key)
{
  JsonNode *node = get_node (parent, key);
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonArray *
get_array (JsonObject *parent, const char *key)
{
  JsonNode *node = get_node (parent, key);
  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static const char *
get_text (JsonObject *parent, const char *key)
{
  JsonNode *node = get_node (parent, key);
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

static gboolean
get_flag (JsonObject *parent, const char *key)
{
  JsonNode *node = get_node (parent, key);
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_boolean (node);
}

static guint
get_number (JsonObject *parent, const char *key)
{
  JsonNode *node = get_node (parent, key);
  gint64 number = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : 0;
  return number > 0 && number <= G_MAXUINT32 ? (guint) number : 0;
}

static guint
length_of (JsonArray *array)
{
  return array != NULL ? json_array_get_length (array) : 0;
}

static const char *
text_at (JsonArray *array, guint at)
{
  JsonNode *node = json_array_get_element (array, at);
  return JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

static JsonObject *
object_at (JsonArray *array, guint at)
{
  JsonNode *node = json_array_get_element (array, at);
  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* --- process --------------------------------------------------------------------------------- */

/* Runtimes pass over a name that they do not know, and give nothing for it. */
static AakCapabilitySet
read_set (JsonObject *capabilities, const char *key)
{
  JsonArray *names = get_array (capabilities, key);
  AakCapabilitySet set = 0;
  for (guint i = 0; i < length_of (names); i++)
    {
      const char *name = text_at (names, i);
      guint number = 0;
      if (name != NULL && aak_capability_number (name, &number))
        set |= G_GUINT64_CONSTANT (1) << number;
    }
  return set;
}

static char *
dup_label (JsonObject *process, const char *key)
{
  const char *label = get_text (process, key);
  return label != NULL && *label != '\0' && strcmp (label, "unconfined") != 0 ? g_strdup (label)
                                                                              : NULL;
}

static void
read_process (AakContainerSecurity *bundle, JsonObject *process)
{
  JsonObject *user = get_object (process, "user");
  JsonObject *capabilities = get_object (process, "capabilities");
  bundle->uid = get_number (user, "uid");
  bundle->gid = get_number (user, "gid");
  bundle->effective = read_set (capabilities, "effective");
  bundle->permitted = read_set (capabilities, "permitted");
  bundle->inheritable = read_set (capabilities, "inheritable");
  bundle->bounding = read_set (capabilities, "bounding");
  bundle->ambient = read_set (capabilities, "ambient");
  bundle->no_new_privs = get_flag (process, "noNewPrivileges");
  bundle->label = dup_label (process, "apparmorProfile");
  bundle->selinux_label = dup_label (process, "selinuxLabel");
}

/* --- linux ----------------------------------------------------------------------------------- */

static void
read_seccomp (AakContainerSecurity *bundle, JsonObject *seccomp)
{
  if (seccomp == NULL)
    return;
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  JsonArray *rules = get_array (seccomp, "syscalls");
  const char *action = get_text (seccomp, "defaultAction");
  for (guint i = 0; i < length_of (rules); i++)
    {
      JsonArray *calls = get_array (object_at (rules, i), "names");
      for (guint k = 0; k < length_of (calls); k++)
        if (text_at (calls, k) != NULL)
          g_hash_table_add (names, (gpointer) text_at (calls, k));
    }
  bundle->seccomp_action = g_strdup (action != NULL ? action : "");
  bundle->seccomp_calls = g_hash_table_size (names);
}

static void
read_namespaces (AakContainerSecurity *bundle, JsonArray *namespaces)
{
  for (guint i = 0; i < length_of (namespaces); i++)
    {
      JsonObject *item = object_at (namespaces, i);
      const char *type = get_text (item, "type"), *path = get_text (item, "path");
      AakNamespace kind = AAK_NAMESPACE_N;
      if (type == NULL || !aak_namespace_parse (type, &kind))
        continue;
      if (path != NULL && *path != '\0')
        bundle->joined_namespaces |= 1u << kind;
      else
        bundle->own_namespaces |= 1u << kind;
    }
}

static void
read_linux (AakContainerSecurity *bundle, JsonObject *system)
{
  JsonObject *sysctl = get_object (system, "sysctl");
  g_autoptr (GList) names = sysctl != NULL ? json_object_get_members (sysctl) : NULL;
  for (GList *name = names; name != NULL; name = name->next)
    g_ptr_array_add (bundle->sysctls, g_strdup (name->data));
  read_seccomp (bundle, get_object (system, "seccomp"));
  read_namespaces (bundle, get_array (system, "namespaces"));
  bundle->masks_paths = length_of (get_array (system, "maskedPaths")) > 0;
  bundle->protects_paths = length_of (get_array (system, "readonlyPaths")) > 0;
}

/* --- mounts ---------------------------------------------------------------------------------- */

/* The last of the two words counts, as for mount(8). */
static gboolean
is_readonly (JsonArray *options)
{
  gboolean readonly = FALSE;
  for (guint i = 0; i < length_of (options); i++)
    {
      const char *option = text_at (options, i);
      if (g_strcmp0 (option, "ro") == 0 || g_strcmp0 (option, "rw") == 0)
        readonly = strcmp (option, "ro") == 0;
    }
  return readonly;
}

static void
read_mount (AakContainerSecurity *bundle, JsonObject *mount)
{
  const char *path = get_text (mount, "destination"), *source = get_text (mount, "source");
  gboolean readonly = is_readonly (get_array (mount, "options"));
  AakVolumeType type;
  if (path == NULL)
    return;
  if (g_strcmp0 (get_text (mount, "type"), "sysfs") == 0 && !readonly)
    bundle->writable_sysfs = TRUE;
  if (source == NULL || !aak_volume_type_of (source, path, &type) || type != AAK_VOLUME_HOST_PATH)
    return;
  AakHostMount *found = g_new0 (AakHostMount, 1);
  found->source = g_strdup (source);
  found->path = g_strdup (path);
  found->readonly = readonly;
  g_ptr_array_add (bundle->host_mounts, found);
}

/* --- a bundle -------------------------------------------------------------------------------- */

static AakContainerSecurity *
from_object (JsonObject *root)
{
  AakContainerSecurity *bundle = g_new0 (AakContainerSecurity, 1);
  JsonArray *mounts = get_array (root, "mounts");
  bundle->sysctls = g_ptr_array_new_with_free_func (g_free);
  bundle->host_mounts = g_ptr_array_new_with_free_func (host_mount_free);
  bundle->readonly_rootfs = get_flag (get_object (root, "root"), "readonly");
  read_process (bundle, get_object (root, "process"));
  read_linux (bundle, get_object (root, "linux"));
  for (guint i = 0; i < length_of (mounts); i++)
    read_mount (bundle, object_at (mounts, i));
  for (gsize i = 0; bundle->sandbox == NULL && i < G_N_ELEMENTS (sandbox_keys); i++)
    bundle->sandbox = g_strdup (get_text (get_object (root, "annotations"), sandbox_keys[i]));
  return bundle;
}

AakContainerSecurity *
aak_container_security_parse (const char *name, GBytes *json, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) local = NULL;
  gsize len = 0;
  const char *data = g_bytes_get_data (json, &len);
  if (g_utf8_validate (data != NULL ? data : "", (gssize) len, NULL)
      && json_parser_load_from_data (parser, data != NULL ? data : "", (gssize) len, &local)
      && json_parser_get_root (parser) != NULL
      && JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return from_object (json_node_get_object (json_parser_get_root (parser)));
  g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "%s: %s", name,
               local != NULL ? local->message : "not a JSON object");
  return NULL;
}

static AakContainerSecurity *
read_config (const char *path, GError **error)
{
  g_autofree char *shown = aak_escape (path, strlen (path));
  g_autoptr (GBytes) json = aak_fs_read (path, CONFIG_MAX_BYTES, error);
  return json != NULL ? aak_container_security_parse (shown, json, error) : NULL;
}

AakContainerSecurity *
aak_container_security_read (const AakContainer *container, GError **error)
{
  g_autofree char *path = g_build_filename (container->bundle, "config.json", NULL);
  return read_config (path, error);
}

/* The bundle of a container is DIR/ID, or DIR/ID/userdata; the sandbox's lies beside it. */
AakContainerSecurity *
aak_container_security_read_sandbox (const AakContainer *container,
                                     const AakContainerSecurity *bundle)
{
  const char *id = bundle->sandbox;
  if (id == NULL || *id == '\0' || *id == '.' || strchr (id, '/') != NULL)
    return NULL;
  g_autofree char *last = g_path_get_basename (container->bundle);
  g_autofree char *above = g_path_get_dirname (container->bundle);
  gboolean nested = strcmp (last, container->id) != 0;
  g_autofree char *dir = nested ? g_path_get_dirname (above) : g_strdup (above);
  g_autofree char *path = nested ? g_build_filename (dir, id, last, "config.json", NULL)
                                 : g_build_filename (dir, id, "config.json", NULL);
  return read_config (path, NULL);
}

gboolean
aak_container_security_is_privileged (const AakContainerSecurity *bundle)
{
  return !bundle->masks_paths && !bundle->protects_paths && bundle->writable_sysfs;
}

guint
aak_container_security_host_namespaces (const AakContainerSecurity *bundle,
                                        const AakContainerSecurity *sandbox)
{
  guint own = bundle->own_namespaces;
  own |= bundle->joined_namespaces & (sandbox != NULL ? sandbox->own_namespaces : ~0u);
  return ~own & ((1u << AAK_NAMESPACE_N) - 1);
}
