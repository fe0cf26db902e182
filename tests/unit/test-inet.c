/* SPDX-License-Identifier: GPL-2.0-or-later
 * Addresses of internet sockets, from records to rules. */
#include "config.h"

#include "learn/access-fields.h"
#include "learn/coverage.h"
#include "learn/generalise.h"
#include "learn/inet-access.h"
#include "learn/inet-rules.h"
#include "learn/profile-writer.h"
#include "learn/rule-text.h"
#include "learn/state.h"
#include "learn/writable.h"
#include "lib/compiler.h"
#include "tests/unit/learned.h"

#include <criterion/criterion.h>
#include <string.h>

/* --- records --------------------------------------------------------------------------------- */

/* What is kept of a record with @fields of a socket. */
static char *
kept (const char *fields, const char *family, const char *mask, AakEventResult *out_result)
{
  g_autofree char *text = g_strdup_printf (
      "audit(1795295848.100:1): apparmor=\"ALLOWED\" operation=\"x\" class=\"net\" profile=\"k8s-t\" "
      "pid=1 comm=\"c\" %s family=\"%s\" sock_type=\"stream\" protocol=6 requested_mask=\"%s\" "
      "denied_mask=\"%s\"",
      fields, family, mask, mask);
  AakRecord record;
  g_auto (AakEvent) event = { 0 };
  const AakSourceRecord raw = { .data = text, .len = strlen (text), .type = 1400 };
  cr_assert_eq (aak_source_record_parse (&raw, &record), AAK_RECORD_APPARMOR);
  *out_result = aak_event_from_record (&record, &event, NULL);
  if (event.access == NULL)
    return g_strdup ("");
  g_strdelimit (event.access, "\t", ' ');
  return g_steal_pointer (&event.access);
}

typedef struct
{
  char family[8];
  char mask[16];
  char fields[96];
  char kept[64]; /* type, own address and port, the other's */
} Told;

static const Told tellings[] = {
  /* Of bind, listen and accept, this end. */
  { "inet", "bind", "src=8080", "stream  8080  " },
  { "inet", "bind", "saddr=10.0.0.1 src=80", "stream 10.0.0.1 80  " },
  { "inet", "listen", "laddr=127.0.0.1 lport=80", "stream 127.0.0.1 80  " },
  { "inet", "accept", "lport=40000 faddr=10.1.1.1 fport=1", "stream  40000  " },
  { "inet", "bind", "", "" },
  /* What is asked for goes before what the socket has. */
  { "inet", "connect", "laddr=10.0.0.1 lport=40000 daddr=10.0.0.2 dest=5432",
    "stream   10.0.0.2 5432" },
  { "inet", "connect", "faddr=10.0.0.9 fport=1 daddr=10.0.0.2 dest=40000",
    "stream   10.0.0.2 40000" },
  { "inet", "connect", "", "" },
  /* A server has the lower port. */
  { "inet", "receive", "laddr=10.0.0.1 lport=80 faddr=10.0.0.2 fport=50000", "stream  80  " },
  { "inet", "send", "lport=80 fport=81", "stream  80  " },
  { "inet", "send", "lport=53", "stream  53  " },
  { "inet", "send", "lport=32767", "stream  32767  " },
  { "inet", "send", "lport=32768", "" },
  { "inet", "send", "lport=40000 faddr=10.0.0.2 fport=80", "stream   10.0.0.2 80" },
  { "inet", "send", "lport=81 faddr=10.0.0.2 fport=80", "stream  81 10.0.0.2 80" },
  { "inet", "send,receive", "lport=123 faddr=10.0.0.2 fport=123", "stream  123 10.0.0.2 123" },
  { "inet", "send", "lport=40000 faddr=10.0.0.2 fport=40001", "" },
  /* What is done with neither end, or with both. */
  { "inet", "setopt", "lport=80", "" },
  { "inet", "bind,send", "lport=80", "" },
  { "unspec", "send", "lport=80", "" },
  /* Addresses are written in one way. */
  { "inet6", "connect", "daddr=2001:0db8:0:0:0:0:0:1 dest=1", "stream   2001:db8::1 1" },
  { "inet6", "connect", "daddr=::ffff:10.0.0.1 dest=1", "stream   ::ffff:10.0.0.1 1" },
  { "inet6", "connect", "daddr=10.0.0.1 dest=1", "stream   10.0.0.1 1" },
};

Test (inet, what_is_kept)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tellings); i++)
    {
      AakEventResult result = AAK_EVENT_MALFORMED;
      g_autofree char *found =
          kept (tellings[i].fields, tellings[i].family, tellings[i].mask, &result);
      cr_expect_eq (result, AAK_EVENT_OK, "%s", tellings[i].fields);
      cr_expect_str_eq (found, tellings[i].kept, "%s: '%s'", tellings[i].fields, found);
    }
}

Test (inet, damage_is_refused)
{
  static const char *const damaged[] = {
    "laddr=10.0.0", "laddr=10.0.0.256",          "laddr=1",     "laddr=::1", "laddr=010.0.0.1",
    "laddr=x",      "daddr=\"10.0.0.1,\"",       "lport=65536", "lport=-1",  "lport=8o",
    "lport=",       "dest=99999999999999999999",
  };
  AakEventResult result = AAK_EVENT_OK;
  for (gsize i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_free (kept (damaged[i], "inet", "send", &result));
      cr_expect_eq (result, AAK_EVENT_MALFORMED, "%s", damaged[i]);
    }
  g_free (kept ("daddr=fe80::1%eth0 dest=1", "inet6", "connect", &result));
  cr_expect_eq (result, AAK_EVENT_MALFORMED);
}

/* --- rules ----------------------------------------------------------------------------------- */

static void
see (AakObservations *o, const char *family, const char *const *details, guint perms)
{
  g_autofree char *detail = aak_access_pack (AAK_CLASS_INET, details);
  g_autoptr (AakObservation) seen = aak_observation_new (AAK_CLASS_INET, family, detail);
  seen->perms = perms;
  aak_observation_insert (seen, &(AakSighting){ 0, 1, 1, 1 });
  cr_assert (aak_observations_merge (o, seen));
}

#define SEE_IN(where, family, perms, ...) \
  see (where, family, (const char *const[]){ __VA_ARGS__ }, perms)
#define SEE(...) SEE_IN (o, __VA_ARGS__)

static void
see_type (AakObservations *o, const char *family, const char *type, guint perms)
{
  g_autoptr (AakObservation) seen = aak_observation_new (AAK_CLASS_NETWORK, family, type);
  seen->perms = perms;
  aak_observation_insert (seen, &(AakSighting){ 0, 1, 1, 1 });
  cr_assert (aak_observations_merge (o, seen));
}

/* The lines of its profile's rules, without comments. */
static char *
rules_of (const AakObservations *o, gboolean exact, AakAbi abi)
{
  g_autoptr (AakProfile) profile = aak_generalise (o, exact);
  GString *out = g_string_new (NULL);
  aak_writable_set_abi (profile, abi);
  for (guint i = 0; i < profile->rules->len; i++)
    if (aak_rule_is_active (profile->rules->pdata[i]))
      {
        g_autofree char *text = aak_rule_text (profile->rules->pdata[i]);
        g_string_append_printf (out, "%s\n", text);
      }
  return g_string_free (out, FALSE);
}

#define OWN_WORDS "create,getattr,setattr,getopt,setopt,shutdown"

Test (inet, rules_of_a_server_and_of_a_client)
{
  g_autoptr (AakObservations) o = learned_nothing ("r", 1);
  see_type (o, "inet", "stream", AAK_PERM_CREATE);
  SEE ("inet", AAK_PERM_BIND | AAK_PERM_LISTEN | AAK_PERM_RECEIVE, "stream", "", "8080", "", "");
  SEE ("inet", AAK_PERM_SEND, "stream", "", "8080", "10.0.0.7", "5000");
  SEE ("inet", AAK_PERM_CONNECT, "stream", "", "", "10.0.0.1", "5432");
  SEE ("inet6", AAK_PERM_BIND | AAK_PERM_LISTEN, "stream", "::1", "80", "", "");
  g_autofree char *fine = rules_of (o, FALSE, AAK_ABI_4_0_IP),
                  *coarse = rules_of (o, FALSE, AAK_ABI_4_0);
  cr_expect_str_eq (
      fine,
      "network (" OWN_WORDS ") inet stream, "
      "network (send,receive) inet stream port=0-65535 peer=(ip=none),\n"
      "network (" OWN_WORDS ") inet6 stream, "
      "network (send,receive) inet6 stream port=0-65535 peer=(ip=none),\n"
      "network (send,receive,connect) inet stream port=0-65535 peer=(ip=10.0.0.1 port=5432),\n"
      "network (send,receive,bind,listen,accept) inet stream port=8080,\n"
      "network (bind) inet6 stream ip=::1,\n"
      "network (listen,accept) inet6 stream ip=::1 port=80,\n");
  cr_expect_str_eq (coarse, "network inet stream,\nnetwork inet6 stream,\n");
}

/* What came without an address may go anywhere. */
Test (inet, rules_of_what_has_no_address)
{
  g_autoptr (AakObservations) o = learned_nothing ("r", 1);
  SEE ("inet", AAK_PERM_SEND, "dgram", "", "", "10.0.0.1", "53");
  see_type (o, "inet", "dgram", AAK_PERM_CONNECT | AAK_PERM_RECEIVE);
  g_autofree char *some = rules_of (o, FALSE, AAK_ABI_4_0_IP);
  cr_expect_str_eq (
      some, "network (receive,create,connect,getattr,setattr,getopt,setopt,shutdown) "
            "inet dgram, network (send) inet dgram port=0-65535 peer=(ip=none),\n"
            "network (send,receive,connect) inet dgram port=0-65535 peer=(ip=10.0.0.1 port=53),\n");
  see_type (o, "inet", "stream", 0);
  g_autofree char *alone = rules_of (o, FALSE, AAK_ABI_4_0_IP);
  cr_expect_not_null (strstr (alone, "network inet stream,\n"));
}

/* Of many addresses it does not matter which. */
Test (inet, too_many_addresses)
{
  g_autoptr (AakObservations) o = learned_nothing ("r", 1);
  for (guint i = 1; i <= AAK_INET_RULES_MAX + 1; i++)
    {
      g_autofree char *peer = g_strdup_printf ("10.0.0.%u", i);
      if (i == AAK_INET_RULES_MAX + 1)
        {
          g_autofree char *full = rules_of (o, FALSE, AAK_ABI_4_0_IP);
          cr_expect_not_null (strstr (full, "peer=(ip=10.0.0.64 port=80)"));
        }
      SEE ("inet", AAK_PERM_CONNECT, "stream", "", "", peer, "80");
    }
  g_autofree char *wide = rules_of (o, FALSE, AAK_ABI_4_0_IP),
                  *exact = rules_of (o, TRUE, AAK_ABI_4_0_IP);
  cr_expect_str_eq (wide, "network inet stream,\n");
  cr_expect_not_null (strstr (exact, "peer=(ip=10.0.0.65 port=80)"));
  g_autoptr (AakProfile) profile = aak_generalise (o, FALSE);
  aak_writable_set_abi (profile, AAK_ABI_4_0_IP);
  g_autofree char *text = aak_profile_to_text (profile);
  cr_expect_not_null (
      strstr (text, "  network inet stream,  # addresses: 65 accesses, 65 events, 1 run\n"), "%s",
      text);
}

/* A state can say anything; none of it becomes syntax. */
Test (inet, hostile_states)
{
  g_autoptr (AakObservations) o = learned_nothing ("r", 1);
  SEE ("inet", AAK_PERM_CONNECT, "stream", "", "", "10.0.0.1),\n/** rwix,", "80");
  SEE ("inet", AAK_PERM_CONNECT, "stream", "", "", "10.0.0.1", "80) /** rw");
  SEE ("inet", AAK_PERM_CONNECT, "stream", "", "", "::1", "80");
  SEE ("inet", AAK_PERM_BIND, "stream", "010.0.0.1", "80", "", "");
  SEE ("inet6", AAK_PERM_CONNECT, "stream", "", "", "fe80::1%eth0", "80");
  SEE ("inet6", AAK_PERM_CONNECT, "stream", "", "", "2001:0db8::1", "80");
  SEE ("inet6", AAK_PERM_BIND, "stream", "", "0", "", "");
  SEE ("inet6", AAK_PERM_R, "stream", "", "1", "", "");
  SEE ("x", AAK_PERM_BIND, "stream", "", "1", "", "");
  SEE ("inet", AAK_PERM_BIND, "/**", "", "1", "", "");
  g_autofree char *text = rules_of (o, FALSE, AAK_ABI_4_0_IP);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    cr_expect (**line == '\0' || strstr (*line, OWN_WORDS) != NULL, "%s", *line);
  g_autoptr (AakProfile) profile = aak_generalise (o, FALSE);
  aak_writable_set_abi (profile, AAK_ABI_4_0_IP);
  g_autofree char *whole = aak_profile_to_text (profile);
  cr_expect_null (strstr (whole, "\n/**"));
}

/* --- the compiled profile -------------------------------------------------------------------- */

static void
see_any (AakObservations *o, GRand *rand)
{
  static const char *const families[] = { "inet", "inet6" };
  static const char *const types[] = { "stream", "dgram" };
  static const char *const addresses[2][4] = { { "", "10.0.0.1", "127.0.0.1", "255.255.255.255" },
                                               { "", "::1", "::ffff:10.0.0.1", "10.0.0.1" } };
  gboolean is_new = g_rand_boolean (rand), local = g_rand_boolean (rand);
  const char *type = types[g_rand_int_range (rand, 0, 2)],
             *address = addresses[is_new][g_rand_int_range (rand, 0, 4)];
  g_autofree char *port = g_strdup_printf ("%d", g_rand_int_range (rand, 1, 65536));
  guint perms = local ? AAK_INET_LOCAL : AAK_INET_REMOTE;
  perms &= (guint) g_rand_int (rand);
  if (perms == 0)
    perms = local ? AAK_PERM_BIND : AAK_PERM_SEND;
  if (local)
    SEE (families[is_new], perms, type, address, port, "", "");
  else
    SEE (families[is_new], perms, type, "", g_rand_boolean (rand) ? "" : "77", address, port);
}

/* @o's profile, compiled by a parser that has the abi (5.0); others skip the test. */
static AakPolicySet *
compile (const AakObservations *o, gboolean exact)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, &error);
  if (compiler == NULL)
    cr_skip_test ("%s", error->message);
  g_autofree char *abi = g_build_filename (aak_compiler_base (compiler), "abi", "4.0-ip", NULL);
  g_autoptr (AakFeatures) features = aak_features_read (abi, NULL);
  if (features == NULL)
    cr_skip_test ("no abi 4.0-ip here");
  g_autoptr (AakProfile) profile = aak_generalise (o, exact);
  aak_writable_set_abi (profile, AAK_ABI_4_0_IP);
  g_autofree char *text = aak_profile_to_text (profile);
  g_autoptr (GBytes) source = g_bytes_new_static (text, strlen (text));
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, features, "t", source, NULL, &error);
  cr_assert_not_null (blob, "%s\n%s", error != NULL ? error->message : "", text);
  AakPolicySet *set = aak_policy_set_new ("t", blob, &error);
  cr_assert_not_null (set);
  return set;
}

static guint
count_denied (const AakPolicySet *set, const AakObservations *o)
{
  g_autoptr (GArray) answers = aak_coverage_ask_all (set, aak_policy_set_find (set, "k8s-t"), o);
  cr_expect_eq (aak_coverage_count (answers, AAK_COVERAGE_NOT_ASKED), 0);
  return aak_coverage_count (answers, AAK_COVERAGE_DENIED);
}

Test (inet, profiles_allow_what_was_seen)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  for (guint round = 0; round < 30; round++)
    {
      g_autoptr (AakObservations) o = learned_nothing ("r", 1);
      for (guint i = 0; i < 1 + round * 3; i++)
        see_any (o, rand);
      see_type (o, "inet", "stream", AAK_PERM_CREATE | AAK_PERM_SETOPT);
      g_autoptr (AakPolicySet) set = compile (o, round % 2 == 0);
      cr_expect_eq (count_denied (set, o), 0, "round %u", round);
    }
}

Test (inet, profiles_allow_nothing_else)
{
  g_autoptr (AakObservations) seen = learned_nothing ("r", 1), other = learned_nothing ("r", 1);
  SEE_IN (seen, "inet", AAK_INET_REMOTE, "stream", "", "", "10.0.0.1", "5432");
  SEE_IN (seen, "inet", AAK_INET_REMOTE, "dgram", "", "", "10.0.0.10", "53");
  SEE_IN (seen, "inet6", AAK_INET_LOCAL, "stream", "::1", "8080", "", "");
  SEE_IN (seen, "inet", AAK_INET_LOCAL, "stream", "", "9000", "", "");
  SEE_IN (other, "inet", AAK_PERM_CONNECT, "stream", "", "", "10.0.0.1", "5433");
  SEE_IN (other, "inet", AAK_PERM_CONNECT, "stream", "", "", "10.0.0.2", "5432");
  SEE_IN (other, "inet", AAK_PERM_CONNECT, "dgram", "", "", "10.0.0.1", "53");
  SEE_IN (other, "inet", AAK_PERM_SEND, "dgram", "", "", "10.0.0.1", "53");
  SEE_IN (other, "inet", AAK_PERM_SEND, "dgram", "", "9000", "", "");
  SEE_IN (other, "inet6", AAK_PERM_BIND, "stream", "::1", "8081", "", "");
  SEE_IN (other, "inet6", AAK_PERM_BIND, "stream", "::2", "8080", "", "");
  SEE_IN (other, "inet", AAK_PERM_LISTEN, "stream", "", "9001", "", "");
  SEE_IN (other, "inet6", AAK_PERM_CONNECT, "stream", "", "", "::1", "9000");
  see_type (other, "inet", "stream", AAK_PERM_CONNECT);
  see_type (other, "inet", "dgram", AAK_PERM_BIND);
  g_autoptr (AakPolicySet) set = compile (seen, FALSE);
  cr_expect_eq (count_denied (set, seen), 0);
  /* But for what goes through a socket that is connected already. */
  cr_expect_eq (count_denied (set, other), aak_observations_count (other) - 1);
}

/* --- states ---------------------------------------------------------------------------------- */

Test (inet, states_keep_addresses_where_they_are_wanted)
{
  for (int addresses = 0; addresses < 2; addresses++)
    {
      g_autoptr (AakObservations) o = learned_nothing ("r", 1);
      AakEvent event = { .class = AAK_CLASS_NETWORK,
                         .verdict = AAK_VERDICT_ALLOWED,
                         .kind = "network",
                         .perms = AAK_PERM_CONNECT,
                         .label = (char *) "k8s-t",
                         .family = (char *) "inet",
                         .detail = (char *) "stream",
                         .access = (char *) "stream\t\t\t10.0.0.1\t80" };
      gboolean news = FALSE;
      if (addresses)
        aak_observations_keep_addresses (o);
      cr_assert_not_null (aak_observations_add (o, 0, &event, &news));
      g_autoptr (GBytes) yaml = aak_state_to_yaml (o);
      g_autofree char *text = g_strndup (g_bytes_get_data (yaml, NULL), g_bytes_get_size (yaml));
      cr_expect_eq (strstr (text, "\ninet:\n") != NULL, addresses);
      cr_expect_eq (strstr (text, "peer_addr: \"10.0.0.1\", peer_port: \"80\"") != NULL, addresses);
      g_autoptr (AakObservations) back = aak_state_from_yaml ("s", yaml, NULL);
      cr_assert_not_null (back);
      g_autoptr (GBytes) again = aak_state_to_yaml (back);
      cr_expect (g_bytes_equal (yaml, again));
    }
}
