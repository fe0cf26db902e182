/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as a datagram of the audit group and as a record of /dev/kmsg. */
#include "learn/kernel-log.h"
#include "learn/kmsg-record.h"
#include "learn/netlink-record.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void
check_parse (const AakSourceRecord *raw)
{
  AakRecord record;
  AakRecordResult result = raw->type == 0
                               ? aak_record_parse_line (raw->data, raw->len, &record)
                               : aak_record_parse_payload (raw->type, raw->data, raw->len, &record);
  if (result != AAK_RECORD_APPARMOR)
    return;
  for (guint i = 0; i < record.n_fields; i++)
    {
      AakSpan value = record.fields[i].value;
      g_assert (value.data >= raw->data && value.data + value.len <= raw->data + raw->len);
    }
}

static void
read_netlink (const char *bytes, gsize size)
{
  AakSourceRecord raw;
  g_assert (!aak_netlink_record_read (bytes, size, size, 1, &raw));
  g_assert (size == 0 || !aak_netlink_record_read (bytes, size, size - 1, 0, &raw));
  if (!aak_netlink_record_read (bytes, size, size, 0, &raw))
    return;
  g_assert (raw.type >= 16 && raw.data + raw.len == bytes + size);
  check_parse (&raw);
}

static void
read_kmsg (char *bytes)
{
  AakKmsgRecord record;
  AakKernelLog log = { 0 };
  AakAccount account = { 0 };
  gsize size = strlen (bytes);
  aak_kmsg_record_read (bytes, &record);
  g_assert (record.line.data == bytes && record.line.len <= size);
  g_assert (memchr (bytes, '\n', record.line.len) == NULL && bytes[record.line.len] == '\0');
  g_assert (record.text == NULL
            || (record.numbered && record.text > bytes && record.text <= bytes + record.line.len));
  if (record.text != NULL)
    aak_kernel_log_note (&log, record.text, &account);
  AakSourceRecord raw = { 0, bytes, record.line.len };
  check_parse (&raw);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *datagram = g_memdup2 (size > 0 ? data : (const uint8_t *) "", MAX (size, 1));
  g_autofree char *line = g_strndup ((const char *) data, size);
  read_netlink (datagram, size);
  read_kmsg (line);
  return 0;
}
