/* SPDX-License-Identifier: GPL-2.0-or-later
 * What the kernel's log itself says about audit records that are missing in it. */
#pragma once

#include "learn/account.h"

/* Starts zeroed. */
typedef struct
{
  gboolean lost_known; /* so is lost */
  guint64 lost;        /* the kernel's counter of lost records, when it printed it last */
} AakKernelLog;

/* Reads a line of the kernel's (without priority and time). What was suppressed or lost goes to
 * @account: `backlog` where the number is known to be of audit records, else `unsized`. */
void aak_kernel_log_note (AakKernelLog *log, const char *text, AakAccount *account);
