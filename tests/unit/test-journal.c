/* SPDX-License-Identifier: GPL-2.0-or-later
 * journald's journal: which entries are the kernel's, each counted once, and what is missing. */
#include "config.h"

#include "learn/journal-entry.h"
#include "lib/error.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>

#define TEXT                                                                             \
  "apparmor=\"ALLOWED\" operation=\"open\" profile=\"k8s-web\" name=\"/etc/x\" pid=219 " \
  "comm=\"nginx\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0"
#define AUDIT(id)                                   \
  "_TRANSPORT=audit|_AUDIT_TYPE=1400|_AUDIT_ID=" id \
  "|_SOURCE_REALTIME_TIMESTAMP=1795295849284000|_AUDIT_TYPE_NAME=AVC|MESSAGE=AVC " TEXT
#define KERNEL(id) \
  "_TRANSPORT=kernel|SYSLOG_FACILITY=0|MESSAGE=audit: type=1400 audit(1795295849.284:" id "): " TEXT
#define SUPPRESSED(n) \
  "_TRANSPORT=kernel|SYSLOG_FACILITY=0|MESSAGE=kauditd_printk_skb: " n " callbacks suppressed"
#define MISSED(n)                                                                   \
  "_TRANSPORT=driver|MESSAGE_ID=e9bf28e6e834481bb6f48f548ad13606|MESSAGE=Missed " n \
  " kernel messages"

/* --- entries --------------------------------------------------------------------------------- */

static AakJournalMeaning
read_entry (AakJournalEntry *entry, const char *fields)
{
  g_auto (GStrv) split = g_strsplit (fields, "|", -1);
  aak_journal_entry_reset (entry);
  for (char **field = split; *field != NULL; field++)
    aak_journal_entry_add (entry, *field, strlen (*field));
  return aak_journal_entry_read (entry);
}

static const struct
{
  const char *fields;
  AakJournalKind kind;
  AakRecordResult result; /* OTHER where there is no record */
} entries[] = {
  { AUDIT ("32"), AAK_JOURNAL_AUDIT, AAK_RECORD_APPARMOR },
  { KERNEL ("32"), AAK_JOURNAL_KERNEL, AAK_RECORD_APPARMOR },
  { "_AUDIT_TYPE=1300|_AUDIT_ID=3|_SOURCE_REALTIME_TIMESTAMP=1|_TRANSPORT=audit|MESSAGE=SYSCALL a=1",
    AAK_JOURNAL_AUDIT, AAK_RECORD_OTHER },
  { "_TRANSPORT=kernel|SYSLOG_FACILITY=0|MESSAGE=eth0: link up", AAK_JOURNAL_KERNEL,
    AAK_RECORD_OTHER },
  { MISSED ("7"), AAK_JOURNAL_MISSED, AAK_RECORD_OTHER },
  /* What user space can make: its own fields, and lines in /dev/kmsg. */
  { "_TRANSPORT=journal|AUDIT_TYPE=1400|MESSAGE=AVC " TEXT, AAK_JOURNAL_OTHER, AAK_RECORD_OTHER },
  { "_TRANSPORT=syslog|SYSLOG_FACILITY=0|SYSLOG_IDENTIFIER=kernel|MESSAGE=audit: type=1400 "
    "audit(1795295849.284:32): " TEXT,
    AAK_JOURNAL_OTHER, AAK_RECORD_OTHER },
  { "_TRANSPORT=kernel|SYSLOG_FACILITY=1|SYSLOG_IDENTIFIER=kernel|MESSAGE=audit: type=1400 "
    "audit(1795295849.284:32): " TEXT,
    AAK_JOURNAL_OTHER, AAK_RECORD_OTHER },
  { "_TRANSPORT=kernel|MESSAGE=audit: type=1400 audit(1795295849.284:32): " TEXT, AAK_JOURNAL_OTHER,
    AAK_RECORD_OTHER },
  { "_TRANSPORT=journal|_TRANSPORT=audit|_AUDIT_TYPE=1400|MESSAGE=AVC " TEXT, AAK_JOURNAL_OTHER,
    AAK_RECORD_OTHER },
  { "_TRANSPORT=kernel|SYSLOG_FACILITY=3|SYSLOG_FACILITY=0|MESSAGE=audit: type=1400 "
    "audit(1795295849.284:32): " TEXT,
    AAK_JOURNAL_OTHER, AAK_RECORD_OTHER },
  { "_TRANSPORT=journal|MESSAGE_ID=e9bf28e6e834481bb6f48f548ad13606|MESSAGE=Missed 7 kernel messages",
    AAK_JOURNAL_OTHER, AAK_RECORD_OTHER },
  { "_TRANSPORT=audit|_AUDIT_TYPE=1107|_AUDIT_ID=3|_SOURCE_REALTIME_TIMESTAMP=1|MESSAGE=USER_AVC "
    "pid=1 msg='" TEXT "'",
    AAK_JOURNAL_AUDIT, AAK_RECORD_OTHER },
  /* A stamp inside the text is not the record's. */
  { "_TRANSPORT=audit|_AUDIT_TYPE=1400|_AUDIT_ID=32|_SOURCE_REALTIME_TIMESTAMP=1795295849284000|"
    "MESSAGE=AVC audit(1.0:1): " TEXT,
    AAK_JOURNAL_AUDIT, AAK_RECORD_OTHER },
  /* What contradicts itself is counted. */
  { "_TRANSPORT=audit|_AUDIT_TYPE=1400|_AUDIT_ID=32|MESSAGE=AVC " TEXT, AAK_JOURNAL_AUDIT,
    AAK_RECORD_MALFORMED },
  { AUDIT ("4294967296"), AAK_JOURNAL_AUDIT, AAK_RECORD_MALFORMED },
  { AUDIT ("-1"), AAK_JOURNAL_AUDIT, AAK_RECORD_MALFORMED },
  { AUDIT ("32") "|_AUDIT_ID=33", AAK_JOURNAL_AUDIT, AAK_RECORD_MALFORMED },
  { AUDIT ("32") "|_AUDIT_TYPE=1107", AAK_JOURNAL_AUDIT, AAK_RECORD_MALFORMED },
  { AUDIT ("32") "|MESSAGE=AVC " TEXT, AAK_JOURNAL_AUDIT, AAK_RECORD_MALFORMED },
  { "_TRANSPORT=audit|_AUDIT_TYPE=x|MESSAGE=AVC", AAK_JOURNAL_AUDIT, AAK_RECORD_MALFORMED },
  { "_TRANSPORT=audit", AAK_JOURNAL_AUDIT, AAK_RECORD_MALFORMED },
  { "", AAK_JOURNAL_OTHER, AAK_RECORD_OTHER },
  { "=|_TRANSPORT|MESSAGE=", AAK_JOURNAL_OTHER, AAK_RECORD_OTHER },
};

Test (journal_entry, only_what_the_kernel_wrote)
{
  g_autoptr (AakJournalEntry) entry = aak_journal_entry_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      AakRecord record;
      AakJournalMeaning meaning = read_entry (entry, entries[i].fields);
      AakRecordResult result =
          meaning.record.type != 0
              ? aak_record_parse_payload (meaning.record.type, meaning.record.data,
                                          meaning.record.len, &record)
              : AAK_RECORD_OTHER;
      cr_expect_eq (meaning.kind, entries[i].kind, "%s: %d", entries[i].fields, meaning.kind);
      cr_expect_eq (result, entries[i].result, "%s: %d", entries[i].fields, result);
    }
}

Test (journal_entry, the_record_is_whole)
{
  g_autoptr (AakJournalEntry) entry = aak_journal_entry_new ();
  const char *const same[] = { AUDIT ("32"), KERNEL ("32") };
  for (gsize i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autofree char *fields = g_strconcat (same[i], "|_BOOT_ID=abc", NULL);
      AakJournalMeaning meaning = read_entry (entry, fields);
      g_autofree char *payload = g_strndup (meaning.record.data, meaning.record.len);
      cr_expect_str_eq (payload, "audit(1795295849.284:32): " TEXT);
      cr_expect_eq (meaning.record.type, 1400);
      cr_expect_str_eq (meaning.boot, "abc");
      cr_expect (meaning.has_stamp && meaning.serial == 32);
    }
  cr_expect_eq (read_entry (entry, MISSED ("7")).missed, 7);
  cr_expect_eq (read_entry (entry, MISSED ("x")).missed, 1);
}

Test (journal_entry, a_value_without_end_is_cut)
{
  g_autoptr (AakJournalEntry) entry = aak_journal_entry_new ();
  g_autofree char *fields = g_strdup_printf ("%s%0100000d", AUDIT ("32"), 1);
  AakJournalMeaning meaning = read_entry (entry, fields);
  AakRecord record;
  cr_expect_leq (meaning.record.len, AAK_RECORD_MAX_LENGTH + 100);
  cr_expect_eq (aak_record_parse_payload (meaning.record.type, meaning.record.data,
                                          meaning.record.len, &record),
                AAK_RECORD_MALFORMED);
}

/* --- journal files --------------------------------------------------------------------------- */

#ifdef HAVE_SYSTEMD
#define MAKER "/lib/systemd/systemd-journal-remote"

static char *dir;

static void
setup (void)
{
  dir = g_dir_make_tmp ("aakit-journal-XXXXXX", NULL);
}

static void
teardown (void)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", dir);
  cr_expect_eq (system (command), 0);
  g_free (dir);
}

/* Makes @name of @lines, "BOOT FIELDS" each; times go on from @start. */
static void
make_journal (const char *name, guint64 start, const char *const *lines)
{
  if (!g_file_test (MAKER, G_FILE_TEST_IS_EXECUTABLE))
    cr_skip_test ("%s is not installed", MAKER);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i] + 2, "|", -1);
      g_autofree char *joined = g_strjoinv ("\n", fields);
      g_string_append_printf (text,
                              "__REALTIME_TIMESTAMP=%lu\n__MONOTONIC_TIMESTAMP=%lu\n"
                              "_BOOT_ID=%c%031d\n%s\n\n",
                              1795295849284000 + start + i, start + i, lines[i][0], 1, joined);
    }
  g_autofree char *in = g_build_filename (dir, "text", NULL);
  g_autofree char *out = g_build_filename (dir, name, NULL);
  g_autofree char *command =
      g_strdup_printf ("exec %s -o '%s' '%s' > /dev/null 2>&1", MAKER, out, in);
  cr_assert (g_file_set_contents (in, text->str, -1, NULL));
  cr_assert_eq (system (command), 0, "%s", command);
}

typedef struct
{
  guint records; /* AppArmor's */
  AakAccount account;
} Outcome;

static Outcome
read_journal (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakSource) source = aak_source_journal_read (dir, FALSE, &error);
  cr_assert_not_null (source, "%s", error != NULL ? error->message : "");
  Outcome outcome = { 0 };
  AakSourceRecord raw;
  AakRecord record;
  AakSourceStatus status;
  while ((status = aak_source_next (source, &raw, &error)) == AAK_SOURCE_RECORD)
    outcome.records += aak_source_parse (source, &raw, &record) == AAK_RECORD_APPARMOR;
  cr_expect_eq (status, AAK_SOURCE_END);
  outcome.account = *aak_source_account (source);
  return outcome;
}

TestSuite (journal, .init = setup, .fini = teardown, .timeout = 60);

Test (journal, what_came_both_ways_counts_once)
{
  const char *const lines[] = { "a " KERNEL ("32"), "a " AUDIT ("32"),     "a " AUDIT ("33"),
                                "a " KERNEL ("33"), "a " AUDIT ("35"),     "a " KERNEL ("34"),
                                "a " KERNEL ("35"), "a " SUPPRESSED ("9"), NULL };
  make_journal ("x.journal", 0, lines);
  Outcome outcome = read_journal ();
  cr_expect_eq (outcome.records, 4);
  cr_expect (aak_account_is_complete (&outcome.account));
}

/* The same serial in another boot is another record, and serials missing between two boots are not
 * missing. */
Test (journal, boots_and_rotated_files)
{
  const char *const first[] = { "a " AUDIT ("900"), "a " AUDIT ("901"), NULL };
  const char *const second[] = { "a " AUDIT ("902"), "b " AUDIT ("5"), "b " AUDIT ("8"), NULL };
  make_journal ("x@1.journal", 0, first);
  make_journal ("x.journal", 1000, second);
  Outcome outcome = read_journal ();
  cr_expect_eq (outcome.records, 5);
  cr_expect_eq (outcome.account.overrun, 2);
  cr_expect_not (outcome.account.blind);
}

/* Without the audit stream there is what the kernel's log has. */
Test (journal, the_kernels_log_alone)
{
  const char *const lines[] = { "a " KERNEL ("32"), "a " SUPPRESSED ("40"), "a " MISSED ("3"),
                                "a " KERNEL ("80"), NULL };
  make_journal ("x.journal", 0, lines);
  Outcome outcome = read_journal ();
  cr_expect_eq (outcome.records, 2);
  cr_expect_eq (outcome.account.backlog, 40);
  cr_expect_eq (outcome.account.overrun, 3);
  cr_expect (outcome.account.blind);
}

/* The number of AppArmor records that are there now. */
static guint
drain (AakSource *source)
{
  AakSourceRecord raw;
  AakRecord record;
  guint count = 0;
  gint64 deadline = g_get_monotonic_time () + G_USEC_PER_SEC / 2;
  while (g_get_monotonic_time () < deadline)
    {
      AakSourceStatus status = aak_source_next (source, &raw, NULL);
      if (status == AAK_SOURCE_RECORD)
        {
          count += aak_source_parse (source, &raw, &record) == AAK_RECORD_APPARMOR;
          continue;
        }
      struct pollfd fd = { .fd = aak_source_fd (source), .events = POLLIN };
      cr_assert_eq (status, AAK_SOURCE_AGAIN);
      poll (&fd, 1, 100);
    }
  return count;
}

static AakSource *
follow (const AakPosition *from)
{
  g_autoptr (GError) error = NULL;
  AakSource *source = aak_source_journal_follow (dir, from, &error);
  cr_assert_not_null (source, "%s", error != NULL ? error->message : "");
  return source;
}

/* From now on, into files that appear; and, begun again, from where it stood, with what came the
 * other way counted before. */
Test (journal, followed_and_gone_on_with)
{
  const char *const before[] = { "a " AUDIT ("30"), NULL };
  const char *const first[] = { "a " KERNEL ("31"), "a " AUDIT ("31"), "a " AUDIT ("32"), NULL };
  const char *const second[] = { "a " KERNEL ("32"), "a " AUDIT ("33"), "a " AUDIT ("36"), NULL };
  g_autoptr (AakPosition) from = NULL;
  make_journal ("x@1.journal", 0, before);
  {
    g_autoptr (AakSource) source = follow (NULL);
    cr_expect_eq (drain (source), 0);
    cr_expect_not (aak_source_account (source)->blind);
    make_journal ("x@2.journal", 100, first);
    cr_expect_eq (drain (source), 2);
    from = aak_source_mark (source);
  }
  make_journal ("x.journal", 200, second);
  g_autoptr (AakSource) source = follow (from);
  cr_expect_eq (drain (source), 2);
  const AakAccount *account = aak_source_account (source);
  cr_expect_eq (account->overrun, 2, "%lu", (unsigned long) account->overrun);
  cr_expect_eq (account->unsized, 0);
  cr_expect_not (account->blind);
  cr_expect_null (source->gap);
}

/* The entry that was the last is gone. */
Test (journal, vacuumed)
{
  const char *const other[] = { "a _TRANSPORT=stdout|MESSAGE=x", NULL };
  const char *const first[] = { "a " AUDIT ("30"), NULL };
  const char *const second[] = { "a " AUDIT ("35"), "a " AUDIT ("36"), NULL };
  g_autoptr (AakPosition) from = NULL;
  make_journal ("y.journal", 0, other);
  {
    g_autoptr (AakSource) source = follow (NULL);
    make_journal ("x@1.journal", 50, first);
    cr_expect_eq (drain (source), 1);
    from = aak_source_mark (source);
  }
  make_journal ("x.journal", 200, second);
  g_autofree char *gone = g_build_filename (dir, "x@1.journal", NULL);
  cr_assert_eq (g_unlink (gone), 0);
  g_autoptr (AakSource) source = follow (from);
  cr_expect_eq (drain (source), 2);
  cr_expect_eq (aak_source_account (source)->unsized, 1);
  cr_expect_not_null (source->gap);
}

/* While it is followed, a file goes: what was read is read. */
Test (journal, vacuumed_while_followed)
{
  const char *const first[] = { "a " AUDIT ("30"), NULL };
  const char *const second[] = { "a " AUDIT ("31"), NULL };
  const char *const third[] = { "a " AUDIT ("32"), "a " AUDIT ("40"), NULL };
  make_journal ("x@1.journal", 0, first);
  g_autoptr (AakSource) source = follow (NULL);
  make_journal ("x@2.journal", 50, second);
  cr_expect_eq (drain (source), 1);
  g_autofree char *gone = g_build_filename (dir, "x@2.journal", NULL);
  cr_assert_eq (g_unlink (gone), 0);
  cr_expect_eq (drain (source), 0);
  g_autoptr (AakPosition) position = aak_source_mark (source);
  cr_expect_not_null (position->cursor);
  make_journal ("x.journal", 100, third);
  cr_expect_eq (drain (source), 2);
  cr_expect_eq (aak_source_account (source)->overrun, 7);
}

Test (journal, files_that_cannot_be_read)
{
  const char *const lines[] = { "a " AUDIT ("32"), NULL };
  g_autoptr (GError) error = NULL;
  cr_expect_null (aak_source_journal_read (dir, FALSE, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND));
  g_clear_error (&error);
  make_journal ("x.journal", 0, lines);
  g_autofree char *other = g_build_filename (dir, "other.journal", NULL);
  cr_assert (g_file_set_contents (other, "LPKSHHRH and no more", -1, NULL));
  cr_expect_null (aak_source_journal_read (dir, FALSE, &error));
  cr_expect_not_null (strstr (error->message, "/other.journal"), "%s", error->message);
}
#endif
