/* SPDX-License-Identifier: GPL-2.0-or-later
 * The framing of the audit multicast group (kernel/audit.c, kauditd_send_multicast_skb()): a header
 * and the record's text, without a newline. The header's length is not that of the text on all
 * kernels, and that of the datagram is. */
#include "config.h"

#include "learn/netlink-record.h"

#include <linux/netlink.h>
#include <string.h>

gboolean
aak_netlink_record_read (const char *datagram, gsize len, gsize room, guint32 sender,
                         AakSourceRecord *out)
{
  struct nlmsghdr header;
  if (sender != 0 || len < sizeof header || len > room)
    return FALSE;
  memcpy (&header, datagram, sizeof header);
  if (header.nlmsg_type < NLMSG_MIN_TYPE)
    return FALSE;
  *out = (AakSourceRecord){ header.nlmsg_type, datagram + sizeof header, len - sizeof header };
  return TRUE;
}
