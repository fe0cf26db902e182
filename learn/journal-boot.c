/* SPDX-License-Identifier: GPL-2.0-or-later
 * Boots of a journal. */
#include "config.h"

#include "learn/journal-boot.h"

struct AakJournalBoots
{
  GHashTable *table; /* id -> AakJournalBoot */
  AakJournalBoot *last;
  char *last_id;
};

AakJournalBoots *
aak_journal_boots_new (void)
{
  AakJournalBoots *boots = g_new0 (AakJournalBoots, 1);
  boots->table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return boots;
}

void
aak_journal_boots_free (AakJournalBoots *boots)
{
  g_hash_table_unref (boots->table);
  g_free (boots->last_id);
  g_free (boots);
}

AakJournalBoot *
aak_journal_boots_get (AakJournalBoots *boots, const char *id)
{
  if (g_strcmp0 (boots->last_id, id) == 0)
    return boots->last;
  g_free (boots->last_id);
  boots->last_id = g_strdup (id);
  boots->last = g_hash_table_lookup (boots->table, id);
  if (boots->last == NULL)
    {
      boots->last = g_new0 (AakJournalBoot, 1);
      g_hash_table_insert (boots->table, g_strdup (id), boots->last);
    }
  return boots->last;
}

void
aak_journal_boot_note (AakJournalBoot *boot, const AakJournalMeaning *meaning)
{
  switch (meaning->kind)
    {
    case AAK_JOURNAL_AUDIT:
      boot->has_stream = TRUE;
      break;
    case AAK_JOURNAL_KERNEL:
      boot->has_log = TRUE;
      aak_kernel_log_note (&boot->said, meaning->text, &boot->log);
      break;
    case AAK_JOURNAL_MISSED:
      boot->has_log = TRUE;
      boot->log.overrun += meaning->missed;
      break;
    case AAK_JOURNAL_OTHER:
      break;
    }
}

void
aak_journal_boots_forgive (AakJournalBoots *boots)
{
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, boots->table);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      AakJournalBoot *boot = value;
      aak_serial_window_forgive (&boot->window);
      boot->log = (AakAccount){ 0 };
      boot->has_log = FALSE;
    }
}

void
aak_journal_boots_account (const AakJournalBoots *boots, AakAccount *account)
{
  GHashTableIter iter;
  gpointer value;
  account->overrun = account->backlog = account->unsized = 0;
  gboolean has_stream = FALSE, has_log_only = FALSE;
  g_hash_table_iter_init (&iter, boots->table);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const AakJournalBoot *boot = value;
      if (boot->has_stream)
        {
          has_stream = TRUE;
          account->overrun += aak_serial_window_missing (&boot->window);
          continue;
        }
      account->overrun += boot->log.overrun;
      account->backlog += boot->log.backlog;
      account->unsized += boot->log.unsized;
      has_log_only |= boot->has_log;
    }
  account->blind = !has_stream || has_log_only;
}
