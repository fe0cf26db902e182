/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as lines of a log, through parser, events and the assembler: every event leaves once,
 * in its order, unchanged but for what is added behind, and as one line of JSON. The first byte
 * says how patient the assembler is, and whether there is a clock. */
#include "learn/event-assembler.h"
#include "learn/event-json.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

typedef struct
{
  GPtrArray *events; /* the objects in their order */
  guint left;        /* how many have left */
} Stream;

static void
check (const char *line, gpointer user_data)
{
  Stream *stream = user_data;
  g_assert (stream->left < stream->events->len);
  const char *event = stream->events->pdata[stream->left++];
  g_assert (strncmp (line, event, strlen (event) - 1) == 0);
  g_assert (strchr (line, '\n') == NULL);
  g_assert (g_utf8_validate (line, -1, NULL));
  g_assert (fuzz_is_json (line));
}

/* The object of a line, or NULL. */
static char *
read_event (const AakSourceRecord *raw)
{
  AakRecord record;
  g_auto (AakEvent) event = { 0 };
  AakEventOwner owner = { 0 };
  AakEventOrigin origin = { "f:1", NULL };
  if (aak_record_parse_line (raw->data, raw->len, &record) != AAK_RECORD_APPARMOR
      || aak_event_from_record (&record, &event, NULL) == AAK_EVENT_MALFORMED)
    return NULL;
  return aak_event_to_json (&record, &event, &origin, &owner);
}

/* Copied, so that a read past its end is seen. */
static void
take (AakEventAssembler *assembler, Stream *stream, const char *bytes, gsize len, gint64 now)
{
  g_autofree char *copy = g_memdup2 (len > 0 ? bytes : "", len > 0 ? len : 1);
  AakSourceRecord raw = { 0, copy, len };
  char *json = read_event (&raw);
  if (json != NULL)
    g_ptr_array_add (stream->events, json);
  aak_event_assembler_take (assembler, &raw, json, now);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size == 0)
    return 0;
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_free);
  Stream stream = { events, 0 };
  g_autoptr (AakEventAssembler) assembler =
      aak_event_assembler_new ((data[0] & 1) != 0, check, &stream);
  gint64 step = (data[0] & 2) != 0 ? 100000 : 0, now = step;
  const char *at = (const char *) data + 1, *end = (const char *) data + size;
  while (at < end)
    {
      const char *newline = memchr (at, '\n', (gsize) (end - at));
      gsize len = (gsize) ((newline != NULL ? newline : end) - at);
      take (assembler, &stream, at, len, now);
      at += len + 1;
      now += step;
    }
  if (step > 0)
    {
      aak_event_assembler_expire (assembler, now + G_USEC_PER_SEC);
      g_assert (stream.left == events->len);
    }
  aak_event_assembler_flush (assembler);
  g_assert (stream.left == events->len);
  return 0;
}
