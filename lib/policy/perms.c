/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Permissions out of accept words: seven bits, "other" and exec included, four times in two words.
 */
#include "config.h"

#include "lib/policy/perms.h"

/* One of the four sets of permissions in the accept words. */
#define SET_MASK 0x7fu
/* A set's bits beyond read, write, append and exec. */
#define SET_LINK 0x10u
#define SET_LOCK 0x20u
#define SET_MMAP 0x40u
/* In the first accept word, for owner and others alike. */
#define WORD_CHANGE_PROFILE 0x80000000u
#define WORD_ONEXEC         0x40000000u
#define WORD_CONT_MATCH     0x10000000u /* of all but files */
/* Where the set of all others begins, and that of what is quiet beside that of what is audited. */
#define OTHER_SHIFT 14
#define QUIET_SHIFT 7
/* The exec part of a set: from bit 7 on. */
#define X_UNCONFINED  0x0080u
#define X_UNSAFE      0x0100u
#define X_INHERIT     0x0200u
#define X_INDEX_SHIFT 10
#define X_INDEX_MASK  0xfu
/* Newer policy uses the exec bits of what is not a file for further permissions. */
#define KABI_WITH_XBITS 9

static guint32
file_perms (guint32 set)
{
  guint32 perms = set & (AAK_MAY_EXEC | AAK_MAY_WRITE | AAK_MAY_READ | AAK_MAY_APPEND);
  if ((set & AAK_MAY_READ) != 0)
    perms |= AAK_MAY_GETATTR | AAK_MAY_OPEN;
  if ((set & AAK_MAY_WRITE) != 0)
    perms |= AAK_MAY_SETATTR | AAK_MAY_CREATE | AAK_MAY_DELETE | AAK_MAY_CHMOD | AAK_MAY_CHOWN
             | AAK_MAY_OPEN;
  if ((set & SET_LINK) != 0)
    perms |= AAK_MAY_LINK;
  if ((set & SET_LOCK) != 0)
    perms |= AAK_MAY_LOCK; /* LINK_SUBSET where the state ends a link pair */
  if ((set & SET_MMAP) != 0)
    perms |= AAK_MAY_MMAP;
  return perms;
}

/* The transition for a set with the exec part @x: numbers from 4 on are entries of the table. */
static guint32
xindex (guint32 x)
{
  guint32 number = x >> X_INDEX_SHIFT & X_INDEX_MASK;
  guint32 index = 0;
  if ((x & X_UNSAFE) != 0)
    index |= AAK_X_UNSAFE;
  if ((x & X_INHERIT) != 0)
    index |= AAK_X_INHERIT;
  if ((x & X_UNCONFINED) != 0 || number == 1)
    index |= AAK_X_UNCONFINED;
  if (number == 2)
    index |= AAK_X_NAME;
  else if (number == 3)
    index |= AAK_X_NAME | AAK_X_CHILD;
  else if (number > 3)
    index |= AAK_X_TABLE | (number - 4);
  return index;
}

AakPerms
aak_perms_from_file_accept (guint32 accept, guint32 accept2, gboolean owner)
{
  guint shift = owner ? 0 : OTHER_SHIFT;
  AakPerms perms = {
    .allow = file_perms (accept >> shift & SET_MASK) | AAK_MAY_GETATTR,
    .audit = file_perms (accept2 >> shift & SET_MASK),
    .quiet = file_perms (accept2 >> (shift + QUIET_SHIFT) & SET_MASK),
    .xindex = xindex (accept >> shift & 0x3fff),
  };
  if ((accept & WORD_CHANGE_PROFILE) != 0)
    perms.allow |= AAK_MAY_CHANGE_PROFILE;
  if ((accept & WORD_ONEXEC) != 0)
    perms.allow |= AAK_MAY_ONEXEC;
  return perms;
}

/* The set of all others extends the first: setattr and getattr, accept, bind and listen, setopt and
 * getopt. */
static guint32
further (guint32 set)
{
  return (set & 0x03) << 8 | (set & 0x1c) << 18 | (set & 0x60) << 19;
}

static guint32
from_xbits (guint32 set)
{
  return (set & 0x01) << 7 | (set & 0x7e) << 9;
}

AakPerms
aak_perms_from_accept (guint32 accept, guint32 accept2, guint32 kabi)
{
  guint32 other = accept >> OTHER_SHIFT, other2 = accept2 >> OTHER_SHIFT;
  /* The top bit has no counterpart here but is kept, as in the kernel. */
  guint32 top = accept & WORD_CHANGE_PROFILE;
  AakPerms perms = {
    .allow = (accept & SET_MASK) | top | further (other & SET_MASK),
    .audit = (accept2 & SET_MASK) | further (other2 & SET_MASK),
    .quiet = (accept2 >> QUIET_SHIFT & SET_MASK) | further (other2 >> QUIET_SHIFT & SET_MASK),
  };
  if ((accept & WORD_CONT_MATCH) != 0)
    perms.allow |= AAK_CONT_MATCH;
  if (kabi >= KABI_WITH_XBITS)
    {
      perms.allow |= from_xbits (accept >> QUIET_SHIFT & SET_MASK);
      perms.quiet |= from_xbits (other2 >> QUIET_SHIFT & SET_MASK);
    }
  else
    perms.allow |= AAK_MAY_LOCK;
  return perms;
}
