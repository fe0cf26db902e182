/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as the fields of a journal's entry, one a line: only what journald says is the kernel's
 * becomes a record. */
#include "learn/journal-entry.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static AakJournalEntry *entry;

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (entry == NULL)
    entry = aak_journal_entry_new ();
  aak_journal_entry_reset (entry);
  gboolean vouched = FALSE;
  for (size_t at = 0; at < size;)
    {
      const uint8_t *newline = memchr (data + at, '\n', size - at);
      size_t len = newline != NULL ? (size_t) (newline - data) - at : size - at;
      g_autofree char *field = g_memdup2 (len > 0 ? data + at : (const uint8_t *) "", MAX (len, 1));
      vouched |= len >= 11 && memcmp (field, "_TRANSPORT=", 11) == 0;
      aak_journal_entry_add (entry, field, len);
      at += len + 1;
    }
  AakJournalMeaning meaning = aak_journal_entry_read (entry);
  g_assert (vouched || meaning.kind == AAK_JOURNAL_OTHER);
  g_assert (meaning.kind != AAK_JOURNAL_OTHER || meaning.record.type == 0);
  AakRecord record;
  if (meaning.record.type != 0)
    aak_record_parse_payload (meaning.record.type, meaning.record.data, meaning.record.len,
                              &record);
  return 0;
}
