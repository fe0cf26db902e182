/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a journal shows to be missing, boot by boot: audit serials begin anew with each. */
#pragma once

#include "learn/journal-entry.h"
#include "learn/kernel-log.h"
#include "learn/serial-window.h"

typedef struct
{
  gboolean has_stream; /* journald hears the audit multicast group: all serials should be there */
  gboolean has_log;    /* there are lines of the kernel's log */
  AakSerialWindow window;
  AakKernelLog said;
  AakAccount log; /* what the kernel's log lacks */
} AakJournalBoot;

typedef struct AakJournalBoots AakJournalBoots;

AakJournalBoots *aak_journal_boots_new (void);
void aak_journal_boots_free (AakJournalBoots *boots);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakJournalBoots, aak_journal_boots_free)

/* The boot of this id, made where it is new. */
AakJournalBoot *aak_journal_boots_get (AakJournalBoots *boots, const char *id);

/* Takes in what an entry says of its boot, but for its serial. */
void aak_journal_boot_note (AakJournalBoot *boot, const AakJournalMeaning *meaning);

/* What is missing up to now was counted by another. */
void aak_journal_boots_forgive (AakJournalBoots *boots);

/* Brings what is missing into @account: missing serials as `overrun`. Of a boot whose audit stream
 * journald did not hear there is only the kernel's log: what that lacks counts, and the account is
 * blind, since the kernel tells what it suppressed only with the next line, if ever. */
void aak_journal_boots_account (const AakJournalBoots *boots, AakAccount *account);
