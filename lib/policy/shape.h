/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What names of a class look like: which parts they have, mostly with a NUL between two of them,
 * and what the kernel asks for behind each. */
#pragma once

#include "lib/policy/db.h"
#include "lib/policy/names.h"

#include <glib.h>

/* Where in a name: the part, and whether it is behind a byte of it. */
typedef struct
{
  guint part;
  gboolean inside;
} AakShapePlace;

typedef struct
{
  AakPolicyClass class;
  const char *word; /* that rules of the class begin with */
  AakPermWords words;
  guint parts;                                    /* at most, 15 */
  gboolean flags;                                 /* bytes up to 32 have a meaning each */
  gboolean binary;                                /* a NUL is a byte like others */
  guint32 (*asked) (guint part, gboolean inside); /* what is asked for in @part (0 is the first),
                                                     @inside: behind a byte of it */
  AakShapePlace (*next) (AakShapePlace place, guint8 byte); /* or NULL: a NUL ends each part */
} AakPolicyShape;

/* The place behind one more @byte. The part may be beyond the last: nothing is asked there. */
AakShapePlace aak_policy_shape_next (const AakPolicyShape *shape, AakShapePlace place, guint8 byte);

/* TRUE where a part begins that may have a NUL for its first byte. */
gboolean aak_policy_shape_leads (const AakPolicyShape *shape, AakShapePlace place);

/* The shape of @class; NULL for classes that are compared otherwise, or that no kernel asks
 * about. */
const AakPolicyShape *aak_policy_shape (AakPolicyClass class);

/* Paths of programs, in the database of attachments. */
const AakPolicyShape *aak_policy_shape_attachment (void);

/* Keys of message queues of System V. */
const AakPolicyShape *aak_policy_shape_sysv (void);

/* Unix sockets behind their type and protocol, and any socket behind its type. */
const AakPolicyShape *aak_policy_shape_unix (void);
const AakPolicyShape *aak_policy_shape_socket (void);
