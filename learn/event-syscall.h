/* SPDX-License-Identifier: GPL-2.0-or-later
 * An event of seccomp's, from its record; for event.c only. */
#pragma once

#include "learn/event.h"

/* Reads @record, of type AAK_RECORD_SECCOMP, into @out. Without an LSM that names the process the
 * label is empty, and so nobody's. Returns NULL, or a static text that says what is damaged. */
const char *aak_event_read_syscall (const AakRecord *record, AakEvent *out);
