/* SPDX-License-Identifier: GPL-2.0-or-later
 * One recording: when and where it was, what it counted, and whom it saw. */
#pragma once

#include "learn/account.h"
#include "learn/position.h"

#include <glib.h>

/* A container that was seen under the label. */
typedef struct
{
  char *namespace;
  char *pod;
  char *container;
  char *image;
} AakRunPod;

/* One recording. */
typedef struct
{
  char *id; /* unique: node, boot and start decide it */
  char *node;
  char *boot;
  char *source;  /* name of the source, "netlink" */
  guint64 start; /* ms since the epoch */
  guint64 events;
  guint64 unlearned;  /* events that no rule can be made of */
  guint64 denied;     /* those of the events that AppArmor refused */
  guint64 syscalls;   /* those of the events that are seccomp's, whatever became of the calls */
  guint64 over_limit; /* events whose access is beyond the bounds of AakObservations */
  AakAccount account;
  AakPosition *position; /* up to which its records are counted; NULL: it was ended in order */
  GPtrArray *pods;       /* AakRunPod*, in the order of their names */
} AakRun;

AakRun *aak_run_new (void);
void aak_run_free (AakRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakRun, aak_run_free)
/* Notes a container, once. */
void aak_run_add_pod (AakRun *run, const char *namespace, const char *pod, const char *container,
                      const char *image);
