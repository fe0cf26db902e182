/* SPDX-License-Identifier: GPL-2.0-or-later
 * From a record's fields to a typed event: the strings, and what every event has. The fields
 * are those of kernels 2.6 to 7.x (security/apparmor/audit.c). */
#include "config.h"

#include "learn/event.h"

#include "learn/event-class.h"
#include "learn/event-syscall.h"

#include <string.h>

#define AUDIT_TYPE_AVC            1400
#define AUDIT_TYPE_APPARMOR_AUDIT 1501

void
aak_event_clear (AakEvent *event)
{
  g_free (event->operation);
  g_free (event->label);
  g_free (event->name);
  g_free (event->target);
  g_free (event->peer);
  g_free (event->detail);
  g_free (event->family);
  g_free (event->info);
  g_free (event->flags);
  g_free (event->access);
  memset (event, 0, sizeof *event);
}

/* --- strings --------------------------------------------------------------------------------- */

/* The kernel's hex has capital letters only (audit_log_n_hex()). */
static int
hex_digit (char c)
{
  return g_ascii_islower (c) ? -1 : g_ascii_xdigit_value (c);
}

static char *
decode_hex (AakSpan hex, gsize *out_len)
{
  if (hex.len == 0 || hex.len % 2 != 0)
    return NULL;
  g_autofree char *bytes = g_malloc (hex.len / 2 + 1);
  for (gsize i = 0; i < hex.len / 2; i++)
    {
      int high = hex_digit (hex.data[2 * i]), low = hex_digit (hex.data[2 * i + 1]);
      if (high < 0 || low < 0)
        return NULL;
      bytes[i] = (char) (high * 16 + low);
    }
  bytes[hex.len / 2] = '\0';
  *out_len = hex.len / 2;
  return g_steal_pointer (&bytes);
}

/* Undoes what /dev/kmsg does to a backslash. */
static char *
decode_escapes (AakSpan text, gsize *out_len)
{
  g_autofree char *bytes = g_malloc (text.len + 1);
  gsize n = 0;
  for (gsize i = 0; i < text.len; i++)
    {
      bytes[n] = text.data[i];
      if (text.data[i] == '\\')
        {
          int high = i + 3 < text.len && text.data[i + 1] == 'x'
                         ? g_ascii_xdigit_value (text.data[i + 2])
                         : -1;
          int low = high >= 0 ? g_ascii_xdigit_value (text.data[i + 3]) : -1;
          if (low < 0)
            return NULL;
          bytes[n] = (char) (high * 16 + low);
          i += 3;
        }
      n++;
    }
  bytes[n] = '\0';
  *out_len = n;
  return g_steal_pointer (&bytes);
}

char *
aak_event_decode_bytes (const AakField *field, gsize *out_len)
{
  switch (field->form)
    {
    case AAK_VALUE_QUOTED:
      *out_len = field->value.len;
      return g_strndup (field->value.data, field->value.len);
    case AAK_VALUE_ESCAPED:
      return decode_escapes (field->value, out_len);
    case AAK_VALUE_BARE:
      return decode_hex (field->value, out_len);
    }
  return NULL;
}

char *
aak_event_decode (const AakField *field)
{
  gsize len = 0;
  g_autofree char *bytes = aak_event_decode_bytes (field, &len);
  return bytes != NULL && memchr (bytes, '\0', len) == NULL ? g_steal_pointer (&bytes) : NULL;
}

gboolean
aak_event_take_string (const AakRecord *record, const char *key, char **out)
{
  const AakField *field = aak_record_get (record, key);
  if (field == NULL)
    return TRUE;
  *out = aak_event_decode (field);
  return *out != NULL;
}

char *
aak_event_take_word (const AakRecord *record, const char *key)
{
  const AakField *field = aak_record_get (record, key);
  return field != NULL && field->value.len > 0 ? g_strndup (field->value.data, field->value.len)
                                               : NULL;
}

static const struct
{
  const char *word;
  AakVerdict verdict;
} verdicts[] = {
  { "ALLOWED", AAK_VERDICT_ALLOWED }, { "DENIED", AAK_VERDICT_DENIED },
  { "AUDIT", AAK_VERDICT_AUDIT },     { "KILLED", AAK_VERDICT_KILLED },
  { "STATUS", AAK_VERDICT_STATUS },   { "HINT", AAK_VERDICT_NOTICE },
  { "ERROR", AAK_VERDICT_NOTICE },
};

/* Kernels 2.6 told the verdict by the record's type alone. */
static const AakVerdict verdict_of_type[] = {
  AAK_VERDICT_AUDIT,  AAK_VERDICT_ALLOWED, AAK_VERDICT_DENIED, AAK_VERDICT_NOTICE,
  AAK_VERDICT_STATUS, AAK_VERDICT_NOTICE,  AAK_VERDICT_KILLED,
};

static gboolean
take_verdict (const AakRecord *record, AakVerdict *out)
{
  const AakField *field = aak_record_get (record, "apparmor");
  if (field == NULL && record->type >= AUDIT_TYPE_APPARMOR_AUDIT
      && record->type < AUDIT_TYPE_APPARMOR_AUDIT + G_N_ELEMENTS (verdict_of_type))
    {
      *out = verdict_of_type[record->type - AUDIT_TYPE_APPARMOR_AUDIT];
      return TRUE;
    }
  for (gsize i = 0; field != NULL && i < G_N_ELEMENTS (verdicts); i++)
    if (aak_span_is (field->value, verdicts[i].word))
      {
        *out = verdicts[i].verdict;
        return TRUE;
      }
  return FALSE;
}

/* The root namespace is "root", and "default" to kernels 2.6; the others are "root//NS". */
static gboolean
take_namespace (const AakRecord *record, char **out)
{
  g_autofree char *namespace = NULL;
  if (!aak_event_take_string (record, "namespace", &namespace))
    return FALSE;
  if (namespace == NULL || strcmp (namespace, "root") == 0
      || (record->type != AUDIT_TYPE_AVC && strcmp (namespace, "default") == 0))
    return TRUE;
  const char *below_root = g_str_has_prefix (namespace, "root//") ? namespace + 6 : namespace;
  *out = g_strdup (below_root);
  return TRUE;
}

/* The subject's label. A profile of another namespace is ":NS:PROFILE": it must never be taken for
 * the root namespace's profile of the same name, or a container with a namespace of its own
 * (LXD, Incus) could widen that. */
static const char *
read_label (const AakRecord *record, AakEvent *out)
{
  g_autofree char *namespace = NULL;
  if (!aak_event_take_string (record, "profile", &out->label)
      || (out->label == NULL && !aak_event_take_string (record, "label", &out->label)))
    return "profile missing or damaged";
  if (out->label == NULL && out->verdict != AAK_VERDICT_STATUS
      && out->verdict != AAK_VERDICT_NOTICE)
    return "profile missing or damaged";
  if (!take_namespace (record, &namespace))
    return "namespace is neither quoted nor hex";
  if (out->label == NULL)
    out->label = g_strdup (""); /* kernels before 4.11 do not say who loads policy */
  if (namespace == NULL)
    return NULL;
  g_autofree char *inner = g_steal_pointer (&out->label);
  out->label = g_strdup_printf (":%s:%s", namespace, inner);
  return NULL;
}

/* Kernels 2.6 wrote the names of policy bare; nothing is learned from them. */
static gboolean
take_name (const AakRecord *record, AakEvent *out)
{
  if (aak_event_take_string (record, "name", &out->name))
    return TRUE;
  if (out->verdict != AAK_VERDICT_STATUS)
    return FALSE;
  out->name = aak_event_take_word (record, "name");
  return out->name != NULL;
}

/* What every event has. */
static const char *
read_common (const AakRecord *record, AakEvent *out)
{
  out->time = record->time;
  out->serial = record->serial;
  out->kind = "other";
  out->class = AAK_CLASS_OTHER;
  out->operation = aak_event_take_word (record, "operation");
  out->info = aak_event_take_word (record, "info");
  if (!take_verdict (record, &out->verdict))
    return "apparmor= missing or unknown";
  /* Policy that does not unpack is told without one (policy_unpack.c, audit_iface()). */
  if (out->operation == NULL && out->verdict == AAK_VERDICT_STATUS)
    out->operation = g_strdup ("");
  if (out->operation == NULL)
    return "operation missing";
  const char *reason = read_label (record, out);
  if (reason == NULL && !take_name (record, out))
    return "name is neither quoted nor hex";
  return reason;
}

/* A ptrace without a mask: the profile has no ptrace rules, and what counts is the capability
 * sys_ptrace, of which the kernel writes a record of its own (task.c, profile_tracer_perm(); up to
 * 4.12 ipc.c, aa_may_ptrace()). */
static gboolean
is_asked_by_capability (const AakRecord *record, const AakEvent *event)
{
  return strcmp (event->operation, "ptrace") == 0
         && aak_record_get (record, "requested_mask") == NULL;
}

static gboolean
is_of_files (const AakRecord *record)
{
  const AakField *class = aak_record_get (record, "class");
  return class == NULL || aak_span_is (class->value, "file");
}

/* A getattr is a stat that 6.12 reports with mask r under some profiles: no read. */
static gboolean
is_getattr (const AakRecord *record, const AakEvent *event)
{
  return strcmp (event->operation, "getattr") == 0 && is_of_files (record);
}

/* An exec record with "no new privs" repeats the one before it, with the unresolved name (measured
 * on 6.1): no other access, but where it would have led to a child, it did not. */
static gboolean
is_kept_by_no_new_privs (const AakRecord *record, const AakEvent *event)
{
  return strcmp (event->operation, "exec") == 0 && g_strcmp0 (event->info, "no new privs") == 0
         && is_of_files (record);
}

gboolean
aak_event_is_refusal (const AakEvent *event)
{
  return event->verdict == AAK_VERDICT_DENIED || event->verdict == AAK_VERDICT_KILLED;
}

static AakEventResult
read_syscall (const AakRecord *record, AakEvent *out, const char **out_reason)
{
  const char *reason = aak_event_read_syscall (record, out);
  if (out_reason != NULL)
    *out_reason = reason;
  return reason == NULL ? AAK_EVENT_OK : AAK_EVENT_MALFORMED;
}

AakEventResult
aak_event_from_record (const AakRecord *record, AakEvent *out, const char **out_reason)
{
  if (record->type == AAK_RECORD_SECCOMP)
    return read_syscall (record, out, out_reason);
  const char *reason = read_common (record, out);
  if (reason == NULL && is_asked_by_capability (record, out))
    {
      out->class = AAK_CLASS_PTRACE;
      out->kind = "ptrace";
      return AAK_EVENT_IGNORED;
    }
  if (reason == NULL && is_getattr (record, out))
    {
      out->class = AAK_CLASS_FILE;
      out->kind = "file";
      return AAK_EVENT_IGNORED;
    }
  if (reason == NULL && is_kept_by_no_new_privs (record, out))
    {
      if (!aak_event_take_string (record, "target", &out->target))
        g_clear_pointer (&out->target, g_free);
      out->class = AAK_CLASS_EXEC;
      out->kind = "exec";
      out->perms = AAK_PERM_X;
      return AAK_EVENT_IGNORED;
    }
  if (reason == NULL)
    reason = aak_event_read_class (record, out);
  if (out_reason != NULL)
    *out_reason = reason;
  return reason == NULL ? AAK_EVENT_OK : AAK_EVENT_MALFORMED;
}
