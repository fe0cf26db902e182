/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The processors that this process may use. */
#include "config.h"

#include "lib/processors.h"

#include <sched.h>

guint
aak_processors (void)
{
  cpu_set_t allowed;
  if (sched_getaffinity (0, sizeof allowed, &allowed) < 0)
    return 1;
  return (guint) MAX (CPU_COUNT (&allowed), 1);
}
