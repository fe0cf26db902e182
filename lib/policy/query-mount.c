/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The kernel's decisions about mounts (security/apparmor/mount.c): the parts of a call follow each
 * other, with a NUL behind each. */
#include "config.h"

#include "lib/policy/query.h"

#include "lib/policy/answer.h"

#include <sys/mount.h>

#define CHANGES_TYPE (MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE)
/* What the kernel does not show to policy: magic of old, and its own (include/mount.h). */
#define MAGIC      0xc0ed0000u
#define MAGIC_MASK 0xffff0000u
#define IGNORED    (1u << 22 | 1u << 28 | 1u << 30 | 1u << 29)

/* Only what the kind of call looks at: a bind mount has no type, a remount no source, ... */
static AakMount
relevant (AakMount mount)
{
  const AakName none = { NULL, 0 };
  if ((mount.flags & MAGIC_MASK) == MAGIC)
    mount.flags &= ~MAGIC_MASK;
  mount.flags &= ~IGNORED;
  if ((mount.flags & MS_REMOUNT) != 0)
    mount.source = mount.type = none;
  else if ((mount.flags & MS_BIND) != 0)
    {
      mount.type = mount.data = none;
      mount.flags &= MS_BIND | MS_REC;
    }
  else if ((mount.flags & CHANGES_TYPE) != 0)
    {
      mount.source = mount.type = mount.data = none;
      mount.flags &= CHANGES_TYPE | MS_REC | MS_SILENT;
    }
  else if ((mount.flags & MS_MOVE) != 0)
    {
      mount.type = mount.data = none;
      mount.flags = MS_MOVE;
    }
  return mount;
}

/* A part and the NUL behind it. */
static guint32
match_part (const AakPolicyDb *db, guint32 state, AakName part)
{
  state = aak_policy_db_match (db, state, part.bytes, part.bytes != NULL ? part.len : 0);
  return aak_policy_db_match (db, state, "", 1);
}

/* A byte for each flag that is set, its number from 1 on. */
static guint32
match_flags (const AakPolicyDb *db, guint32 state, guint32 flags)
{
  for (guint8 i = 0; i < 32; i++)
    {
      guint8 byte = (guint8) (i + 1);
      if ((flags >> i & 1) != 0)
        state = aak_policy_db_match (db, state, &byte, 1);
    }
  return state;
}

AakAnswer
aak_policy_query_mount (const AakPolicyProfile *profile, const AakMount *mount)
{
  const AakPolicyDb *db = profile->rules;
  guint32 state = aak_policy_db_class (db, AAK_POLICY_CLASS_MOUNT);
  if (profile->mode == AAK_MODE_UNCONFINED || state == AAK_POLICY_DFA_NOMATCH)
    return aak_policy_answer_unmediated (AAK_MAY_MOUNT);
  AakMount call = relevant (*mount);
  state = match_part (db, state, call.target);
  state = match_part (db, state, call.source);
  state = match_part (db, state, call.type);
  state = match_flags (db, state, call.flags);
  AakPerms perms = aak_policy_db_perms (db, state, TRUE);
  if ((perms.allow & AAK_MAY_MOUNT) == 0 && (perms.allow & AAK_MAY_MOUNT_DATA) != 0
      && call.data.bytes != NULL)
    {
      state = aak_policy_db_match (db, state, "", 1);
      state = aak_policy_db_match (db, state, call.data.bytes, call.data.len);
      perms = aak_policy_db_perms (db, state, TRUE);
    }
  return aak_policy_answer (profile, perms, AAK_MAY_MOUNT);
}

AakAnswer
aak_policy_query_umount (const AakPolicyProfile *profile, AakName target)
{
  return aak_policy_answer_class (profile, AAK_POLICY_CLASS_MOUNT, target, AAK_MAY_UMOUNT);
}

AakAnswer
aak_policy_query_pivot_root (const AakPolicyProfile *profile, AakName new_root, AakName put_old)
{
  const AakPolicyDb *db = profile->rules;
  guint32 state = aak_policy_db_class (db, AAK_POLICY_CLASS_MOUNT);
  if (profile->mode == AAK_MODE_UNCONFINED || state == AAK_POLICY_DFA_NOMATCH)
    return aak_policy_answer_unmediated (AAK_MAY_PIVOT_ROOT);
  state = match_part (db, state, new_root);
  state = aak_policy_db_match (db, state, put_old.bytes, put_old.len);
  return aak_policy_answer (profile, aak_policy_db_perms (db, state, TRUE), AAK_MAY_PIVOT_ROOT);
}
