/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reading images beside a recording. */
#include "config.h"

#include "learn/images.h"

#include "learn/image-tree.h"
#include "learn/image-weigh.h"
#include "learn/mountinfo.h"
#include "learn/overlay.h"
#include "lib/error.h"
#include "lib/escape.h"
#include "lib/fs.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  char *label; /* NULL: any */
  char *image;
  char *dir;
  char *newest;    /* that of the last container of the image: others may be gone */
  GThread *thread; /* NULL: it has ended, or there is none */
  AakImageTree *tree;
  GError *error;
} Image;

struct AakImages
{
  AakCli *cli;
  GPtrArray *list; /* Image* */
};

/* What a container wrote before is no part of its image: of a running one the layer above is taken
 * out, and with it what it changed. */
static void
take_out_written (AakImageTree *tree, const char *dir)
{
  g_autofree char *mountinfo = aak_fs_read_text ("/proc/self/mountinfo", AAK_MOUNTINFO_MAX, NULL);
  char *real = realpath (dir, NULL);
  g_autofree char *upper =
      mountinfo != NULL && real != NULL ? aak_overlay_upper (mountinfo, real) : NULL;
  free (real);
  g_autoptr (AakImageTree) written = upper != NULL ? aak_image_tree_read (upper, NULL) : NULL;
  if (written != NULL)
    aak_image_tree_subtract (tree, written);
}

static gpointer
read_tree (gpointer data)
{
  Image *image = data;
  image->tree = aak_image_tree_read (image->dir, &image->error);
  if (image->tree != NULL)
    take_out_written (image->tree, image->dir);
  return NULL;
}

/* Makes sure that it was read. */
static void
finish (Image *image)
{
  if (image->thread != NULL)
    g_thread_join (g_steal_pointer (&image->thread));
  else if (image->tree == NULL && image->error == NULL)
    read_tree (image);
}

static void
image_free (gpointer data)
{
  Image *image = data;
  if (image->thread != NULL)
    g_thread_join (image->thread);
  g_clear_pointer (&image->tree, aak_image_tree_free);
  g_clear_error (&image->error);
  g_free (image->label);
  g_free (image->image);
  g_free (image->dir);
  g_free (image->newest);
  g_free (image);
}

AakImages *
aak_images_new (AakCli *cli)
{
  AakImages *images = g_new (AakImages, 1);
  images->cli = cli;
  images->list = g_ptr_array_new_with_free_func (image_free);
  return images;
}

void
aak_images_free (AakImages *images)
{
  g_ptr_array_unref (images->list);
  g_free (images);
}

/* That of @label and @name, or NULL; *@out_of_label: how many there are of @label. */
static Image *
find (const AakImages *images, const char *label, const char *name, guint *out_of_label)
{
  *out_of_label = 0;
  for (guint i = 0; i < images->list->len; i++)
    {
      Image *image = images->list->pdata[i];
      if (g_strcmp0 (image->label, label) != 0)
        continue;
      if (strcmp (image->image, name) == 0)
        return image;
      ++*out_of_label;
    }
  return NULL;
}

void
aak_images_add (AakImages *images, const char *label, const char *name, const char *dir)
{
  guint of_label;
  Image *known = find (images, label, name, &of_label);
  if (known != NULL)
    {
      g_free (known->newest);
      known->newest = g_strdup (dir);
    }
  if (known != NULL || of_label >= AAK_IMAGES_MAX_OF_LABEL || images->list->len >= AAK_IMAGES_MAX)
    return;
  Image *image = g_new0 (Image, 1);
  image->label = g_strdup (label);
  image->image = g_strdup (name);
  image->dir = g_strdup (dir);
  g_ptr_array_add (images->list, image);
  image->thread = g_thread_try_new ("image", read_tree, image, NULL);
}

gboolean
aak_images_add_given (AakImages *images, const char *dir, GError **error)
{
  g_autoptr (AakImageTree) tree = aak_image_tree_read (dir, error);
  if (tree == NULL)
    return FALSE;
  Image *image = g_new0 (Image, 1);
  image->image = g_strdup ("");
  image->dir = g_strdup (dir);
  image->tree = g_steal_pointer (&tree);
  g_ptr_array_add (images->list, image);
  return TRUE;
}

/* What the programs gain that were executed: those of the image, as far as they are still there. */
static void
look_at_programs (const Image *image, AakObservations *observations)
{
  g_autoptr (GPtrArray) accesses = aak_observations_sorted (observations);
  const AakVolumes *volumes = aak_observations_volumes (observations);
  const char *dir = image->newest != NULL ? image->newest : image->dir;
  for (guint i = 0; i < accesses->len; i++)
    {
      guint gains = 0;
      const char *path = aak_observation_program (accesses->pdata[i]);
      if (path != NULL && !aak_volumes_hold (volumes, path, AAK_VOLUMES_ANY)
          && aak_program_facts_look (dir, path, &gains))
        aak_program_facts_add (aak_observations_programs (observations), path, gains);
    }
}

static void
weigh (const AakImages *images, Image *image, AakObservations *observations)
{
  const char *label = aak_observations_label (observations);
  finish (image);
  if (image->tree == NULL)
    {
      aak_cli_detail (images->cli, "%s: patterns are not weighed against the image: %s", label,
                      image->error->message);
      return;
    }
  g_autofree char *shown = aak_escape (image->dir, strlen (image->dir));
  aak_cli_detail (images->cli, "%s: weighed against the %u files and directories below %s", label,
                  image->tree->entries, shown);
  look_at_programs (image, observations);
  if (!aak_image_weigh (observations, image->tree))
    aak_cli_warn (images->cli,
                  "%s: there is more below %s than is looked at: a pattern may admit more files of "
                  "the image than the profile says",
                  label, shown);
}

void
aak_images_weigh (AakImages *images, AakObservations *observations)
{
  const char *label = aak_observations_label (observations);
  for (guint i = 0; i < images->list->len; i++)
    {
      Image *image = images->list->pdata[i];
      if (image->label == NULL || strcmp (image->label, label) == 0)
        weigh (images, image, observations);
    }
}
