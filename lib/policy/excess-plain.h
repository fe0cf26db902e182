/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Excess in what has no names: capabilities, resource limits, and kinds of sockets. */
#pragma once

#include "lib/policy/excess.h"

/* Adds a line of the class @class, which takes @rule. */
AakExcess *aak_excess_add (GPtrArray *excess, AakExcessKind kind, const char *class, char *rule);

/* Each adds to @excess (of AakExcess) where @profile goes beyond @other. */
void aak_excess_capabilities (GPtrArray *excess, const AakPolicyProfile *profile,
                              const AakPolicyProfile *other);
void aak_excess_limits (GPtrArray *excess, const AakPolicyProfile *profile,
                        const AakPolicyProfile *other);

/* Sockets by family and type, as far as these alone decide. */
void aak_excess_network (GPtrArray *excess, const AakPolicyProfile *profile,
                         const AakPolicyProfile *other);

/* "network FAMILY TYPE"; the caller frees it. */
char *aak_excess_socket_text (guint family, guint type);

/* The number of types that a socket may have, from 1 on; and of families (linux/net.h, SOCK_MAX;
 * linux/socket.h, AF_MAX). */
#define AAK_SOCKET_TYPES    11
#define AAK_SOCKET_FAMILIES 46
