/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a compiled profile allows, class by class, against rules that a reader can follow. */
#include "config.h"

#include "lib/policy/query.h"
#include "tests/unit/policy-fixture.h"

#include <sys/mount.h>
#include <sys/socket.h>

#define R AAK_MAY_READ
#define W AAK_MAY_WRITE
#define A AAK_MAY_APPEND
#define X AAK_MAY_EXEC
#define M AAK_MAY_MMAP
#define K AAK_MAY_LOCK
#define L AAK_MAY_LINK

/* The same rules as generations of the parser wrote them, see tests/policy/README.md. */
typedef enum
{
  POLICY_COMPILED_NOW,
  POLICY_4_1_WORDS,
  POLICY_4_1_TABLE,
  POLICY_5_0_WORDS,
  POLICY_5_0_PAIRS,
  POLICY_5_0_TABLE,
  POLICY_5_0_COMPRESSED,
  POLICY_5_0_CACHE,
  N_POLICIES,
} Policy;

#ifdef HAVE_ZSTD
#define N_READABLE N_POLICIES
#else
#define N_READABLE 1
#endif

static AakPolicySet *
load (Policy which)
{
  static const char *const files[N_POLICIES] = {
    [POLICY_4_1_WORDS] = "web-4.1-words.zst", [POLICY_4_1_TABLE] = "web-4.1-table.zst",
    [POLICY_5_0_WORDS] = "web-5.0-words.zst", [POLICY_5_0_PAIRS] = "web-5.0-pairs.zst",
    [POLICY_5_0_TABLE] = "web-5.0-table.zst", [POLICY_5_0_COMPRESSED] = "web-5.0-compressed.bin",
    [POLICY_5_0_CACHE] = "web-5.0-cache.bin",
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) blob =
      files[which] != NULL ? fixture_policy_file (files[which]) : fixture_web ();
  AakPolicySet *set = aak_policy_set_new ("t", blob, &error);
  cr_assert_not_null (set, "%d: %s", which, error != NULL ? error->message : "");
  return set;
}

/* A test of the same name for each of them. */
#define EVERY_POLICY(name)                              \
  static void name (Policy which);                      \
  Test (policy_query, name)                             \
  {                                                     \
    for (Policy which = 0; which < N_READABLE; which++) \
      name (which);                                     \
  }                                                     \
  static void name (Policy which)

static const AakPolicyProfile *
web (const AakPolicySet *set)
{
  const AakPolicyProfile *profile = aak_policy_set_find (set, "zz-web");
  cr_assert_not_null (profile);
  return profile;
}

EVERY_POLICY (files)
{
  static const struct
  {
    const char *path;
    guint32 request;
    gboolean owner;
    guint32 denied;
    guint32 quiet;
    guint32 audited;
  } rows[] = {
    { "/a/b", R, FALSE, 0, 0, 0 },
    { "/a/b/c\n*\xff", R, TRUE, 0, 0, 0 },
    { "/a/", R, FALSE, R, 0, 0 },
    { "/a", R, FALSE, R, 0, 0 },
    { "/a/b", R | W, FALSE, W, 0, 0 },
    { "/b/x", R | W, TRUE, 0, 0, 0 },
    { "/b/x", R | W, FALSE, R | W, 0, 0 },
    { "/b/x/y", R, TRUE, R, 0, 0 },
    { "/b/x", AAK_MAY_CREATE | AAK_MAY_DELETE | A, TRUE, 0, 0, 0 },
    { "/log", A, FALSE, 0, 0, 0 },
    { "/log", W, FALSE, W, 0, 0 },
    { "/lib/x.so", R | M | K, FALSE, 0, 0, 0 },
    { "/lib/x.so", X | L, FALSE, X | L, 0, 0 },
    { "/lib/x.so.1", M, FALSE, M, 0, 0 },
    { "/audited", R | W, FALSE, 0, 0, R | W },
    { "/a/secret", R, FALSE, R, R, 0 },
    { "/a/watched", R, FALSE, R, 0, 0 },
    { "", R, FALSE, R, 0, 0 },
    { "/bin/deny/yes", X, FALSE, 0, 0, 0 },
    { "/bin/deny/no", X, FALSE, X, X, 0 },
  };
  g_autoptr (AakPolicySet) set = load (which);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AakAnswer a = aak_policy_query_file (web (set), aak_name (rows[i].path), rows[i].request,
                                           rows[i].owner);
      cr_expect (a.mediated && a.allowed == (rows[i].denied == 0) && a.denied == rows[i].denied
                     && a.quiet == rows[i].quiet && a.audited == rows[i].audited,
                 "row %u, %s: denied %x quiet %x audited %x", i, rows[i].path, a.denied, a.quiet,
                 a.audited);
    }
}

EVERY_POLICY (exec_transitions)
{
  static const struct
  {
    const char *path;
    AakExecTarget target;
    AakExecTarget fallback;
    gboolean scrubbed;
    const char *label;
  } rows[] = {
    { "/bin/i", AAK_EXEC_INHERIT, AAK_EXEC_NOWHERE, TRUE, "zz-web" },
    { "/bin/p", AAK_EXEC_PROFILE, AAK_EXEC_NOWHERE, TRUE, "px" },
    { "/bin/pu", AAK_EXEC_PROFILE, AAK_EXEC_UNCONFINED, FALSE, "pglob" },
    { "/bin/c", AAK_EXEC_CHILD, AAK_EXEC_NOWHERE, FALSE, "zz-web///bin/c" },
    { "/bin/n", AAK_EXEC_NAMED, AAK_EXEC_NOWHERE, TRUE, "zz-web//kid" },
    { "/bin/o", AAK_EXEC_NAMED, AAK_EXEC_NOWHERE, FALSE, "other" },
    { "/bin/u", AAK_EXEC_UNCONFINED, AAK_EXEC_NOWHERE, TRUE, "unconfined" },
  };
  g_autoptr (AakPolicySet) set = load (which);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AakName path = aak_name (rows[i].path);
      AakAnswer a = aak_policy_query_file (web (set), path, X, FALSE);
      g_autofree char *label = aak_policy_query_exec_label (set, web (set), path, a.exec);
      cr_expect (a.allowed && a.exec.target == rows[i].target && a.exec.fallback == rows[i].fallback
                     && a.exec.scrubbed == rows[i].scrubbed,
                 "%s: allowed %d target %d fallback %d scrubbed %d", rows[i].path, a.allowed,
                 a.exec.target, a.exec.fallback, a.exec.scrubbed);
      cr_expect_str_eq (label, rows[i].label, "%s: %s", rows[i].path, label);
    }
}

EVERY_POLICY (links)
{
  static const struct
  {
    const char *link;
    const char *target;
    guint32 denied;
  } rows[] = {
    { "/l/x", "/t/y", 0 },
    { "/l/x", "/u/y", L },
    { "/a/x", "/t/y", L },
    { "/s/r", "/t/y", 0 }, /* r and r */
    { "/s/w", "/t/y",
      W | A | AAK_MAY_CREATE | AAK_MAY_DELETE | AAK_MAY_SETATTR | AAK_MAY_CHMOD
          | AAK_MAY_CHOWN }, /* w on the link, not on the target */
  };
  g_autoptr (AakPolicySet) set = load (which);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AakAnswer a = aak_policy_query_link (web (set), aak_name (rows[i].link),
                                           aak_name (rows[i].target), TRUE);
      cr_expect_eq (a.denied, rows[i].denied, "%s -> %s: %x", rows[i].link, rows[i].target,
                    a.denied);
      cr_expect_eq (a.allowed, rows[i].denied == 0);
    }
}

EVERY_POLICY (change_profile)
{
  g_autoptr (AakPolicySet) set = load (which);
  AakName program = aak_name ("/bin/i"), another = aak_name ("/bin/j");
  cr_expect (aak_policy_query_change_profile (web (set), NULL, "other").allowed);
  cr_expect_not (aak_policy_query_change_profile (web (set), NULL, "otherx").allowed);
  cr_expect (aak_policy_query_change_profile (web (set), &program, "late").allowed);
  cr_expect_not (aak_policy_query_change_profile (web (set), &another, "late").allowed);
}

EVERY_POLICY (capabilities_and_network)
{
  g_autoptr (AakPolicySet) set = load (which);
  const AakPolicyProfile *p = web (set);
  cr_expect (aak_policy_query_capability (p, 0).allowed);
  cr_expect_eq (aak_policy_query_capability (p, 13).audited, 1);
  cr_expect_eq (aak_policy_query_capability (p, 21).quiet, 1);
  cr_expect_eq (aak_policy_query_capability (p, 1).quiet, 0);
  cr_expect_not (aak_policy_query_capability (p, 64).allowed);
  cr_expect_not (aak_policy_query_capability (p, G_MAXUINT).allowed);
  cr_expect (aak_policy_query_network (p, AF_INET, SOCK_STREAM, AAK_MAY_NET_ALL).allowed);
  cr_expect_not (aak_policy_query_network (p, AF_INET, SOCK_DGRAM, AAK_MAY_NET_CREATE).allowed);
  cr_expect (aak_policy_query_network (p, AF_UNIX, SOCK_SEQPACKET, AAK_MAY_NET_ALL).allowed);
  AakAnswer a = aak_policy_query_network (p, AF_INET6, SOCK_RAW, AAK_MAY_NET_CREATE);
  cr_expect (!a.allowed && a.quiet == AAK_MAY_NET_CREATE);
  cr_expect_not (aak_policy_query_network (p, AF_NETLINK, SOCK_RAW, AAK_MAY_NET_CREATE).allowed);
}

EVERY_POLICY (signals_and_ptrace)
{
  g_autoptr (AakPolicySet) set = load (which);
  const AakPolicyProfile *p = web (set);
  cr_expect (aak_policy_query_signal (p, 15, "foo", W).allowed);
  cr_expect (aak_policy_query_signal (p, 128 + 3, "foo", W).allowed);
  cr_expect_not (aak_policy_query_signal (p, 128 + 4, "foo", W).allowed);
  cr_expect_not (aak_policy_query_signal (p, 9, "foo", W).allowed);
  cr_expect_not (aak_policy_query_signal (p, 15, "foo", R).allowed);
  cr_expect (aak_policy_query_signal (p, 9, "unconfined", R).allowed);
  cr_expect (aak_policy_query_signal (p, 9, "zz-web", R | W).allowed);
  cr_expect (aak_policy_query_signal (p, 9, "A//&B", W).allowed);
  cr_expect (aak_policy_query_signal (p, 9, "B//&A", W).allowed);
  cr_expect_not (aak_policy_query_signal (p, 9, "A", W).allowed);
  cr_expect (aak_policy_query_signal (p, 15, "foo//&zz-web", W).allowed);
  cr_expect_not (aak_policy_query_signal (p, 9, "foo//&zz-web", W).allowed);
  cr_expect (aak_policy_query_ptrace (p, "bar", AAK_MAY_PTRACE_READ).allowed);
  cr_expect_not (aak_policy_query_ptrace (p, "bar", AAK_MAY_PTRACE_TRACE).allowed);
  cr_expect (aak_policy_query_ptrace (p, "bazzz", AAK_MAY_PTRACE_TRACE).allowed);
  cr_expect (aak_policy_query_ptrace (p, "baz", AAK_MAY_PTRACE_TRACED_BY).allowed);
  cr_expect_not (aak_policy_query_ptrace (p, "baz", AAK_MAY_PTRACE_READ_BY).allowed);
  cr_expect_not (aak_policy_query_ptrace (p, "", AAK_MAY_PTRACE_READ).allowed);
}

static gboolean
may_mount (const AakPolicyProfile *profile, const char *source, const char *target,
           const char *type, guint32 flags)
{
  AakMount mount = { .target = aak_name (target), .flags = flags };
  if (source != NULL)
    mount.source = aak_name (source);
  if (type != NULL)
    mount.type = aak_name (type);
  return aak_policy_query_mount (profile, &mount).allowed;
}

EVERY_POLICY (mounts)
{
  g_autoptr (AakPolicySet) set = load (which);
  const AakPolicyProfile *p = web (set);
  cr_expect (may_mount (p, "tmpfs", "/mnt/", "tmpfs", MS_NOSUID));
  cr_expect_not (may_mount (p, "tmpfs", "/mnt/", "tmpfs", MS_NODEV));
  cr_expect_not (may_mount (p, "tmpfs", "/mnt/", "proc", MS_NOSUID));
  cr_expect_not (may_mount (p, "tmpfs", "/mnt/x/", "tmpfs", MS_NOSUID));
  cr_expect (may_mount (p, "/src/", "/dst/a/", "ignored", MS_BIND));
  cr_expect_not (may_mount (p, "/src/", "/dst/a/", NULL, MS_BIND | MS_REC));
  cr_expect (may_mount (p, "ignored", "/mnt/", NULL, MS_REMOUNT | MS_RDONLY));
  cr_expect (may_mount (p, NULL, "/", NULL, MS_SLAVE | MS_REC));
  cr_expect_not (may_mount (p, NULL, "/", NULL, MS_SHARED | MS_REC));
  cr_expect (aak_policy_query_umount (p, aak_name ("/mnt/")).allowed);
  cr_expect_not (aak_policy_query_umount (p, aak_name ("/mnt")).allowed);
  cr_expect (aak_policy_query_pivot_root (p, aak_name ("/new/"), aak_name ("/new/old/")).allowed);
  cr_expect_not (aak_policy_query_pivot_root (p, aak_name ("/new/"), aak_name ("/x/")).allowed);
  AakAnswer userns = aak_policy_query_userns (p);
  cr_expect (userns.allowed && !userns.mediated);
}

EVERY_POLICY (modes)
{
  g_autoptr (AakPolicySet) set = load (which);
  const AakPolicyProfile *free_one = aak_policy_set_find (set, "free");
  const AakPolicyProfile *complains = aak_policy_set_find (set, "pglob");
  const AakPolicyProfile *loud = aak_policy_set_find (set, "loud");
  AakAnswer a = aak_policy_query_file (free_one, aak_name ("/any"), R | W | X, FALSE);
  cr_expect (a.allowed && !a.mediated);
  cr_expect_eq (complains->mode, AAK_MODE_COMPLAIN);
  cr_expect_not (aak_policy_query_file (complains, aak_name ("/any"), R, FALSE).allowed);
  cr_expect_eq (aak_policy_query_file (loud, aak_name ("/x"), R, FALSE).audited, R);
  cr_expect_eq (aak_policy_query_file (loud, aak_name ("/y"), R, FALSE).quiet, 0);
  cr_expect_null (aak_policy_set_find (set, "none"));
  cr_expect_null (aak_policy_set_find (set, ""));
}
