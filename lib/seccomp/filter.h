/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The filter that a runtime would make of a seccomp profile: the proof that it can. */
#pragma once

#include "lib/seccomp/profile.h"

/* Makes the program for the native architecture and those that @profile lists, as runc does, with
 * libseccomp, and drops it: nothing depends on what the running kernel knows. INVALID where that
 * fails, or where the program has more instructions than a kernel takes. *@out_instructions: how
 * many it has. *@out_unknown (of char *, the caller's): the names of calls that libseccomp does not
 * know, each once: the runtimes pass over them. @what: see aak_seccomp_profile_parse(). */
gboolean aak_seccomp_filter_prove (const AakSeccompProfile *profile, const char *what,
                                   guint *out_instructions, GPtrArray **out_unknown,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
