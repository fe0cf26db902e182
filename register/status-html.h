/* SPDX-License-Identifier: GPL-2.0-or-later
 * The status of a node as a page: its profiles, who wears them, and what drifted. */
#pragma once

#include "register/status.h"

/* The page about @rows (AakStatusRow) of @status; the caller owns the bytes. */
GBytes *aak_status_html (const AakStatus *status, const GPtrArray *rows);
