/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A question in the making: shared by the files that make questions of words. */
#pragma once

#include "lib/policy/question.h"

/* The words behind that of the class. */
typedef struct
{
  const AakPolicySet *set;
  const AakPolicyProfile *profile;
  const char *const *words;
  guint n;
} AakAsked;

/* Asks what the words say, whose number was checked. USAGE where they are no question. */
typedef gboolean (*AakAskFunc) (const AakAsked *asked, AakReply *out, GError **error);

/* Sets a USAGE error: @what is wrong with @word. Always FALSE. */
gboolean aak_asked_bad_word (GError **error, const char *what, const char *word);

/* A word of the form KEY=VALUE, and where its value goes. */
typedef struct
{
  const char *key; /* "addr=" */
  const char **value;
} AakAskedPart;

/* Takes the words from @at on apart, each of which is one of the @n @parts. USAGE where one is not.
 */
gboolean aak_asked_parts (const AakAsked *asked, guint at, const AakAskedPart *parts, gsize n,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Mounts, sockets, buses, queues and rings. */
gboolean aak_asked_mount (const AakAsked *asked, AakReply *out, GError **error);
gboolean aak_asked_umount (const AakAsked *asked, AakReply *out, GError **error);
gboolean aak_asked_pivot_root (const AakAsked *asked, AakReply *out, GError **error);
gboolean aak_asked_network (const AakAsked *asked, AakReply *out, GError **error);
gboolean aak_asked_unix (const AakAsked *asked, AakReply *out, GError **error);
gboolean aak_asked_dbus (const AakAsked *asked, AakReply *out, GError **error);
gboolean aak_asked_mqueue (const AakAsked *asked, AakReply *out, GError **error);
gboolean aak_asked_io_uring (const AakAsked *asked, AakReply *out, GError **error);
