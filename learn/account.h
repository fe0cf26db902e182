/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a source delivered and what it knows to have missed. */
#pragma once

#include <glib.h>

typedef struct
{
  guint64 records;   /* records that were read, of any kind */
  guint64 malformed; /* AppArmor records that did not parse */
  guint64 backlog;   /* the kernel's own counter: its queue was full (audit_status.lost) */
  guint64 overrun;   /* audit serials that are missing: our socket's buffer was full */
  guint64 unsized;   /* losses whose number nobody knows (ENOBUFS without a missing serial) */
  guint64 unproven;  /* events from a text that others than the kernel can write to */
  gboolean blind;    /* the source could not keep account: nothing is known about losses */
  gboolean late;     /* capabilities that were used before the run began may be missing: the kernel
                        was not made to report them anew */
} AakAccount;

/* Adds @more to @account. */
static inline void
aak_account_add (AakAccount *account, const AakAccount *more)
{
  account->records += more->records;
  account->malformed += more->malformed;
  account->backlog += more->backlog;
  account->overrun += more->overrun;
  account->unsized += more->unsized;
  account->unproven += more->unproven;
  account->blind |= more->blind;
  account->late |= more->late;
}

/* Everything that is known to be missing. */
static inline guint64
aak_account_lost (const AakAccount *account)
{
  return account->malformed + account->backlog + account->overrun + account->unsized;
}

/* TRUE where nothing is missing, and that is known. (Something may be too much: see unproven. What
 * was never a record is not missing: see late.) */
static inline gboolean
aak_account_is_complete (const AakAccount *account)
{
  return aak_account_lost (account) == 0 && !account->blind;
}
