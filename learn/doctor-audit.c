/* SPDX-License-Identifier: GPL-2.0-or-later
 * The way of a record on a node, as its settings tell. */
#include "config.h"

#include "learn/doctor-audit.h"

#include "learn/audit-control.h"
#include "lib/escape.h"

#include <string.h>

#define RULES  "/etc/audit/audit.rules"
#define AUDITD "/etc/audit/auditd.conf"

/* What a node at work writes while a pod is learned: tens of thousands of records of 300 bytes. */
#define LOG_MIB_WANTED 32

#define BACKLOG_WANTED 8192

#define FAILURE_PANIC 2 /* linux/audit.h, AUDIT_FAIL_PANIC */

void
aak_doctor_audit_switch (AakDoctor *doctor)
{
  g_autofree char *line = aak_doctor_read (doctor, "/proc/cmdline");
  g_auto (GStrv) words = g_strsplit_set (line != NULL ? line : "", " ", -1);
  if (g_strv_contains ((const char *const *) words, "audit=0")
      || g_strv_contains ((const char *const *) words, "audit=off"))
    aak_doctor_failed (
        doctor, "audit",
        "sed -i 's/ *\\<audit=\\(0\\|off\\)\\>//' /etc/default/grub && update-grub && reboot",
        "the kernel was booted without audit: AppArmor's records go nowhere");
  else if (line != NULL)
    aak_doctor_ok (doctor, "audit", "the kernel was not booted without audit");
}

/* --- rules ----------------------------------------------------------------------------------- */

/* A filter of this kind applies to the kernel, not to auditd alone. */
static gboolean
excludes_records (const char *line)
{
  return strstr (line, "exclude") != NULL
         && (strstr (line, "msgtype=AVC") != NULL || strstr (line, "msgtype=1400") != NULL
             || strstr (line, "msgtype=APPARMOR") != NULL);
}

/* The number behind the option @option ("-r"), with which @line begins; -1 where it does not. */
static gint64
number_of (const char *line, const char *option)
{
  if (!g_str_has_prefix (line, option) || !g_ascii_isspace (line[strlen (option)]))
    return -1;
  return g_ascii_strtoll (line + strlen (option), NULL, 10);
}

static void
check_rule (AakDoctor *doctor, const char *line, guint number)
{
  g_autofree char *shown = aak_escape (line, strlen (line));
  if (excludes_records (line))
    aak_doctor_failed (doctor, "rules",
                       "sed -i '/exclude.*msgtype=\\(AVC\\|1400\\|APPARMOR\\)/d' " RULES
                       " /etc/audit/rules.d/*.rules && auditctl -R " RULES,
                       RULES ":%u drops AppArmor's records: %s", number, shown);
  else if (number_of (line, "-r") > 0)
    aak_doctor_warning (doctor, "rate-limit",
                        "sed -i 's/^-r .*/-r 0/' " RULES
                        " /etc/audit/rules.d/*.rules && auditctl -r 0",
                        RULES ":%u has the kernel drop records beyond %" G_GINT64_FORMAT
                              " a second: a busy pod is learned in part",
                        number, number_of (line, "-r"));
  else if (number_of (line, "-f") == FAILURE_PANIC)
    aak_doctor_warning (doctor, "panic",
                        "sed -i 's/^-f 2/-f 1/' " RULES
                        " /etc/audit/rules.d/*.rules && auditctl -f 1",
                        RULES ":%u has the node panic where a record is lost: a pod that is "
                              "learned can bring it down",
                        number);
}

void
aak_doctor_audit_rules (AakDoctor *doctor)
{
  g_autofree char *text = aak_doctor_read (doctor, RULES);
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*g_strstrip (lines[i]) != '#')
      check_rule (doctor, lines[i], i + 1);
}

/* --- auditd ---------------------------------------------------------------------------------- */

/* The value of @key in auditd's settings, lower case, or NULL. The caller frees it. */
static char *
setting (GStrv lines, const char *key)
{
  char *found = NULL;
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (lines[i], "=", 2);
      if (g_strv_length (pair) != 2 || g_ascii_strcasecmp (g_strstrip (pair[0]), key) != 0)
        continue;
      g_free (found);
      found = g_ascii_strdown (g_strstrip (pair[1]), -1);
    }
  return found;
}

static gboolean
is_set_to (GStrv lines, const char *key, const char *value)
{
  g_autofree char *is = setting (lines, key);
  return g_strcmp0 (is, value) == 0;
}

static guint64
number_set (GStrv lines, const char *key, guint64 otherwise)
{
  g_autofree char *is = setting (lines, key);
  return is != NULL ? g_ascii_strtoull (is, NULL, 10) : otherwise;
}

/* TRUE where it writes what the kernel tells it. */
static gboolean
check_auditd_writes (AakDoctor *doctor, GStrv lines)
{
  static const char *const keys[] = { "local_events", "write_logs" };
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      if (!is_set_to (lines, keys[i], "no"))
        continue;
      g_autofree char *remedy =
          g_strdup_printf ("sed -i 's/^%s *=.*/%s = yes/I' " AUDITD " && service auditd restart",
                           keys[i], keys[i]);
      aak_doctor_warning (doctor, "auditd", remedy,
                          AUDITD ": %s = no: auditd's log does not get the node's records, and "
                                 "'--source auditd' hears nothing",
                          keys[i]);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_auditd_room (AakDoctor *doctor, GStrv lines)
{
  guint64 mib = number_set (lines, "max_log_file", 8) * number_set (lines, "num_logs", 5);
  if (!is_set_to (lines, "max_log_file_action", "rotate") || mib >= LOG_MIB_WANTED)
    return TRUE;
  aak_doctor_warning (doctor, "auditd",
                      "sed -i 's/^max_log_file *=.*/max_log_file = 32/I' " AUDITD
                      " && service auditd reload",
                      AUDITD ": %" G_GUINT64_FORMAT " MiB of records are kept: a storm rotates "
                             "them away before they are read",
                      mib);
  return FALSE;
}

static gboolean
check_auditd_full (AakDoctor *doctor, GStrv lines)
{
  static const char *const keys[] = { "disk_full_action", "disk_error_action" };
  static const char *const ends[] = { "halt", "single" };
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    for (guint j = 0; j < G_N_ELEMENTS (ends); j++)
      if (is_set_to (lines, keys[i], ends[j]))
        {
          aak_doctor_warning (doctor, "auditd", NULL,
                              AUDITD ": %s = %s: records of a pod that is learned can fill the "
                                     "disk, which then stops the node",
                              keys[i], ends[j]);
          return FALSE;
        }
  return TRUE;
}

void
aak_doctor_auditd (AakDoctor *doctor)
{
  g_autofree char *text = aak_doctor_read (doctor, AUDITD);
  if (text == NULL)
    return;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean well = check_auditd_writes (doctor, lines);
  well &= check_auditd_room (doctor, lines);
  well &= check_auditd_full (doctor, lines);
  if (well)
    aak_doctor_ok (doctor, "auditd", "its settings lose no record");
}

/* --- journald -------------------------------------------------------------------------------- */

#define SOCKET "systemd-journald-audit.socket"

void
aak_doctor_journald (AakDoctor *doctor)
{
  if (!aak_doctor_has (doctor, "/run/systemd/system"))
    return;
  if (aak_doctor_is_masked (doctor, SOCKET))
    aak_doctor_ok (doctor, "journald",
                   SOCKET " is masked: '--source journald' has only what the kernel's log has");
  else if (aak_doctor_has (doctor, "/run/systemd/units/invocation:" SOCKET)
           || aak_doctor_has (doctor, "/etc/systemd/system/sockets.target.wants/" SOCKET)
           || aak_doctor_has (doctor, "/lib/systemd/system/sockets.target.wants/" SOCKET)
           || aak_doctor_has (doctor, "/usr/lib/systemd/system/sockets.target.wants/" SOCKET))
    aak_doctor_ok (doctor, "journald", "takes audit records: '--source journald' has them");
  else
    aak_doctor_ok (doctor, "journald",
                   SOCKET
                   " is not enabled: '--source journald' has only what the kernel's log has");
}

/* --- the running kernel ---------------------------------------------------------------------- */

static void
tell_limits (AakDoctor *doctor, const AakAuditStatus *status)
{
  if (status->rate_limit != 0)
    aak_doctor_warning (doctor, "rate-limit", "auditctl -r 0",
                        "the kernel drops records beyond %u a second: a busy pod is learned in "
                        "part",
                        status->rate_limit);
  if (status->failure == FAILURE_PANIC)
    aak_doctor_warning (doctor, "panic", "auditctl -f 1",
                        "the node panics where a record is lost: a pod that is learned can bring "
                        "it down");
}

void
aak_doctor_audit_status (AakDoctor *doctor)
{
  AakAuditStatus status;
  if (!aak_doctor_on_host (doctor))
    return;
  if (!aak_audit_status_read (&status))
    {
      aak_doctor_warning (doctor, "backlog", "sudo aa-learn doctor",
                          "the kernel does not tell how many records its backlog drops, nor can it "
                          "be enlarged (CAP_AUDIT_CONTROL)");
      return;
    }
  tell_limits (doctor, &status);
  g_autofree char *daemon =
      status.daemon != 0
          ? g_strdup_printf ("; process %u (auditd) takes records as well", status.daemon)
          : g_strdup ("");
  if (status.backlog_limit < BACKLOG_WANTED)
    aak_doctor_ok (doctor, "backlog",
                   "room for %u records, which a recording enlarges, and those that are dropped "
                   "are counted%s",
                   status.backlog_limit, daemon);
  else
    aak_doctor_ok (doctor, "backlog",
                   "room for %u records, and those that are dropped are counted%s",
                   status.backlog_limit, daemon);
}
