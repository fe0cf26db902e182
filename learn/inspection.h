/* SPDX-License-Identifier: GPL-2.0-or-later
 * What guards the containers of a node: what their bundles ask for, and what the kernel says of
 * their tasks. */
#pragma once

#include "lib/container-security.h"
#include "lib/pods.h"
#include "lib/task-security.h"

/* Tasks of one container that are the same in all that AakTaskSecurity holds but pid and comm. */
typedef struct
{
  AakTaskSecurity *task; /* one of them */
  GArray *pids;          /* guint, of threads too; ascending */
} AakTaskGroup;

/* A part of the node's file system in a container. */
typedef struct
{
  const AakHostMount *asked;
  gboolean writable; /* as the kernel has it mounted; where the container does not run, as asked */
} AakInspectedMount;

typedef struct
{
  const AakContainer *container; /* NULL: a task of no pod */
  AakContainerSecurity *asked;   /* by its bundle; NULL where that cannot be read */
  AakContainerSecurity *sandbox; /* the same of its pod's sandbox */
  GPtrArray *groups;             /* AakTaskGroup, that of the container's first task first; empty
                                    where it does not run */
  GHashTable *group_of;          /* AakTaskSecurity -> its AakTaskGroup */
  GArray *mounts;                /* AakInspectedMount */
  const AakTaskSecurity *init;   /* process 1 of the node; NULL where it cannot be read */
} AakInspected;

typedef struct
{
  AakPods *pods;
  AakTaskSecurity *init;
  GPtrArray *list;     /* AakInspected, in the order of aak_pods_containers() */
  GPtrArray *problems; /* why something could not be looked at (char*, escaped) */
} AakInspection;

/* Which containers are wanted. */
typedef gboolean (*AakInspectionFilter) (const AakContainer *container, gconstpointer data);

/* Looks at the containers below @root that @filter takes, with all of their tasks. */
AakInspection *aak_inspection_new (const char *root, AakInspectionFilter filter,
                                   gconstpointer data);
/* Looks at the process @pid alone, with its container where it is in one. NOT_FOUND where it is
 * gone. */
AakInspection *aak_inspection_new_of_process (const char *root, guint pid,
                                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_inspection_free (AakInspection *inspection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakInspection, aak_inspection_free)
