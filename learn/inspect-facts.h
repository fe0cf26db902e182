/* SPDX-License-Identifier: GPL-2.0-or-later
 * What is said of each container, in words. */
#pragma once

#include "learn/security-view.h"

typedef struct
{
  const char *name; /* of the row; a blank before it: it belongs to the one above */
  /* Printable, and with newlines; the caller frees it. */
  char *(*text) (const AakSecurityView *view);
} AakInspectFact;

/* All of them in their order; one without a name ends them. */
const AakInspectFact *aak_inspect_facts (void);

/* "LABEL (MODE)", "2 filters", "00000000000000c0 (2)" with the names on a line of their own: of one
 * task, printable. The caller frees them. */
char *aak_inspect_label_text (const AakTaskSecurity *task);
char *aak_inspect_seccomp_text (AakSeccompMode mode, guint64 filters);
char *aak_inspect_set_text (AakCapabilitySet set);
