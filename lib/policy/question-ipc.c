/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Questions about D-Bus, message queues and io_uring. */
#include "config.h"

#include "lib/policy/question-class.h"

#include "lib/error.h"

#include <string.h>

/* --- D-Bus ----------------------------------------------------------------------------------- */

gboolean
aak_asked_dbus (const AakAsked *asked, AakReply *out, GError **error)
{
  const guint32 message_bits = AAK_MAY_DBUS_SEND | AAK_MAY_DBUS_RECEIVE;
  const char *name = "", *peer = "", *path = "", *interface = "", *member = "";
  const AakAskedPart parts[] = { { "name=", &name },
                                 { "peer=", &peer },
                                 { "path=", &path },
                                 { "interface=", &interface },
                                 { "member=", &member } };
  guint32 mask = 0;
  if (!aak_policy_perms_parse (AAK_PERM_WORDS_DBUS, asked->words[0], &mask)
      || ((mask & ~message_bits) != 0 && (mask & (mask - 1)) != 0))
    return aak_asked_bad_word (error, "none of send,receive, bind, eavesdrop", asked->words[0]);
  if (!aak_asked_parts (asked, 2, parts, G_N_ELEMENTS (parts), error))
    return FALSE;
  AakName bus = aak_name (asked->words[1]);
  const AakDbusMessage message = {
    bus, aak_name (name), peer, aak_name (path), aak_name (interface), aak_name (member)
  };
  out->words = AAK_PERM_WORDS_DBUS;
  if (mask == AAK_MAY_DBUS_BIND)
    out->answer = aak_policy_query_dbus_bind (asked->profile, bus, message.name);
  else if (mask == AAK_MAY_DBUS_EAVESDROP)
    out->answer = aak_policy_query_dbus_eavesdrop (asked->profile, bus);
  else
    out->answer = aak_policy_query_dbus_message (asked->profile, &message, mask);
  return TRUE;
}

/* --- message queues, io_uring ---------------------------------------------------------------- */

gboolean
aak_asked_mqueue (const AakAsked *asked, AakReply *out, GError **error)
{
  const char *name = asked->words[0];
  guint64 key = 0;
  guint32 mask = 0;
  if (!aak_policy_perms_parse (AAK_PERM_WORDS_MQUEUE, asked->words[1], &mask))
    return aak_asked_bad_word (error, "no permissions of message queues", asked->words[1]);
  out->words = AAK_PERM_WORDS_MQUEUE;
  if (*name == '/')
    out->answer = aak_policy_query_posix_mqueue (asked->profile, aak_name (name), mask);
  else if (g_ascii_string_to_unsigned (name, 10, 0, G_MAXUINT32, &key, NULL))
    out->answer = aak_policy_query_sysv_mqueue (asked->profile, (guint32) key, mask);
  else
    return aak_asked_bad_word (error, "neither the name (/...) nor the key of a queue", name);
  return TRUE;
}

gboolean
aak_asked_io_uring (const AakAsked *asked, AakReply *out, GError **error)
{
  gboolean override = strcmp (asked->words[0], "override_creds") == 0;
  if (!override && strcmp (asked->words[0], "sqpoll") != 0)
    return aak_asked_bad_word (error, "neither sqpoll nor override_creds", asked->words[0]);
  if (override != (asked->n > 1))
    return aak_asked_bad_word (error, "the label whose credentials are taken goes with",
                               "override_creds");
  out->answer =
      aak_policy_query_io_uring (asked->profile, override ? asked->words[1] : NULL,
                                 override ? AAK_MAY_URING_OVERRIDE : AAK_MAY_URING_SQPOLL);
  return TRUE;
}
