/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The table profiles/exposure.yaml, which describes its format: what a profile is asked when it is
 * scored. */
#pragma once

#include <glib.h>

#define AAK_EXPOSURE_MAX           512 /* entries */
#define AAK_EXPOSURE_WEIGHT_MAX    10
#define AAK_EXPOSURE_QUESTIONS_MAX 64 /* of an entry */

/* What the kernel has to mediate so that an entry can be answered. */
typedef enum
{
  AAK_EXPOSURE_FILE,
  AAK_EXPOSURE_CAPABILITY,
  AAK_EXPOSURE_NETWORK,
  AAK_EXPOSURE_MOUNT,
  AAK_EXPOSURE_USERNS,
  AAK_EXPOSURE_PTRACE,
  AAK_EXPOSURE_SIGNAL,
  AAK_EXPOSURE_IO_URING,
  AAK_EXPOSURE_MQUEUE,
  AAK_EXPOSURE_DBUS,
} AakExposureClass;
#define AAK_EXPOSURE_N_CLASSES (AAK_EXPOSURE_DBUS + 1)

/* One thing that a profile may allow. */
typedef struct
{
  char *id; /* "raw-disk" */
  AakExposureClass class;
  guint weight;         /* 1 to AAK_EXPOSURE_WEIGHT_MAX */
  guint least;          /* what a profile that allows it scores at least, in tenths; 0: no matter */
  char *what;           /* what may be done, in the infinitive */
  char *why;            /* one line */
  gboolean containerd;  /* containerd's default profile allows it */
  GPtrArray *questions; /* of char **: words that NULL ends, for aak_question_ask(); at least one */
} AakExposure;

/* Reads a table: an array of AakExposure that the caller owns. INVALID with "NAME:LINE:COL: why",
 * or NEWER_SCHEMA. */
GPtrArray *aak_exposure_table_read (const char *name, GBytes *text,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The table that the program carries in itself; read once, by whichever thread is the first. */
const GPtrArray *aak_exposure_table (void);

/* The word for @class, as the table has it. */
const char *aak_exposure_class_word (AakExposureClass class);
