/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The automaton of a pattern: shared by the files that make and walk it. */
#pragma once

#include "lib/policy/glob.h"

typedef enum
{
  AAK_GLOB_BYTE,   /* takes @a, goes on with the next step */
  AAK_GLOB_SET,    /* takes a byte of set number @a, goes on with the next step */
  AAK_GLOB_SPLIT,  /* goes on with @a and with @b */
  AAK_GLOB_JUMP,   /* goes on with @a */
  AAK_GLOB_ACCEPT, /* the name has matched */
} AakGlobOp;

typedef struct
{
  guint8 op;
  guint16 a, b;
} AakGlobStep;

/* Bit N: the byte N is in it. NUL never is: no name has one. */
typedef struct
{
  guint64 bits[4];
} AakGlobSet;

struct AakPolicyGlob
{
  GArray *steps; /* AakGlobStep; the first is where matching begins */
  GArray *sets;  /* AakGlobSet; the first two are those of ** and * */
  char *prefix;
  char *sample;
  gboolean exact;
};

/* What all names begin with that match. The caller frees it. */
char *aak_glob_common_prefix (const AakPolicyGlob *glob);

static inline gboolean
aak_glob_set_has (const AakGlobSet *set, guint8 byte)
{
  return (set->bits[byte >> 6] >> (byte & 63) & 1) != 0;
}
