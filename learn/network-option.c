/* SPDX-License-Identifier: GPL-2.0-or-later
 * The two ways to keep sockets. */
#include "config.h"

#include "learn/network-option.h"

#include "lib/error.h"
#include "lib/escape.h"

#include <string.h>

gboolean
aak_network_option_parse (const char *word, gboolean *out_addresses, GError **error)
{
  if (word == NULL || strcmp (word, "type") == 0 || strcmp (word, "address") == 0)
    {
      *out_addresses = word != NULL && strcmp (word, "address") == 0;
      return TRUE;
    }
  g_autofree char *shown = aak_escape (word, strlen (word));
  g_set_error (error, AAK_ERROR, AAK_ERROR_USAGE, "--network %s: type or address is needed", shown);
  return FALSE;
}
