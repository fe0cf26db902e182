/* SPDX-License-Identifier: GPL-2.0-or-later
 * The files of a container's root filesystem. The container may change it meanwhile, and made it
 * what it is: no symbolic link is followed, no other filesystem entered, and there are bounds. */
#pragma once

#include <glib.h>

#define AAK_IMAGE_TREE_MAX       1000000      /* entries */
#define AAK_IMAGE_TREE_MAX_BYTES (128u << 20) /* of their paths */
#define AAK_IMAGE_TREE_MAX_DEPTH 64

typedef struct
{
  GString *paths; /* of all but symbolic links, as the container names them, directories with a
                     slash at the end; a NUL behind each */
  guint entries;  /* of any kind */
  gboolean cut;   /* there is more, which is beyond the bounds */
} AakImageTree;

/* Reads the tree below the directory @dir. Directories that cannot be read are left out. NOT_FOUND
 * or another error where @dir itself cannot be. */
AakImageTree *aak_image_tree_read (const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_image_tree_free (AakImageTree *tree);

/* Takes out of @tree what is in @other. */
void aak_image_tree_subtract (AakImageTree *tree, const AakImageTree *other);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakImageTree, aak_image_tree_free)
