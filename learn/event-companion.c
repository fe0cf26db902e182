/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reading what stands beside an event (kernel/auditsc.c, audit_log_exit()). */
#include "config.h"

#include "learn/event-companion.h"

#include "learn/event-json.h"
#include "learn/record-field.h"

static const struct
{
  const char *name; /* auditd's (libaudit, msg_typetab.h) */
  guint type;       /* the kernel's (linux/audit.h) */
  AakCompanionKind kind;
} kinds[] = {
  { "SYSCALL", 1300, AAK_COMPANION_SYSCALL }, { "PATH", 1302, AAK_COMPANION_PATH },
  { "CWD", 1307, AAK_COMPANION_CWD },         { "EXECVE", 1309, AAK_COMPANION_EXECVE },
  { "EOE", 1320, AAK_COMPANION_END },         { "PROCTITLE", 1327, AAK_COMPANION_PROCTITLE },
};

static AakCompanionKind
kind_of_type (guint type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].type == type)
      return kinds[i].kind;
  return AAK_COMPANION_NONE;
}

static AakCompanionKind
kind_of_name (AakSpan name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (aak_span_is (name, kinds[i].name))
      return kinds[i].kind;
  return AAK_COMPANION_NONE;
}

/* "[node=N ]type=T msg=", as record-prefix.c reads it. */
static gboolean
take_head (AakCursor *cursor, AakCompanion *out)
{
  out->key.node = aak_cursor_take_node (cursor);
  if (!aak_cursor_skip_word (cursor, "type="))
    return FALSE;
  out->kind = kind_of_name (aak_cursor_take_token (cursor));
  aak_cursor_skip_blanks (cursor);
  return aak_cursor_skip_word (cursor, "msg=");
}

gboolean
aak_companion_parse (const AakSourceRecord *raw, AakCompanion *out)
{
  AakCursor cursor = { raw->data, raw->data + raw->len };
  *out = (AakCompanion){ .kind = kind_of_type (raw->type), .key.node = { raw->data, 0 } };
  if (raw->type == 0 && !take_head (&cursor, out))
    return FALSE;
  if (!aak_cursor_take_stamp (&cursor, &out->key.time, &out->key.serial))
    return FALSE;
  aak_cursor_drop_enrichment (&cursor);
  out->fields = (AakSpan){ cursor.at, (gsize) (cursor.end - cursor.at) };
  return TRUE;
}

/* The next field; FALSE at the end, and where one is damaged. */
static gboolean
next_field (AakCursor *cursor, AakField *field)
{
  aak_cursor_skip_blanks (cursor);
  return !aak_cursor_at_end (cursor) && aak_record_field_take (cursor, field);
}

/* The arguments of a command are strings, and those of a system call are a machine's words. */
static AakEventValue
value_kind (AakCompanionKind kind, AakSpan key)
{
  gboolean is_argument = key.len > 1 && key.data[0] == 'a' && g_ascii_isdigit (key.data[1]);
  if (is_argument && kind == AAK_COMPANION_EXECVE)
    return AAK_EVENT_VALUE_UNTRUSTED;
  return is_argument ? AAK_EVENT_VALUE_WORD : AAK_EVENT_VALUE_ANY;
}

static void
add_object (AakJson *json, AakCompanionKind kind, AakCursor cursor)
{
  AakField field;
  aak_json_begin_object (json);
  while (next_field (&cursor, &field))
    {
      if (!aak_span_is (field.value, "(null)"))
        aak_event_json_add_member (json, &field, value_kind (kind, field.key));
      if (aak_span_is (field.key, "subj"))
        break;
    }
  aak_json_end_object (json);
}

static void
add_string (AakJson *json, const char *key, AakCursor cursor)
{
  AakField field;
  if (next_field (&cursor, &field) && aak_span_is (field.key, key)
      && !aak_span_is (field.value, "(null)"))
    aak_event_json_add_value (json, &field, AAK_EVENT_VALUE_UNTRUSTED);
  else
    aak_json_add_null_value (json);
}

void
aak_companion_add_value (AakJson *json, AakCompanionKind kind, AakSpan fields)
{
  AakCursor cursor = { fields.data, fields.data + fields.len };
  switch (kind)
    {
    case AAK_COMPANION_CWD:
      add_string (json, "cwd", cursor);
      return;
    case AAK_COMPANION_PROCTITLE:
      add_string (json, "proctitle", cursor);
      return;
    case AAK_COMPANION_SYSCALL:
    case AAK_COMPANION_EXECVE:
    case AAK_COMPANION_PATH:
    case AAK_COMPANION_NONE:
    case AAK_COMPANION_END:
      add_object (json, kind, cursor);
      return;
    }
}
