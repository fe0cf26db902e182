/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The volumes of the containers that wore a label: where each is mounted, and what it is, since
 * that says which of its names survive an update. */
#pragma once

#include "lib/yaml.h"

#define AAK_VOLUMES_MAX 4096 /* of a label */

typedef enum
{
  AAK_VOLUME_CONFIGMAP,
  AAK_VOLUME_SECRET,
  AAK_VOLUME_PROJECTED, /* a serviceaccount's token, and what else is put together */
  AAK_VOLUME_DOWNWARD_API,
  AAK_VOLUME_EMPTY_DIR,
  AAK_VOLUME_PERSISTENT, /* a claim, or what a driver mounts */
  AAK_VOLUME_HOST_PATH,  /* anything else of the node's */
} AakVolumeType;

/* The types of volumes that an application keeps its own files in, for aak_volumes_hold(). */
#define AAK_VOLUMES_OWN (1u << AAK_VOLUME_EMPTY_DIR | 1u << AAK_VOLUME_PERSISTENT)

#define AAK_VOLUMES_ANY (~0u)

typedef struct
{
  char *path; /* of the mount point, without a slash at its end */
  AakVolumeType type;
} AakVolume;

typedef struct AakVolumes AakVolumes;

/* The word of @type as a state has it: "emptyDir"; static. */
const char *aak_volume_type_word (AakVolumeType type);

AakVolumes *aak_volumes_new (void);
void aak_volumes_free (AakVolumes *volumes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakVolumes, aak_volumes_free)

/* Adds a volume; one that is there already, and what is no mount point below the root, adds
 * nothing. */
void aak_volumes_add (AakVolumes *volumes, const char *path, AakVolumeType type);
/* Adds those of @from. */
void aak_volumes_merge (AakVolumes *volumes, const AakVolumes *from);
/* AakVolume*, sorted by path and type; owned by @volumes. */
const GPtrArray *aak_volumes_list (const AakVolumes *volumes);

/* TRUE where the innermost volume that @path lies in is of one of the types whose bits (1 << type)
 * are set in @types. A mount point lies in the volume around it. Several can be mounted in one
 * place, by different containers. */
gboolean aak_volumes_hold (const AakVolumes *volumes, const char *path, guint types);

/* TRUE where one is mounted at, below or above the directory @dir, which ends with a slash: not all
 * that is below it is the image's. */
gboolean aak_volumes_touch (const AakVolumes *volumes, const char *dir);

/* What the kubelet mounts from @source, a path on the node, into the container at @path. FALSE
 * where that is no volume of the pod: the files that every container gets (/etc/hosts,
 * /etc/resolv.conf, ...), or a part of a volume whose type its path does not tell. */
gboolean aak_volume_type_of (const char *source, const char *path, AakVolumeType *out);

/* Writes them under the key "volumes", sorted; nothing where there are none. */
void aak_volumes_write (const AakVolumes *volumes, AakYamlWriter *yaml);
/* Adds what stands in the mapping @node under "volumes" to @volumes, which is empty; no such key is
 * no error. INVALID with "NAME:LINE:COL: why". */
gboolean aak_volumes_read (AakVolumes *volumes, AakYamlNode node,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
