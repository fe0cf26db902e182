/* SPDX-License-Identifier: GPL-2.0-or-later
 * NAME.learned.yaml: observations on disk. */
#pragma once

#include "learn/observations.h"

#define AAK_STATE_SUFFIX    ".learned.yaml"
#define AAK_STATE_MAX_BYTES (512u << 20)
/* The largest count or time in it: what every reader of YAML and JSON keeps to the last digit. */
#define AAK_STATE_MAX_NUMBER (((guint64) 1 << 53) - 1)

/* The classes up to this one are in every state; the later ones where they have accesses. */
#define AAK_STATE_LAST_CONSTANT_CLASS AAK_CLASS_PTRACE

/* The YAML text of @observations, schema aakit/learned/1; the same observations give the same
 * bytes. Uses a thread a processor where they are many. */
GBytes *aak_state_to_yaml (const AakObservations *observations);

/* Reads what aak_state_to_yaml() wrote. Errors are INVALID with "NAME:LINE:COL: why", or
 * NEWER_SCHEMA. What it does not know it refuses: nothing that a state says is left out. */
AakObservations *aak_state_from_yaml (const char *name, GBytes *text,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
