/* SPDX-License-Identifier: GPL-2.0-or-later
 * The containers that wore a label, and what each was started with. A state keeps it, so that what
 * it used can be compared with what it held when it is gone. */
#pragma once

#include "lib/container-security.h"
#include "lib/yaml.h"

#define AAK_CONTAINER_FACTS_MAX 4096 /* of a label */

/* One is there for every way in which a container of that name was started. */
typedef struct
{
  char *container;        /* its name in the pod */
  guint32 uid;            /* in the container's user namespace */
  AakCapabilitySet holds; /* its bounding set: what it can ever have, since programs that it
                             executes gain no more */
  gboolean no_new_privs;
  gboolean seccomp; /* its system calls are filtered, not only logged */
  gboolean readonly_rootfs;
} AakContainerFact;

typedef struct AakContainerFacts AakContainerFacts;

AakContainerFacts *aak_container_facts_new (void);
void aak_container_facts_free (AakContainerFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakContainerFacts, aak_container_facts_free)

/* Adds one; one that is there already adds nothing. */
void aak_container_facts_add (AakContainerFacts *facts, const AakContainerFact *fact);
/* The same of the container @name, whose bundle says @security. */
void aak_container_facts_add_bundle (AakContainerFacts *facts, const char *name,
                                     const AakContainerSecurity *security);
/* Adds those of @from. */
void aak_container_facts_merge (AakContainerFacts *facts, const AakContainerFacts *from);
/* AakContainerFact*, sorted; owned by @facts. */
const GPtrArray *aak_container_facts_list (const AakContainerFacts *facts);

/* Writes them under the key "containers"; nothing where there are none. */
void aak_container_facts_write (const AakContainerFacts *facts, AakYamlWriter *yaml);
/* Adds what stands in the mapping @node under "containers" to @facts, which is empty; no such key
 * is no error. INVALID with "NAME:LINE:COL: why". */
gboolean aak_container_facts_read (AakContainerFacts *facts, AakYamlNode node,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
