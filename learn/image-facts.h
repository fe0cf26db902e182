/* SPDX-License-Identifier: GPL-2.0-or-later
 * What patterns would admit of the files of a container's image. A state keeps it, so that a
 * profile depends on the state alone, also when the image is gone. */
#pragma once

#include "lib/yaml.h"

#define AAK_IMAGE_FACTS_MAX 200000 /* patterns of a label */

/* How a file is used: a pattern is weighed for each by itself. */
typedef enum
{
  AAK_USE_READ, /* also mapping and locking */
  AAK_USE_WRITE,
  AAK_USE_EXEC,
} AakUse;

#define AAK_USES (AAK_USE_EXEC + 1)

/* What a pattern matches in an image. */
typedef struct
{
  guint64 files;
  guint64 seen[AAK_USES]; /* those of them that were used so */
  guint64 sensitive;      /* those of them that nobody should get at unseen */
} AakImageFact;

typedef struct AakImageFacts AakImageFacts;

AakImageFacts *aak_image_facts_new (void);
void aak_image_facts_free (AakImageFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakImageFacts, aak_image_facts_free)

guint aak_image_facts_count (const AakImageFacts *facts);

/* What is known of @pattern; NULL where nothing is: no image was looked at, or it matches no file
 * there. Owned by @facts. */
const AakImageFact *aak_image_facts_find (const AakImageFacts *facts, const char *pattern);

/* Adds what an image tells of @pattern. Of several images, or of one that was looked at several
 * times, the largest numbers stay. */
void aak_image_facts_add (AakImageFacts *facts, const char *pattern, const AakImageFact *fact);
/* Adds those of @from. */
void aak_image_facts_merge (AakImageFacts *facts, const AakImageFacts *from);

/* How many of the files were not seen to be used so. */
guint64 aak_image_fact_others (const AakImageFact *fact, AakUse use);

/* Writes them under the key "image", sorted by pattern; nothing where there are none. */
void aak_image_facts_write (const AakImageFacts *facts, AakYamlWriter *yaml);
/* Adds what stands in the mapping @node under "image" to @facts, which is empty; no such key is no
 * error. INVALID with "NAME:LINE:COL: why". */
gboolean aak_image_facts_read (AakImageFacts *facts, AakYamlNode node,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
