/* SPDX-License-Identifier: LGPL-2.1-or-later
 * One policy database of a compiled profile: an automaton, what its states permit, and the names of
 * exec transitions. */
#pragma once

#include "lib/policy/dfa.h"
#include "lib/policy/perms.h"

#include <glib.h>

/* What the automaton of a database is asked about; the rules of a class begin behind the class's
 * byte (security/apparmor/include/apparmor.h, AA_CLASS_*). */
typedef enum
{
  AAK_POLICY_CLASS_FILE = 2,
  AAK_POLICY_CLASS_CAPABILITY = 3,
  AAK_POLICY_CLASS_MOUNT = 7,
  AAK_POLICY_CLASS_PTRACE = 9,
  AAK_POLICY_CLASS_SIGNAL = 10,
  AAK_POLICY_CLASS_NETWORK = 14,
  AAK_POLICY_CLASS_NETWORK_V9 = 15, /* in its place, for kernels from 6.17 on */
  AAK_POLICY_CLASS_LABEL = 16,
  AAK_POLICY_CLASS_POSIX_MQUEUE = 17,
  AAK_POLICY_CLASS_SYSV_MQUEUE = 18,
  AAK_POLICY_CLASS_NAMESPACE = 21,
  AAK_POLICY_CLASS_IO_URING = 22,
  AAK_POLICY_CLASS_DBUS = 32,
} AakPolicyClass;

/* A profile has up to three databases: how accept words are packed depends on which it is. */
typedef enum
{
  AAK_POLICY_DB_ATTACHMENT, /* which programs the profile attaches to */
  AAK_POLICY_DB_RULES,      /* all classes but files, or all */
  AAK_POLICY_DB_FILES,
} AakPolicyDbKind;

typedef struct AakPolicyDb AakPolicyDb;

/* Takes a database from @stream: the table of permissions that newer policy has, the automaton, the
 * start states, the table of transitions (security/apparmor/policy_unpack.c, unpack_pdb()). @kabi:
 * the kernel ABI of the policy's header. Without an automaton the result is an empty database that
 * permits nothing, see aak_policy_db_is_empty().
 *
 * INVALID where a value is damaged, or a state or a transition points outside of its table. Free
 * with aak_policy_db_free(). */
AakPolicyDb *aak_policy_db_new (AakPolicyStream *stream, AakPolicyDbKind kind, guint32 kabi,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_policy_db_free (AakPolicyDb *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakPolicyDb, aak_policy_db_free)

/* TRUE where the policy has no automaton here. */
gboolean aak_policy_db_is_empty (const AakPolicyDb *db);

/* TRUE where permissions are in a table beside the automaton, not in its accept words: only kernels
 * that say so (policy/permstable32_version) know it. */
gboolean aak_policy_db_has_table (const AakPolicyDb *db);

/* How many states there are: each is below that. 1 in an empty database. */
guint32 aak_policy_db_states (const AakPolicyDb *db);

/* The state in which the names of files are matched from, in a database of files or of attachments.
 */
guint32 aak_policy_db_start (const AakPolicyDb *db);

/* The state behind the byte of @class, AAK_POLICY_DFA_NOMATCH where no rule of the policy is about
 * it: then the kernel does not mediate that class. */
guint32 aak_policy_db_class (const AakPolicyDb *db, guint8 class);

/* The state that bytes lead to from @state; AAK_POLICY_DFA_NOMATCH in an empty database. */
guint32 aak_policy_db_match (const AakPolicyDb *db, guint32 state, const void *bytes, gsize len);

/* The same from aak_policy_db_start(), see aak_policy_dfa_match_left(). */
guint32 aak_policy_db_match_left (const AakPolicyDb *db, const void *bytes, gsize len,
                                  guint *out_left);

/* See aak_policy_dfa_byte_class(); 0 in an empty database. */
guint8 aak_policy_db_byte_class (const AakPolicyDb *db, guint8 c);

/* What @state permits, as the policy has it. @owner: the file belongs to who asks. */
AakPerms aak_policy_db_perms (const AakPolicyDb *db, guint32 state, gboolean owner);

/* The name in the transition table that @xindex (of type AAK_X_TABLE) stands for. Owned by @db. A
 * namespace is in front as ":NS:NAME", and "&NAME" stacks. */
const char *aak_policy_db_transition (const AakPolicyDb *db, guint32 xindex);
