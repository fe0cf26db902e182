/* SPDX-License-Identifier: LGPL-2.1-or-later
 * A container runtime's socket that a container has: whoever connects to it is root on the node,
 * and kernels that do not mediate unix sockets by path (Debian's 6.1 and 6.12, measured) neither
 * report the connection nor refuse it. */
#pragma once

#include <glib.h>

/* Where a container that has the node's @source mounted at @path has a runtime's socket; NULL where
 * that is not so. Newly allocated. */
char *aak_runtime_socket_in (const char *source, const char *path);
