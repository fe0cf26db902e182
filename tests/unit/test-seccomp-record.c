/* SPDX-License-Identifier: GPL-2.0-or-later
 * Records of seccomp's in every form that they come in: whose call it was, of which architecture,
 * and what became of it. Nothing that a program chooses becomes any of that. */
#include "learn/event.h"
#include "learn/record-cache.h"
#include "learn/seccomp-record.h"
#include "lib/syscalls.h"

#include <criterion/criterion.h>
#include <string.h>

#define STAMP "audit(1795301502.188:3): "
#define HEAD  "auid=4294967295 uid=0 gid=0 ses=4294967295"
#define NGINX " pid=202 comm=\"nginx\" exe=\"/usr/sbin/nginx\""
#define CALL(arch, number, compat, code) \
  " sig=0 arch=" arch " syscall=" number " compat=" compat " ip=0x7ffde1948a29 code=" code
#define LOGGED CALL ("c000003e", "257", "0", "0x7ffc0000")
#define OPENAT HEAD " subj=k8s-s" NGINX LOGGED
#define AUDITD "type=SECCOMP msg=" STAMP

/* "other", "malformed", or "VERDICT label arch call". */
static char *
describe (const AakRecordResult result, const AakRecord *record)
{
  static const char *const verdicts[] = {
    "ALLOWED", "DENIED", "AUDIT", "KILLED", "STATUS", "NOTICE"
  };
  g_auto (AakEvent) event = { 0 };
  if (result != AAK_RECORD_APPARMOR)
    return g_strdup (result == AAK_RECORD_OTHER ? "other" : "malformed");
  const char *reason = NULL;
  if (aak_event_from_record (record, &event, &reason) != AAK_EVENT_OK)
    return g_strdup_printf ("damaged: %s", reason);
  cr_expect_eq (event.class, AAK_CLASS_SYSCALL);
  cr_expect_str_eq (event.kind, "syscall");
  cr_expect (aak_syscall_is_name (event.detail), "%s", event.detail);
  return g_strdup_printf ("%s %s %s %s", verdicts[event.verdict], event.label, event.family,
                          event.detail);
}

static const struct
{
  const char *line;
  const char *want;
} lines[] = {
  /* forms */
  { AUDITD OPENAT, "ALLOWED k8s-s x86_64 openat" },
  { AUDITD OPENAT "\n", "ALLOWED k8s-s x86_64 openat" },
  { "node=n " AUDITD OPENAT, "ALLOWED k8s-s x86_64 openat" },
  { "type=1326 msg=" STAMP OPENAT, "ALLOWED k8s-s x86_64 openat" },
  { "type=UNKNOWN[1326] msg=" STAMP OPENAT, "ALLOWED k8s-s x86_64 openat" },
  { AUDITD OPENAT "\035ARCH=x86_64 SYSCALL=keyctl AUID=\"unset\"", "ALLOWED k8s-s x86_64 openat" },
  { AUDITD OPENAT "ARCH=x86_64 SYSCALL=keyctl AUID=\"unset\"", "ALLOWED k8s-s x86_64 openat" },
  { "5,1,2,-;audit: type=1326 " STAMP OPENAT, "ALLOWED k8s-s x86_64 openat" },
  { "Nov 22 10:00:00 n kernel: [    1.5] audit: type=1326 " STAMP OPENAT,
    "ALLOWED k8s-s x86_64 openat" },
  { "[    1.5] audit: type=1326 " STAMP OPENAT, "ALLOWED k8s-s x86_64 openat" },
  /* labels */
  { AUDITD HEAD " subj==k8s-s" NGINX LOGGED, "ALLOWED k8s-s x86_64 openat" },
  { AUDITD HEAD " subj=k8s-s (complain)" NGINX LOGGED, "ALLOWED k8s-s x86_64 openat" },
  { AUDITD HEAD " subj=k8s s (odd)" NGINX LOGGED, "ALLOWED k8s s (odd) x86_64 openat" },
  { AUDITD HEAD " subj=runc//&k8s-s (mixed)" NGINX LOGGED, "ALLOWED runc//&k8s-s x86_64 openat" },
  { AUDITD HEAD " subj=:ns://k8s-s" NGINX LOGGED, "ALLOWED :ns://k8s-s x86_64 openat" },
  { AUDITD HEAD NGINX LOGGED, "ALLOWED  x86_64 openat" },
  { AUDITD HEAD " subj=?" NGINX LOGGED, "ALLOWED ? x86_64 openat" },
  { AUDITD HEAD " subj=k8s-s pid=202 comm=\"a\"" LOGGED, "ALLOWED k8s-s x86_64 openat" },
  /* architectures and numbers */
  { AUDITD HEAD " subj=k" NGINX CALL ("40000003", "5", "1", "0x7ffc0000"), "ALLOWED k x86 open" },
  { AUDITD HEAD " subj=k" NGINX CALL ("c000003e", "1073742081", "0", "0x7ffc0000"),
    "ALLOWED k x32 openat" },
  { AUDITD HEAD " subj=k" NGINX CALL ("c00000b7", "56", "0", "0x7ffc0000"),
    "ALLOWED k aarch64 openat" },
  { AUDITD HEAD " subj=k" NGINX CALL ("c00000f3", "56", "0", "0x7ffc0000"),
    "ALLOWED k riscv64 openat" },
  { AUDITD HEAD " subj=k" NGINX CALL ("c000beef", "56", "0", "0x7ffc0000"),
    "ALLOWED k 0xc000beef #56" },
  { AUDITD HEAD " subj=k" NGINX CALL ("c000003e", "462", "0", "0x7ffc0000"),
    "ALLOWED k x86_64 mseal" },
  { AUDITD HEAD " subj=k" NGINX CALL ("c000003e", "1000", "0", "0x7ffc0000"),
    "ALLOWED k x86_64 #1000" },
  { AUDITD HEAD " subj=k" NGINX CALL ("c000003e", "1073742824", "0", "0x7ffc0000"),
    "ALLOWED k x32 #1000" },
  { AUDITD HEAD " subj=k" NGINX CALL ("c000003e", "99999", "0", "0x7ffc0000"),
    "ALLOWED k x86_64 unknown" },
  { AUDITD HEAD " subj=k" NGINX CALL ("c000003e", "-1", "0", "0x7ffc0000"),
    "ALLOWED k x32 unknown" },
  /* verdicts */
  { AUDITD HEAD " subj=k" NGINX CALL ("c000003e", "250", "0", "0x50000"),
    "DENIED k x86_64 keyctl" },
  { AUDITD HEAD " subj=k" NGINX CALL ("c000003e", "250", "0", "0x50026"),
    "DENIED k x86_64 keyctl" },
  { AUDITD HEAD " subj=k" NGINX CALL ("c000003e", "250", "0", "0x30000"),
    "DENIED k x86_64 keyctl" },
  { AUDITD HEAD " subj=k" NGINX CALL ("c000003e", "250", "0", "0x0"), "KILLED k x86_64 keyctl" },
  { AUDITD HEAD " subj=k" NGINX CALL ("c000003e", "250", "0", "0x80000000"),
    "KILLED k x86_64 keyctl" },
  { AUDITD HEAD " subj=k" NGINX CALL ("c000003e", "250", "0", "0x7fc00000"),
    "AUDIT k x86_64 keyctl" },
  { AUDITD HEAD " subj=k" NGINX CALL ("c000003e", "250", "0", "0x12340000"),
    "damaged: code= missing or unknown" },
  /* what a program can choose: its path, which is in the label of a child, its name, its file */
  { AUDITD HEAD
    " subj=k8s-s//null-/tmp/a pid=1 comm=\"x\" sig=0 arch=c000003e syscall=250 compat=0 "
    "ip=0x0 code=0x7ffc0000" NGINX LOGGED,
    "ALLOWED k8s-s//null-/tmp/a pid=1 comm=\"x\" sig=0 arch=c000003e syscall=250 compat=0 ip=0x0 "
    "code=0x7ffc0000 x86_64 openat" },
  { AUDITD HEAD " subj=k8s-s//null-/tmp/\"a subj=k8s-other" NGINX LOGGED,
    "ALLOWED k8s-s//null-/tmp/\"a subj=k8s-other x86_64 openat" },
  { AUDITD HEAD " subj=k8s-s pid=202 comm=207069643D33 exe=2F612070 " LOGGED,
    "ALLOWED k8s-s x86_64 openat" },
  { AUDITD HEAD " subj=k8s-s pid=202 comm=\"a\" subj=k8s-other exe=\"/x\"" LOGGED, "malformed" },
  { AUDITD HEAD " subj=k8s-s pid=202 comm=\"syscall=1\" exe=\"/arch=40000003\"" LOGGED,
    "ALLOWED k8s-s x86_64 openat" },
  /* damage */
  { AUDITD HEAD " subj=k8s-s", "malformed" },
  { AUDITD HEAD " subj=k8s-s pid=202", "malformed" },
  { AUDITD OPENAT " code=0x0", "malformed" },
  { AUDITD OPENAT " x", "malformed" },
  { AUDITD "uid=0 " OPENAT, "malformed" },
  { AUDITD HEAD " subj=k" NGINX CALL ("c00000003e", "1", "0", "0x0"),
    "damaged: arch= missing or no number" },
  { AUDITD HEAD " subj=k" NGINX CALL ("x", "1", "0", "0x0"),
    "damaged: arch= missing or no number" },
  { AUDITD HEAD " subj=k" NGINX CALL ("c000003e", "openat", "0", "0x0"),
    "damaged: syscall= missing or no number" },
  { AUDITD HEAD " subj=k" NGINX CALL ("c000003e", "4294967296", "0", "0x0"),
    "damaged: syscall= missing or no number" },
  { "type=SECCOMP2 msg=" STAMP OPENAT, "other" },
  { "type=USER msg=" STAMP OPENAT, "other" },
  { "type=seccomp msg=" STAMP OPENAT, "other" },
};

Test (seccomp_record, lines)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      AakRecord record;
      g_autofree char *got =
          describe (aak_record_parse_line (lines[i].line, strlen (lines[i].line), &record),
                    &record);
      cr_expect_str_eq (got, lines[i].want, "%s: %s", lines[i].line, got);
    }
}

Test (seccomp_record, payload)
{
  AakRecord record;
  g_autofree char *got =
      describe (aak_record_parse_payload (1326, STAMP OPENAT, strlen (STAMP OPENAT), &record),
                &record);
  cr_expect_str_eq (got, "ALLOWED k8s-s x86_64 openat");
  cr_expect_eq (aak_record_parse_payload (1326, STAMP OPENAT "\n", strlen (STAMP OPENAT "\n"),
                                          &record),
                AAK_RECORD_MALFORMED);
}

/* --- keys ------------------------------------------------------------------------------------ */

static gboolean
key_of (guint type, const char *text, AakRecordKey *out)
{
  const AakSourceRecord raw = { type, text, strlen (text) };
  return aak_record_key_parse (&raw, out);
}

static gboolean
keys_are_equal (const char *a, const char *b)
{
  AakRecordKey x = { 0 }, y = { 0 };
  cr_assert (key_of (1326, a, &x), "%s", a);
  cr_assert (key_of (1326, b, &y), "%s", b);
  return x.hash == y.hash && x.head.len == y.head.len && x.tail.len == y.tail.len
         && memcmp (x.head.data, y.head.data, x.head.len) == 0
         && memcmp (x.tail.data, y.tail.data, x.tail.len) == 0;
}

#define WITH(subj, pid, number, ip, code)                                                  \
  STAMP HEAD " subj=" subj " pid=" pid                                                     \
             " comm=\"nginx\" exe=\"/usr/sbin/nginx\" sig=0 arch=c000003e syscall=" number \
             " compat=0 ip=0x" ip " code=" code

/* Only the process and the address may differ. */
Test (seccomp_record, keys)
{
  const char *one = WITH ("k8s-s", "1", "257", "7f12", "0x7ffc0000");
  AakRecordKey key;
  cr_expect (keys_are_equal (one, WITH ("k8s-s", "22", "257", "7ffdeadbeef0", "0x7ffc0000")));
  cr_expect_not (keys_are_equal (one, WITH ("k8s-s", "1", "258", "7f12", "0x7ffc0000")));
  cr_expect_not (keys_are_equal (one, WITH ("k8s-t", "1", "257", "7f12", "0x7ffc0000")));
  cr_expect_not (keys_are_equal (WITH ("k//null-/a pid=1 x", "1", "257", "7f12", "0x7ffc0000"),
                                 WITH ("k//null-/a pid=2 x", "1", "257", "7f12", "0x7ffc0000")));
  cr_expect_not (key_of (1326, WITH ("k8s-s", "1", "257", "7f12", "0x50000"), &key));
  cr_expect_not (key_of (1326, WITH ("k8s-s", "1", "257", "7f12", "0x7ffc0000 x"), &key));
  cr_expect_not (key_of (1300, one, &key));
  cr_expect (key_of (0, AUDITD OPENAT, &key));
  cr_expect (key_of (0, AUDITD OPENAT "\035ARCH=x86_64 SYSCALL=openat", &key));
}

/* --- names ----------------------------------------------------------------------------------- */

Test (seccomp_record, names)
{
  static const char *const bad[] = { "", "#", "#12345", "Open", "a b", "a\"", "#x", "a,", "a\n" };
  AakArch arch;
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    cr_expect_not (aak_syscall_is_name (bad[i]), "%s", bad[i]);
  cr_expect (aak_syscall_arch_find ("x86_64", &arch) && arch == 0xc000003e);
  cr_expect (aak_syscall_arch_find ("x32", &arch)
             && arch == aak_syscall_arch (0xc000003e, 1u << 30));
  cr_expect_not (aak_syscall_arch_find ("SCMP_ARCH_X86", &arch));
  cr_expect_not_null (aak_syscall_arch_word (aak_syscall_arch_native ()));
  /* Alpha counts calls otherwise: a name of another architecture's would be a guess. */
  g_autofree char *alien = aak_syscall_name (0xc0009026, 462);
  g_autofree char *own = aak_syscall_name (0xc000003e, 462);
  cr_expect_str_eq (alien, "#462");
  cr_expect_str_eq (own, "mseal");
}

/* A program can make calls of any number: the names stay few. */
Test (seccomp_record, names_are_bounded)
{
  static const char *const words[] = { "x86_64", "x86", "x32", "aarch64", "mips64", "s390x" };
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  for (guint i = 0; i < 60000; i++)
    {
      AakArch arch = 0;
      guint32 number = i < 30000 ? i / 6 : g_rand_int (rand);
      cr_assert (aak_syscall_arch_find (words[i % 6], &arch));
      char *name = aak_syscall_name (arch, number);
      cr_assert (aak_syscall_is_name (name), "%s", name);
      g_hash_table_add (names, name);
    }
  cr_expect_leq (g_hash_table_size (names), 9000);
}
