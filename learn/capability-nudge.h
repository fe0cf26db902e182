/* SPDX-License-Identifier: GPL-2.0-or-later
 * Makes the kernel report capabilities anew. It remembers for each processor which profile it has
 * reported last, and with which capabilities, and keeps silent about these; what it reported before
 * a recording began it would never tell again. A capability of another profile on that processor
 * takes the place of that memory (security/apparmor/capability.c), so a thread on each uses one,
 * under a profile of aakit's own, now and then. */
#pragma once

#include <glib.h>

typedef struct AakCapabilityNudge AakCapabilityNudge;

/* Starts it on the running host, and returns when each processor had its first nudge. NULL with an
 * error where it may not run: PRIVILEGE (CAP_MAC_ADMIN, CAP_WAKE_ALARM), APPARMOR_OFF, COMPILER,
 * BUSY. */
AakCapabilityNudge *aak_capability_nudge_start (GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The processors that it did not reach although they are online, as "2,5-7"; NULL where there are
 * none. Newly allocated. */
char *aak_capability_nudge_missed (AakCapabilityNudge *nudge);

/* Ends it, and unloads the profile. */
void aak_capability_nudge_stop (AakCapabilityNudge *nudge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakCapabilityNudge, aak_capability_nudge_stop)
