/* SPDX-License-Identifier: GPL-2.0-or-later
 * --network: how much of what is done with sockets is kept. */
#pragma once

#include <glib.h>

#define AAK_NETWORK_OPTION \
  "Of internet sockets family and type are kept (type, default), or addresses as well (address)"

/* Reads @word, or NULL where the option was not given. USAGE for another word. */
gboolean aak_network_option_parse (const char *word, gboolean *out_addresses,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
