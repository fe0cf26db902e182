/* SPDX-License-Identifier: GPL-2.0-or-later
 * Is a learned profile what it claims to be? It is compiled, and asked for everything that it was
 * made from. */
#pragma once

#include "learn/generalise.h"

typedef struct
{
  guint accesses;  /* that were seen; 0 where nothing was asked */
  guint held_back; /* of them, those that it denies as it says: for review, or beyond any rule */
  guint not_asked; /* of them, those that no question can be made of */
  char *unmade;    /* why nothing was asked (no apparmor_parser, ...); NULL: it was */
} AakSelfCheck;

void aak_self_check_clear (AakSelfCheck *check);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AakSelfCheck, aak_self_check_clear)

/* Compiles @text, which is @profile's, for a kernel that mediates all that its abi does, and asks
 * it for every access that @trace (aak_generalise_traced()) names.
 *
 * POLICY where the text does not compile; COMPILER where it hung the compiler, or where it does not
 * allow an access that it was made to allow: the message names the first few. Where there is no
 * compiler, or none that knows the abi, that is no error: @out says so. */
gboolean aak_self_check_make (const AakProfile *profile, const GArray *trace, const char *text,
                              AakSelfCheck *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One line for people: what was proved, or why nothing was. The caller frees it. */
char *aak_self_check_text (const AakSelfCheck *check);
