/* SPDX-License-Identifier: GPL-2.0-or-later
 * Where a record begins and ends in what the kernel hands out. */
#include "learn/kmsg-record.h"
#include "learn/netlink-record.h"

#include <criterion/criterion.h>
#include <linux/netlink.h>
#include <string.h>

Test (framing, kmsg)
{
  static const struct
  {
    const char *raw;
    const char *line;
    gint64 seq; /* -1: none */
    const char *text;
  } records[] = {
    { "6,7,8,-;text\n SUBSYSTEM=x;y\n", "6,7,8,-;text", 7, "text" },
    { "0,18446744073709551,0,c,caller=T1;", "0,18446744073709551,0,c,caller=T1;", 18446744073709551,
      "" },
    { "8,7,8,-;text", "8,7,8,-;text", 7, NULL },
    { "12,7,8,-;text\n", "12,7,8,-;text", 7, NULL },
    { "6,7,8,-\n;text", "6,7,8,-", 7, NULL },
    { "6,7", "6,7", -1, NULL },
    { "6;7,8", "6;7,8", -1, NULL },
    { "-6,7,8,-;text", "-6,7,8,-;text", -1, NULL },
    { " SUBSYSTEM=x;y", " SUBSYSTEM=x;y", -1, NULL },
    { "\n6,7,8,-;text", "", -1, NULL },
    { "", "", -1, NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    {
      AakKmsgRecord record;
      g_autofree char *buffer = g_strdup (records[i].raw);
      aak_kmsg_record_read (buffer, &record);
      cr_expect_str_eq (buffer, records[i].line);
      cr_expect_eq (record.line.len, strlen (records[i].line));
      cr_expect_eq (record.numbered ? (gint64) record.seq : -1, records[i].seq, "%s",
                    records[i].raw);
      cr_expect (g_strcmp0 (record.text, records[i].text) == 0, "%s", records[i].raw);
    }
}

Test (framing, netlink)
{
  char datagram[64] = { 0 };
  const gsize head = sizeof (struct nlmsghdr);
  AakSourceRecord record;
  for (guint type = 0; type <= G_MAXUINT16; type++)
    {
      struct nlmsghdr header = { .nlmsg_len = 1, .nlmsg_type = (guint16) type };
      memcpy (datagram, &header, sizeof header);
      gboolean any = aak_netlink_record_read (datagram, 64, 64, 0, &record);
      cr_assert_eq (any, type >= 16, "control messages are no records: %u", type);
      cr_assert (!any || (record.type == type && record.len == 64 - head));
    }
  cr_expect (!aak_netlink_record_read (datagram, 64, 64, 1, &record), "a process sent it");
  cr_expect (!aak_netlink_record_read (datagram, 65, 64, 0, &record), "it was cut off");
  cr_expect (!aak_netlink_record_read (datagram, head - 1, 64, 0, &record), "no whole header");
  cr_expect (aak_netlink_record_read (datagram, head, 64, 0, &record) && record.len == 0);
}
