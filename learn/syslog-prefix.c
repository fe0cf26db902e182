/* SPDX-License-Identifier: GPL-2.0-or-later
 * Read from the first byte on: nothing is searched for. */
#include "config.h"

#include "learn/syslog-prefix.h"

#define HOST_MAX 255
#define ZONE_MAX 8

/* --- dates ------------------------------------------------------------------------------------ */

static gboolean
skip_digits (AakCursor *cursor, gsize count)
{
  return aak_cursor_take_digits (cursor).len == count;
}

/* "hh:mm:ss", with a fraction after a point or a comma where there is one. */
static gboolean
skip_clock (AakCursor *cursor)
{
  if (!skip_digits (cursor, 2) || !aak_cursor_skip_byte (cursor, ':') || !skip_digits (cursor, 2)
      || !aak_cursor_skip_byte (cursor, ':') || !skip_digits (cursor, 2))
    return FALSE;
  if (aak_cursor_skip_byte (cursor, '.') || aak_cursor_skip_byte (cursor, ','))
    return aak_cursor_take_digits (cursor).len > 0;
  return TRUE;
}

/* Nothing, "Z", "+hhmm" or "+hh:mm". */
static gboolean
skip_zone (AakCursor *cursor)
{
  if (aak_cursor_skip_byte (cursor, 'Z'))
    return TRUE;
  if (!aak_cursor_skip_byte (cursor, '+') && !aak_cursor_skip_byte (cursor, '-'))
    return TRUE;
  AakSpan hours = aak_cursor_take_digits (cursor);
  if (hours.len == 4)
    return TRUE;
  return hours.len == 2 && aak_cursor_skip_byte (cursor, ':') && skip_digits (cursor, 2);
}

/* "May  6 12:00:00". */
static gboolean
skip_bsd_date (AakCursor *cursor)
{
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (cursor->end - cursor->at < 4)
    return FALSE;
  gsize i = 0;
  while (i < 36 && memcmp (months + i, cursor->at, 3) != 0)
    i += 3;
  if (i == 36)
    return FALSE;
  cursor->at += 3;
  gsize digits = 0;
  return aak_cursor_skip_blanks (cursor)
         && (digits = aak_cursor_take_digits (cursor).len, digits == 1 || digits == 2)
         && aak_cursor_skip_blanks (cursor) && skip_clock (cursor) && skip_zone (cursor);
}

/* "2026-05-26". */
static gboolean
skip_day (AakCursor *cursor)
{
  return skip_digits (cursor, 4) && aak_cursor_skip_byte (cursor, '-') && skip_digits (cursor, 2)
         && aak_cursor_skip_byte (cursor, '-') && skip_digits (cursor, 2);
}

/* "2026-05-26T12:00:00"; svlogd writes "_" for "T". */
static gboolean
skip_iso_date (AakCursor *cursor)
{
  return skip_day (cursor)
         && (aak_cursor_skip_byte (cursor, 'T') || aak_cursor_skip_byte (cursor, '_'))
         && skip_clock (cursor) && skip_zone (cursor);
}

/* "Tue 2026-05-26 12:00:00 CEST" (journalctl -o short-full). */
static gboolean
skip_full_date (AakCursor *cursor)
{
  static const char days[] = "MonTueWedThuFriSatSun";
  if (cursor->end - cursor->at < 4)
    return FALSE;
  gsize i = 0;
  while (i < 21 && memcmp (days + i, cursor->at, 3) != 0)
    i += 3;
  if (i == 21)
    return FALSE;
  cursor->at += 3;
  if (!aak_cursor_skip_byte (cursor, ' ') || !skip_day (cursor)
      || !aak_cursor_skip_byte (cursor, ' ') || !skip_clock (cursor)
      || !aak_cursor_skip_byte (cursor, ' '))
    return FALSE;
  AakSpan zone = aak_cursor_take_token (cursor);
  for (gsize k = 0; k < zone.len; k++)
    if (!g_ascii_isalnum (zone.data[k]) && zone.data[k] != '+' && zone.data[k] != '-')
      return FALSE;
  return zone.len > 0 && zone.len <= ZONE_MAX;
}

/* "1779796800.123456" (journalctl -o short-unix). */
static gboolean
skip_unix_date (AakCursor *cursor)
{
  return aak_cursor_take_digits (cursor).len > 4 && aak_cursor_skip_byte (cursor, '.')
         && aak_cursor_take_digits (cursor).len > 0;
}

/* A date in any of the forms. */
static gboolean
skip_date (AakCursor *cursor)
{
  static gboolean (*const forms[]) (AakCursor * cursor) = { skip_bsd_date, skip_iso_date,
                                                            skip_full_date, skip_unix_date };
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      AakCursor ahead = *cursor;
      if (!forms[i](&ahead))
        continue;
      *cursor = ahead;
      return TRUE;
    }
  return FALSE;
}

/* --- who wrote it ----------------------------------------------------------------------------- */

/* "kern.notice", as socklogd (with a colon) and busybox's syslogd write facility and level. */
static gboolean
is_kern_facility (AakSpan token)
{
  static const char *const levels[] = { "emerg", "alert", "crit",  "err",   "warning", "notice",
                                        "info",  "debug", "panic", "error", "warn" };
  if (token.len > 0 && token.data[token.len - 1] == ':')
    token.len--;
  if (token.len < 6 || memcmp (token.data, "kern.", 5) != 0)
    return FALSE;
  token = (AakSpan){ token.data + 5, token.len - 5 };
  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    if (aak_span_is (token, levels[i]))
      return TRUE;
  return FALSE;
}

/* The facility of the line, where it says one; with a colon it needs no program after it. */
static gboolean
take_facility (AakCursor *cursor, AakProof *out_proof, gboolean *out_complete)
{
  AakCursor ahead = *cursor;
  AakSpan token = aak_cursor_take_token (&ahead);
  if (!is_kern_facility (token))
    return FALSE;
  aak_cursor_skip_blanks (&ahead);
  *cursor = ahead;
  *out_complete = token.data[token.len - 1] == ':';
  *out_proof = AAK_PROOF_FACILITY;
  return TRUE;
}

/* A host's name never ends with a colon: "kernel: kernel:" is a program and its text. */
static gboolean
skip_host (AakCursor *cursor)
{
  AakSpan host = aak_cursor_take_token (cursor);
  return host.len > 0 && host.len <= HOST_MAX && host.data[host.len - 1] != ':'
         && aak_cursor_skip_blanks (cursor);
}

/* "HOST kernel:", "kern.notice:" (then "kernel:" or not), or "HOST kern.notice kernel:". */
gboolean
aak_syslog_prefix_skip_program (AakCursor *cursor, AakProof *out_proof)
{
  gboolean complete = FALSE;
  if (!take_facility (cursor, out_proof, &complete))
    {
      if (!skip_host (cursor))
        return FALSE;
      take_facility (cursor, out_proof, &complete);
    }
  return aak_cursor_skip_word (cursor, "kernel:") || complete;
}

gboolean
aak_syslog_prefix_skip (AakCursor *cursor, AakProof *out_proof)
{
  *out_proof = AAK_PROOF_TEXT;
  return skip_date (cursor) && aak_cursor_skip_blanks (cursor)
         && aak_syslog_prefix_skip_program (cursor, out_proof);
}

/* --- the syslog protocol ---------------------------------------------------------------------- */

/* One blank: the protocol has no more. */
static gboolean
skip_blank (AakCursor *cursor)
{
  return aak_cursor_skip_byte (cursor, ' ');
}

/* "[ID NAME="VALUE" ...]": a quote or bracket in a value has a backslash before it. */
static gboolean
skip_data_element (AakCursor *cursor)
{
  gboolean quoted = FALSE;
  if (!aak_cursor_skip_byte (cursor, '['))
    return FALSE;
  for (; !aak_cursor_at_end (cursor); cursor->at++)
    {
      if (quoted && *cursor->at == '\\' && cursor->end - cursor->at > 1)
        cursor->at++;
      else if (*cursor->at == '"')
        quoted = !quoted;
      else if (!quoted && *cursor->at == ']')
        return aak_cursor_skip_byte (cursor, ']');
    }
  return FALSE;
}

/* "-", or elements without a blank between them. */
static gboolean
skip_data (AakCursor *cursor)
{
  if (aak_cursor_skip_byte (cursor, '-'))
    return TRUE;
  if (!skip_data_element (cursor))
    return FALSE;
  while (!aak_cursor_at_end (cursor) && *cursor->at == '[')
    if (!skip_data_element (cursor))
      return FALSE;
  return TRUE;
}

/* The kernel has no process id; the daemons write the name with a colon or without. */
static gboolean
skip_kernel_name (AakCursor *cursor)
{
  AakSpan name = aak_cursor_take_token (cursor);
  return (aak_span_is (name, "kernel") || aak_span_is (name, "kernel:")) && skip_blank (cursor)
         && aak_cursor_skip_byte (cursor, '-');
}

gboolean
aak_syslog_prefix_skip_protocol (AakCursor *cursor)
{
  AakCursor ahead = *cursor;
  if (!aak_cursor_skip_word (&ahead, "1 ")
      || !(aak_cursor_skip_byte (&ahead, '-') || skip_iso_date (&ahead)) || !skip_blank (&ahead)
      || !skip_host (&ahead) || !skip_kernel_name (&ahead) || !skip_blank (&ahead)
      || aak_cursor_take_token (&ahead).len == 0 || !skip_blank (&ahead) || !skip_data (&ahead)
      || !skip_blank (&ahead))
    return FALSE;
  aak_cursor_skip_word (&ahead, "\357\273\277"); /* the mark that the text is UTF-8 */
  *cursor = ahead;
  return TRUE;
}
