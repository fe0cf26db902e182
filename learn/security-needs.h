/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a container needs of its security context, by what it was seen to do. */
#pragma once

#include "learn/capability-needs.h"

typedef enum
{
  AAK_SETTING_HOLDS,     /* the evidence shows it */
  AAK_SETTING_BREAKS,    /* the evidence speaks against it */
  AAK_SETTING_UNCERTAIN, /* it does not tell */
} AakSettingVerdict;

/* One setting. */
typedef struct
{
  AakSettingVerdict verdict;
  char *why; /* escaped: fit for a terminal */
} AakSetting;

typedef struct
{
  const AakObservations *observations;
  char *container;
  char *profile;  /* that the pod is to name; NULL: the label */
  gboolean known; /* how it was started: */
  guint uid;      /* the one user that it was started as; not where there are several */
  gboolean one_user;
  gboolean filtered;        /* its system calls were */
  AakCapabilitySet held;    /* its bounding set */
  GPtrArray *capabilities;  /* AakCapabilityNeed*, by name */
  GPtrArray *written;       /* directories of its root filesystem (char*), any bytes */
  AakSetting no_new_privs;  /* allowPrivilegeEscalation: false */
  AakSetting non_root;      /* runAsNonRoot: true */
  AakSetting readonly_root; /* readOnlyRootFilesystem: true */
} AakSecurityNeeds;

/* What @container (NULL: the one of every name) of the label needs. Where several containers wear
 * the label, what was seen is of all of them. The needs (AakSecurityNeeds*) live no longer than
 * @observations; the caller drops the array. */
GPtrArray *aak_security_needs (const AakObservations *observations, const char *container);
void aak_security_needs_free (AakSecurityNeeds *needs);

/* TRUE where a container of the label is known. */
gboolean aak_security_needs_any (const AakObservations *observations);

/* "container web: 3 of 14 capabilities (chown setgid setuid)", for a terminal. Newly allocated. */
char *aak_security_needs_line (const AakSecurityNeeds *needs);

/* How many capabilities are added. */
guint aak_security_needs_added (const AakSecurityNeeds *needs);
/* "holds", "breaks" or "uncertain"; static. */
const char *aak_security_verdict_word (const AakSetting *setting);
