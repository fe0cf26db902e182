/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Owners and modes. */
#include "config.h"

#include "lib/trust.h"

#include "lib/error.h"

#include <unistd.h>

gboolean
aak_trust_is_own (const struct stat *st)
{
  return st->st_uid == 0 || st->st_uid == geteuid ();
}

gboolean
aak_trust_is_closed (const struct stat *st)
{
  return S_ISLNK (st->st_mode) || (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

gboolean
aak_trust_check (const struct stat *st, const char *path, GError **error)
{
  gboolean own = aak_trust_is_own (st);
  if (own && aak_trust_is_closed (st))
    return TRUE;
  g_autofree char *quoted = g_shell_quote (path);
  if (!own)
    g_set_error (
        error, AAK_ERROR, AAK_ERROR_INVALID,
        "%s: owned by user %u (mode %04o): only what root or user %u owns is taken: look at "
        "it, then: chown -h %u %s",
        path, (guint) st->st_uid, (guint) st->st_mode & 07777, (guint) geteuid (),
        (guint) geteuid (), quoted);
  else
    g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID,
                 "%s: others can write to it (mode %04o, owned by user %u): look at it, then: "
                 "chmod go-w %s",
                 path, (guint) st->st_mode & 07777, (guint) st->st_uid, quoted);
  return FALSE;
}
