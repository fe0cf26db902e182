/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The automaton that compiled policy matches names with: checked once as the kernel checks it, then
 * walked without further checks. */
#pragma once

#include "lib/policy/stream.h"

#include <glib.h>

typedef struct AakPolicyDfa AakPolicyDfa;

/* The state of what matches nothing, and the one to begin in where policy names no other. */
#define AAK_POLICY_DFA_NOMATCH 0
#define AAK_POLICY_DFA_START   1

/* Reads the tables of the blob @tables, which are big-endian (security/apparmor/match.c,
 * aa_dfa_unpack(), verify_table_headers(), verify_dfa()). They may be anywhere in the stream:
 * padding in front is found by the magic number. @with_accept2: a second accept table must be
 * there, as it is where the accept tables are permissions themselves.
 *
 * INVALID where a table is missing, there twice, truncated, of an odd width or of another length
 * than those that it goes with, where a state or an index leads outside of the tables, or where
 * states that are stored as the difference to others stand for each other in a circle. Takes memory
 * in proportion to the blob. Free with aak_policy_dfa_free(). */
AakPolicyDfa *aak_policy_dfa_new (AakPolicySlice tables, gboolean with_accept2,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_policy_dfa_free (AakPolicyDfa *dfa);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPolicyDfa, aak_policy_dfa_free)

/* The number of states, at least 2. */
guint32 aak_policy_dfa_states (const AakPolicyDfa *dfa);

/* What the accept tables hold for @state (below aak_policy_dfa_states()); the second is 0 where
 * there is no such table. */
guint32 aak_policy_dfa_accept (const AakPolicyDfa *dfa, guint32 state);
guint32 aak_policy_dfa_accept2 (const AakPolicyDfa *dfa, guint32 state);
gboolean aak_policy_dfa_has_accept2 (const AakPolicyDfa *dfa);

/* A number that bytes share which no state tells apart: the automaton's own classes of bytes. */
guint8 aak_policy_dfa_byte_class (const AakPolicyDfa *dfa, guint8 c);

/* The state that the byte @c leads to from @state. */
guint32 aak_policy_dfa_next (const AakPolicyDfa *dfa, guint32 state, guint8 c);

/* The state that @len bytes, of any value, lead to from @state. */
guint32 aak_policy_dfa_match (const AakPolicyDfa *dfa, guint32 state, const void *bytes, gsize len);

/* The same; @out_left: how many bytes from the left were matched before a pattern's repetition
 * began, by which the kernel chooses the most exact of several patterns (security/apparmor/match.c,
 * aa_dfa_leftmatch()). */
guint32 aak_policy_dfa_match_left (const AakPolicyDfa *dfa, guint32 state, const void *bytes,
                                   gsize len, guint *out_left);
