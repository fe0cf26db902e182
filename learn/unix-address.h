/* SPDX-License-Identifier: GPL-2.0-or-later
 * The address of a unix socket, from how the kernel prints it to how a rule says it. */
#pragma once

#include <glib.h>

/* The values of an addr= condition that together match the socket whose address the kernel printed
 * as @address: "none" as it is; of an abstract one, "@" and its bytes, NUL bytes included. An
 * abstract name of capital hex digits can be the name itself as well as the hex of one (af_unix.c,
 * audit_unix_addr() writes both alike): then there is a value for each. They are not one pattern,
 * since apparmor_parser 5.0 takes "@{" for a variable. One that is empty for a path, which file
 * rules are for, and where there is none. Newly allocated. */
char **aak_unix_address_tokens (const char *address);

/* What the kernel matches rules with for the socket whose address it printed as @address: the bytes
 * of a path, of an abstract name with the NUL in front of it (both where it can be read in two
 * ways), or none. The array (of GBytes, never empty) belongs to the caller. */
GPtrArray *aak_unix_address_bytes (const char *address);
