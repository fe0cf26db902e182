/* SPDX-License-Identifier: GPL-2.0-or-later
 * From a pod's name to labels, through the OCI bundles. */
#include "config.h"

#include "learn/pod-watch.h"

#include "learn/label.h"
#include "lib/container-index.h"
#include "lib/escape.h"
#include "lib/fs.h"

#include <string.h>

struct AakPodWatch
{
  AakCli *cli;
  const AakPodSelector *selector;
  AakAttribution *attribution;
  AakImages *images;
  AakContainerIndex *index;
  GHashTable *told; /* container ids and bundle problems that were spoken of */
  guint found;
  guint passed_over;
};

AakPodWatch *
aak_pod_watch_new (AakCli *cli, const AakPodSelector *selector, AakAttribution *attribution,
                   AakImages *images)
{
  AakPodWatch *watch = g_new0 (AakPodWatch, 1);
  watch->cli = cli;
  watch->selector = selector;
  watch->attribution = attribution;
  watch->images = images;
  watch->index = aak_container_index_new (aak_cli_root (cli));
  watch->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return watch;
}

void
aak_pod_watch_free (AakPodWatch *watch)
{
  aak_container_index_free (watch->index);
  g_hash_table_unref (watch->told);
  g_free (watch);
}

guint
aak_pod_watch_found (const AakPodWatch *watch)
{
  return watch->found;
}

guint
aak_pod_watch_passed_over (const AakPodWatch *watch)
{
  return watch->passed_over;
}

/* Profiles that a runtime gives to every pod that names none: learning from them would mix
 * applications. */
static gboolean
is_shared_default (const char *label)
{
  return g_str_has_prefix (label, "cri-containerd.apparmor.d")
         || g_str_has_prefix (label, "crio-default") || strcmp (label, "docker-default") == 0;
}

static gboolean
is_selected (const AakPodSelector *selector, const AakContainer *container)
{
  return (selector->namespace == NULL || strcmp (selector->namespace, container->namespace) == 0)
         && (selector->containers == NULL
             || g_strv_contains (selector->containers, container->container));
}

gboolean
aak_pod_watch_wants (const AakPodWatch *watch, const AakRunPod *pod)
{
  AakContainer container = { .namespace = pod->namespace,
                             .pod = pod->pod,
                             .container = pod->container };
  return aak_container_is_of (&container, watch->selector->pod)
         && is_selected (watch->selector, &container);
}

/* Begins to read the root filesystem of @container. */
static void
read_image (AakPodWatch *watch, const AakContainer *container)
{
  if (container->rootfs == NULL)
    return;
  g_autofree char *dir = *container->rootfs == '/'
                             ? aak_fs_path (aak_cli_root (watch->cli), container->rootfs)
                             : g_build_filename (container->bundle, container->rootfs, NULL);
  aak_images_add (watch->images, container->label, container->image, dir);
}

/* Notes how @container was started. */
static void
read_security (AakPodWatch *watch, const AakContainer *container, const char *who,
               AakObservations *observations)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakContainerSecurity) security = aak_container_security_read (container, &error);
  if (security == NULL)
    aak_cli_warn (watch->cli, "%s: what it was started with is not known: %s", who, error->message);
  else
    aak_container_facts_add_bundle (aak_observations_containers (observations),
                                    container->container, security);
}

static void
warn_of_socket (AakPodWatch *watch, const AakContainer *container, const char *who)
{
  if (container->runtime_socket == NULL)
    return;
  const char *path = container->runtime_socket;
  g_autofree char *shown = aak_escape (path, strlen (path));
  aak_cli_warn (watch->cli,
                "%s has the container runtime's socket (%s): who connects to it is root on the "
                "node, and most kernels do not ask AppArmor about that",
                who, shown);
}

static void
follow (AakPodWatch *watch, const AakContainer *container, const char *who)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *image = aak_escape (container->image, strlen (container->image));
  if (!aak_attribution_follow (watch->attribution, container->label, &error))
    {
      aak_cli_warn (watch->cli, "%s: %s", who, error->message);
      return;
    }
  AakObservations *observations = aak_attribution_get (watch->attribution, container->label);
  aak_run_add_pod (aak_observations_get_run (observations, 0), container->namespace, container->pod,
                   container->container, container->image);
  aak_volumes_merge (aak_observations_volumes (observations), container->volumes);
  read_security (watch, container, who, observations);
  read_image (watch, container);
  warn_of_socket (watch, container, who);
  watch->found++;
  aak_cli_note (watch->cli, "%s (%s) wears %s: learning from it", who, image, container->label);
}

/* A container of the pod that was asked for. */
static void
tell (AakPodWatch *watch, const AakContainer *container)
{
  g_autofree char *who = aak_container_describe (container);
  g_autofree char *wanted = aak_label_for_pod (watch->selector->pod, NULL);
  if (container->label != NULL && !is_shared_default (container->label))
    {
      follow (watch, container, who);
      return;
    }
  watch->passed_over++;
  if (container->label == NULL)
    aak_cli_warn (
        watch->cli,
        "%s is unconfined (no profile, or a privileged container): nothing can be learned "
        "from it; put localhost/%s into the pod and do not run it privileged",
        who, wanted);
  else
    aak_cli_warn (watch->cli,
                  "%s wears %s, which all pods without a profile of their own share: nothing is "
                  "learned from it; put localhost/%s into the pod",
                  who, container->label, wanted);
}

/* Another container: its events cannot be told from those of the pod when both wear one label. */
static void
tell_other (AakPodWatch *watch, const AakContainer *container)
{
  if (container->label == NULL || aak_attribution_get (watch->attribution, container->label) == NULL
      || !g_hash_table_add (watch->told, g_strdup (container->id)))
    return;
  g_autofree char *who = aak_container_describe (container);
  aak_cli_warn (watch->cli, "%s wears %s too: what it does is learned with the rest", who,
                container->label);
}

/* One container of the node. */
static void
look_at (AakPodWatch *watch, const AakContainer *container)
{
  gboolean of_pod = aak_container_is_of (container, watch->selector->pod);
  if (of_pod && is_selected (watch->selector, container))
    {
      if (g_hash_table_add (watch->told, g_strdup (container->id)))
        tell (watch, container);
      return;
    }
  g_autofree char *key = g_strconcat ("not selected ", container->id, NULL);
  if (of_pod && g_hash_table_add (watch->told, g_steal_pointer (&key)))
    {
      g_autofree char *who = aak_container_describe (container);
      watch->passed_over++;
      aak_cli_note (watch->cli, "%s is not selected (-n, -c)", who);
    }
  tell_other (watch, container);
}

static void
look_at_all (AakPodWatch *watch)
{
  const GPtrArray *containers = aak_container_index_list (watch->index);
  for (guint i = 0; i < containers->len; i++)
    look_at (watch, g_ptr_array_index (containers, i));
}

void
aak_pod_watch_scan (AakPodWatch *watch)
{
  if (!aak_container_index_refresh (watch->index))
    return;
  guint before = aak_attribution_generation (watch->attribution);
  look_at_all (watch);
  /* A label that is followed only now may be worn by a container that was looked at before. */
  if (aak_attribution_generation (watch->attribution) != before)
    look_at_all (watch);
  const GPtrArray *problems = aak_container_index_problems (watch->index);
  for (guint i = 0; i < problems->len; i++)
    {
      const char *problem = g_ptr_array_index (problems, i);
      if (g_hash_table_add (watch->told, g_strdup (problem)))
        aak_cli_warn (watch->cli, "%s: this container is left out", problem);
    }
}
