/* SPDX-License-Identifier: GPL-2.0-or-later
 * The root filesystems of the containers that wear a label. Each is read by a thread while the
 * container is there, so that it can be weighed against when it is gone. */
#pragma once

#include "learn/observations.h"
#include "lib/cli.h"

/* How many different images of one label are read, and of all. */
#define AAK_IMAGES_MAX_OF_LABEL 4
#define AAK_IMAGES_MAX          64

typedef struct AakImages AakImages;

/* @cli must outlive the result. */
AakImages *aak_images_new (AakCli *cli);
/* Waits for what is being read. */
void aak_images_free (AakImages *images);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakImages, aak_images_free)

/* Begins to read the tree below @dir, the root filesystem of a container of the image @image that
 * wears @label (NULL: for every label). Only once for a label and image, and only a few of a label;
 * what programs gain is asked of the last one (learn/program-facts.h). */
void aak_images_add (AakImages *images, const char *label, const char *image, const char *dir);

/* The help of the option that gives one. */
#define AAK_IMAGES_OPTION \
  "The container's root filesystem: what is widened is weighed against its files"

/* Reads the tree below @dir, for every label. An error where @dir cannot be read. */
gboolean aak_images_add_given (AakImages *images, const char *dir,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Weighs the patterns for @observations against the images of its label, as far as they could be
 * read. What could not is said. */
void aak_images_weigh (AakImages *images, AakObservations *observations);
