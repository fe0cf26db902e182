/* SPDX-License-Identifier: GPL-2.0-or-later
 * Permissions as events tell them, and as compiled policy has them. */
#pragma once

#include "learn/event.h"
#include "lib/policy-perms.h"

typedef enum
{
  AAK_COVERAGE_PERMS_FILE,
  AAK_COVERAGE_PERMS_SOCKET,
  AAK_COVERAGE_PERMS_SIGNAL,
  AAK_COVERAGE_PERMS_PTRACE,
  AAK_COVERAGE_PERMS_MQUEUE,
  AAK_COVERAGE_PERMS_DBUS,
  AAK_COVERAGE_PERMS_NONE, /* of classes whose rules have no permissions */
} AakCoveragePerms;

/* The bits AAK_MAY_* of the AakPerm bits @perms; FALSE where there is none, or one that @kind has
 * not. */
gboolean aak_coverage_perms (AakCoveragePerms kind, guint perms, guint32 *out_request);

/* The reverse; a bit that no event asks for is left out. */
guint aak_coverage_perms_back (AakCoveragePerms kind, guint32 bits);
