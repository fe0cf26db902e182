/* SPDX-License-Identifier: GPL-2.0-or-later
 * Whether auditd takes the kernel's records. */
#pragma once

#include <glib.h>

/* TRUE where auditd runs below @root: then it gets the records that are not printed to the
 * kernel's log, and its own log is written. Its pid file is auditd(8)'s, /run/auditd.pid. */
gboolean aak_source_auditd_runs (const char *root);
