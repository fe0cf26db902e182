/* SPDX-License-Identifier: GPL-2.0-or-later
 * "[node=N ]type=T msg=audit(...): ...". */
#include "config.h"

#include "learn/auditd-serials.h"

#include "learn/cursor.h"

#include <string.h>

#define OWN_TYPES "DAEMON_"

/* FALSE where the line comes from another host than those before it. */
static gboolean
is_of_node (AakAuditdSerials *serials, AakSpan node)
{
  if (node.len >= sizeof serials->node)
    return FALSE;
  if (!serials->window.started)
    memcpy (serials->node, node.data, node.len);
  return strlen (serials->node) == node.len && memcmp (serials->node, node.data, node.len) == 0;
}

void
aak_auditd_serials_add (AakAuditdSerials *serials, const char *line, gsize len)
{
  AakCursor cursor = { line, line + len };
  guint64 time = 0;
  guint64 serial = 0;
  AakSpan node = aak_cursor_take_node (&cursor);
  if (!aak_cursor_skip_word (&cursor, "type=") || aak_cursor_skip_word (&cursor, OWN_TYPES))
    return;
  aak_cursor_take_token (&cursor);
  aak_cursor_skip_blanks (&cursor);
  if (!aak_cursor_skip_word (&cursor, "msg=") || !aak_cursor_take_stamp (&cursor, &time, &serial))
    return;
  serials->mixed |= !is_of_node (serials, node);
  serials->time = time;
  aak_serial_window_add (&serials->window, (guint32) serial);
}
