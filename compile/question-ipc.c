/* SPDX-License-Identifier: GPL-2.0-or-later
 * Questions about unix sockets, D-Bus, message queues and io_uring. */
#include "config.h"

#include "compile/question-class.h"

#include "lib/error.h"

#include <string.h>
#include <sys/socket.h>

/* A word of the form KEY=VALUE, and where its value goes. */
typedef struct
{
  const char *key; /* "addr=" */
  const char **value;
} Part;

/* Takes the words from @at on apart. */
static gboolean
read_parts (const AakAsked *asked, guint at, const Part *parts, gsize n, GError **error)
{
  for (; at < asked->n; at++)
    {
      gboolean found = FALSE;
      for (gsize i = 0; !found && i < n; i++)
        {
          found = g_str_has_prefix (asked->words[at], parts[i].key);
          if (found)
            *parts[i].value = asked->words[at] + strlen (parts[i].key);
        }
      if (!found)
        return aak_asked_bad_word (error, "not a part of this question", asked->words[at]);
    }
  return TRUE;
}

/* --- unix sockets ---------------------------------------------------------------------------- */

/* "none", a path, or "@" and an abstract name. @out_bytes keeps what @out points into. */
static gboolean
read_address (const char *word, GString **out_bytes, AakName *out, GError **error)
{
  if (strcmp (word, "none") == 0)
    return TRUE;
  if (*word != '/' && *word != '@')
    return aak_asked_bad_word (error, "neither none, a path, nor @NAME", word);
  *out_bytes = g_string_new (word);
  if (*word == '@')
    (*out_bytes)->str[0] = '\0';
  *out = (AakName){ (*out_bytes)->str, (*out_bytes)->len };
  return TRUE;
}

gboolean
aak_asked_unix (const AakAsked *asked, AakReply *out, GError **error)
{
  const char *address = NULL, *peer_address = NULL, *peer = NULL;
  const Part parts[] = { { "addr=", &address },
                         { "peer_addr=", &peer_address },
                         { "peer=", &peer } };
  guint type = 0;
  guint32 mask = AAK_MAY_NET_ALL;
  if (!aak_policy_socket_type_number (asked->words[0], &type))
    return aak_asked_bad_word (error, "no type of sockets", asked->words[0]);
  gboolean has_mask = asked->n > 1 && strchr (asked->words[1], '=') == NULL;
  if (has_mask && !aak_policy_perms_parse (AAK_PERM_WORDS_NETWORK, asked->words[1], &mask))
    return aak_asked_bad_word (error, "no permissions of sockets", asked->words[1]);
  if (!read_parts (asked, has_mask ? 2 : 1, parts, G_N_ELEMENTS (parts), error))
    return FALSE;
  out->words = AAK_PERM_WORDS_NETWORK;
  if (address == NULL && peer_address == NULL && peer == NULL)
    {
      out->answer = aak_policy_query_network (asked->profile, AF_UNIX, (guint16) type, mask);
      return TRUE;
    }
  g_autoptr (GString) own = NULL;
  g_autoptr (GString) others = NULL;
  AakUnixSocket socket = { .type = (guint16) type, .peer = peer };
  if ((address != NULL && !read_address (address, &own, &socket.address, error))
      || (peer_address != NULL
          && !read_address (peer_address, &others, &socket.peer_address, error)))
    return FALSE;
  out->answer = aak_policy_query_unix (asked->profile, &socket, mask);
  return TRUE;
}

/* --- D-Bus ----------------------------------------------------------------------------------- */

gboolean
aak_asked_dbus (const AakAsked *asked, AakReply *out, GError **error)
{
  const guint32 message_bits = AAK_MAY_DBUS_SEND | AAK_MAY_DBUS_RECEIVE;
  const char *name = "", *peer = "", *path = "", *interface = "", *member = "";
  const Part parts[] = { { "name=", &name },
                         { "peer=", &peer },
                         { "path=", &path },
                         { "interface=", &interface },
                         { "member=", &member } };
  guint32 mask = 0;
  if (!aak_policy_perms_parse (AAK_PERM_WORDS_DBUS, asked->words[0], &mask)
      || ((mask & ~message_bits) != 0 && (mask & (mask - 1)) != 0))
    return aak_asked_bad_word (error, "none of send,receive, bind, eavesdrop", asked->words[0]);
  if (!read_parts (asked, 2, parts, G_N_ELEMENTS (parts), error))
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
