/* SPDX-License-Identifier: GPL-2.0-or-later
 * Accesses of each class asked of compiled rules: allowed, denied, not mediated, and what no
 * question can be made of. */
#include "config.h"

#include "learn/access-fields.h"
#include "learn/coverage.h"
#include "tests/unit/learned.h"
#include "tests/unit/policy-fixture.h"

static const char rules[] =
    "abi <abi/3.0>,\n"
    "profile k8s-t flags=(attach_disconnected) {\n"
    "  /r r,\n"
    "  /rw rw,\n"
    "  /a a,\n"
    "  owner /own rw,\n"
    "  /bin/i ix,\n"
    "  /bin/u ux,\n"
    "  /bin/p px,\n"
    "  /bin/pi pix,\n"
    "  /bin/o px -> other,\n"
    "  /bin/c cx,\n"
    "  /bin/k cx -> kid,\n"
    "  /bin/l cx -> lost,\n"
    "  /lib mr,\n"
    "  /denied/* r,\n"
    "  deny /denied/x r,\n"
    "  link /new -> /old,\n"
    "  capability chown,\n"
    "  network inet stream,\n"
    "  signal (send) set=(term) peer=q,\n"
    "  ptrace (read) peer=q,\n"
    "  mount fstype=tmpfs options=(rw, nosuid) x -> /m/,\n"
    "  mount options=(rprivate) -> /m/,\n"
    "  mount options=(rbind) /s/ -> /m/,\n"
    "  remount options=(ro, remount) /m/,\n"
    "  umount /m/,\n"
    "  pivot_root oldroot=/new/old/ /new/,\n"
    "  unix (bind) type=stream addr=@own,\n"
    "  unix (send) type=dgram peer=(addr=@srv, label=q),\n"
    "  dbus (send) bus=system path=/p interface=i member=m peer=(name=n, label=q),\n"
    "  dbus (bind) bus=system name=org.x,\n"
    "  set rlimit nofile <= 1024,\n"
    "  change_profile -> other,\n"
    "  change_profile -> &stacked,\n"
    "  ^hat {\n"
    "    /h r,\n"
    "  }\n"
    "  profile kid {\n"
    "    /k r,\n"
    "  }\n"
    "}\n";

#define ALLOWED    AAK_COVERAGE_ALLOWED
#define UNMEDIATED AAK_COVERAGE_UNMEDIATED
#define DENIED     AAK_COVERAGE_DENIED
#define NOT_ASKED  AAK_COVERAGE_NOT_ASKED

#define R AAK_PERM_R
#define W AAK_PERM_W

typedef struct
{
  AakClass class;
  const char *name;
  const char *details[AAK_ACCESS_MAX_DETAILS];
  guint perms;
  guint shared;
  AakCoverageVerdict verdict;
  guint denied;
} Row;

static const Row rows[] = {
  { AAK_CLASS_FILE, "/r", { 0 }, R, R, ALLOWED, 0 },
  { AAK_CLASS_FILE, "/r", { 0 }, R | W, R | W, DENIED, W },
  { AAK_CLASS_FILE, "/rw", { 0 }, R | W | AAK_PERM_A | AAK_PERM_C | AAK_PERM_D, R, ALLOWED, 0 },
  { AAK_CLASS_FILE, "/a", { 0 }, AAK_PERM_A, 0, ALLOWED, 0 },
  { AAK_CLASS_FILE, "/a", { 0 }, AAK_PERM_A | W, 0, DENIED, W },
  { AAK_CLASS_FILE, "/own", { 0 }, R | W, 0, ALLOWED, 0 },
  { AAK_CLASS_FILE, "/own", { 0 }, R | W, R, DENIED, R },
  { AAK_CLASS_FILE, "/bin/i", { 0 }, AAK_PERM_X, AAK_PERM_X, ALLOWED, 0 },
  { AAK_CLASS_FILE, "/bin/u", { 0 }, AAK_PERM_X, AAK_PERM_X, ALLOWED, 0 },
  { AAK_CLASS_FILE, "/bin/p", { 0 }, AAK_PERM_X, AAK_PERM_X, NOT_ASKED, 0 },
  { AAK_CLASS_FILE, "/bin/pi", { 0 }, AAK_PERM_X, AAK_PERM_X, ALLOWED, 0 },
  { AAK_CLASS_FILE, "/bin/o", { 0 }, AAK_PERM_X, 0, NOT_ASKED, 0 },
  { AAK_CLASS_FILE, "/bin/c", { 0 }, AAK_PERM_X, AAK_PERM_X, DENIED, AAK_PERM_X },
  { AAK_CLASS_FILE, "/bin/k", { 0 }, AAK_PERM_X, AAK_PERM_X, ALLOWED, 0 },
  { AAK_CLASS_FILE, "/bin/l", { 0 }, AAK_PERM_X, AAK_PERM_X, DENIED, AAK_PERM_X },
  { AAK_CLASS_FILE, "/bin/j", { 0 }, AAK_PERM_X, AAK_PERM_X, DENIED, AAK_PERM_X },
  { AAK_CLASS_FILE, "/lib", { 0 }, R | AAK_PERM_M, R, ALLOWED, 0 },
  { AAK_CLASS_FILE, "/lib", { 0 }, AAK_PERM_K, R, DENIED, AAK_PERM_K },
  { AAK_CLASS_FILE, "/denied/a", { 0 }, R, R, ALLOWED, 0 },
  { AAK_CLASS_FILE, "/denied/x", { 0 }, R, R, DENIED, R },
  { AAK_CLASS_FILE, "/new", { "/old" }, AAK_PERM_L, 0, ALLOWED, 0 },
  { AAK_CLASS_FILE, "/new", { "/r" }, AAK_PERM_L, 0, DENIED, AAK_PERM_L },
  { AAK_CLASS_FILE, "/r", { 0 }, 0, 0, NOT_ASKED, 0 },
  { AAK_CLASS_FILE, "r", { 0 }, R, 0, DENIED, R },
  { AAK_CLASS_CAPABILITY, "chown", { 0 }, 0, 0, ALLOWED, 0 },
  { AAK_CLASS_CAPABILITY, "sys_admin", { 0 }, 0, 0, DENIED, 0 },
  { AAK_CLASS_CAPABILITY, "of_tomorrow", { 0 }, 0, 0, NOT_ASKED, 0 },
  { AAK_CLASS_NETWORK, "inet", { "stream" }, AAK_PERM_CREATE, 0, ALLOWED, 0 },
  { AAK_CLASS_NETWORK, "inet", { "stream" }, 0, 0, ALLOWED, 0 },
  { AAK_CLASS_NETWORK, "inet", { "dgram" }, AAK_PERM_CREATE, 0, DENIED, AAK_PERM_CREATE },
  { AAK_CLASS_NETWORK, "unknown(2)", { "unknown(1)" }, AAK_PERM_CREATE, 0, ALLOWED, 0 },
  { AAK_CLASS_NETWORK, "unknown(99)", { "stream" }, AAK_PERM_CREATE, 0, DENIED, AAK_PERM_CREATE },
  { AAK_CLASS_NETWORK, "unknown(-2)", { "stream" }, AAK_PERM_CREATE, 0, NOT_ASKED, 0 },
  { AAK_CLASS_NETWORK, "inet", { "stream" }, R, 0, NOT_ASKED, 0 },
  { AAK_CLASS_SIGNAL, "q", { "term" }, AAK_PERM_SEND, 0, ALLOWED, 0 },
  { AAK_CLASS_SIGNAL, "q", { "kill" }, AAK_PERM_SEND, 0, DENIED, AAK_PERM_SEND },
  { AAK_CLASS_SIGNAL, "q", { "unknown(70)" }, AAK_PERM_SEND, 0, DENIED, AAK_PERM_SEND },
  { AAK_CLASS_SIGNAL, "p", { "term" }, AAK_PERM_SEND, 0, DENIED, AAK_PERM_SEND },
  { AAK_CLASS_SIGNAL, "q", { "no" }, AAK_PERM_SEND, 0, NOT_ASKED, 0 },
  { AAK_CLASS_PTRACE, "q", { 0 }, AAK_PERM_READ, 0, ALLOWED, 0 },
  { AAK_CLASS_PTRACE, "q", { 0 }, AAK_PERM_READ | AAK_PERM_TRACE, 0, DENIED, AAK_PERM_TRACE },
  { AAK_CLASS_MOUNT, "/m/", { "mount", "x", "tmpfs", "rw, nosuid" }, 0, 0, ALLOWED, 0 },
  { AAK_CLASS_MOUNT, "/m/", { "mount", "x", "tmpfs", "rw" }, 0, 0, DENIED, 0 },
  { AAK_CLASS_MOUNT, "/m/", { "mount", "y", "tmpfs", "rw, nosuid" }, 0, 0, DENIED, 0 },
  { AAK_CLASS_MOUNT, "/m/", { "propagation", NULL, NULL, "rw, rprivate" }, 0, 0, ALLOWED, 0 },
  { AAK_CLASS_MOUNT, "/m/", { "propagation", NULL, NULL, "rw, rshared" }, 0, 0, DENIED, 0 },
  { AAK_CLASS_MOUNT, "/m/", { "bind", "/s/", NULL, "rw, rbind" }, 0, 0, ALLOWED, 0 },
  { AAK_CLASS_MOUNT, "/m/", { "bind", "/s/", NULL, "rw, bind" }, 0, 0, DENIED, 0 },
  { AAK_CLASS_MOUNT, "/m/", { "remount", NULL, NULL, "ro, remount" }, 0, 0, ALLOWED, 0 },
  { AAK_CLASS_MOUNT, "/m/", { "remount", NULL, NULL, "rw, remount" }, 0, 0, DENIED, 0 },
  { AAK_CLASS_MOUNT, "/m/", { "umount" }, 0, 0, ALLOWED, 0 },
  { AAK_CLASS_MOUNT, "/n/", { "umount" }, 0, 0, DENIED, 0 },
  { AAK_CLASS_MOUNT, "/new/", { "pivot_root", "/new/old/" }, 0, 0, ALLOWED, 0 },
  { AAK_CLASS_MOUNT, "/new/", { "pivot_root", "/new/" }, 0, 0, DENIED, 0 },
  { AAK_CLASS_MOUNT, "/m/", { "mount", "x", "tmpfs", "rw, of_tomorrow" }, 0, 0, NOT_ASKED, 0 },
  { AAK_CLASS_MOUNT, "/m/", { "of_tomorrow" }, 0, 0, NOT_ASKED, 0 },
  { AAK_CLASS_UNIX, "stream", { "@own" }, AAK_PERM_BIND, 0, ALLOWED, 0 },
  { AAK_CLASS_UNIX, "stream", { "@other" }, AAK_PERM_BIND, 0, DENIED, AAK_PERM_BIND },
  { AAK_CLASS_UNIX, "stream", { "none" }, AAK_PERM_BIND, 0, DENIED, AAK_PERM_BIND },
  { AAK_CLASS_UNIX, "dgram", { "none", "@srv", "q" }, AAK_PERM_SEND, 0, ALLOWED, 0 },
  { AAK_CLASS_UNIX, "dgram", { "none", "@srv", "p" }, AAK_PERM_SEND, 0, DENIED, AAK_PERM_SEND },
  { AAK_CLASS_UNIX, "no", { "none" }, AAK_PERM_SEND, 0, NOT_ASKED, 0 },
  { AAK_CLASS_DBUS, "system", { "/p", "i", "m", "n", "q" }, AAK_PERM_SEND, 0, ALLOWED, 0 },
  { AAK_CLASS_DBUS,
    "system",
    { "/p", "i", "m", "n", "p" },
    AAK_PERM_SEND,
    0,
    DENIED,
    AAK_PERM_SEND },
  { AAK_CLASS_DBUS, "system", { NULL, NULL, NULL, "org.x" }, AAK_PERM_BIND, 0, ALLOWED, 0 },
  { AAK_CLASS_DBUS, "system", { 0 }, AAK_PERM_EAVESDROP, 0, DENIED, AAK_PERM_EAVESDROP },
  { AAK_CLASS_RLIMIT, "nofile", { "1024" }, 0, 0, ALLOWED, 0 },
  { AAK_CLASS_RLIMIT, "nofile", { "1025" }, 0, 0, DENIED, 0 },
  { AAK_CLASS_RLIMIT, "core", { "18446744073709551615" }, 0, 0, UNMEDIATED, 0 },
  { AAK_CLASS_RLIMIT, "of_tomorrow", { "1" }, 0, 0, NOT_ASKED, 0 },
  { AAK_CLASS_CHANGE_PROFILE, "other", { "change_profile" }, 0, 0, ALLOWED, 0 },
  { AAK_CLASS_CHANGE_PROFILE, "other", { "change_onexec" }, 0, 0, ALLOWED, 0 },
  { AAK_CLASS_CHANGE_PROFILE, "another", { "change_onexec" }, 0, 0, DENIED, 0 },
  { AAK_CLASS_CHANGE_PROFILE, "stacked", { "stack" }, 0, 0, ALLOWED, 0 },
  { AAK_CLASS_CHANGE_PROFILE, "stacked", { "change_profile" }, 0, 0, DENIED, 0 },
  { AAK_CLASS_CHANGE_PROFILE, "hat", { "change_hat" }, 0, 0, ALLOWED, 0 },
  { AAK_CLASS_CHANGE_PROFILE, "k8s-t//hat", { "change_hat" }, 0, 0, ALLOWED, 0 },
  { AAK_CLASS_CHANGE_PROFILE, "cap", { "change_hat" }, 0, 0, DENIED, 0 },
  /* What abi 3.0 does not mediate. */
  { AAK_CLASS_USERNS, "create", { 0 }, 0, 0, UNMEDIATED, 0 },
  { AAK_CLASS_MQUEUE, "/q", { "posix" }, AAK_PERM_READ, 0, UNMEDIATED, 0 },
  { AAK_CLASS_MQUEUE, "7", { "sysv" }, AAK_PERM_READ, 0, UNMEDIATED, 0 },
  { AAK_CLASS_MQUEUE, "", { "sysv" }, AAK_PERM_READ, 0, NOT_ASKED, 0 },
  { AAK_CLASS_IO_URING, "sqpoll", { 0 }, 0, 0, UNMEDIATED, 0 },
  { AAK_CLASS_IO_URING, "no", { 0 }, 0, 0, NOT_ASKED, 0 },
};

static AakObservation *
access_of (const Row *row)
{
  g_autofree char *detail = aak_access_pack (row->class, row->details);
  AakObservation *access = aak_observation_new (row->class, row->name, detail);
  access->perms = row->perms;
  access->shared_perms = row->shared;
  return access;
}

static AakPolicySet *
compiled (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, &error);
  if (compiler == NULL)
    cr_skip_test ("%s", error->message);
  g_autoptr (AakFeatures) features = fixture_wide_features ();
  g_autoptr (GBytes) text = g_bytes_new_static (rules, strlen (rules));
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, features, "t", text, NULL, &error);
  cr_assert_not_null (blob, "%s", error != NULL ? error->message : "");
  AakPolicySet *set = aak_policy_set_new ("t", blob, &error);
  cr_assert_not_null (set, "%s", error != NULL ? error->message : "");
  return set;
}

Test (coverage, every_class_is_asked_with_its_conditions)
{
  g_autoptr (AakPolicySet) set = compiled ();
  const AakPolicyProfile *profile = aak_policy_set_find (set, "k8s-t");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AakObservation) access = access_of (&rows[i]);
      AakCoverage coverage = aak_coverage_ask (set, profile, access);
      cr_expect_eq (coverage.verdict, rows[i].verdict, "%u: %s: %d", (guint) i, rows[i].name,
                    coverage.verdict);
      cr_expect_eq (coverage.denied, rows[i].denied, "%u: %s: %x", (guint) i, rows[i].name,
                    coverage.denied);
      cr_expect_eq (coverage.why != NULL, rows[i].verdict == NOT_ASKED);
      cr_expect_eq (coverage.access, access);
    }
}

Test (coverage, all_accesses_of_a_state_are_asked_in_their_order)
{
  g_autoptr (AakPolicySet) set = compiled ();
  g_autoptr (AakObservations) observations = learned_nothing ("r", 0);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AakObservation) access = access_of (&rows[i]);
      cr_assert (aak_observations_merge (observations, access));
    }
  const AakPolicyProfile *profile = aak_policy_set_find (set, "k8s-t");
  g_autoptr (GArray) all = aak_coverage_ask_all (set, profile, observations);
  g_autoptr (GPtrArray) sorted = aak_observations_sorted (observations);
  guint counted = 0;
  cr_assert_eq (all->len, sorted->len);
  for (guint i = 0; i < all->len; i++)
    cr_expect_eq (g_array_index (all, AakCoverage, i).access, sorted->pdata[i]);
  for (AakCoverageVerdict v = ALLOWED; v <= DENIED; v++)
    counted += aak_coverage_count (all, v);
  cr_expect_eq (counted, all->len);
}
