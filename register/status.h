/* SPDX-License-Identifier: GPL-2.0-or-later
 * What was registered, what the kernel holds, who wears it, and who wants what is not there. */
#pragma once

#include "lib/lsm.h"
#include "lib/pods.h"
#include "lib/store.h"

#include <glib.h>

typedef enum
{
  AAK_STATUS_LOADED,   /* registered, and in the kernel as registered */
  AAK_STATUS_DRIFTED,  /* registered; the kernel holds another content or mode */
  AAK_STATUS_MISSING,  /* registered, and not in the kernel */
  AAK_STATUS_WANTED,   /* neither; a container names it */
  AAK_STATUS_LEARNING, /* loaded by aa-learn */
  AAK_STATUS_FOREIGN,  /* loaded by somebody else */
  AAK_STATUS_ABSENT,   /* neither registered nor loaded nor wanted, but asked for */
  AAK_STATUS_N,
} AakStatusState;

/* A task that wears a profile. */
typedef struct
{
  const AakWearer *task;
  const AakContainer *container; /* NULL: of no pod */
} AakStatusTask;

/* One profile; its children count as it. Who uses a seccomp profile cannot be seen: a container's
 * bundle has its rules, and not its name. */
typedef struct
{
  char *name; /* as the kernel has it: any bytes */
  AakStatusState state;
  const AakLoaded *loaded;        /* NULL: not in the kernel */
  const AakStoreSeccomp *seccomp; /* a seccomp profile; NULL: a profile for the kernel */
  GArray *tasks;                  /* of AakStatusTask, by pid */
  GPtrArray *lacking; /* of AakContainer: that name it, and run without it or cannot start */
} AakStatusRow;

typedef struct
{
  GPtrArray *rows; /* of AakStatusRow, sorted by name; foreign ones too */
  guint counts[AAK_STATUS_N];
  guint lacking;          /* containers, in all rows */
  guint hidden;           /* processes whose label could not be read */
  const char *blind_spot; /* as aak_lsm_blind_spot() */
  char *log_problem;      /* why refused containers are not known; NULL: they are */
  GPtrArray *refused;     /* of AakContainer, as aak_refusals_read() */
  AakStore *store;        /* what rows and tasks point to */
  GPtrArray *actual;
  GPtrArray *tasks;
} AakStatus;

/* Looks at the kernel of @lsm, at what was registered below its root, and at @pods, which are
 * brought up to date and must outlive the result. */
AakStatus *aak_status_read (AakLsm *lsm, AakPods *pods, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_status_free (AakStatus *status);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakStatus, aak_status_free)

/* The row of that name; one that is absent is added where there is none. */
AakStatusRow *aak_status_get (AakStatus *status, const char *name);

/* TRUE where @row is not as it should be. */
gboolean aak_status_row_differs (const AakStatusRow *row);
/* TRUE where any row is not. */
gboolean aak_status_differs (const AakStatus *status);

/* "loaded", "drifted", ... */
const char *aak_status_state_name (AakStatusState state);
