/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Reading what config.json says of security. */
#include "config.h"

#include "lib/container-security.h"

#include "lib/escape.h"
#include "lib/fs.h"
#include "lib/json-read.h"

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

/* --- parts of JSON: 0 and FALSE for what is missing or of another type ------------------------ */

static gboolean
get_flag (const json_t *parent, const char *key)
{
  return json_is_true (json_object_get (parent, key));
}

static guint
get_number (const json_t *parent, const char *key)
{
  double number = json_real_value (json_object_get (parent, key));
  return number > 0 && number <= G_MAXUINT32 ? (guint) number : 0;
}

/* --- process --------------------------------------------------------------------------------- */

/* Runtimes pass over a name that they do not know, and give nothing for it. */
static AakCapabilitySet
read_set (const json_t *capabilities, const char *key)
{
  const json_t *names = json_object_get (capabilities, key);
  AakCapabilitySet set = 0;
  for (gsize i = 0; i < json_array_size (names); i++)
    {
      const char *name = json_string_value (json_array_get (names, i));
      guint number = 0;
      if (name != NULL && aak_capability_number (name, &number))
        set |= G_GUINT64_CONSTANT (1) << number;
    }
  return set;
}

static char *
dup_label (const json_t *process, const char *key)
{
  const char *label = aak_json_member_text (process, key);
  return label != NULL && *label != '\0' && strcmp (label, "unconfined") != 0 ? g_strdup (label)
                                                                              : NULL;
}

static void
read_process (AakContainerSecurity *bundle, const json_t *process)
{
  const json_t *user = json_object_get (process, "user");
  const json_t *capabilities = json_object_get (process, "capabilities");
  bundle->uid = get_number (user, "uid");
  bundle->gid = get_number (user, "gid");
  bundle->sets.effective = read_set (capabilities, "effective");
  bundle->sets.permitted = read_set (capabilities, "permitted");
  bundle->sets.inheritable = read_set (capabilities, "inheritable");
  bundle->sets.bounding = read_set (capabilities, "bounding");
  bundle->sets.ambient = read_set (capabilities, "ambient");
  bundle->no_new_privs = get_flag (process, "noNewPrivileges");
  bundle->label = dup_label (process, "apparmorProfile");
  bundle->selinux_label = dup_label (process, "selinuxLabel");
}

/* --- linux ----------------------------------------------------------------------------------- */

static void
read_seccomp (AakContainerSecurity *bundle, const json_t *seccomp)
{
  if (!json_is_object (seccomp))
    return;
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  const json_t *rules = json_object_get (seccomp, "syscalls");
  const char *action = aak_json_member_text (seccomp, "defaultAction");
  for (gsize i = 0; i < json_array_size (rules); i++)
    {
      const json_t *calls = json_object_get (json_array_get (rules, i), "names");
      for (gsize k = 0; k < json_array_size (calls); k++)
        {
          const char *name = json_string_value (json_array_get (calls, k));
          if (name != NULL)
            g_hash_table_add (names, (gpointer) name);
        }
    }
  bundle->seccomp_action = g_strdup (action != NULL ? action : "");
  bundle->seccomp_calls = g_hash_table_size (names);
}

static void
read_namespaces (AakContainerSecurity *bundle, const json_t *namespaces)
{
  for (gsize i = 0; i < json_array_size (namespaces); i++)
    {
      const json_t *item = json_array_get (namespaces, i);
      const char *type = aak_json_member_text (item, "type"),
                 *path = aak_json_member_text (item, "path");
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
read_linux (AakContainerSecurity *bundle, const json_t *system)
{
  json_t *sysctl = json_object_get (system, "sysctl"), *value = NULL;
  const char *name = NULL;
  json_object_foreach (sysctl, name, value) g_ptr_array_add (bundle->sysctls, g_strdup (name));
  read_seccomp (bundle, json_object_get (system, "seccomp"));
  read_namespaces (bundle, json_object_get (system, "namespaces"));
  bundle->masks_paths = json_array_size (json_object_get (system, "maskedPaths")) > 0;
  bundle->protects_paths = json_array_size (json_object_get (system, "readonlyPaths")) > 0;
}

/* --- mounts ---------------------------------------------------------------------------------- */

/* The last of the two words counts, as for mount(8). */
static gboolean
is_readonly (const json_t *options)
{
  gboolean readonly = FALSE;
  for (gsize i = 0; i < json_array_size (options); i++)
    {
      const char *option = json_string_value (json_array_get (options, i));
      if (g_strcmp0 (option, "ro") == 0 || g_strcmp0 (option, "rw") == 0)
        readonly = strcmp (option, "ro") == 0;
    }
  return readonly;
}

static void
read_mount (AakContainerSecurity *bundle, const json_t *mount)
{
  const char *path = aak_json_member_text (mount, "destination"),
             *source = aak_json_member_text (mount, "source");
  gboolean readonly = is_readonly (json_object_get (mount, "options"));
  AakVolumeType type;
  if (path == NULL)
    return;
  if (g_strcmp0 (aak_json_member_text (mount, "type"), "sysfs") == 0 && !readonly)
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
from_object (const json_t *root)
{
  AakContainerSecurity *bundle = g_new0 (AakContainerSecurity, 1);
  const json_t *mounts = json_object_get (root, "mounts");
  bundle->sysctls = g_ptr_array_new_with_free_func (g_free);
  bundle->host_mounts = g_ptr_array_new_with_free_func (host_mount_free);
  bundle->readonly_rootfs = get_flag (json_object_get (root, "root"), "readonly");
  read_process (bundle, json_object_get (root, "process"));
  read_linux (bundle, json_object_get (root, "linux"));
  for (gsize i = 0; i < json_array_size (mounts); i++)
    read_mount (bundle, json_array_get (mounts, i));
  for (gsize i = 0; bundle->sandbox == NULL && i < G_N_ELEMENTS (sandbox_keys); i++)
    bundle->sandbox =
        g_strdup (aak_json_member_text (json_object_get (root, "annotations"), sandbox_keys[i]));
  return bundle;
}

AakContainerSecurity *
aak_container_security_parse (const char *name, GBytes *json, GError **error)
{
  json_auto_t *root = aak_json_read (name, json, error);
  return root != NULL ? from_object (root) : NULL;
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
                                     const AakContainerSecurity *bundle, GError **error)
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
  return read_config (path, error);
}

gboolean
aak_container_security_is_privileged (const AakContainerSecurity *bundle)
{
  return !bundle->masks_paths && !bundle->protects_paths && bundle->writable_sysfs;
}

guint
aak_container_security_host_namespaces (const AakContainerSecurity *bundle,
                                        const AakContainerSecurity *sandbox, guint *out_unknown)
{
  const guint joined = bundle->joined_namespaces & ~bundle->own_namespaces;
  guint own = bundle->own_namespaces | joined;
  *out_unknown = sandbox == NULL && bundle->sandbox != NULL ? joined : 0;
  if (sandbox != NULL)
    own = bundle->own_namespaces | (joined & sandbox->own_namespaces);
  return ~own & ((1u << AAK_NAMESPACE_N) - 1);
}
