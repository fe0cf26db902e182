/* SPDX-License-Identifier: GPL-2.0-or-later
 * A learned profile: its rules, before they become text. */
#pragma once

#include "learn/observations.h"

/* The abi that a profile is written for: it decides what is mediated at all, on every kernel. */
typedef enum
{
  AAK_ABI_3_0,    /* mediates neither user namespaces, nor message queues, nor io_uring */
  AAK_ABI_4_0,    /* from apparmor_parser 4.0 on; io_uring is not mediated */
  AAK_ABI_4_0_IP, /* from 5.0 on: the same, and addresses of internet sockets */
} AakAbi;

typedef struct
{
  AakClass class;
  char *name;             /* file: AppArmor pattern, escaped; else as an observation's name */
  char *detail;           /* file: pattern of a link's target; else as an observation's detail */
  guint perms;            /* AakPerm bits */
  gboolean owner;         /* file: only the file's owner was seen to do this */
  gboolean widened;       /* stands for more than what was observed */
  const char *pass;       /* the pass that widened it (static), or NULL */
  guint64 others;         /* files of the image that it admits, and that were not used so */
  char *refused;          /* a wider pattern that was not used, or NULL: */
  guint64 refused_others; /* what it would have admitted */
  gboolean refused_sensitive; /* and that nobody should get at that unseen */
  const char *review;         /* why an expert must look at it first (static), or NULL */
  const char *review_id;      /* then: what --allow takes (static) */
  const char *allowed;        /* sensitive, and allowed by this id (static), or NULL */
  const char *unwritable;     /* why no rule can say it (static), or NULL */
  gboolean unmediated;        /* and it needs none: the abi does not mediate it */
  gboolean
      addressed;    /* network: there are rules of their own for some addresses (AAK_CLASS_INET) */
  gboolean narrow;  /* and the abi mediates them: this one is for the rest */
  gboolean implied; /* every profile's runtime block allows it already */
  const char *family; /* a peer of this label is any of its children as well; NULL: there
                         is none (the profile's own) */
  guint accesses;     /* distinct observations that it rests on */
  guint64 events;
  guint runs;
} AakRule;

typedef struct
{
  char *label;
  char *family; /* of a profile that has children, or is one: the label above them all; else NULL */
  AakAbi abi;
  gboolean joins;      /* rules that join a profile by another hand, not a whole one */
  GPtrArray *rules;    /* AakRule*, in the order of the text */
  GPtrArray *children; /* AakChild*, in the order of their names */
  guint64 events;
  guint runs;
  AakObservations *accesses; /* what its rules stand for, where that is not what it was made from */
  GArray *trace;             /* of a child: which do for which (AakTrace); else NULL */
} AakProfile;

/* A profile inside of a profile. */
typedef struct
{
  char *name;          /* its label is "PARENT//NAME" */
  GPtrArray *programs; /* char*, sorted: paths; the parent's exec of one of them enters it. None: a
                          hat */
  AakProfile *profile;
} AakChild;

void aak_rule_free (AakRule *rule);
/* For abi 3.0. */
AakProfile *aak_profile_new (const char *label);
void aak_profile_free (AakProfile *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakProfile, aak_profile_free)

/* Takes @profile; @programs (char*) is copied. */
AakChild *aak_child_new (const char *name, const GPtrArray *programs, AakProfile *profile);
void aak_child_free (AakChild *child);

/* The following count the children's too. How many rules are written as active ones (the runtime
 * block's own not counted), and how many wait for review. */
gboolean aak_rule_is_active (const AakRule *rule);
guint aak_profile_count_active (const AakProfile *profile);
guint aak_profile_count_review (const AakProfile *profile);
/* How many accesses it will deny since no rule can say them. */
guint aak_profile_count_unwritable (const AakProfile *profile);
/* How many it allows without a rule, since its abi does not mediate them. */
guint aak_profile_count_unmediated (const AakProfile *profile);
