/* SPDX-License-Identifier: GPL-2.0-or-later
 * From the fields of a journal's entry back to the record that the kernel wrote. */
#include "config.h"

#include "learn/journal-entry.h"

#include "learn/cursor.h"

#include <string.h>

#define MISSED_ID                                                                \
  "e9bf28e6e834481bb6f48f548ad13606" /* sd-messages.h, SD_MESSAGE_JOURNAL_MISSED \
                                      */

typedef enum
{
  FIELD_TRANSPORT,
  FIELD_FACILITY,
  FIELD_TYPE,
  FIELD_ID,
  FIELD_TIME,
  FIELD_BOOT,
  FIELD_MESSAGE_ID,
  FIELD_MESSAGE,
  N_FIELDS
} Field;

static const char *const names[N_FIELDS] = {
  [FIELD_TRANSPORT] = "_TRANSPORT",
  [FIELD_FACILITY] = "SYSLOG_FACILITY",
  [FIELD_TYPE] = "_AUDIT_TYPE",
  [FIELD_ID] = "_AUDIT_ID",
  [FIELD_TIME] = "_SOURCE_REALTIME_TIMESTAMP",
  [FIELD_BOOT] = "_BOOT_ID",
  [FIELD_MESSAGE_ID] = "MESSAGE_ID",
  [FIELD_MESSAGE] = "MESSAGE",
};

struct AakJournalEntry
{
  GString *values[N_FIELDS];
  guint times[N_FIELDS]; /* how often the entry has it */
  GString *payload;
};

AakJournalEntry *
aak_journal_entry_new (void)
{
  AakJournalEntry *entry = g_new0 (AakJournalEntry, 1);
  for (guint i = 0; i < N_FIELDS; i++)
    entry->values[i] = g_string_new (NULL);
  entry->payload = g_string_new (NULL);
  return entry;
}

void
aak_journal_entry_free (AakJournalEntry *entry)
{
  for (guint i = 0; i < N_FIELDS; i++)
    g_string_free (entry->values[i], TRUE);
  g_string_free (entry->payload, TRUE);
  g_free (entry);
}

void
aak_journal_entry_reset (AakJournalEntry *entry)
{
  for (guint i = 0; i < N_FIELDS; i++)
    g_string_truncate (entry->values[i], 0);
  memset (entry->times, 0, sizeof entry->times);
}

void
aak_journal_entry_add (AakJournalEntry *entry, const void *data, gsize len)
{
  const char *equals = memchr (data, '=', len);
  if (equals == NULL)
    return;
  AakSpan name = { data, (gsize) (equals - (const char *) data) };
  for (guint i = 0; i < N_FIELDS; i++)
    if (aak_span_is (name, names[i]))
      {
        gsize rest = len - name.len - 1;
        g_string_truncate (entry->values[i], 0);
        g_string_append_len (entry->values[i], equals + 1,
                             (gssize) MIN (rest, AAK_RECORD_MAX_LENGTH + 1));
        entry->times[i]++;
      }
}

/* --- reading --------------------------------------------------------------------------------- */

/* The field is there once and has this value. */
static gboolean
is (const AakJournalEntry *entry, Field field, const char *value)
{
  return entry->times[field] == 1 && entry->values[field]->len == strlen (value)
         && memcmp (entry->values[field]->str, value, strlen (value)) == 0;
}

static gboolean
get_number (const AakJournalEntry *entry, Field field, guint64 *out)
{
  AakSpan value = { entry->values[field]->str, entry->values[field]->len };
  return entry->times[field] == 1 && aak_span_to_uint (value, out);
}

/* MESSAGE is "TYPENAME text"; the stamp that stood before the text is in fields of its own. */
static void
read_audit (AakJournalEntry *entry, AakJournalMeaning *out)
{
  guint64 type = 0, serial = 0, time = 0;
  const GString *message = entry->values[FIELD_MESSAGE];
  AakCursor cursor = { message->str, message->str + message->len };
  aak_cursor_take_token (&cursor);
  g_string_truncate (entry->payload, 0);
  if (get_number (entry, FIELD_ID, &serial) && serial <= G_MAXUINT32
      && get_number (entry, FIELD_TIME, &time) && entry->times[FIELD_MESSAGE] == 1)
    {
      time /= 1000;
      g_string_append_printf (entry->payload,
                              "audit(%" G_GUINT64_FORMAT ".%03u:%" G_GUINT64_FORMAT "):",
                              time / 1000, (guint) (time % 1000), serial);
      g_string_append_len (entry->payload, cursor.at, cursor.end - cursor.at);
    }
  /* A type that cannot be read may have been any: as AppArmor's it is counted as malformed. */
  if (!get_number (entry, FIELD_TYPE, &type) || type == 0 || type > G_MAXUINT32)
    {
      type = 1500;
      g_string_truncate (entry->payload, 0);
    }
  out->kind = AAK_JOURNAL_AUDIT;
  out->record = (AakSourceRecord){ (guint) type, entry->payload->str, entry->payload->len };
}

/* "audit: type=1400 audit(...): ..." */
static void
read_kernel (AakJournalEntry *entry, AakJournalMeaning *out)
{
  const GString *message = entry->values[FIELD_MESSAGE];
  AakCursor cursor = { message->str, message->str + message->len };
  guint64 type = 0;
  out->kind = AAK_JOURNAL_KERNEL;
  out->text = message->str;
  if (!aak_cursor_skip_word (&cursor, "audit: type=")
      || !aak_cursor_take_number (&cursor, ' ', &type) || type > G_MAXUINT32)
    return;
  AakCursor payload = cursor;
  if (aak_cursor_skip_word (&cursor, "audit("))
    out->record = (AakSourceRecord){ (guint) type, payload.at, (gsize) (payload.end - payload.at) };
}

/* "Missed 12 kernel messages" */
static void
read_missed (AakJournalEntry *entry, AakJournalMeaning *out)
{
  const char *text = entry->values[FIELD_MESSAGE]->str;
  out->kind = AAK_JOURNAL_MISSED;
  out->missed = g_str_has_prefix (text, "Missed ")
                    ? g_ascii_strtoull (text + strlen ("Missed "), NULL, 10)
                    : 0;
  out->missed = MAX (out->missed, 1);
}

AakJournalMeaning
aak_journal_entry_read (AakJournalEntry *entry)
{
  AakJournalMeaning meaning = { .boot = entry->values[FIELD_BOOT]->str };
  guint64 serial = 0;
  if (is (entry, FIELD_TRANSPORT, "audit"))
    read_audit (entry, &meaning);
  else if (is (entry, FIELD_TRANSPORT, "kernel") && is (entry, FIELD_FACILITY, "0")
           && entry->times[FIELD_MESSAGE] == 1)
    read_kernel (entry, &meaning);
  else if (is (entry, FIELD_TRANSPORT, "driver") && is (entry, FIELD_MESSAGE_ID, MISSED_ID))
    read_missed (entry, &meaning);
  meaning.has_stamp =
      meaning.record.type != 0
      && aak_record_parse_stamp (meaning.record.data, meaning.record.len, &meaning.time, &serial);
  meaning.serial = (guint32) serial;
  return meaning;
}
