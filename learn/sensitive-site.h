/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a site says about sensitive accesses: /etc/aakit/sensitive.yaml. */
#pragma once

#include "lib/cli.h"

/* At most so many bytes. */
#define AAK_SENSITIVE_SITE_MAX (1u << 20)

/* Makes aak_sensitive_table() that of the program with what the site's file says: the one that the
 * environment's AAKIT_SENSITIVE names, or aakit/sensitive.yaml in the directory of configuration
 * below the root, where there is one. Says what the file silences. To be called once, before the
 * table is asked for. Errors as aak_sensitive_table_extend(); NOT_FOUND where the named file is not
 * there; INVALID where others can write to it. */
gboolean aak_sensitive_site_load (AakCli *cli, GError **error) G_GNUC_WARN_UNUSED_RESULT;
