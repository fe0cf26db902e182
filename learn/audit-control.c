/* SPDX-License-Identifier: GPL-2.0-or-later
 * AUDIT_GET and AUDIT_SET (linux/audit.h). */
#include "config.h"

#include "learn/audit-control.h"

#include "learn/raised-limit.h"
#include "lib/fd.h"

#ifdef HAVE_LIBAUDIT
#include <libaudit.h>
#include <poll.h>

#define BACKLOG_LIMIT  65536
#define LIMIT_PATH     "/run/aakit/backlog.lock"
#define STATUS_WAIT_US (3 * G_USEC_PER_SEC)

struct AakAuditControl
{
  AakFd fd;
  guint32 lost_at_start;
  guint32 daemon;        /* by its last answer */
  AakRaisedLimit *limit; /* NULL: nobody knows of the other recordings */
  guint32 old_backlog_limit;
  gboolean raised;
};

/* The answer to AUDIT_GET, from a thread of the kernel: on a busy node it takes a while. */
static gboolean
get_status (int fd, struct audit_status *out)
{
  gint64 deadline = g_get_monotonic_time () + STATUS_WAIT_US;
  if (audit_request_status (fd) <= 0)
    return FALSE;
  for (gint64 now = g_get_monotonic_time (); now < deadline; now = g_get_monotonic_time ())
    {
      struct pollfd ready = { .fd = fd, .events = POLLIN };
      struct audit_reply reply;
      if (poll (&ready, 1, (int) ((deadline - now) / 1000) + 1) <= 0
          || audit_get_reply (fd, &reply, GET_REPLY_NONBLOCKING, 0) <= 0 || reply.type != AUDIT_GET)
        continue;
      *out = *reply.status;
      return TRUE;
    }
  return FALSE;
}

/* @now: the limit as it is; 0 means none. */
static void
raise_limit (AakAuditControl *control, int fd, guint32 now)
{
  if (now == 0 || now > BACKLOG_LIMIT)
    return;
  control->old_backlog_limit =
      control->limit != NULL ? aak_raised_limit_note (control->limit, now, BACKLOG_LIMIT) : now;
  control->raised = now == BACKLOG_LIMIT || audit_set_backlog_limit (fd, BACKLOG_LIMIT) > 0;
}

/* Unless another recording needs it, or somebody has set it to something else meanwhile. */
static void
put_limit_back (AakAuditControl *control)
{
  struct audit_status status = { 0 };
  guint32 before = control->old_backlog_limit;
  gboolean last = control->limit == NULL || aak_raised_limit_is_last (control->limit, &before);
  if (last && control->raised && before != 0 && before < BACKLOG_LIMIT
      && get_status (control->fd, &status) && status.backlog_limit == BACKLOG_LIMIT
      && audit_set_backlog_limit (control->fd, before) <= 0)
    g_printerr ("aa-learn: warning: cannot set the audit backlog limit back to %u\n", before);
}

AakAuditControl *
aak_audit_control_open (gboolean raise)
{
  struct audit_status status = { 0 };
  g_auto (AakFd) fd = audit_open ();
  /* Joined before the limit is read, which another recording may be putting back just now. */
  g_autoptr (AakRaisedLimit) limit = raise && fd >= 0 ? aak_raised_limit_join (LIMIT_PATH) : NULL;
  if (fd < 0 || !get_status (fd, &status))
    return NULL;
  AakAuditControl *control = g_new0 (AakAuditControl, 1);
  control->lost_at_start = status.lost;
  control->daemon = status.pid;
  control->limit = g_steal_pointer (&limit);
  if (raise)
    raise_limit (control, fd, status.backlog_limit);
  control->fd = aak_fd_steal (&fd);
  return control;
}

gboolean
aak_audit_status_read (AakAuditStatus *out)
{
  struct audit_status status = { 0 };
  g_auto (AakFd) fd = audit_open ();
  if (fd < 0 || !get_status (fd, &status))
    return FALSE;
  *out = (AakAuditStatus){ status.failure, status.rate_limit, status.backlog_limit, status.pid };
  return TRUE;
}

static gboolean
ask (AakAuditControl *control, struct audit_status *out)
{
  *out = (struct audit_status){ 0 };
  if (!get_status (control->fd, out))
    return FALSE;
  control->daemon = out->pid;
  return TRUE;
}

gboolean
aak_audit_control_lost (AakAuditControl *control, guint64 *out)
{
  struct audit_status status;
  if (!ask (control, &status))
    return FALSE;
  *out = (guint32) (status.lost - control->lost_at_start);
  return TRUE;
}

gboolean
aak_audit_control_has_queue (AakAuditControl *control)
{
  struct audit_status status;
  return ask (control, &status) && status.backlog > 0;
}

void
aak_audit_control_flush (AakAuditControl *control)
{
  struct audit_status status;
  if (ask (control, &status))
    audit_set_rate_limit (control->fd, status.rate_limit);
}

guint
aak_audit_control_daemon (const AakAuditControl *control)
{
  return control->daemon;
}

guint32
aak_audit_control_get_start (const AakAuditControl *control)
{
  return control->lost_at_start;
}

void
aak_audit_control_set_start (AakAuditControl *control, guint32 start)
{
  control->lost_at_start = start;
}

void
aak_audit_control_close (AakAuditControl *control)
{
  put_limit_back (control);
  g_clear_pointer (&control->limit, aak_raised_limit_free);
  aak_fd_clear (&control->fd);
  g_free (control);
}

#else

gboolean
aak_audit_status_read (AakAuditStatus *out)
{
  (void) out;
  return FALSE;
}

AakAuditControl *
aak_audit_control_open (gboolean raise)
{
  (void) raise;
  return NULL;
}

gboolean
aak_audit_control_lost (AakAuditControl *control, guint64 *out)
{
  (void) control;
  (void) out;
  return FALSE;
}

gboolean
aak_audit_control_has_queue (AakAuditControl *control)
{
  (void) control;
  return FALSE;
}

void
aak_audit_control_flush (AakAuditControl *control)
{
  (void) control;
}

guint
aak_audit_control_daemon (const AakAuditControl *control)
{
  (void) control;
  return 0;
}

guint32
aak_audit_control_get_start (const AakAuditControl *control)
{
  (void) control;
  return 0;
}

void
aak_audit_control_set_start (AakAuditControl *control, guint32 start)
{
  (void) control;
  (void) start;
}

void
aak_audit_control_close (AakAuditControl *control)
{
  (void) control;
}

#endif
