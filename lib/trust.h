/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Who may put a file there that others rely on, told by owners and modes. */
#pragma once

#include <glib.h>
#include <sys/stat.h>

/* TRUE where root or the caller (the effective uid) owns what @st is of. */
gboolean aak_trust_is_own (const struct stat *st);

/* TRUE where nobody but its owner can write to what @st is of. An ACL that lets others write shows
 * as write permission of the group (acl(5)). */
gboolean aak_trust_is_closed (const struct stat *st);

/* FALSE with an INVALID error where somebody else than root and the caller owns the file, directory
 * or link @path, or its group or others can write to it (which of a link says nothing). The message
 * has the owner, the mode, and the command that mends it; @path is shown as it is, so escape it. */
gboolean aak_trust_check (const struct stat *st, const char *path,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
