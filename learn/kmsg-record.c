/* SPDX-License-Identifier: GPL-2.0-or-later
 * The framing of /dev/kmsg. */
#include "config.h"

#include "learn/kmsg-record.h"

#include "learn/cursor.h"

#define PRIORITIES 8 /* of the facility kern; others are user space's */

void
aak_kmsg_record_read (char *buffer, AakKmsgRecord *out)
{
  gsize len = strcspn (buffer, "\n");
  AakCursor cursor = { buffer, buffer + len };
  guint64 priority = PRIORITIES;
  buffer[len] = '\0';
  *out = (AakKmsgRecord){ .line = { buffer, len } };
  out->numbered = aak_cursor_take_number (&cursor, ',', &priority)
                  && aak_cursor_take_number (&cursor, ',', &out->seq);
  const char *semicolon = memchr (cursor.at, ';', (gsize) (cursor.end - cursor.at));
  if (out->numbered && priority < PRIORITIES && semicolon != NULL)
    out->text = semicolon + 1;
}
