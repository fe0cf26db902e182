/* SPDX-License-Identifier: GPL-2.0-or-later
 * Random pairs of profiles: what is said to be beyond is so, and nothing else is. */
#include "lib/policy/answer.h"
#include "lib/policy/excess.h"
#include "lib/policy/find.h"
#include "lib/policy/query.h"
#include "lib/policy/set.h"
#include "tests/unit/policy-fixture.h"

#include <sys/mount.h>

#define PAIRS     120
#define QUESTIONS 400
#define MANY      500

/* --- random rules ---------------------------------------------------------------------------- */

static const char *const any_paths[] = { "/a",    "/a/*", "/a/**", "/{a,b}/[cd]", "/b/?",
                                         "/**/e", "/a*",  "/**",   "/a/[0-9]*",   "/?/a?/{,**}" };
static const char *const any_perms[] = { "r", "w", "rw", "rk", "l", "mr", "a", "wl" };
static const char *const any_execs[] = { "ix", "px", "Pix", "cx -> z", "ux" };
static const char *const any_others[] = {
  "signal send peer=a,",
  "signal receive set=(term hup),",
  "signal,",
  "ptrace read peer=/**,",
  "ptrace trace peer=a*,",
  "network inet,",
  "network inet6 stream,",
  "network unix,",
  "capability chown,",
  "capability sys_admin,",
  "mount /a/ -> /b/,",
  "mount fstype=proc,",
  "umount /a/*/,",
  "mount options in (ro nosuid) /a/ -> /b/,",
  "pivot_root /n/,",
  "change_profile -> a,",
  "change_profile /b/? -> {a,b},",
  "set rlimit nofile <= 9,",
  "deny network inet6,",
  "audit capability chown,",
  "deny signal send set=(term),",
  "link /a/* -> /b/*,",
  "link subset /a/* -> /**,",
  "remount /a/,",
  "mount options=(ro) -> /b/,",
};

#define PICK(array) ((array)[g_rand_int_range (rand, 0, G_N_ELEMENTS (array))])

static void
random_rules (GRand *rand, GString *out)
{
  for (gint32 n = g_rand_int_range (rand, 0, 5); n > 0; n--)
    {
      const char *quality = g_rand_int_range (rand, 0, 5) == 0   ? "deny "
                            : g_rand_int_range (rand, 0, 5) == 0 ? "audit "
                                                                 : "";
      g_string_append_printf (out, "%s%s%s %s,\n", quality,
                              g_rand_int_range (rand, 0, 3) == 0 ? "owner " : "", PICK (any_paths),
                              PICK (any_perms));
    }
  /* Exec rules may not contradict each other. */
  if (g_rand_boolean (rand))
    g_string_append_printf (out, "%s %s,\n", PICK (any_paths), PICK (any_execs));
  for (gint32 n = g_rand_int_range (rand, 0, 3); n > 0; n--)
    g_string_append_printf (out, "%s\n", PICK (any_others));
}

/* A rule of @out may be taken away or come in. */
static void
change_rules (GRand *rand, const char *rules, GString *out)
{
  g_auto (GStrv) lines = g_strsplit (rules, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (**line != '\0' && g_rand_int_range (rand, 0, 4) > 0)
      g_string_append_printf (out, "%s\n", *line);
  if (g_rand_boolean (rand))
    g_string_append_printf (out, "%s %s,\n", PICK (any_paths), PICK (any_perms));
  if (g_rand_int_range (rand, 0, 4) == 0)
    g_string_append_printf (out, "%s\n", PICK (any_others));
}

static AakPolicySet *
compile (AakCompiler *compiler, const AakFeatures *features, const char *rules)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *profile =
      g_strdup_printf ("abi <abi/3.0>,\nprofile p {\n%s\nprofile z { }\n}\n", rules);
  g_autoptr (GBytes) bytes = g_bytes_new (profile, strlen (profile));
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, features, "t", bytes, NULL, &error);
  if (blob == NULL)
    return NULL; /* exec rules that contradict each other */
  AakPolicySet *set = aak_policy_set_new ("t", blob, &error);
  cr_assert_not_null (set, "%s", error != NULL ? error->message : "");
  return set;
}

/* --- questions ------------------------------------------------------------------------------- */

/* A path that meets rules. */
static char *
random_path (GRand *rand)
{
  static const char *const parts[] = { "a", "b", "c", "d", "e", "x", "1", "/", "/", "a/" };
  g_autoptr (GString) path = g_string_new ("/");
  for (gint32 n = g_rand_int_range (rand, 1, 7); n > 0; n--)
    {
      const char *part = PICK (parts);
      if (*part != '/' || path->str[path->len - 1] != '/')
        g_string_append (path, part);
    }
  return g_string_free (g_steal_pointer (&path), FALSE);
}

static const char *const any_labels[] = { "a", "b", "aa", "/x", "/x/y", "unconfined", "p" };

/* A question, which is asked of several profiles. */
typedef struct
{
  int kind;
  char *path, *path2;
  const char *label;
  guint32 number[3];
  gboolean owner;
} Question;

static AakAnswer
ask (const Question *q, const AakPolicyProfile *p)
{
  AakName path = aak_name (q->path), path2 = aak_name (q->path2);
  AakMount mount = { path,
                     path2,
                     aak_name (q->number[2] % 2 ? "proc" : "ext4"),
                     { NULL, 0 },
                     q->number[0] };
  switch (q->kind)
    {
    case 0:
      return aak_policy_query_link (p, path, path2, q->owner);
    case 1:
      return aak_policy_query_signal (p, 1 + q->number[0] % 35, q->label,
                                      q->owner ? AAK_MAY_SIGNAL_SEND : AAK_MAY_SIGNAL_RECEIVE);
    case 2:
      return aak_policy_query_ptrace (p, q->label, AAK_MAY_PTRACE_READ << q->number[0] % 2);
    case 3:
      return aak_policy_query_network (p, (guint16) (1 + q->number[0] % 12),
                                       (guint16) (1 + q->number[1] % 5), AAK_MAY_NET_ALL);
    case 4:
      return aak_policy_query_capability (p, q->number[0] % 41);
    case 5:
      return aak_policy_query_mount (p, &mount);
    case 6:
      return aak_policy_query_umount (p, path);
    case 7:
      return aak_policy_query_pivot_root (p, path, path2);
    case 8:
      return aak_policy_query_change_profile (p, q->owner ? &path : NULL, q->label);
    case 9:
      return aak_policy_query_limit (p, 7, q->number[0] % 12);
    default:
      return aak_policy_query_file (p, path, 1u << q->number[0] % 4, q->owner);
    }
}

static const guint32 some_flags[] = {
  0, MS_RDONLY, MS_NOSUID, MS_RDONLY | MS_NOSUID, MS_BIND, MS_REMOUNT, MS_REMOUNT | MS_RDONLY
};

static void
random_question (GRand *rand, Question *q)
{
  *q = (Question){ .kind = g_rand_int_range (rand, 0, 16),
                   .path = random_path (rand),
                   .path2 = random_path (rand),
                   .label = PICK (any_labels),
                   .owner = g_rand_boolean (rand) };
  for (guint i = 0; i < G_N_ELEMENTS (q->number); i++)
    q->number[i] = g_rand_int (rand);
  if (q->kind == 5)
    q->number[0] = PICK (some_flags);
}

static gboolean
same (const AakAnswer *a, const AakAnswer *b)
{
  return a->denied == b->denied
         && (a->exec.target == AAK_EXEC_NOWHERE || aak_policy_exec_equal (&a->exec, &b->exec));
}

/* TRUE where a link is decided by a comparison with its target, which no rule tells. */
static gboolean
by_target (const Question *q, const AakPolicyProfile *p)
{
  AakAnswer answer = ask (q, p);
  return q->kind == 0 && answer.requested != AAK_MAY_LINK;
}

/* The number of answers that are not the same. */
static guint
ask_both (GRand *rand, const AakPolicyProfile *p, const AakPolicyProfile *q)
{
  guint differ = 0;
  for (int i = 0; i < QUESTIONS; i++)
    {
      Question question;
      random_question (rand, &question);
      AakAnswer one = ask (&question, p), other = ask (&question, q);
      differ += !same (&one, &other) && !by_target (&question, p) && !by_target (&question, q);
      g_free (question.path);
      g_free (question.path2);
    }
  return differ;
}

/* --- finds ----------------------------------------------------------------------------------- */

/* What @finds say of @path, which leads to @node, and is true of it. */
static AakOwnedPerms
said_of (const AakPolicyProduct *product, const GPtrArray *finds, const char *path, guint32 node)
{
  AakOwnedPerms said = 0;
  g_autofree guint8 *groups = (guint8 *) g_strdup (path);
  gsize len = strlen (path);
  for (gsize i = 0; i < len; i++)
    groups[i] = product->groups.of[(guint8) path[i]];
  for (guint i = 0; i < finds->len; i++)
    {
      const AakPolicyFind *find = finds->pdata[i];
      gboolean excepted = find->more;
      if (!aak_policy_pattern_match (find->pattern, groups, len))
        continue;
      for (guint j = 0; j < find->but->len; j++)
        excepted |= aak_policy_pattern_match (find->but->pdata[j], groups, len);
      AakOwnedPerms truth =
          node != AAK_POLICY_PRODUCT_NONE
              ? aak_policy_claim_true (aak_policy_product_node (product, node), &find->claim)
              : 0;
      cr_expect (excepted || truth == aak_policy_claim_perms (&find->claim),
                 "%s is no exception, and not so", path);
      for (guint j = 0; j < find->but->len; j++)
        cr_expect (truth != aak_policy_claim_perms (&find->claim)
                       || !aak_policy_pattern_match (find->but->pdata[j], groups, len),
                   "%s is an exception, and so", path);
      said |= truth == aak_policy_claim_perms (&find->claim) ? truth : 0;
    }
  return said;
}

/* Each path is told of where it is to be, and nowhere else. */
static void
check_files (GRand *rand, const AakPolicyProfile *p, const AakPolicyProfile *q)
{
  AakPolicySide one, other;
  gboolean more = FALSE;
  one.db = aak_policy_answer_files (p, &one.start);
  other.db = aak_policy_answer_files (q, &other.start);
  g_autoptr (AakPolicyProduct) product =
      aak_policy_product_new (aak_policy_shape (AAK_POLICY_CLASS_FILE), one, other, NULL);
  g_autoptr (GPtrArray) finds = aak_policy_find_all (product, AAK_EXCESS_ALLOWED, MANY, &more);
  cr_expect_not (more);
  for (int i = 0; i < QUESTIONS; i++)
    {
      g_autofree char *path = random_path (rand);
      guint32 node = 0;
      for (const char *c = path; *c != '\0' && node != AAK_POLICY_PRODUCT_NONE; c++)
        node = aak_policy_product_step (product, node, product->groups.of[(guint8) *c]);
      AakOwnedPerms said = said_of (product, finds, path, node);
      for (guint bit = 0; bit < 17; bit++)
        for (gboolean owner = FALSE; owner <= TRUE; owner++)
          {
            guint32 perm = 1u << bit;
            if ((product->shape->asked (0, TRUE) & perm) == 0)
              continue;
            AakAnswer mine = aak_policy_query_file (p, aak_name (path), perm, owner),
                      its = aak_policy_query_file (q, aak_name (path), perm, owner);
            gboolean beyond = mine.allowed && (!its.allowed || !same (&mine, &its));
            gboolean told = (said & (owner ? AAK_OWNED (perm, 0) : AAK_OWNED (0, perm))) != 0;
            cr_expect_eq (beyond, told, "%s, permission %#x, owner %d: %d", path, perm, owner,
                          told);
          }
    }
}

static guint
count_allowed (const AakPolicyProfile *p, const AakPolicyProfile *q)
{
  gboolean more = FALSE;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) excess = aak_policy_excess (p, q, MANY, &more, &error);
  cr_assert_not_null (excess, "%s", error != NULL ? error->message : "");
  guint n = 0;
  for (guint i = 0; i < excess->len; i++)
    n += ((const AakExcess *) excess->pdata[i])->kind == AAK_EXCESS_ALLOWED;
  return n;
}

Test (policy_excess_any, it_is_what_questions_find)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  g_autoptr (GError) error = NULL;
  g_autoptr (AakFeatures) features = fixture_features ("debian-12-6.1");
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, &error);
  if (compiler == NULL)
    cr_skip_test ("%s", error->message);
  guint compared = 0, alike = 0;
  for (int i = 0; i < PAIRS; i++)
    {
      g_autoptr (GString) first = g_string_new (NULL);
      g_autoptr (GString) second = g_string_new (NULL);
      random_rules (rand, first);
      change_rules (rand, first->str, second);
      g_autoptr (AakPolicySet) a = compile (compiler, features, first->str);
      g_autoptr (AakPolicySet) b = compile (compiler, features, second->str);
      if (a == NULL || b == NULL)
        continue;
      const AakPolicyProfile *p = aak_policy_set_find (a, "p"), *q = aak_policy_set_find (b, "p");
      guint beyond = count_allowed (p, q) + count_allowed (q, p), differ = ask_both (rand, p, q);
      cr_expect (beyond > 0 || differ == 0, "%u answers differ, nothing is told of\n%s---\n%s",
                 differ, first->str, second->str);
      check_files (rand, p, q);
      check_files (rand, q, p);
      compared++;
      alike += beyond == 0;
    }
  /* The rules are random, and yet they say something. */
  cr_expect_geq (compared, PAIRS / 2);
  cr_expect_geq (alike, 1);
  cr_expect_lt (alike, compared / 2);
}
