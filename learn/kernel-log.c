/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reads the kernel's words about rate limits and lost records. Formats: kernel lib/ratelimit.c,
 * kernel/audit.c. */
#include "config.h"

#include "learn/kernel-log.h"

#include <string.h>

/* "NAME: 123 callbacks suppressed". kauditd shares its limit with whoever calls printk_ratelimit(),
 * and the line has the name of the one that came next; net_ratelimit() has a limit of its own. */
static void
note_suppressed (const char *text, AakAccount *account)
{
  const char *colon = strstr (text, ": ");
  char *end = NULL;
  guint64 number = colon != NULL ? g_ascii_strtoull (colon + 2, &end, 10) : 0;
  if (number == 0 || strcmp (end, " callbacks suppressed") != 0)
    return;
  if (g_str_has_prefix (text, "kauditd"))
    account->backlog += number;
  else if (!g_str_has_prefix (text, "net_ratelimit"))
    account->unsized++;
}

/* "audit: audit_lost=5 audit_rate_limit=0 audit_backlog_limit=64": a counter since boot. */
static void
note_lost (AakKernelLog *log, const char *text, AakAccount *account)
{
  if (!g_str_has_prefix (text, "audit: audit_lost="))
    return;
  guint64 now = g_ascii_strtoull (text + strlen ("audit: audit_lost="), NULL, 10);
  account->backlog += log->lost_known && now > log->lost ? now - log->lost : 1;
  log->lost_known = TRUE;
  log->lost = now;
}

void
aak_kernel_log_note (AakKernelLog *log, const char *text, AakAccount *account)
{
  note_suppressed (text, account);
  note_lost (log, text, account);
}
