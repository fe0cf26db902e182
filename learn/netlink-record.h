/* SPDX-License-Identifier: GPL-2.0-or-later
 * One datagram of the audit multicast group. */
#pragma once

#include "learn/source.h"

/* Reads the record in the first @len bytes of @datagram, which @sender sent (a netlink port; 0 is
 * the kernel); @len may be larger than the @room that there was. FALSE where it is none: somebody
 * else's, cut off, or a message of netlink's own. @out points into @datagram. */
gboolean aak_netlink_record_read (const char *datagram, gsize len, gsize room, guint32 sender,
                                  AakSourceRecord *out);
