/* SPDX-License-Identifier: GPL-2.0-or-later
 * Printing events. */
#include "config.h"

#include "learn/event-json.h"

#include "lib/escape.h"
#include "lib/json.h"

#include <string.h>

/* The fields whose bytes somebody else chooses: the kernel writes them as hex where they need it
 * (audit_log_untrustedstring()). All others are its own words and numbers. */
static const char *const untrusted[] = {
  "name",         "name2",     "profile", "label",    "target",   "comm",   "peer",
  "peer_label",   "namespace", "ns",      "srcname",  "src_name", "trans",  "path",
  "peer_profile", "tcontext",  "ocomm",   "execpath", "exe",      "olabel", "addr",
  "peer_addr",    "fstype",    "options", "dev",      "kmod",     NULL,
};

/* Members that are ours, or of the companions: a field of that name gets a prefix. AppArmor's
 * `namespace` is such a one. */
static const char *const reserved[] = { "type",      "serial",    "time",      "position", "pod",
                                        "namespace", "container", "wearers",   "syscall",  "execve",
                                        "cwd",       "paths",     "proctitle", "sender",   NULL };

static gboolean
is_untrusted (const AakField *field, AakEventValue kind)
{
  g_autofree char *key = g_strndup (field->key.data, field->key.len);
  return kind == AAK_EVENT_VALUE_UNTRUSTED
         || (kind == AAK_EVENT_VALUE_ANY && g_strv_contains (untrusted, key));
}

/* @field's value, decoded and escaped. Newly allocated. */
static char *
value_text (const AakField *field, gboolean decode)
{
  if (field->form == AAK_VALUE_ESCAPED || (field->form == AAK_VALUE_BARE && decode))
    {
      gsize len = 0;
      g_autofree char *bytes = aak_event_decode_bytes (field, &len);
      if (bytes != NULL)
        return aak_escape (bytes, len);
    }
  return aak_escape (field->value.data, field->value.len);
}

/* A bare decimal number that a double holds exactly, with its sign. */
static gboolean
is_number (const AakField *field, gint64 *out)
{
  AakSpan digits = field->value;
  gboolean negative = digits.len > 0 && digits.data[0] == '-';
  guint64 value = 0;
  if (negative)
    digits = (AakSpan){ digits.data + 1, digits.len - 1 };
  if (field->form != AAK_VALUE_BARE || digits.len > 15 || !aak_span_to_uint (digits, &value)
      || (digits.len > 1 && digits.data[0] == '0'))
    return FALSE;
  *out = negative ? -(gint64) value : (gint64) value;
  return TRUE;
}

/* Strings of somebody else's choosing stay strings, even those that look like numbers. */
void
aak_event_json_add_value (AakJson *json, const AakField *field, AakEventValue kind)
{
  gboolean decode = is_untrusted (field, kind);
  gint64 number = 0;
  if (kind == AAK_EVENT_VALUE_ANY && !decode && is_number (field, &number))
    {
      aak_json_add_int_value (json, number);
      return;
    }
  g_autofree char *text = value_text (field, decode);
  aak_json_add_string_value (json, text);
}

void
aak_event_json_add_member (AakJson *json, const AakField *field, AakEventValue kind)
{
  g_autofree char *key = g_strndup (field->key.data, field->key.len);
  aak_json_set_member_name (json, key);
  aak_event_json_add_value (json, field, kind);
}

static void
add_field (AakJson *json, const AakField *field)
{
  g_autofree char *key = g_strndup (field->key.data, field->key.len);
  g_autofree char *member =
      g_strconcat (g_strv_contains (reserved, key) ? "kernel_" : "", key, NULL);
  aak_json_set_member_name (json, member);
  aak_event_json_add_value (json, field, AAK_EVENT_VALUE_ANY);
}

static void
add_owner (AakJson *json, const AakEventOwner *owner)
{
  if (owner->wearers > 1)
    aak_json_add_uint (json, "wearers", owner->wearers);
  if (owner->wearers != 1)
    return;
  aak_json_add_bytes (json, "pod", owner->pod);
  aak_json_add_bytes (json, "namespace", owner->namespace);
  aak_json_add_bytes (json, "container", owner->container);
}

static void
add_sender (AakJson *json, const AakDbusSender *sender)
{
  g_autofree char *subj = aak_escape (sender->subj.data, sender->subj.len);
  aak_json_set_member_name (json, "sender");
  aak_json_begin_object (json);
  aak_json_add_uint (json, "pid", sender->pid);
  aak_json_add_uint (json, "uid", sender->uid);
  aak_json_add_text (json, "subj", subj);
  aak_json_end_object (json);
}

char *
aak_event_to_json (const AakRecord *record, const AakEvent *event, const AakEventOrigin *origin,
                   const AakEventOwner *owner)
{
  AakJson *json = aak_json_new_line ();
  aak_json_begin_object (json);
  aak_json_add_uint (json, "type", record->type);
  aak_json_add_uint (json, "serial", record->serial);
  aak_json_add_uint (json, "time", record->time);
  for (guint i = 0; i < record->n_fields; i++)
    add_field (json, &record->fields[i]);
  if (event->class == AAK_CLASS_SYSCALL)
    {
      aak_json_add_bytes (json, "arch_name", event->family);
      aak_json_add_bytes (json, "call", event->detail);
    }
  if (origin->sender != NULL)
    add_sender (json, origin->sender);
  aak_json_add_bytes (json, "position", origin->position);
  add_owner (json, owner);
  aak_json_end_object (json);
  return aak_json_free_to_text (json);
}

/* --- for people ------------------------------------------------------------------------------ */

/* What the text shows otherwise, or what says little to people. */
static const char *const not_shown[] = { "apparmor", "operation", "profile",     "label", "class",
                                         "pid",      "comm",      "denied_mask", NULL };

static void
append_fields (GString *out, const AakRecord *record)
{
  for (guint i = 0; i < record->n_fields; i++)
    {
      const AakField *field = &record->fields[i];
      g_autofree char *key = g_strndup (field->key.data, field->key.len);
      if (g_strv_contains (not_shown, key))
        continue;
      g_autofree char *value = value_text (field, is_untrusted (field, AAK_EVENT_VALUE_ANY));
      g_string_append_printf (out, strchr (value, ' ') != NULL ? " %s=\"%s\"" : " %s=%s", key,
                              value);
    }
}

static const char *
verdict_word (AakVerdict verdict)
{
  static const char *const words[] = { "ALLOWED", "DENIED", "AUDIT", "KILLED", "STATUS", "NOTICE" };
  return words[verdict];
}

char *
aak_event_to_text (const AakRecord *record, const AakEvent *event, const AakEventOrigin *origin,
                   const AakEventOwner *owner)
{
  g_autoptr (GDateTime) seconds = g_date_time_new_from_unix_utc ((gint64) (record->time / 1000));
  g_autofree char *time =
      seconds != NULL ? g_date_time_format (seconds, "%Y-%m-%dT%H:%M:%S") : g_strdup ("?");
  g_autofree char *label = aak_escape (event->label, strlen (event->label));
  g_autoptr (GString) out = g_string_new (NULL);
  g_string_append_printf (out, "%s.%03uZ %s %s %s", time, (guint) (record->time % 1000),
                          origin->position, verdict_word (event->verdict), label);
  if (owner->wearers == 1)
    {
      g_autofree char *raw =
          g_strdup_printf ("%s/%s/%s", owner->namespace, owner->pod, owner->container);
      g_autofree char *who = aak_escape (raw, strlen (raw));
      g_string_append_printf (out, " (%s)", who);
    }
  g_autofree char *operation = aak_escape (event->operation, strlen (event->operation));
  g_string_append_printf (out, " %s", operation);
  if (event->class == AAK_CLASS_SYSCALL)
    g_string_append_printf (out, " %s %s", event->family, event->detail);
  append_fields (out, record);
  if (origin->sender != NULL)
    g_string_append_printf (out, " sender=%" G_GUINT64_FORMAT, origin->sender->pid);
  return g_string_free (g_steal_pointer (&out), FALSE);
}
