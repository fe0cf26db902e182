/* SPDX-License-Identifier: GPL-2.0-or-later
 * The kernel's part first, then the daemon's (kernel/audit.c, audit_log_common_recv_msg(); D-Bus,
 * bus/apparmor.c). */
#include "config.h"

#include "learn/dbus-record.h"

#include "learn/record-field.h"

#define AUDIT_TYPE_USER_AVC 1107

/* The labels that the daemon runs under: none, Debian's and Ubuntu's profile, and those of
 * apparmor.d. A label of another AppArmor namespace begins with a colon, and is none of these. */
static const char *const bus_labels[] = { "unconfined", "dbus-daemon", "/usr/bin/dbus-daemon",
                                          "dbus-system" };

/* Up to the stamp. */
static gboolean
take_head (const AakSourceRecord *raw, AakCursor *cursor)
{
  if (raw->type != 0)
    return raw->type == AUDIT_TYPE_USER_AVC;
  aak_cursor_take_node (cursor);
  return aak_cursor_skip_word (cursor, "type=USER_AVC msg=")
         || aak_cursor_skip_word (cursor, "type=1107 msg=");
}

static gboolean
take_stamp (AakCursor *cursor, AakRecord *out)
{
  return aak_cursor_take_stamp (cursor, &out->time, &out->serial)
         && aak_cursor_skip_byte (cursor, ' ');
}

/* "pid=N uid=N auid=N ses=N subj=LABEL msg='". The kernel writes a label as it is: one that holds
 * blanks is none of the bus's. */
static gboolean
take_sender (AakCursor *cursor, AakDbusSender *out)
{
  guint64 ignored;
  aak_cursor_skip_word (cursor, "user "); /* up to 3.x */
  if (!aak_cursor_skip_word (cursor, "pid=") || !aak_cursor_take_number (cursor, ' ', &out->pid)
      || !aak_cursor_skip_word (cursor, "uid=") || !aak_cursor_take_number (cursor, ' ', &out->uid)
      || !aak_cursor_skip_word (cursor, "auid=") || !aak_cursor_take_number (cursor, ' ', &ignored)
      || !aak_cursor_skip_word (cursor, "ses=") || !aak_cursor_take_number (cursor, ' ', &ignored)
      || !aak_cursor_skip_word (cursor, "subj="))
    return FALSE;
  out->subj = aak_cursor_take_token (cursor);
  return aak_cursor_skip_word (cursor, " msg='");
}

/* The text ends with the last quote of the record. */
static gboolean
cut_text (AakCursor *cursor)
{
  aak_cursor_drop_enrichment (cursor);
  if (aak_cursor_at_end (cursor) || cursor->end[-1] != '\'')
    return FALSE;
  cursor->end--;
  return TRUE;
}

static gboolean
is_bus (const AakDbusSender *sender, guint64 bus_uid)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bus_labels); i++)
    if (aak_span_is (sender->subj, bus_labels[i]))
      return sender->uid == bus_uid;
  return FALSE;
}

/* AppArmor's fields. Those of libaudit, from exe= on, say nothing that anybody vouches for. */
static gboolean
take_text (AakCursor *cursor, AakRecord *out)
{
  out->n_fields = 0;
  for (aak_cursor_skip_blanks (cursor); !aak_cursor_at_end (cursor);
       aak_cursor_skip_blanks (cursor))
    {
      AakField *field = &out->fields[out->n_fields];
      if (out->n_fields == AAK_RECORD_MAX_FIELDS || !aak_record_field_take (cursor, field))
        return FALSE;
      if (aak_span_is (field->key, "exe"))
        return TRUE;
      for (guint i = 0; i < out->n_fields; i++)
        if (out->fields[i].key.len == field->key.len
            && memcmp (out->fields[i].key.data, field->key.data, field->key.len) == 0)
          return FALSE;
      out->n_fields++;
    }
  return TRUE;
}

static gboolean
is_dbus (const AakRecord *record)
{
  const AakField *operation = aak_record_get (record, "operation");
  return operation != NULL && operation->value.len > 5
         && memcmp (operation->value.data, "dbus_", 5) == 0
         && aak_record_get (record, "apparmor") != NULL;
}

AakDbusResult
aak_dbus_record_parse (const AakSourceRecord *raw, guint64 bus_uid, AakRecord *out_record,
                       AakDbusSender *out_sender)
{
  AakCursor cursor = { raw->data, raw->data + MIN (raw->len, AAK_RECORD_MAX_LENGTH) };
  AakRecord record = { .type = AUDIT_TYPE_USER_AVC, .proof = AAK_PROOF_TEXT };
  AakDbusSender sender;
  if (!take_head (raw, &cursor) || !take_stamp (&cursor, &record) || !take_sender (&cursor, &sender)
      || !cut_text (&cursor) || !take_text (&cursor, &record) || !is_dbus (&record))
    return AAK_DBUS_OTHER;
  if (!is_bus (&sender, bus_uid))
    return AAK_DBUS_FOREIGN;
  *out_record = record;
  *out_sender = sender;
  return AAK_DBUS_RECORD;
}
