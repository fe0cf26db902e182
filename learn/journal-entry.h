/* SPDX-License-Identifier: GPL-2.0-or-later
 * One entry of journald's, and whether the kernel wrote it. Fields whose name begins with an
 * underscore are journald's own word, and nobody's message can set them (systemd.journal-fields(7),
 * "Trusted Journal Fields"). What a record's text stands in is MESSAGE, which only `_TRANSPORT`
 * makes the kernel's (systemd journald-audit.c, journald-kmsg.c). */
#pragma once

#include "learn/source.h"

#include <glib.h>

typedef enum
{
  AAK_JOURNAL_OTHER,  /* somebody's message */
  AAK_JOURNAL_AUDIT,  /* a record of the audit stream */
  AAK_JOURNAL_KERNEL, /* a line of the kernel's log, which may be an audit record, too */
  AAK_JOURNAL_MISSED, /* journald says that it missed lines of the kernel's log */
} AakJournalKind;

typedef struct AakJournalEntry AakJournalEntry;

/* What an entry is; valid until the next reset. */
typedef struct
{
  AakJournalKind kind;
  const char *boot;   /* the id of the boot, "" where the entry has none */
  const char *text;   /* KERNEL: the whole line */
  guint64 missed;     /* MISSED: how many, at least 1 */
  gboolean has_stamp; /* the record has one */
  guint64 time;       /* ms since the epoch */
  guint32 serial;
  AakSourceRecord record; /* as the audit stream has it; type 0: a line that is no record */
} AakJournalMeaning;

AakJournalEntry *aak_journal_entry_new (void);
void aak_journal_entry_free (AakJournalEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakJournalEntry, aak_journal_entry_free)

/* Forgets all fields. */
void aak_journal_entry_reset (AakJournalEntry *entry);

/* Adds one field, "NAME=value", of any bytes. Those that do not matter are left out, and of a value
 * no more is kept than a record can have. */
void aak_journal_entry_add (AakJournalEntry *entry, const void *data, gsize len);

/* What the fields make. A record of the audit stream whose fields contradict each other is one that
 * the parser finds malformed. */
AakJournalMeaning aak_journal_entry_read (AakJournalEntry *entry);
