/* SPDX-License-Identifier: GPL-2.0-or-later
 * Where records come from: one table of functions, one backend a file. */
#pragma once

#include "learn/account.h"
#include "learn/audit-control.h"
#include "learn/position.h"
#include "learn/record.h"

typedef struct AakSource AakSource;
typedef struct AakSourceBlock AakSourceBlock; /* learn/source-block.h */

typedef enum
{
  AAK_SOURCE_RECORD, /* *out is filled; its bytes are valid until the next call */
  AAK_SOURCE_AGAIN,  /* nothing now: poll aak_source_fd() */
  AAK_SOURCE_END,    /* the input is at its end */
  AAK_SOURCE_FAILED, /* the error is set; the source can only be closed, but one that is read to its
                        end goes on behind the file that failed */
} AakSourceStatus;

typedef struct
{
  guint type; /* of the audit message; 0: a line of text that names its type itself */
  const char *data;
  gsize len;
} AakSourceRecord;

typedef struct
{
  const char *name;
  AakSourceStatus (*next) (AakSource *source, AakSourceRecord *out, GError **error);
  int (*fd) (const AakSource *source);
  /* Brings source->account up to date (asks the kernel); may be NULL. */
  void (*refresh) (AakSource *source);
  char *(*position) (const AakSource *source);
  /* Fills in up to where records were given; NULL where the source is read but once. */
  void (*mark) (AakSource *source, AakPosition *out);
  /* NULL once the daemon that writes what this source reads has written all that the kernel gave
   * it, or else a word on that; NULL where none stands between. */
  const char *(*unsettled) (AakSource *source);
  void (*interrupt) (AakSource *source); /* NULL where the source is not read to an end */
  void (*close) (AakSource *source);
  /* What is read by blocks has these too, else they are NULL. */
  AakSourceStatus (*next_block) (AakSource *source, AakSourceBlock *block, GError **error);
  char *(*position_in) (const AakSource *source, guint file, guint64 line);
  gboolean (*restart) (AakSource *source);
} AakSourceClass;

/* The head of every backend's own struct. */
struct AakSource
{
  const AakSourceClass *class;
  AakAccount account; /* `malformed` and `unproven` are counted by the reader of the records */
  AakAuditControl *control; /* the kernel's count of lost records goes to `backlog`, or NULL */
  AakAccount carried;       /* of the killed recording that this one goes on with, and what was
                               still on its way at the end */
  AakAccount total;         /* both, when they were last asked for */
  char *gap;                /* why records are missing between that one and this one, or NULL */
  char *notice;             /* what the user should be told, or NULL; whoever tells it, frees it */
};

/* Sources that can be opened at a position take @from: NULL for "from now on", or where a recording
 * that was killed had counted everything. What cannot be given again is counted, as far as its
 * number is known, or else as `unsized`, and named in `gap`. */

/* The audit multicast group of the running kernel. @raise: enlarge the kernel's backlog and the
 * socket's buffer, and put the backlog back on close. PRIVILEGE names the capability that is
 * missing; NOT_FOUND where the kernel has no audit or aakit was built without it. */
AakSource *aak_source_netlink_open (gboolean raise, const AakPosition *from,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Logs of auditd's, at least one (NULL-terminated), read one after the other, each once to its end;
 * "-" is standard input. Each may be plain or compressed by gzip, xz or zstd; damage ends the
 * source after what came before it (INVALID). */
AakSource *aak_source_files_open (const char *const *paths,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
AakSource *aak_source_file_open (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for logs that may have records in common, each of which is given once. */
AakSource *aak_source_inputs_open (const char *const *paths,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The log of auditd's at @path, which must be there, from now on: across rotation by renaming,
 * truncation, and deletion and re-creation. What cannot be known after one of these (a log that was
 * cut back before all of it was read) counts as `unsized`. */
AakSource *aak_source_follow_open (const char *path, const AakPosition *from,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The kernel's log, /dev/kmsg below @root, from now on. Overwritten records count as `overrun`,
 * whatever they were, and those that the kernel says it suppressed as `backlog`. The account is
 * blind unless kernel.printk_ratelimit is 0 and no auditd takes the records. */
AakSource *aak_source_kmsg_open (const char *root, const AakPosition *from,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The journal of the running host, or, @path, one in a directory that somebody writes to. Where
 * journald hears the audit multicast group, missing serials count as `overrun`; where it does not,
 * the account is blind. PRIVILEGE or NOT_FOUND where no journal file can be read, or aakit was
 * built without libsystemd. */
AakSource *aak_source_journal_follow (const char *path, const AakPosition *from,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The journal files in the directory @path, or, @is_root, those of the system whose root directory
 * it is, to their end. What is written there is believed to be journald's. */
AakSource *aak_source_journal_read (const char *path, gboolean is_root,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All of @sources (AakSource* of the running kernel, at most AAK_DUPLICATES_SOURCES; taken out of
 * the array) at once; a record that several give counts once. Its account is that of the best of
 * them, which may have lost more than all of them did, but not less; one that ends is told of in
 * `notice`, and the others go on. @from: the position of all, whose members those of @sources that
 * keep a history were opened at, or NULL. */
AakSource *aak_source_several_new (GPtrArray *sources, const AakPosition *from,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For sources of the running kernel's records: from now on the account holds what the kernel itself
 * lost, and is blind where it does not tell. @raise: enlarge its backlog until the source is
 * closed. */
void aak_source_attach_control (AakSource *source, gboolean raise, const AakPosition *from);

const char *aak_source_name (const AakSource *source);
AakSourceStatus aak_source_next (AakSource *source, AakSourceRecord *out, GError **error);
/* A descriptor to poll for input, or -1 where the source never has to wait. */
int aak_source_fd (const AakSource *source);

/* --- sources that give blocks of lines; next() is not to be mixed in --- */

gboolean aak_source_has_blocks (const AakSource *source);
/* Fills @block, which must outlive the lines that are taken from it; with @block->later its bytes
 * may still have to be loaded. RECORD, END, or FAILED: then
 * the lines that came before the failure are given already, and the error does not name its place.
 */
AakSourceStatus aak_source_next_block (AakSource *source, AakSourceBlock *block, GError **error);
/* Line @line (0: before the first) of file number @file: "audit.log:412". Newly allocated. */
char *aak_source_position_in (const AakSource *source, guint file, guint64 line);
/* Says in @error that it came after line @line of file number @file. */
void aak_source_prefix_error (const AakSource *source, guint file, guint64 line, GError **error);
/* Goes back to where the source began; FALSE where the input cannot (a pipe). */
gboolean aak_source_restart (AakSource *source);

/* NULL where all that the kernel wrote up to now can be read, or nobody can know; otherwise where
 * it is: "they wait in the kernel's queue". Static. */
const char *aak_source_unsettled (AakSource *source);

/* What was read and lost up to now, by the killed recording that this one goes on with as well. */
const AakAccount *aak_source_account (AakSource *source);
/* Where the record that next() gave last stands: "audit.log:412", "netlink#88123".
 * Newly allocated. */
char *aak_source_position (const AakSource *source);
/* Up to where records were given, for a later source to begin at; NULL where the source is read but
 * once. To be asked for after the account. The caller frees it. */
AakPosition *aak_source_mark (AakSource *source);
/* Ends the reading of what is read to its end: next() and next_block() say END soon, even where
 * they wait for a pipe. For other threads, and safe in a signal handler. Nothing happens to other
 * sources.
 */
void aak_source_interrupt (AakSource *source);
void aak_source_close (AakSource *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakSource, aak_source_close)

/* Counts what could not be read because of @why, which it takes: the rest of a file, of unknown
 * size, where @source goes on behind it. Returns what to warn of (newly allocated), or NULL with
 * @why as the error: a live source must not end, and a log must have begun. */
char *aak_source_count_damage (AakSource *source, GError *why,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Parses what next() gave, or a line of a block. */
AakRecordResult aak_source_record_parse (const AakSourceRecord *raw, AakRecord *out);
/* The same, and counts it in the source's account. */
AakRecordResult aak_source_parse (AakSource *source, const AakSourceRecord *raw, AakRecord *out);
