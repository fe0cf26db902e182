/* SPDX-License-Identifier: GPL-2.0-or-later
 * --exec: what becomes of the programs that an application executes. */
#pragma once

#include "learn/observations.h"
#include "learn/profile.h"

#define AAK_EXEC_OPTION \
  "What is executed keeps the profile (inherit, default), or has a child profile of its own (child)"

/* Reads @word, or NULL where the option was not given. USAGE for another word. */
gboolean aak_exec_option_parse (const char *word, gboolean *out_children,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The profile with or without children: aak_generalise_children() or aak_generalise_traced(), whose
 * @out_trace it gives. */
AakProfile *aak_exec_option_generalise (const AakObservations *observations, gboolean exact,
                                        gboolean children, GArray **out_trace);
