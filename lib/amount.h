/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Times and shares in words. The texts are newly allocated. */
#pragma once

#include <glib.h>

/* ms since the epoch as "2026-11-21T10:00:00Z", or "?" where there is no such date. */
char *aak_amount_time (guint64 ms);
/* "3 s", "12 min", "2 h 5 min", "3 d 4 h". */
char *aak_amount_duration (guint64 ms);
/* 0.0345 as "3.5 %", 0.00012 as "0.012 %". */
char *aak_amount_percent (double share);
