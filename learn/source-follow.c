/* SPDX-License-Identifier: GPL-2.0-or-later
 * The log that auditd is writing, followed wherever rotation takes it. */
#include "config.h"

#include "learn/source.h"

#include "learn/audit-daemon.h"
#include "learn/auditd-serials.h"
#include "learn/source-trail.h"
#include "learn/source-wake.h"
#include "lib/escape.h"

#include <string.h>

/* How long a log that was rotated away is read on: until its writer was told to open the new one.
 */
#define RETIRED_US  (60 * G_USEC_PER_SEC)
#define MAX_RETIRED 8 /* newer ones */

#define IDLE_STEPS 3

typedef struct
{
  AakSource base;
  AakSourceTrail *trail;
  AakSourceWake wake;
  guint current;    /* the entry that is read now */
  gboolean given;   /* something came since the first entry was current */
  guint64 cut_back; /* how often a log was */
  gboolean has_daemon;
  gboolean had_daemon;
  AakAuditdSerials *serials;
  guint idle;          /* how often the kernel's daemon was, at the end */
  guint32 whole_until; /* then: the newest serial of which all are there that will come */
} FollowSource;

static AakTrailEntry *
current_entry (const FollowSource *self)
{
  return g_ptr_array_index (self->trail->entries, self->current);
}

static gboolean
is_over (const FollowSource *self, const AakTrailEntry *entry)
{
  return entry->retired != 0
         && (self->trail->entries->len - self->current > MAX_RETIRED
             || g_get_monotonic_time () - entry->retired > RETIRED_US);
}

/* Nothing more stands in the current file for now: goes to the next, and lets go of one that nobody
 * writes to any more. TRUE where that gave its last line, which has no newline. */
static gboolean
leave (FollowSource *self, AakSourceRecord *out)
{
  AakTrailEntry *entry = current_entry (self);
  if (entry->state != AAK_TRAIL_SURE || !is_over (self, entry))
    {
      self->current++;
      return FALSE;
    }
  if (aak_source_lines_take_rest (aak_source_growing_lines (entry->file), out))
    return TRUE;
  aak_source_trail_drop (self->trail, self->current);
  return FALSE;
}

/* All files were read to their ends: TRUE where it is worth beginning again. */
static gboolean
begin_again (FollowSource *self)
{
  gboolean again = aak_source_trail_update (self->trail) || self->given;
  self->current = 0;
  self->given = FALSE;
  return again;
}

/* Reads more of the current file; FALSE with an error that names it. */
static gboolean
fill (FollowSource *self, gboolean *out_more, GError **error)
{
  AakTrailEntry *entry = current_entry (self);
  gboolean cut_back = FALSE;
  GError *local = NULL;
  *out_more = FALSE;
  if (entry->state != AAK_TRAIL_SURE)
    return TRUE;
  gssize n = aak_source_growing_fill (entry->file, &cut_back, &local);
  if (n < 0)
    {
      g_autofree char *name = aak_escape (self->trail->path, strlen (self->trail->path));
      g_propagate_prefixed_error (error, local, "%s: ", name);
      return FALSE;
    }
  self->cut_back += cut_back;
  *out_more = n > 0;
  self->given |= n > 0;
  /* Rotation goes on while a long log is read: what it made is opened before it is deleted. */
  if (n > 0)
    self->given |= aak_source_trail_update (self->trail);
  return TRUE;
}

static AakSourceStatus
next_line (FollowSource *self, AakSourceRecord *out, GError **error)
{
  for (;;)
    {
      if (self->current >= self->trail->entries->len)
        {
          if (begin_again (self))
            continue;
          aak_source_wake_busy (&self->wake, FALSE);
          return AAK_SOURCE_AGAIN;
        }
      AakTrailEntry *entry = current_entry (self);
      if (entry->state == AAK_TRAIL_SURE
          && aak_source_lines_take (aak_source_growing_lines (entry->file), out))
        return AAK_SOURCE_RECORD;
      gboolean more = FALSE;
      aak_source_wake_busy (&self->wake, TRUE);
      if (!fill (self, &more, error))
        return AAK_SOURCE_FAILED;
      if (!more && leave (self, out))
        return AAK_SOURCE_RECORD;
    }
}

static AakSourceStatus
follow_next (AakSource *source, AakSourceRecord *out, GError **error)
{
  FollowSource *self = (FollowSource *) source;
  AakSourceStatus status = next_line (self, out, error);
  if (status == AAK_SOURCE_RECORD)
    aak_auditd_serials_add (self->serials, out->data, out->len);
  return status;
}

/* The serials tell what the kernel dropped before the last line, but not behind it. */
static void
note_daemon (FollowSource *self, const AakAuditControl *control)
{
  gboolean has = aak_audit_control_daemon (control) != 0;
  self->had_daemon |= has;
  if (has == self->has_daemon)
    return;
  self->has_daemon = has;
  if (has)
    return;
  g_free (self->base.notice);
  self->base.notice = g_strdup ("the kernel has no audit daemon that takes its records any more: "
                                "they are missing in auditd's log; start auditd again");
}

/* What comes late is on its way, until the end. */
static guint64
count_missing (const FollowSource *self)
{
  const AakSerialWindow *window = &self->serials->window;
  guint32 since = window->newest - AAK_SERIAL_UNSETTLED;
  if (self->idle >= IDLE_STEPS && (gint32) (self->whole_until - since) > 0)
    since = self->whole_until;
  return aak_serial_window_missing (window) - aak_serial_window_unsettled (window, since);
}

static void
follow_refresh (AakSource *source)
{
  FollowSource *self = (FollowSource *) source;
  AakAccount *account = &self->base.account;
  account->unsized = self->cut_back + self->trail->missed + (self->base.gap != NULL ? 1 : 0);
  if (self->base.control == NULL)
    return;
  note_daemon (self, self->base.control);
  account->unsized += self->had_daemon && !self->has_daemon;
  /* Of another's log nobody knows what it lacks. */
  account->overrun = self->had_daemon ? count_missing (self) : 0;
  account->blind = !self->had_daemon || self->serials->mixed;
}

static int
follow_fd (const AakSource *source)
{
  return ((const FollowSource *) source)->wake.poll_fd;
}

/* The file by the name that it has now. */
static char *
follow_position (const AakSource *source)
{
  const FollowSource *self = (const FollowSource *) source;
  if (self->current >= self->trail->entries->len)
    return aak_escape (self->trail->path, strlen (self->trail->path));
  const AakTrailEntry *entry = current_entry (self);
  const char *name = entry->name != NULL ? entry->name : self->trail->base;
  g_autofree char *path = g_build_filename (self->trail->dir, name, NULL);
  g_autofree char *escaped = aak_escape (path, strlen (path));
  guint64 line = entry->file != NULL ? aak_source_growing_lines (entry->file)->number : 0;
  return g_strdup_printf ("%s%s:%" G_GUINT64_FORMAT, escaped,
                          entry->name != NULL ? "" : " (moved away)", line);
}

static void
follow_mark (AakSource *source, AakPosition *out)
{
  FollowSource *self = (FollowSource *) source;
  out->path = g_strdup (self->trail->path);
  for (guint i = 0; i < self->trail->entries->len; i++)
    {
      const AakTrailEntry *entry = g_ptr_array_index (self->trail->entries, i);
      if (entry->file != NULL && out->files->len < AAK_POSITION_MAX_FILES)
        aak_source_growing_mark (entry->file, out);
    }
  out->has_stamp = self->serials->window.started;
  out->time = self->serials->time;
  out->serial = aak_serial_window_settled (&self->serials->window);
}

static void
follow_close (AakSource *source)
{
  FollowSource *self = (FollowSource *) source;
  aak_source_wake_clear (&self->wake);
  g_clear_pointer (&self->trail, aak_source_trail_free);
  g_free (self->base.gap);
  g_free (self->base.notice);
  g_free (self->serials);
  g_free (self);
}

/* Whether the kernel's daemon has written all, in steps: it is idle; it is idle again, after the
 * kernel was made to send what it held back; and that was read, so that gaps up to here are losses.
 */
static const char *
follow_unsettled (AakSource *source)
{
  FollowSource *self = (FollowSource *) source;
  AakAuditControl *control = source->control;
  if (control == NULL)
    return NULL;
  if (!aak_audit_daemon_is_idle ("/proc", aak_audit_control_daemon (control)))
    return "auditd has not written them";
  if (self->idle++ == 0)
    aak_audit_control_flush (control);
  if (self->idle < IDLE_STEPS)
    return "they come from auditd's log";
  self->whole_until = self->serials->window.newest;
  return NULL;
}

static const AakSourceClass follow_class = {
  .name = "audit-log",
  .next = follow_next,
  .fd = follow_fd,
  .refresh = follow_refresh,
  .position = follow_position,
  .mark = follow_mark,
  .unsettled = follow_unsettled,
  .close = follow_close,
};

AakSource *
aak_source_follow_open (const char *path, const AakPosition *from, GError **error)
{
  FollowSource *self = g_new0 (FollowSource, 1);
  self->base.class = &follow_class;
  self->serials = g_new0 (AakAuditdSerials, 1);
  self->wake = (AakSourceWake) AAK_SOURCE_WAKE_INIT;
  /* What the killed recording had not seen yet is missing, or comes. */
  if (from != NULL && from->has_stamp)
    aak_serial_window_add (&self->serials->window, (guint32) from->serial);
  self->trail = from != NULL ? aak_source_trail_resume (path, from, &self->base.gap, error)
                             : aak_source_trail_open (path, error);
  if (self->trail == NULL || !aak_source_wake_open (&self->wake, self->trail->inotify, error))
    {
      follow_close (&self->base);
      return NULL;
    }
  return &self->base;
}
