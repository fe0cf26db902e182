/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Following the directories that runtimes keep their bundles in. */
#include "config.h"

#include "lib/container-index.h"

#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"
#include "lib/sort.h"

#include <string.h>
#include <sys/stat.h>

#define CONFIG_MAX_BYTES (4u << 20)
/* Files' times are as coarse as the kernel's tick: what changed just now may change again without a
 * new time. */
#define SETTLED_US G_USEC_PER_SEC
#define GRACE_US   (5 * G_USEC_PER_SEC)

/* Where runtimes keep their bundles: DIR/<id>/FILE. */
static const struct
{
  const char *runtime; /* the directory that it makes as it starts */
  const char *dir;     /* below that; made with the first container */
  const char *file;
} layouts[] = {
  { "/run/containerd", "io.containerd.runtime.v2.task/k8s.io", "config.json" },
  { "/run/k3s/containerd", "io.containerd.runtime.v2.task/k8s.io", "config.json" },
  { "/run/containers/storage", "overlay-containers", "userdata/config.json" },
};

/* What a file or directory was when it was looked at. */
typedef struct
{
  ino_t inode;
  gint64 changed; /* µs since the epoch; 0: not there */
} Mark;

typedef struct
{
  Mark mark;
  AakContainer *container; /* NULL: a sandbox, no pod's, or not readable */
  char *problem;           /* why it is not readable */
  guint look;              /* the last look that found it */
  gint64 gone;             /* monotonic, µs: when it was not found any more; 0: it is there */
} Bundle;

typedef struct
{
  char *path;
  const char *file;
  GHashTable *bundles; /* id -> Bundle */
  Mark mark;
  gboolean settled; /* with an equal mark there is nothing new */
} Place;

struct AakContainerIndex
{
  Place places[G_N_ELEMENTS (layouts)];
  GPtrArray *list;
  GPtrArray *problems;
  gint64 grace; /* µs */
  guint look;
  guint64 reads;
};

static void
bundle_free (gpointer data)
{
  Bundle *bundle = data;
  g_clear_pointer (&bundle->container, aak_container_free);
  g_free (bundle->problem);
  g_free (bundle);
}

AakContainerIndex *
aak_container_index_new (const char *root)
{
  AakContainerIndex *index = g_new0 (AakContainerIndex, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (layouts); i++)
    {
      g_autofree char *dir = g_build_filename (layouts[i].runtime, layouts[i].dir, NULL);
      index->places[i] = (Place){ .path = aak_fs_path (root, dir),
                                  .file = layouts[i].file,
                                  .bundles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                                    bundle_free) };
    }
  index->grace = GRACE_US;
  index->list = g_ptr_array_new ();
  index->problems = g_ptr_array_new ();
  return index;
}

gboolean
aak_container_index_has_runtime (const char *root)
{
  for (gsize i = 0; i < G_N_ELEMENTS (layouts); i++)
    {
      g_autofree char *path = aak_fs_path (root, layouts[i].runtime);
      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return TRUE;
    }
  return FALSE;
}

void
aak_container_index_free (AakContainerIndex *index)
{
  g_ptr_array_unref (index->list);
  g_ptr_array_unref (index->problems);
  for (gsize i = 0; i < G_N_ELEMENTS (layouts); i++)
    {
      g_hash_table_unref (index->places[i].bundles);
      g_free (index->places[i].path);
    }
  g_free (index);
}

void
aak_container_index_set_grace (AakContainerIndex *index, gint64 grace_us)
{
  index->grace = grace_us;
}

const GPtrArray *
aak_container_index_list (const AakContainerIndex *index)
{
  return index->list;
}

const GPtrArray *
aak_container_index_problems (const AakContainerIndex *index)
{
  return index->problems;
}

guint64
aak_container_index_reads (const AakContainerIndex *index)
{
  return index->reads;
}

/* --- one bundle ------------------------------------------------------------------------------ */

/* A directory's contents changed when its modification time did, a file when any time did. */
static Mark
mark_of (const char *path, gboolean directory)
{
  struct stat st;
  if (stat (path, &st) < 0)
    return (Mark){ 0 };
  struct timespec time = directory ? st.st_mtim : st.st_ctim;
  return (Mark){ st.st_ino, (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000 };
}

static gboolean
same (Mark a, Mark b)
{
  return a.changed != 0 && a.changed == b.changed && a.inode == b.inode;
}

static void
read_bundle (Bundle *bundle, const char *path, const char *id)
{
  g_autofree char *shown = aak_escape (path, strlen (path));
  g_autoptr (GError) error = NULL;
  g_clear_pointer (&bundle->container, aak_container_free);
  g_clear_pointer (&bundle->problem, g_free);
  g_autoptr (GBytes) json = aak_fs_read (path, CONFIG_MAX_BYTES, &error);
  bundle->container = json != NULL ? aak_container_parse (shown, json, &error) : NULL;
  if (bundle->container != NULL)
    {
      bundle->container->id = g_strdup (id);
      bundle->container->bundle = g_path_get_dirname (path);
    }
  /* A bundle without its file is one that is being made, or being removed. */
  else if (error != NULL && !g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND))
    bundle->problem = g_strdup (error->message);
}

static Bundle *
get_bundle (Place *place, const char *id)
{
  Bundle *bundle = g_hash_table_lookup (place->bundles, id);
  if (bundle != NULL)
    return bundle;
  bundle = g_new0 (Bundle, 1);
  g_hash_table_insert (place->bundles, g_strdup (id), bundle);
  return bundle;
}

/* Brings the bundle @id up to date at the time @now; TRUE where it was read. */
static gboolean
look_at (AakContainerIndex *index, Place *place, const char *id, gint64 now)
{
  g_autofree char *path = g_build_filename (place->path, id, place->file, NULL);
  Mark mark = mark_of (path, FALSE);
  Bundle *bundle = get_bundle (place, id);
  if (bundle->container != NULL && mark.changed == 0)
    return FALSE; /* half removed: drop_gone() sees to it */
  bundle->look = index->look;
  bundle->gone = 0;
  gboolean young = ABS (now - mark.changed) < SETTLED_US;
  gboolean known = same (bundle->mark, mark) || bundle->mark.changed + mark.changed == 0;
  if (!known || young)
    {
      bundle->mark = mark;
      read_bundle (bundle, path, id);
      index->reads++;
    }
  /* Its file may come, or be written to its end, without a sign of that in our directory. */
  place->settled &= !young && mark.changed != 0 && bundle->problem == NULL;
  return !known || young;
}

/* --- one directory --------------------------------------------------------------------------- */

/* Removes what is gone for long enough; TRUE where something was. */
static gboolean
drop_gone (AakContainerIndex *index, Place *place)
{
  gint64 now = g_get_monotonic_time ();
  gboolean dropped = FALSE;
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, place->bundles);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Bundle *bundle = value;
      if (bundle->look == index->look)
        continue;
      bundle->gone = bundle->gone == 0 ? now : bundle->gone;
      if (bundle->container == NULL || now - bundle->gone >= index->grace)
        {
          g_hash_table_iter_remove (&iter);
          dropped = TRUE;
        }
      else
        place->settled = FALSE;
    }
  return dropped;
}

/* TRUE where anything was read or dropped. */
static gboolean
refresh_place (AakContainerIndex *index, Place *place)
{
  gint64 now = g_get_real_time ();
  Mark mark = mark_of (place->path, TRUE);
  if (place->settled && same (place->mark, mark))
    return FALSE;
  g_autoptr (GDir) dir = g_dir_open (place->path, 0, NULL);
  place->mark = mark;
  place->settled = ABS (now - mark.changed) > SETTLED_US;
  gboolean changed = FALSE;
  for (const char *id = dir != NULL ? g_dir_read_name (dir) : NULL; id != NULL;
       id = g_dir_read_name (dir))
    changed |= look_at (index, place, id, now);
  return drop_gone (index, place) || changed;
}

static int
compare_containers (gconstpointer a, gconstpointer b)
{
  const AakContainer *x = *(AakContainer *const *) a, *y = *(AakContainer *const *) b;
  int order = strcmp (x->namespace, y->namespace);
  if (order == 0)
    order = strcmp (x->pod, y->pod);
  if (order == 0)
    order = strcmp (x->container, y->container);
  return order != 0 ? order : strcmp (x->id, y->id);
}

static void
gather (AakContainerIndex *index)
{
  g_ptr_array_set_size (index->list, 0);
  g_ptr_array_set_size (index->problems, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (layouts); i++)
    {
      GHashTableIter iter;
      gpointer value;
      g_hash_table_iter_init (&iter, index->places[i].bundles);
      while (g_hash_table_iter_next (&iter, NULL, &value))
        {
          Bundle *bundle = value;
          if (bundle->container != NULL)
            g_ptr_array_add (index->list, bundle->container);
          if (bundle->problem != NULL)
            g_ptr_array_add (index->problems, bundle->problem);
        }
    }
  g_ptr_array_sort (index->list, compare_containers);
  g_ptr_array_sort (index->problems, aak_compare_texts);
}

gboolean
aak_container_index_refresh (AakContainerIndex *index)
{
  gboolean changed = FALSE;
  index->look++;
  for (gsize i = 0; i < G_N_ELEMENTS (layouts); i++)
    changed |= refresh_place (index, &index->places[i]);
  if (changed)
    gather (index);
  return changed;
}

AakContainer *
aak_container_index_sandbox (const AakContainerIndex *index, const char *id)
{
  AakContainer *sandbox = NULL;
  if (strchr (id, '/') != NULL || *id == '.')
    return NULL;
  for (gsize i = 0; sandbox == NULL && i < G_N_ELEMENTS (layouts); i++)
    {
      const Place *place = &index->places[i];
      g_autofree char *path = g_build_filename (place->path, id, place->file, NULL);
      g_autoptr (GBytes) json = aak_fs_read (path, CONFIG_MAX_BYTES, NULL);
      sandbox = json != NULL ? aak_container_parse_sandbox (path, json, NULL) : NULL;
    }
  return sandbox;
}
