/* SPDX-License-Identifier: GPL-2.0-or-later
 * Weighing patterns: what each would admit of the files of an image. */
#pragma once

#include "learn/image-tree.h"
#include "learn/observations.h"

/* How often at most a path is compared with a pattern; what is beyond is not weighed. */
#define AAK_IMAGE_WEIGH_MAX (100u * 1000 * 1000)

/* Weighs every pattern that could stand for an access in @observations against @tree, and adds what
 * that tells to aak_observations_image(). FALSE where a bound was met, here or in reading the tree:
 * then there may be more files than were counted. */
gboolean aak_image_weigh (AakObservations *observations, const AakImageTree *tree);
