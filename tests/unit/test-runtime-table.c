/* SPDX-License-Identifier: GPL-2.0-or-later
 * What every profile begins with: the data is in the text, compiles, and allows what it says; what
 * it allows is what needs no rule of its own; damaged data is refused. */
#include "learn/access-fields.h"
#include "learn/generalise.h"
#include "learn/profile-writer.h"
#include "lib/runtime-table.h"
#include "lib/policy/query.h"
#include "lib/policy/set.h"
#include "tests/unit/learned.h"
#include "tests/unit/policy-fixture.h"

#define TERM 15

/* The profile of @label that nothing was learned for. */
static char *
empty_text (const char *label)
{
  g_autoptr (AakObservations) observations = aak_observations_new (label);
  aak_observations_add_run (observations, learned_run ("r", 0));
  g_autoptr (AakProfile) profile = aak_generalise (observations, FALSE);
  return aak_profile_to_text (profile);
}

Test (runtime_table, each_rule_is_a_line_of_every_profile)
{
  g_autofree char *text = empty_text ("k8s-t");
  const GPtrArray *table = aak_runtime_table ();
  cr_assert_gt (table->len, 0);
  for (guint i = 0; i < table->len; i++)
    {
      const AakRuntimeRule *rule = table->pdata[i];
      g_autofree char *line = g_strdup_printf ("\n  %s  # %s\n", rule->rule, rule->why);
      cr_expect_not_null (strstr (text, line), "%s in %s", line, text);
    }
}

static gboolean
is_implied (AakClass class, const char *peer, guint perms)
{
  g_autoptr (AakObservations) observations = learned_nothing ("r", 0);
  const char *details[AAK_ACCESS_MAX_DETAILS] = { class == AAK_CLASS_SIGNAL ? "term" : NULL };
  g_autofree char *detail = aak_access_pack (class, details);
  g_autoptr (AakObservation) observation = aak_observation_new (class, peer, detail);
  AakSighting seen = { 0, 1, 7, 7 };
  observation->perms = perms;
  g_array_append_val (observation->sightings, seen);
  aak_observations_merge (observations, observation);
  g_autoptr (AakProfile) profile = aak_generalise (observations, FALSE);
  cr_assert_eq (profile->rules->len, 1);
  return ((const AakRule *) profile->rules->pdata[0])->implied;
}

/* The compiled profile of @label that nothing was learned for. */
static AakPolicySet *
compile_empty (const char *label)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = empty_text (label);
  g_autoptr (GPtrArray) policies = fixture_policies (text);
  const AakPolicy *policy = policies->pdata[0];
  AakPolicySet *set = aak_policy_set_new ("t", policy->blob, &error);
  cr_assert_not_null (set, "%s: %s", label, error != NULL ? error->message : "");
  return set;
}

/* Of all kinds that a profile is written for. */
Test (runtime_table, a_profile_knows_its_own_label)
{
  static const char *const labels[] = { "k8s-t", "/usr/sbin/nginx", "a+b", "a@b.c_d", "1" };
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autoptr (AakPolicySet) set = compile_empty (labels[i]);
      const AakPolicyProfile *p = aak_policy_set_find (set, labels[i]);
      cr_assert_not_null (p, "%s", labels[i]);
      for (guint peer = 0; peer < G_N_ELEMENTS (labels); peer++)
        cr_expect_eq (aak_policy_query_signal (p, TERM, labels[peer], AAK_MAY_SIGNAL_SEND).allowed,
                      peer == i, "%s to %s", labels[i], labels[peer]);
    }
}

Test (runtime_table, what_needs_no_rule_is_allowed)
{
  static const struct
  {
    const char *peer;
    gboolean send, receive; /* signals */
    gboolean read, trace;   /* and be read or traced */
    gboolean stacked;       /* has rules of its own where it is seen */
  } rows[] = {
    { "unconfined", FALSE, TRUE, FALSE, FALSE, FALSE },
    { "runc", FALSE, TRUE, FALSE, FALSE, FALSE },
    { "crun", FALSE, TRUE, FALSE, FALSE, FALSE },
    { "k8s-t", TRUE, TRUE, TRUE, FALSE, FALSE },
    { "k8s-other", FALSE, FALSE, FALSE, FALSE, FALSE },
    { "k8s-t//child", FALSE, FALSE, FALSE, FALSE, FALSE },
    { "crun//&k8s-t", TRUE, TRUE, TRUE, FALSE, TRUE },
    { "k8s-t//&crun", TRUE, TRUE, TRUE, FALSE, TRUE },
    { "k8s-t//&k8s-other", FALSE, FALSE, FALSE, FALSE, FALSE },
  };
  g_autoptr (AakPolicySet) set = compile_empty ("k8s-t");
  const AakPolicyProfile *p = aak_policy_set_find (set, "k8s-t");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const char *peer = rows[i].peer;
      gboolean send = aak_policy_query_signal (p, TERM, peer, AAK_MAY_SIGNAL_SEND).allowed;
      gboolean receive = aak_policy_query_signal (p, TERM, peer, AAK_MAY_SIGNAL_RECEIVE).allowed;
      guint32 look = AAK_MAY_PTRACE_READ | AAK_MAY_PTRACE_READ_BY;
      gboolean read = aak_policy_query_ptrace (p, peer, look).allowed;
      gboolean trace = aak_policy_query_ptrace (p, peer, AAK_MAY_PTRACE_TRACE).allowed
                       || aak_policy_query_ptrace (p, peer, AAK_MAY_PTRACE_TRACED_BY).allowed;
      cr_expect (send == rows[i].send && receive == rows[i].receive && read == rows[i].read
                     && trace == rows[i].trace,
                 "%s: send %d receive %d read %d trace %d", peer, send, receive, read, trace);
      if (rows[i].stacked)
        continue;
      cr_expect_eq (is_implied (AAK_CLASS_SIGNAL, peer, AAK_PERM_SEND), send, "%s", peer);
      cr_expect_eq (is_implied (AAK_CLASS_SIGNAL, peer, AAK_PERM_RECEIVE), receive, "%s", peer);
      cr_expect_eq (is_implied (AAK_CLASS_PTRACE, peer, AAK_PERM_READ), read, "%s", peer);
      cr_expect_not (is_implied (AAK_CLASS_PTRACE, peer, AAK_PERM_TRACE), "%s", peer);
    }
}

#define HEAD "schema: \"aakit/runtime/1\"\nruntime:\n"
#define GOOD "  - {id: \"a\", rule: \"b,\", why: \"c\", source: \"d\"}\n"

static GPtrArray *
read_table (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  return aak_runtime_table_read ("t", bytes, error);
}

Test (runtime_table, damaged_tables)
{
  static const struct
  {
    const char *text;
    const char *place;
  } rows[] = {
    { "schema: \"aakit/learned/1\"\nruntime: []\n", "t:1:" },
    { "schema: \"aakit/runtime/2\"\nruntime: []\n", "t: " },
    { "schema: \"aakit/runtime/1\"\n", "t:1:" },
    { HEAD "  a: \"b\"\n", "t:3:" },
    { HEAD GOOD GOOD, "t:4:" },
    { HEAD "  - {id: \"A\", rule: \"b,\", why: \"c\", source: \"d\"}\n", "t:3:" },
    { HEAD "  - {rule: \"b,\", why: \"c\", source: \"d\"}\n", "t:3:" },
    { HEAD "  - {id: \"a\", why: \"c\", source: \"d\"}\n", "t:3:" },
    { HEAD "  - {id: \"a\", rule: \"b,\", source: \"d\"}\n", "t:3:" },
    { HEAD "  - {id: \"a\", rule: \"b,\", why: \"c\"}\n", "t:3:" },
    { HEAD "  - {id: \"a\", rule: \"b,\", why: \"c\", source: \"d\", more: \"e\"}\n", "t:3:" },
    { HEAD "  - {id: \"a\", rule: \"b\", why: \"c\", source: \"d\"}\n", "t:3:" },
    { HEAD "  - {id: \"a\", rule: \"\", why: \"c\", source: \"d\"}\n", "t:3:" },
    { HEAD "  - {id: \"a\", rule: \"b, # c,\", why: \"c\", source: \"d\"}\n", "t:3:" },
    { HEAD "  - {id: \"a\", rule: \"b,\\nc,\", why: \"c\", source: \"d\"}\n", "t:3:" },
    { HEAD "  - {id: \"a\", rule: \"b,\", why: \"c\\n}\", source: \"d\"}\n", "t:3:" },
  };
  g_autoptr (GPtrArray) good = read_table (HEAD GOOD, NULL);
  cr_assert (good != NULL && good->len == 1);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) table = read_table (rows[i].text, &error);
      cr_assert_null (table, "%s", rows[i].text);
      cr_expect (g_str_has_prefix (error->message, rows[i].place), "%s: %s", rows[i].text,
                 error->message);
    }
}
