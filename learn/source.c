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

const AakAccount *
aak_source_account (AakSource *source)
{
  if (source->class->refresh != NULL)
    source->class->refresh (source);
  return &source->account;
}

char *
aak_source_position (const AakSource *source)
{
  return source->class->position (source);
}

void
aak_source_close (AakSource *source)
{
  source->class->close (source);
}

AakRecordResult
aak_source_parse (AakSource *source, const AakSourceRecord *raw, AakRecord *out)
{
  AakRecordResult result = raw->type == 0
                               ? aak_record_parse_line (raw->data, raw->len, out)
                               : aak_record_parse_payload (raw->type, raw->data, raw->len, out);
  source->account.malformed += result == AAK_RECORD_MALFORMED;
  return result;
}
