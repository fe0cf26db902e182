/* SPDX-License-Identifier: GPL-2.0-or-later
 * One record of /dev/kmsg, as one read() gives it. */
#pragma once

#include "learn/record.h"

typedef struct
{
  AakSpan line;      /* without the dictionary, for the parser */
  gboolean numbered; /* seq is there */
  guint64 seq;
  const char *text; /* what the kernel said; NULL where it is user space's, or no record at all */
} AakKmsgRecord;

/* Reads "PRIO,SEQ,USEC,FLAGS;text" and the lines of a dictionary after it (kernel
 * Documentation/ABI/testing/dev-kmsg) from @buffer, which ends with a NUL and is cut at the first
 * newline. The spans point into it. */
void aak_kmsg_record_read (char *buffer, AakKmsgRecord *out);
