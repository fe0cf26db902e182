/* SPDX-License-Identifier: GPL-2.0-or-later
 * The audit multicast group: every record that the kernel writes, with or without auditd, and an
 * account of what was lost: the kernel's own counter (its backlog was full; such records consume no
 * serial), and serials that are missing (our socket's buffer was full). Formats: linux/audit.h,
 * kernel/audit.c. */
#include "config.h"

#include "learn/source.h"

#include "learn/netlink-record.h"
#include "learn/serial-window.h"
#include "lib/error.h"
#include "lib/fd.h"

#include <errno.h>
#include <string.h>

#ifdef HAVE_LIBAUDIT
#include <libaudit.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define SOCKET_BUFFER (64 << 20)

typedef struct
{
  AakSource base;
  AakFd fd;         /* the multicast group */
  guint64 time;     /* of the last record */
  guint64 serial;   /* of it */
  guint64 overruns; /* ENOBUFS */
  gboolean unknown; /* what came between a killed recording and the next record */
  AakSerialWindow window;
  char buffer[MAX_AUDIT_MESSAGE_LENGTH + 4096];
} NetlinkSource;

static void
netlink_refresh (AakSource *source)
{
  NetlinkSource *self = (NetlinkSource *) source;
  AakAccount *account = &self->base.account;
  account->overrun = aak_serial_window_missing (&self->window);
  /* Without an overrun the newest are not lost, but on their way: the kernel gives a record its
   * serial before it queues it. After a gap they may be in it. */
  if (self->overruns == 0 && self->base.gap == NULL)
    account->overrun -=
        aak_serial_window_unsettled (&self->window, self->window.newest - AAK_SERIAL_UNSETTLED);
  account->unsized = (account->overrun == 0 ? self->overruns : 0) + (self->unknown ? 1 : 0);
}

static gboolean
accept_message (NetlinkSource *self, ssize_t n, const struct sockaddr_nl *from,
                AakSourceRecord *out)
{
  if (!aak_netlink_record_read (self->buffer, (gsize) n, sizeof self->buffer, from->nl_pid, out))
    return FALSE;
  if (aak_record_parse_stamp (out->data, out->len, &self->time, &self->serial))
    {
      self->unknown &= !self->window.started;
      aak_serial_window_add (&self->window, (guint32) self->serial);
    }
  return TRUE;
}

static AakSourceStatus
netlink_next (AakSource *source, AakSourceRecord *out, GError **error)
{
  NetlinkSource *self = (NetlinkSource *) source;
  for (;;)
    {
      struct sockaddr_nl from = { 0 };
      socklen_t from_len = sizeof from;
      ssize_t n = recvfrom (self->fd, self->buffer, sizeof self->buffer, MSG_DONTWAIT | MSG_TRUNC,
                            (struct sockaddr *) &from, &from_len);
      if (n >= 0 && accept_message (self, n, &from, out))
        return AAK_SOURCE_RECORD;
      if (n >= 0 || errno == EINTR)
        continue;
      if (errno == EAGAIN)
        return AAK_SOURCE_AGAIN;
      if (errno == ENOBUFS)
        {
          self->overruns++;
          continue;
        }
      aak_error_set_errno (error, errno, "cannot read the audit multicast group");
      return AAK_SOURCE_FAILED;
    }
}

static int
netlink_fd (const AakSource *source)
{
  return ((const NetlinkSource *) source)->fd;
}

static char *
netlink_position (const AakSource *source)
{
  return g_strdup_printf ("netlink#%" G_GUINT64_FORMAT, ((const NetlinkSource *) source)->serial);
}

static void
netlink_mark (AakSource *source, AakPosition *out)
{
  const NetlinkSource *self = (const NetlinkSource *) source;
  out->has_stamp = self->window.started;
  out->time = self->time;
  out->serial = aak_serial_window_settled (&self->window);
}

static void
netlink_close (AakSource *source)
{
  NetlinkSource *self = (NetlinkSource *) source;
  aak_fd_clear (&self->fd);
  g_free (self->base.gap);
  g_free (self);
}

static const AakSourceClass netlink_class = {
  .name = "netlink",
  .next = netlink_next,
  .fd = netlink_fd,
  .refresh = netlink_refresh,
  .position = netlink_position,
  .mark = netlink_mark,
  .close = netlink_close,
};

/* The kernel sends records to the group in the initial network namespace only; elsewhere one can
 * join, and hears nothing. Process 1 is in it where this is the initial pid namespace, whose inode
 * is fixed (linux/proc_ns.h, PROC_PID_INIT_INO). Who may not look at process 1 may not
 * join either. */
static gboolean
check_network_namespace (GError **error)
{
  struct stat pid, own, initial;
  if (stat ("/proc/self/ns/pid", &pid) < 0 || pid.st_ino != 0xEFFFFFFCu
      || stat ("/proc/self/ns/net", &own) < 0 || stat ("/proc/1/ns/net", &initial) < 0
      || (own.st_ino == initial.st_ino && own.st_dev == initial.st_dev))
    return TRUE;
  g_set_error (error, AAK_ERROR, AAK_ERROR_PRIVILEGE,
               "this process is in a network namespace of its own, where no audit record arrives: "
               "start it in the node's (hostNetwork: true in a pod)");
  return FALSE;
}

static int
open_group (GError **error)
{
  if (!check_network_namespace (error))
    return -1;
  g_auto (AakFd) fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
  if (fd < 0)
    {
      aak_error_set_errno (error, errno,
                           "cannot open an audit socket (is audit compiled into this kernel?)");
      return -1;
    }
  struct sockaddr_nl address = { .nl_family = AF_NETLINK,
                                 .nl_groups = 1u << (AUDIT_NLGRP_READLOG - 1) };
  if (bind (fd, (struct sockaddr *) &address, sizeof address) < 0)
    {
      aak_error_set_errno (
          error, errno,
          "cannot join the audit multicast group (needs CAP_AUDIT_READ in the initial "
          "user namespace: run as root)");
      return -1;
    }
  return aak_fd_steal (&fd);
}

/* What came since @from is gone; how much that was, the serial of the next record tells, where that
 * of the last one is known. */
static void
begin (NetlinkSource *self, const AakPosition *from)
{
  self->unknown = from != NULL;
  if (from != NULL)
    self->base.gap = g_strdup ("the multicast group keeps nothing for later");
  if (from == NULL || !from->has_stamp)
    return;
  self->serial = from->serial;
  self->time = from->time;
  aak_serial_window_add (&self->window, (guint32) from->serial);
}

AakSource *
aak_source_netlink_open (gboolean raise, const AakPosition *from, GError **error)
{
  int fd = open_group (error);
  if (fd < 0)
    return NULL;
  NetlinkSource *self = g_new0 (NetlinkSource, 1);
  self->base.class = &netlink_class;
  self->fd = fd;
  int size = SOCKET_BUFFER;
  if (raise && setsockopt (fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) < 0)
    setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &size,
                sizeof size); /* as much as an unprivileged reader may have */
  aak_source_attach_control (&self->base, raise, from);
  begin (self, from);
  return &self->base;
}

#else

AakSource *
aak_source_netlink_open (gboolean raise, const AakPosition *from, GError **error)
{
  (void) raise;
  (void) from;
  g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND,
               "this aakit was built without the live audit source (libaudit): use --input FILE");
  return NULL;
}

#endif
