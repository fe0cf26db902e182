/* SPDX-License-Identifier: GPL-2.0-or-later
 * A question in the making: shared by the files that make questions of words. */
#pragma once

#include "compile/question.h"

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

/* Sockets by address, buses, queues and rings. */
gboolean aak_asked_unix (const AakAsked *asked, AakReply *out, GError **error);
gboolean aak_asked_dbus (const AakAsked *asked, AakReply *out, GError **error);
gboolean aak_asked_mqueue (const AakAsked *asked, AakReply *out, GError **error);
gboolean aak_asked_io_uring (const AakAsked *asked, AakReply *out, GError **error);
