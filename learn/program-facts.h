/* SPDX-License-Identifier: GPL-2.0-or-later
 * What programs gain when they are executed: the kernel gives them another user, another group, or
 * capabilities, unless no_new_privs is set. No event tells it, the file does. */
#pragma once

#include "lib/yaml.h"

#define AAK_PROGRAM_FACTS_MAX 200000 /* of a label */

typedef enum
{
  AAK_GAIN_SETUID = 1 << 0,
  AAK_GAIN_SETGID = 1 << 1,
  AAK_GAIN_CAPABILITIES = 1 << 2, /* the attribute security.capability, capabilities(7) */
} AakGain;

typedef struct
{
  char *path;  /* as the container names it */
  guint gains; /* AakGain bits; 0: nothing. Of several images all that one of them has */
} AakProgramFact;

typedef struct AakProgramFacts AakProgramFacts;

AakProgramFacts *aak_program_facts_new (void);
void aak_program_facts_free (AakProgramFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakProgramFacts, aak_program_facts_free)

/* Adds what the file @path of an image says. */
void aak_program_facts_add (AakProgramFacts *facts, const char *path, guint gains);
/* Adds those of @from. */
void aak_program_facts_merge (AakProgramFacts *facts, const AakProgramFacts *from);
guint aak_program_facts_count (const AakProgramFacts *facts);
/* TRUE where the file @path was looked at. *@out_gains: AakGain bits. */
gboolean aak_program_facts_find (const AakProgramFacts *facts, const char *path, guint *out_gains);

/* Looks at the file @path of the root filesystem @dir: AakGain bits in *@out_gains. FALSE where it
 * is no regular file there, or cannot be read. The container made the tree: no link leads out of
 * it. */
gboolean aak_program_facts_look (const char *dir, const char *path, guint *out_gains);

/* "setuid and file capabilities" for the bits @gains, one of which is set. Newly allocated. */
char *aak_program_facts_words (guint gains);

/* Writes them under the key "programs", sorted by path; nothing where there are none. */
void aak_program_facts_write (const AakProgramFacts *facts, AakYamlWriter *yaml);
/* Adds what stands in the mapping @node under "programs" to @facts, which is empty; no such key is
 * no error. INVALID with "NAME:LINE:COL: why". */
gboolean aak_program_facts_read (AakProgramFacts *facts, AakYamlNode node,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
