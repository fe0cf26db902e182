/* SPDX-License-Identifier: GPL-2.0-or-later
 * The user that the system's D-Bus daemon runs as. */
#pragma once

#include "lib/cli.h"

/* Its uid by etc/passwd below @root: of "messagebus" (Debian, Ubuntu, SUSE) or "dbus" (others).
 * NOT_FOUND where there is neither. */
gboolean aak_dbus_user_find (const char *root, guint64 *out_uid,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Warns of @count records that had another sender; of none not. */
void aak_dbus_user_warn_foreign (AakCli *cli, guint64 count);
