/* SPDX-License-Identifier: GPL-2.0-or-later
 * journald's journal: the running host's, followed, or a directory of journal files, read to its
 * end. journald takes the kernel's records from the audit multicast group and from the kernel's
 * log, so that the same record may be there twice; it counts once. Interface: sd-journal(3). */
#include "config.h"

#include "learn/source.h"

#include "learn/duplicates.h"
#include "learn/journal-boot.h"
#include "learn/journal-entry.h"
#include "learn/journal-open.h"
#include "learn/journal-sync.h"
#include "learn/source-wake.h"
#include "lib/error.h"
#include "lib/systemd.h"

#ifdef HAVE_SYSTEMD

/* Which of journald's two ways a record came; see aak_duplicates_is_new(). */
enum
{
  BY_AUDIT,
  BY_KERNEL_LOG,
};

/* The kernel's log cuts records off (kernel printk(), PRINTKRB_RECORD_MAX less its prefixes); one
 * of this length may be cut, and is left to the audit stream where journald has that. */
#define KERNEL_LOG_CUT 900

/* How many entries before the last one are looked at: they may come again by journald's other way.
 */
#define LOOK_BACK 4096

#define SYNC_MS 3000

typedef struct
{
  AakSource base;
  sd_journal *journal;
  gboolean follow;
  gboolean is_host; /* its journald writes there */
  AakSourceWake wake;
  AakJournalEntry *entry;
  AakJournalBoots *boots;
  AakDuplicates *duplicates;
  guint64 time;   /* of the last record, ms since the epoch */
  guint64 serial; /* of it */
  char *cursor;   /* of the last entry, when there was no other after it; or NULL */
} JournalSource;

/* --- reading --------------------------------------------------------------------------------- */

/* FALSE where the entry cannot be read: its file is damaged. */
static gboolean
load_entry (JournalSource *self)
{
  const void *data;
  size_t len;
  int result;
  aak_journal_entry_reset (self->entry);
  aak_sd.journal_restart_data (self->journal);
  while ((result = aak_sd.journal_enumerate_data (self->journal, &data, &len)) > 0)
    aak_journal_entry_add (self->entry, data, len);
  return result == 0;
}

/* TRUE where *@out is a record to give. */
static gboolean
take_entry (JournalSource *self, AakSourceRecord *out)
{
  if (!load_entry (self))
    {
      self->base.account.malformed++;
      return FALSE;
    }
  AakJournalMeaning meaning = aak_journal_entry_read (self->entry);
  AakJournalBoot *boot = aak_journal_boots_get (self->boots, meaning.boot);
  aak_journal_boot_note (boot, &meaning);
  if (meaning.record.type == 0)
    return FALSE;
  gboolean by_log = meaning.kind == AAK_JOURNAL_KERNEL;
  if (by_log && boot->has_stream && meaning.record.len >= KERNEL_LOG_CUT)
    return FALSE;
  if (meaning.has_stamp)
    {
      self->time = meaning.time;
      self->serial = meaning.serial;
      aak_serial_window_add (&boot->window, meaning.serial);
    }
  *out = meaning.record;
  return aak_duplicates_is_new (self->duplicates, by_log ? BY_KERNEL_LOG : BY_AUDIT, out);
}

/* Remembers where the journal stands; without an entry there, where it stood before. */
static void
keep_cursor (JournalSource *self)
{
  char *cursor = NULL;
  if (aak_sd.journal_get_cursor (self->journal, &cursor) < 0)
    return;
  free (self->cursor);
  self->cursor = cursor;
}

/* No more entries for now: TRUE where more may have come since. The file of the last entry may be
 * closed then, and its cursor gone with it. */
static gboolean
may_have_more (JournalSource *self)
{
  keep_cursor (self);
  return self->follow && aak_sd.journal_process (self->journal) != SD_JOURNAL_NOP;
}

static AakSourceStatus
journal_next (AakSource *source, AakSourceRecord *out, GError **error)
{
  JournalSource *self = (JournalSource *) source;
  aak_source_wake_busy (&self->wake, TRUE);
  for (;;)
    {
      int result = aak_sd.journal_next (self->journal);
      if (result < 0)
        {
          aak_error_set_errno (error, -result, "cannot read the journal");
          return AAK_SOURCE_FAILED;
        }
      if (result > 0 && take_entry (self, out))
        return AAK_SOURCE_RECORD;
      if (result > 0 || may_have_more (self))
        continue;
      aak_source_wake_busy (&self->wake, FALSE);
      return self->follow ? AAK_SOURCE_AGAIN : AAK_SOURCE_END;
    }
}

static void
journal_refresh (AakSource *source)
{
  JournalSource *self = (JournalSource *) source;
  aak_journal_boots_account (self->boots, &self->base.account);
  self->base.account.unsized += self->base.gap != NULL ? 1 : 0;
}

static int
journal_fd (const AakSource *source)
{
  const JournalSource *self = (const JournalSource *) source;
  return self->follow ? self->wake.poll_fd : -1;
}

static char *
journal_position (const AakSource *source)
{
  return g_strdup_printf ("journald#%" G_GUINT64_FORMAT, ((const JournalSource *) source)->serial);
}

static void
journal_mark (AakSource *source, AakPosition *out)
{
  JournalSource *self = (JournalSource *) source;
  keep_cursor (self);
  out->cursor = g_strdup (self->cursor);
  out->has_stamp = self->time != 0;
  out->time = self->time;
  out->serial = self->serial;
}

static const char *
journal_unsettled (AakSource *source)
{
  return !((JournalSource *) source)->is_host || aak_journal_sync (AAK_JOURNAL_SOCKET, SYNC_MS)
             ? NULL
             : "journald has not written them";
}

static void
journal_close (AakSource *source)
{
  JournalSource *self = (JournalSource *) source;
  aak_source_wake_clear (&self->wake);
  aak_sd.journal_close (self->journal);
  aak_journal_entry_free (self->entry);
  aak_journal_boots_free (self->boots);
  aak_duplicates_free (self->duplicates);
  free (self->cursor);
  g_free (self->base.gap);
  g_free (self);
}

static const AakSourceClass journal_class = {
  .name = "journald",
  .next = journal_next,
  .fd = journal_fd,
  .refresh = journal_refresh,
  .position = journal_position,
  .mark = journal_mark,
  .unsettled = journal_unsettled,
  .close = journal_close,
};

static const AakSourceClass journal_files_class = {
  .name = "journald",
  .next = journal_next,
  .fd = journal_fd,
  .refresh = journal_refresh,
  .position = journal_position,
  .close = journal_close,
};

/* --- opening --------------------------------------------------------------------------------- */

/* Takes in the entries before the last one, @cursor, at which the journal stands again then: they
 * tell what of that which comes next was counted already, or is not to be. */
static int
look_back (JournalSource *self, const char *cursor)
{
  AakSourceRecord ignored;
  int result = aak_sd.journal_previous_skip (self->journal, LOOK_BACK);
  while (result >= 0 && aak_sd.journal_test_cursor (self->journal, cursor) == 0)
    {
      take_entry (self, &ignored);
      result = aak_sd.journal_next (self->journal);
      if (result == 0)
        break;
    }
  if (result >= 0)
    take_entry (self, &ignored);
  aak_journal_boots_forgive (self->boots);
  self->base.account = (AakAccount){ 0 };
  return result;
}

/* Stays behind the last entry, and knows what came before it: whether journald hears the audit
 * stream, and which serial was the last. */
static int
begin (JournalSource *self)
{
  keep_cursor (self);
  return self->cursor != NULL ? look_back (self, self->cursor) : 0;
}

/* Goes to where a killed recording stood, or, where that entry is gone, to the next one. */
static int
go_on (JournalSource *self, const AakPosition *from)
{
  if (from->cursor == NULL)
    return aak_sd.journal_seek_head (self->journal); /* there was no entry yet */
  int result = aak_sd.journal_seek_cursor (self->journal, from->cursor);
  if (result >= 0)
    result = aak_sd.journal_next (self->journal);
  if (result > 0 && aak_sd.journal_test_cursor (self->journal, from->cursor) > 0)
    return look_back (self, from->cursor);
  self->base.gap = g_strdup ("the entry that it had read last is not in the journal any more");
  if (result > 0)
    result = aak_sd.journal_previous (self->journal);
  return result == 0 ? aak_sd.journal_seek_head (self->journal) : result;
}

/* A source over @journal, which it owns; NULL where that is. */
static JournalSource *
new_source (sd_journal *journal)
{
  if (journal == NULL)
    return NULL;
  JournalSource *self = g_new0 (JournalSource, 1);
  self->base.class = &journal_class;
  self->journal = journal;
  self->wake = (AakSourceWake) AAK_SOURCE_WAKE_INIT;
  self->entry = aak_journal_entry_new ();
  self->boots = aak_journal_boots_new ();
  self->duplicates = aak_duplicates_new ();
  return self;
}

AakSource *
aak_source_journal_read (const char *path, gboolean is_root, GError **error)
{
  JournalSource *self = new_source (aak_journal_open_directory (path, is_root, error));
  if (self != NULL)
    self->base.class = &journal_files_class;
  return (AakSource *) self;
}

AakSource *
aak_source_journal_follow (const char *path, const AakPosition *from, GError **error)
{
  JournalSource *self = new_source (aak_journal_open_live (path, error));
  if (self == NULL)
    return NULL;
  self->follow = TRUE;
  self->is_host = path == NULL;
  int result = from != NULL ? go_on (self, from) : begin (self);
  if (result < 0)
    aak_error_set_errno (error, -result, "cannot go to a place in the journal");
  else if (aak_source_wake_open (&self->wake, aak_sd.journal_get_fd (self->journal), error))
    return &self->base;
  journal_close (&self->base);
  return NULL;
}

#else

static AakSource *
refuse (GError **error)
{
  g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND,
               "this aakit was built without journald's journal (libsystemd)");
  return NULL;
}

AakSource *
aak_source_journal_read (const char *path, gboolean is_root, GError **error)
{
  (void) path;
  (void) is_root;
  return refuse (error);
}

AakSource *
aak_source_journal_follow (const char *path, const AakPosition *from, GError **error)
{
  (void) path;
  (void) from;
  return refuse (error);
}

#endif
