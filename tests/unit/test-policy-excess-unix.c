/* SPDX-License-Identifier: GPL-2.0-or-later
 * Unix sockets, as kernels with rules for them mediate them: every answer that differs is told of.
 */
#include "lib/policy/excess.h"
#include "lib/policy/query.h"
#include "lib/policy/set.h"
#include "tests/unit/policy-fixture.h"

#include <sys/socket.h>

#define PAIRS     60
#define QUESTIONS 300
#define MANY      300

static AakPolicySet *
compile (AakCompiler *compiler, const AakFeatures *features, const char *rules)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *profile = g_strdup_printf ("profile p {\n%s\n}\n", rules);
  g_autoptr (GBytes) bytes = g_bytes_new (profile, strlen (profile));
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, features, "t", bytes, NULL, &error);
  cr_assert_not_null (blob, "%s: %s", rules, error != NULL ? error->message : "");
  AakPolicySet *set = aak_policy_set_new ("t", blob, &error);
  cr_assert_not_null (set, "%s", error != NULL ? error->message : "");
  return set;
}

/* What @one allows beyond @other, "RULE; RULE". */
static char *
beyond (const AakPolicySet *one, const AakPolicySet *other)
{
  gboolean more = FALSE;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) excess =
      aak_policy_excess (aak_policy_set_find (one, "p"), aak_policy_set_find (other, "p"), MANY,
                         &more, &error);
  cr_assert_not_null (excess, "%s", error != NULL ? error->message : "");
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < excess->len; i++)
    {
      const AakExcess *found = excess->pdata[i];
      if (found->kind == AAK_EXCESS_ALLOWED)
        g_string_append_printf (text, "%s%s%s", text->len > 0 ? "; " : "", found->rule,
                                found->but->len > 0 || found->more ? " but" : "");
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

#define EVERYTHING                                                                 \
  "unix (bind, accept, getattr, setattr, shutdown) type=stream; "                  \
  "unix (connect, accept, send, receive) type=stream; unix (create) type=stream; " \
  "unix (getopt, setopt) type=stream; unix (listen) type=stream"

static const struct
{
  const char *one, *other, *excess;
} cases[] = {
  { "unix type=stream,", "unix type=stream,", "" },
  { "unix type=stream,", "", EVERYTHING },
  { "network unix stream,", "", EVERYTHING },
  { "unix (bind) type=stream addr=\"@a\",", "unix (bind) type=stream addr=\"@b\",",
    "unix (bind) type=stream addr=@a" },
  { "unix (bind) type=stream addr=\"@a*\",", "", "unix (bind) type=stream addr=@a*" },
  { "unix (bind) type=stream addr=none,", "unix (bind) type=stream addr=\"@a\",",
    "unix (bind) type=stream addr=none" },
  { "unix (listen, getopt) type=dgram addr=\"@a\",", "unix (listen) type=dgram addr=\"@a\",",
    "unix (getopt) type=dgram addr=@a" },
  { "unix (create) type=seqpacket,", "", "unix (create) type=seqpacket" },
  { "unix (connect) type=stream addr=none peer=(addr=\"@s\" label=l),",
    "unix (connect) type=stream addr=none peer=(addr=\"@s\" label=k),",
    "unix (connect) type=stream addr=none peer=(addr=@s, label=l)" },
  { "unix (connect) type=stream addr=none peer=(addr=\"@s\"),",
    "unix (connect) type=stream addr=none peer=(addr=\"@t\"),",
    "unix (connect) type=stream addr=none peer=(addr=@s)" },
  { "unix (send) type=dgram addr=\"@a\" peer=(addr=none),",
    "unix (send) type=dgram addr=\"@a\" peer=(addr=\"@b\"),",
    "unix (send) type=dgram addr=@a peer=(addr=none)" },
  { "unix (bind) type=stream addr=\"@a\\000b\",", "unix (bind) type=stream addr=\"@c\\000d\",",
    "unix type=stream, some addresses" },
  { "unix (bind) type=stream addr=\"@a\\000b\",", "unix (bind) type=stream addr=\"@a\\000b\",",
    "" },
};

Test (policy_excess_unix, in_words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, &error);
  if (compiler == NULL)
    cr_skip_test ("%s", error->message);
  g_autoptr (AakFeatures) features = fixture_wide_features ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AakPolicySet) one = compile (compiler, features, cases[i].one);
      g_autoptr (AakPolicySet) other = compile (compiler, features, cases[i].other);
      g_autofree char *found = beyond (one, other);
      cr_expect_str_eq (found, cases[i].excess, "%s / %s:\n   got %s\n  want %s", cases[i].one,
                        cases[i].other, found, cases[i].excess);
    }
}

/* --- random rules ---------------------------------------------------------------------------- */

#define PICK(array) ((array)[g_rand_int_range (rand, 0, G_N_ELEMENTS (array))])

static void
random_rules (GRand *rand, GString *out)
{
  static const char *const alone[] = { "create", "bind", "listen", "getopt", "accept" };
  static const char *const both[] = { "connect", "send", "receive", "connect, send" };
  static const char *const types[] = { "", " type=stream", " type=dgram", " type=seqpacket" };
  static const char *const addresses[] = { "", " addr=none", " addr=\"@a\"", " addr=\"@a*\"",
                                           " addr=\"@**\"" };
  static const char *const peers[] = { "", " peer=(label=l)", " peer=(addr=\"@a\")",
                                       " peer=(addr=none label=\"l*\")",
                                       " peer=(addr=\"@b\" label=k)" };
  for (gint32 n = g_rand_int_range (rand, 0, 5); n > 0; n--)
    {
      const char *deny = g_rand_int_range (rand, 0, 6) == 0 ? "deny " : "";
      if (g_rand_boolean (rand))
        {
          const char *perm = PICK (alone);
          g_string_append_printf (out, "%sunix (%s)%s%s,\n", deny, perm, PICK (types),
                                  strcmp (perm, "create") != 0 ? PICK (addresses) : "");
        }
      else
        g_string_append_printf (out, "%sunix (%s)%s%s%s,\n", deny, PICK (both), PICK (types),
                                PICK (addresses), PICK (peers));
    }
}

/* Names: the byte 0 and what follows is an abstract address. */
static AakName
random_address (GRand *rand)
{
  static const char names[][4] = { "\0a", "\0ab", "\0b", "\0x" };
  gint32 i = g_rand_int_range (rand, -2, G_N_ELEMENTS (names));
  return i < 0 ? (AakName){ NULL, 0 } : (AakName){ names[i], 1 + strlen (names[i] + 1) };
}

/* How many answers @p gives that allow more than those of @q. */
static guint
count_more (GRand *rand, const AakPolicyProfile *p, const AakPolicyProfile *q)
{
  static const guint16 types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
  static const guint32 perms[] = { AAK_MAY_NET_CREATE, AAK_MAY_NET_BIND,    AAK_MAY_NET_LISTEN,
                                   AAK_MAY_NET_ACCEPT, AAK_MAY_NET_GETOPT,  AAK_MAY_NET_CONNECT,
                                   AAK_MAY_NET_SEND,   AAK_MAY_NET_RECEIVE, AAK_MAY_NET_SETATTR };
  static const char *const labels[] = { "l", "lm", "k", "unconfined" };
  guint more = 0;
  for (guint i = 0; i < QUESTIONS; i++)
    {
      guint32 perm = PICK (perms);
      gboolean peer = (perm & (AAK_MAY_NET_CONNECT | AAK_MAY_NET_SEND | AAK_MAY_NET_RECEIVE)) != 0;
      AakUnixSocket socket = { PICK (types), random_address (rand), random_address (rand),
                               peer ? PICK (labels) : NULL };
      more += aak_policy_query_unix (p, &socket, perm).allowed
              && !aak_policy_query_unix (q, &socket, perm).allowed;
    }
  return more;
}

Test (policy_excess_unix, it_is_what_questions_find)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  g_autoptr (GError) error = NULL;
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, &error);
  if (compiler == NULL)
    cr_skip_test ("%s", error->message);
  g_autoptr (AakFeatures) features = fixture_wide_features ();
  guint alike = 0, told = 0;
  for (guint i = 0; i < PAIRS; i++)
    {
      g_autoptr (GString) first = g_string_new (NULL);
      g_autoptr (GString) second = g_string_new (NULL);
      random_rules (rand, first);
      random_rules (rand, second);
      /* Half of the pairs differ in one rule, or in none. */
      g_string_assign (second, i % 2 == 0 ? first->str : second->str);
      if (i % 4 == 0)
        g_string_append (second, "unix (bind) type=stream addr=\"@b\",\n");
      g_autoptr (AakPolicySet) one = compile (compiler, features, first->str);
      g_autoptr (AakPolicySet) other = compile (compiler, features, second->str);
      g_autofree char *found = beyond (one, other);
      guint more =
          count_more (rand, aak_policy_set_find (one, "p"), aak_policy_set_find (other, "p"));
      cr_expect (more == 0 || *found != '\0',
                 "%u answers allow more, nothing is told of\n%s---\n%s", more, first->str,
                 second->str);
      alike += *found == '\0';
      told += more > 0;
    }
  /* The rules are random, and yet they say something. */
  cr_expect_geq (alike, PAIRS / 4);
  cr_expect_geq (told, PAIRS / 8);
}
