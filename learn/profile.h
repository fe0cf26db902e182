/* SPDX-License-Identifier: GPL-2.0-or-later
 * A learned profile: its rules, before they become text. */
#pragma once

#include "learn/event.h"

typedef struct
{
  AakClass class;
  char *name;     /* file: AppArmor pattern, escaped; capability, address family, or peer label: as
                     observed */
  char *detail;   /* file: pattern of a link's target; network: socket type; signal: its name;
                   * else "" */
  guint perms;    /* AakPerm bits */
  gboolean owner; /* file: only the file's owner was seen to do this */
  gboolean widened;       /* stands for more than what was observed */
  const char *pass;       /* the pass that widened it (static), or NULL */
  const char *review;     /* why an expert must look at it first (static), or NULL */
  const char *unwritable; /* why no rule can say it (static), or NULL */
  gboolean implied;       /* every profile's runtime block allows it already */
  guint accesses;         /* distinct observations that it rests on */
  guint64 events;
  guint runs;
} AakRule;

typedef struct
{
  char *label;
  GPtrArray *rules; /* AakRule*, in the order of the text */
  guint64 events;
  guint runs;
} AakProfile;

void aak_rule_free (AakRule *rule);
AakProfile *aak_profile_new (const char *label);
void aak_profile_free (AakProfile *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakProfile, aak_profile_free)

/* How many rules are written as active ones (the runtime block's own not counted), and how many
 * wait for review. */
gboolean aak_rule_is_active (const AakRule *rule);
guint aak_profile_count_active (const AakProfile *profile);
guint aak_profile_count_review (const AakProfile *profile);
