/* SPDX-License-Identifier: GPL-2.0-or-later
 * Lists of processors as the kernel writes them, "0-3,8" (Documentation/admin-guide/cputopology).
 */
#pragma once

#include <glib.h>

/* No kernel is built for more (arch/x86/Kconfig, NR_CPUS). */
#define AAK_CPU_MAX 8192

/* The numbers in @text (guint), as they stand there; NULL where it is no such list, or one of them
 * is not below AAK_CPU_MAX. The caller owns it. */
GArray *aak_cpu_list_parse (const char *text);

/* The list of @cpus (guint, ascending): "0-3,8". Newly allocated. */
char *aak_cpu_list_format (const GArray *cpus);
