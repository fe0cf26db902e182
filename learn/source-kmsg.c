/* SPDX-License-Identifier: GPL-2.0-or-later
 * The kernel's log, where audit records go while no auditd takes them: rate limited, and in a ring
 * that is overwritten. */
#include "config.h"

#include "learn/source.h"

#include "learn/kernel-log.h"
#include "learn/kmsg-record.h"
#include "learn/source-auditd.h"
#include "lib/error.h"
#include "lib/fd.h"
#include "lib/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define RECORD_MAX 16384 /* the kernel's own limit is 8192 (CONSOLE_EXT_LOG_MAX) */

typedef struct
{
  AakSource base;
  AakFd fd;
  gboolean started; /* seq is known */
  guint64 seq;      /* of the last record */
  gboolean skips;   /* lines up to number skip, which were counted before */
  guint64 skip;
  AakKernelLog said;
  char buffer[RECORD_MAX + 1];
} KmsgSource;

/* What is not of the kernel's facility the parser leaves out. FALSE where the line was counted
 * before. */
static gboolean
take_record (KmsgSource *self, AakSourceRecord *out)
{
  AakKmsgRecord record;
  AakAccount before = { 0 };
  aak_kmsg_record_read (self->buffer, &record);
  gboolean counted = self->skips && record.numbered && record.seq <= self->skip;
  if (record.numbered && !counted)
    {
      if (self->started && record.seq > self->seq + 1)
        self->base.account.overrun += record.seq - self->seq - 1;
      self->started = TRUE;
      self->seq = record.seq;
    }
  if (record.text != NULL)
    aak_kernel_log_note (&self->said, record.text, counted ? &before : &self->base.account);
  *out = (AakSourceRecord){ 0, record.line.data, record.line.len };
  return !counted;
}

static AakSourceStatus
kmsg_next (AakSource *source, AakSourceRecord *out, GError **error)
{
  KmsgSource *self = (KmsgSource *) source;
  for (;;)
    {
      ssize_t n = read (self->fd, self->buffer, RECORD_MAX);
      if (n == 0)
        return AAK_SOURCE_END;
      if (n > 0)
        {
          self->buffer[n] = '\0';
          if (take_record (self, out))
            return AAK_SOURCE_RECORD;
          continue;
        }
      if (errno == EAGAIN)
        return AAK_SOURCE_AGAIN;
      /* Overwritten before it was read: the next record's number says how many were. */
      if (errno == EPIPE)
        self->base.account.unsized += !self->started;
      else if (errno != EINTR)
        {
          aak_error_set_errno (error, errno, "cannot read /dev/kmsg");
          return AAK_SOURCE_FAILED;
        }
    }
}

static int
kmsg_fd (const AakSource *source)
{
  return ((const KmsgSource *) source)->fd;
}

static char *
kmsg_position (const AakSource *source)
{
  return g_strdup_printf ("kmsg#%" G_GUINT64_FORMAT, ((const KmsgSource *) source)->seq);
}

static void
kmsg_mark (AakSource *source, AakPosition *out)
{
  const KmsgSource *self = (const KmsgSource *) source;
  out->has_line = self->started;
  out->line = self->seq;
}

static void
kmsg_close (AakSource *source)
{
  KmsgSource *self = (KmsgSource *) source;
  aak_fd_clear (&self->fd);
  g_free (self->base.gap);
  g_free (self);
}

static const AakSourceClass kmsg_class = {
  .name = "kmsg",
  .next = kmsg_next,
  .fd = kmsg_fd,
  .position = kmsg_position,
  .mark = kmsg_mark,
  .close = kmsg_close,
};

/* What was suppressed last is told only when the next record is printed, if ever. */
static gboolean
is_limited (const char *root)
{
  g_autofree char *path = aak_fs_path (root, "/proc/sys/kernel/printk_ratelimit");
  g_autofree char *text = aak_fs_read_text (path, 64, NULL);
  return g_strcmp0 (text, "0") != 0;
}

/* Goes past what is there already, and so knows the number of its last line; or, with @from, past
 * what was counted: how much was overwritten since, the number of the next line tells. */
static void
begin (KmsgSource *self, const AakPosition *from)
{
  self->started = self->skips = from != NULL && from->has_line;
  if (self->started)
    {
      self->seq = self->skip = from->line;
      return;
    }
  AakSourceRecord ignored;
  while (kmsg_next (&self->base, &ignored, NULL) == AAK_SOURCE_RECORD)
    continue;
  self->base.account = (AakAccount){ .blind = self->base.account.blind };
  if (from == NULL)
    return;
  self->base.gap = g_strdup ("its state does not say which line of the kernel's log was the last");
  self->base.account.unsized++;
}

AakSource *
aak_source_kmsg_open (const char *root, const AakPosition *from, GError **error)
{
  g_autofree char *path = aak_fs_path (root, "/dev/kmsg");
  g_auto (AakFd) fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0 || (lseek (fd, 0, SEEK_SET) < 0 && errno != ESPIPE))
    {
      aak_error_set_errno (error, errno, "cannot read %s%s", path,
                           errno == EPERM || errno == EACCES ? " (needs CAP_SYSLOG: run as root)"
                                                             : "");
      return NULL;
    }
  KmsgSource *self = g_new0 (KmsgSource, 1);
  self->base.class = &kmsg_class;
  self->base.account.blind = is_limited (root) || aak_source_auditd_runs (root);
  self->fd = aak_fd_steal (&fd);
  begin (self, from);
  return &self->base;
}
