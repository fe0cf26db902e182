/* SPDX-License-Identifier: GPL-2.0-or-later
 * Questions about what goes through sockets, buses, queues and rings. */
#include "config.h"

#include "learn/coverage-class.h"

#include "learn/access-fields.h"
#include "learn/unix-address.h"

#include <string.h>

/* --- sockets --------------------------------------------------------------------------------- */

/* Older kernels do not tell what is done with a socket: then all must be allowed. */
AakCoverage
aak_coverage_ask_network (const AakCoverageQuestion *asked)
{
  const AakObservation *access = asked->access;
  guint family = 0, type = 0;
  guint32 request = AAK_MAY_NET_ALL;
  if (!aak_coverage_number (access->name, aak_policy_family_number, &family)
      || !aak_coverage_number (access->detail, aak_policy_socket_type_number, &type))
    return aak_coverage_not_asked (AAK_COVERAGE_NO_NUMBER);
  if (access->perms != 0 && !aak_coverage_perms (AAK_PERM_WORDS_NETWORK, access->perms, &request))
    return aak_coverage_not_asked (AAK_COVERAGE_NO_PERMISSION);
  return aak_coverage_judge (aak_policy_query_network (asked->profile, (guint16) family,
                                                       (guint16) type, request),
                             AAK_PERM_WORDS_NETWORK);
}

static AakName
name_of (GBytes *bytes)
{
  gsize len = 0;
  const char *data = g_bytes_get_data (bytes, &len);
  return (AakName){ data, len };
}

/* Whichever way the addresses are to be read. */
AakCoverage
aak_coverage_ask_unix (const AakCoverageQuestion *asked)
{
  g_auto (GStrv) details = aak_access_unpack (AAK_CLASS_UNIX, asked->access->detail);
  guint type = 0;
  guint32 request = 0;
  if (details == NULL)
    return aak_coverage_not_asked (AAK_COVERAGE_NO_DETAILS);
  if (!aak_coverage_number (asked->access->name, aak_policy_socket_type_number, &type))
    return aak_coverage_not_asked (AAK_COVERAGE_NO_NUMBER);
  if (!aak_coverage_perms (AAK_PERM_WORDS_NETWORK, asked->access->perms, &request))
    return aak_coverage_not_asked (AAK_COVERAGE_NO_PERMISSION);
  g_autoptr (GPtrArray) own = aak_unix_address_bytes (details[0]);
  g_autoptr (GPtrArray) others = aak_unix_address_bytes (details[1]);
  AakCoverage sum = { .verdict = AAK_COVERAGE_ALLOWED };
  for (guint i = 0; i < own->len * others->len; i++)
    {
      AakUnixSocket socket = { .type = (guint16) type,
                               .address = name_of (own->pdata[i % own->len]),
                               .peer_address = name_of (others->pdata[i / own->len]),
                               .peer = *details[2] != '\0' ? details[2] : NULL };
      AakAnswer answer = aak_policy_query_unix (asked->profile, &socket, request);
      sum = aak_coverage_join (sum, aak_coverage_judge (answer, AAK_PERM_WORDS_NETWORK));
    }
  return sum;
}

/* --- D-Bus, queues, rings -------------------------------------------------------------------- */

AakCoverage
aak_coverage_ask_dbus (const AakCoverageQuestion *asked)
{
  const guint messages = AAK_PERM_SEND | AAK_PERM_RECEIVE;
  g_auto (GStrv) details = aak_access_unpack (AAK_CLASS_DBUS, asked->access->detail);
  guint perms = asked->access->perms;
  guint32 request = 0;
  AakName bus = aak_name (asked->access->name);
  AakCoverage sum = { .verdict = AAK_COVERAGE_ALLOWED };
  if (details == NULL)
    return aak_coverage_not_asked (AAK_COVERAGE_NO_DETAILS);
  if (!aak_coverage_perms (AAK_PERM_WORDS_DBUS, perms, &request))
    return aak_coverage_not_asked (AAK_COVERAGE_NO_PERMISSION);
  AakName name = aak_name (details[3]);
  AakDbusMessage message = { .bus = bus,
                             .name = name,
                             .peer = details[4],
                             .path = aak_name (details[0]),
                             .interface = aak_name (details[1]),
                             .member = aak_name (details[2]) };
  const struct
  {
    guint perms;
    AakAnswer answer;
  } parts[] = {
    { messages,
      aak_policy_query_dbus_message (asked->profile, &message,
                                     request & (AAK_MAY_DBUS_SEND | AAK_MAY_DBUS_RECEIVE)) },
    { AAK_PERM_BIND, aak_policy_query_dbus_bind (asked->profile, bus, name) },
    { AAK_PERM_EAVESDROP, aak_policy_query_dbus_eavesdrop (asked->profile, bus) },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if ((perms & parts[i].perms) != 0)
      sum = aak_coverage_join (sum, aak_coverage_judge (parts[i].answer, AAK_PERM_WORDS_DBUS));
  return sum;
}

AakCoverage
aak_coverage_ask_mqueue (const AakCoverageQuestion *asked)
{
  const AakObservation *access = asked->access;
  guint64 key = 0;
  guint32 request = 0;
  if (!aak_coverage_perms (AAK_PERM_WORDS_MQUEUE, access->perms, &request))
    return aak_coverage_not_asked (AAK_COVERAGE_NO_PERMISSION);
  if (strcmp (access->detail, "posix") == 0)
    return aak_coverage_judge (aak_policy_query_posix_mqueue (asked->profile,
                                                              aak_name (access->name), request),
                               AAK_PERM_WORDS_MQUEUE);
  if (strcmp (access->detail, "sysv") != 0)
    return aak_coverage_not_asked (AAK_COVERAGE_NO_DETAILS);
  if (!g_ascii_string_to_unsigned (access->name, 10, 0, G_MAXUINT32, &key, NULL))
    return aak_coverage_not_asked ("the kernel did not tell the queue's key");
  return aak_coverage_judge (aak_policy_query_sysv_mqueue (asked->profile, (guint32) key, request),
                             AAK_PERM_WORDS_MQUEUE);
}

AakCoverage
aak_coverage_ask_io_uring (const AakCoverageQuestion *asked)
{
  gboolean override = strcmp (asked->access->name, "override_creds") == 0;
  const char *peer = *asked->access->detail != '\0' ? asked->access->detail : NULL;
  if (!override && strcmp (asked->access->name, "sqpoll") != 0)
    return aak_coverage_not_asked (AAK_COVERAGE_NO_PERMISSION);
  guint32 request = override ? AAK_MAY_URING_OVERRIDE : AAK_MAY_URING_SQPOLL;
  return aak_coverage_judge (aak_policy_query_io_uring (asked->profile, override ? peer : NULL,
                                                        request),
                             AAK_PERM_WORDS_NONE);
}
