/* SPDX-License-Identifier: GPL-2.0-or-later
 * What was written of a container's root filesystem. */
#pragma once

#include "learn/observations.h"

/* The directories (char*) of the root filesystem in which something was written, created, linked or
 * removed, the outermost ones, bytewise; none: it could have been read-only. What lies in volumes,
 * in the kernel's filesystems (/proc, /sys, /dev), and the files that the kubelet mounts do not
 * count. The caller drops it. */
GPtrArray *aak_rootfs_writes (const AakObservations *observations);
