/* SPDX-License-Identifier: GPL-2.0-or-later
 * What all sources have in common. */
#include "config.h"

#include "learn/source.h"

const char *
aak_source_name (const AakSource *source)
{
  return source->class->name;
}

AakSourceStatus
aak_source_next (AakSource *source, AakSourceRecord *out, GError **error)
{
  AakSourceStatus status = source->class->next (source, out, error);
  source->account.records += status == AAK_SOURCE_RECORD;
  return status;
}

int
aak_source_fd (const AakSource *source)
{
  return source->class->fd (source);
}

void
aak_source_attach_control (AakSource *source, gboolean raise, const AakPosition *from)
{
  source->control = aak_audit_control_open (raise);
  if (source->control == NULL)
    source->account.blind = TRUE;
  else if (from != NULL && from->has_lost)
    aak_audit_control_set_start (source->control, (guint32) from->lost);
}

const char *
aak_source_unsettled (AakSource *source)
{
  if (source->control != NULL && aak_audit_control_has_queue (source->control))
    return "they wait in the kernel's queue";
  return source->class->unsettled != NULL ? source->class->unsettled (source) : NULL;
}

const AakAccount *
aak_source_account (AakSource *source)
{
  /* The kernel's counter only grows: what one answer fails to tell, the next one tells. */
  gboolean silent = source->control != NULL
                    && !aak_audit_control_lost (source->control, &source->account.backlog);
  if (source->class->refresh != NULL)
    source->class->refresh (source);
  source->total = source->account;
  source->total.blind |= silent;
  aak_account_add (&source->total, &source->carried);
  return &source->total;
}

AakPosition *
aak_source_mark (AakSource *source)
{
  if (source->class->mark == NULL)
    return NULL;
  AakPosition *position = aak_position_new ();
  source->class->mark (source, position);
  position->has_lost = source->control != NULL;
  if (position->has_lost)
    position->lost = (guint32) (aak_audit_control_get_start (source->control)
                                + (guint32) source->account.backlog);
  return position;
}

char *
aak_source_position (const AakSource *source)
{
  return source->class->position (source);
}

void
aak_source_close (AakSource *source)
{
  g_clear_pointer (&source->control, aak_audit_control_close);
  source->class->close (source);
}

gboolean
aak_source_has_blocks (const AakSource *source)
{
  return source->class->next_block != NULL;
}

AakSourceStatus
aak_source_next_block (AakSource *source, AakSourceBlock *block, GError **error)
{
  return source->class->next_block (source, block, error);
}

char *
aak_source_position_in (const AakSource *source, guint file, guint64 line)
{
  return source->class->position_in (source, file, line);
}

void
aak_source_prefix_error (const AakSource *source, guint file, guint64 line, GError **error)
{
  g_autofree char *position = aak_source_position_in (source, file, line);
  g_prefix_error (error, "%s%s: ", line > 0 ? "after " : "", position);
}

void
aak_source_interrupt (AakSource *source)
{
  if (source->class->interrupt != NULL)
    source->class->interrupt (source);
}

gboolean
aak_source_restart (AakSource *source)
{
  return source->class->restart (source);
}

char *
aak_source_count_damage (AakSource *source, GError *why, GError **error)
{
  if (aak_source_fd (source) >= 0 || source->account.records == 0)
    {
      g_propagate_error (error, why);
      return NULL;
    }
  char *message = g_strdup (why->message);
  g_error_free (why);
  source->account.unsized++;
  return message;
}

AakRecordResult
aak_source_record_parse (const AakSourceRecord *raw, AakRecord *out)
{
  return raw->type == 0 ? aak_record_parse_line (raw->data, raw->len, out)
                        : aak_record_parse_payload (raw->type, raw->data, raw->len, out);
}

AakRecordResult
aak_source_parse (AakSource *source, const AakSourceRecord *raw, AakRecord *out)
{
  AakRecordResult result = aak_source_record_parse (raw, out);
  source->account.malformed += result == AAK_RECORD_MALFORMED;
  return result;
}
