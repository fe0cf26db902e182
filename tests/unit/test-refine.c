/* SPDX-License-Identifier: GPL-2.0-or-later
 * Learned rules join a profile by another hand. */
#include "config.h"

#include "learn/coverage.h"
#include "learn/refine.h"
#include "lib/error.h"
#include "tests/unit/learned.h"
#include "tests/unit/policy-fixture.h"

#include <glib/gstdio.h>

#define RANDOM_BASES 60
#define BEGIN        "  " AAK_LEARNED_BEGIN "\n"
#define END          "  " AAK_LEARNED_END "\n"
#define SHOWN        " r,  # 1 file, 1 event, 1 run\n"

/* --- bases and observations ------------------------------------------------------------------ */

/* Opens @text as the base of k8s-t for Debian 12; skips the test where there is no compiler. */
static AakBase *
open_base (const char *text, GError **error)
{
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, NULL);
  if (compiler == NULL)
    cr_skip_test ("no apparmor_parser");
  g_autofree char *features =
      g_build_filename (g_getenv ("AAKIT_SRCDIR"), "profiles/features/debian-12-6.1", NULL);
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("aakit-base-XXXXXX", &path, NULL);
  cr_assert_geq (fd, 0);
  close (fd);
  cr_assert (g_file_set_contents (path, text, -1, NULL));
  const AakPolicyOpen where = { .features = features };
  AakBase *base = aak_base_open (path, "k8s-t", &where, error);
  g_unlink (path);
  return base;
}

static void
add_access (AakObservations *observations, AakClass class, const char *name, const char *detail,
            guint perms)
{
  g_autoptr (AakObservation) access = aak_observation_new (class, name, detail);
  access->perms = access->shared_perms = perms;
  AakSighting seen = { 0, 1, 1000, 1000 };
  aak_observation_insert (access, &seen);
  cr_assert (aak_observations_merge (observations, access));
}

static char *
text_of (const AakRefined *refined)
{
  gsize len = 0;
  const char *text = g_bytes_get_data (refined->text, &len);
  return g_strndup (text, len);
}

/* What refining @base with @observations gives, as text; NULL with an error. */
static char *
refine (const char *base_text, const AakObservations *observations, AakRefined **out,
        GError **error)
{
  g_autoptr (AakBase) base = open_base (base_text, error);
  *out = base != NULL ? aak_refine (base, observations, FALSE, error) : NULL;
  return *out != NULL ? text_of (*out) : NULL;
}

/* --- by hand --------------------------------------------------------------------------------- */

typedef struct
{
  AakClass class;
  const char *name;
  const char *detail;
  guint perms;
} Seen;

static const struct
{
  char base[160];
  Seen seen;
  char block[200];    /* of the outcome, between the marks; empty: the base stays as it is */
  char forbidden[40]; /* what is, or nothing */
} cases[] = {
  /* what is lacked, and no more of it */
  { "/a r,", { AAK_CLASS_FILE, "/b", "", AAK_PERM_R }, "  /b" SHOWN, "" },
  { "/a r,",
    { AAK_CLASS_FILE, "/a", "", AAK_PERM_R | AAK_PERM_W },
    "  /a w,  # 1 file, 1 event, 1 run\n",
    "" },
  { "/{a,b}* r,", { AAK_CLASS_FILE, "/ac", "", AAK_PERM_R }, "", "" },
  { "", { AAK_CLASS_FILE, "/b \"#\\,", "", AAK_PERM_R }, "  \"/b \\042#\\134,\"" SHOWN, "" },
  { "/a ix,",
    { AAK_CLASS_FILE, "/b", "", AAK_PERM_X },
    "  /b ix,  # 1 file, 1 event, 1 run\n",
    "" },
  { "/a l,",
    { AAK_CLASS_FILE, "/b", "/c", AAK_PERM_L },
    "  link /b -> /c,  # 1 file, 1 event, 1 run\n",
    "" },
  { "capability kill,",
    { AAK_CLASS_CAPABILITY, "chown", "", 0 },
    "  capability chown,  # 1 access, 1 event, 1 run\n",
    "" },
  { "network inet dgram,",
    { AAK_CLASS_NETWORK, "inet", "stream", 0 },
    "  network inet stream,  # 1 access, 1 event, 1 run\n",
    "" },
  /* the base's abi mediates no user namespaces, and its network rules allow unix sockets */
  { "", { AAK_CLASS_USERNS, "create", "", 0 }, "", "" },
  /* what every learned profile has from the start, and a base need not */
  { "",
    { AAK_CLASS_SIGNAL, "unconfined", "term", AAK_PERM_RECEIVE },
    "  signal (receive) set=(term) peer=unconfined,  # 1 access, 1 event, 1 run\n",
    "" },
  /* variables that the base has not */
  { "", { AAK_CLASS_FILE, "/proc/77/maps", "", AAK_PERM_R }, "  \"/proc/{[1-9],", "" },
  /* deny has the last word */
  { "deny /a r,", { AAK_CLASS_FILE, "/a", "", AAK_PERM_R }, "", "file /a r" },
  { "audit deny /a w,",
    { AAK_CLASS_FILE, "/a", "", AAK_PERM_R | AAK_PERM_W },
    "  /a" SHOWN,
    "file /a w" },
  { "deny capability chown,", { AAK_CLASS_CAPABILITY, "chown", "", 0 }, "", "capability chown" },
  /* sensitive accesses wait, unless the base allows them */
  { "",
    { AAK_CLASS_FILE, "/etc/shadow", "", AAK_PERM_R },
    "  # review: seen, and not allowed, since no ordinary workload needs it. --allow ID allows "
    "those that are marked [ID].\n  #/etc/shadow r,  # ",
    "" },
  { "audit deny /etc/shadow r,",
    { AAK_CLASS_FILE, "/etc/shadow", "", AAK_PERM_R },
    "",
    "file /etc/shadow r" },
  { "/etc/* r,", { AAK_CLASS_FILE, "/etc/shadow", "", AAK_PERM_R }, "", "" },
};

/* The base of a case. */
static char *
base_of (const char *rules)
{
  return g_strdup_printf ("# mine\nabi <abi/3.0>,\n\nprofile  k8s-t {\n  %s # kept }\n\n"
                          "  profile x {\n    /b r,\n  }\n}\nprofile other {\n}\n",
                          rules);
}

Test (refine, what_is_lacked_is_added)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AakObservations) observations = learned_nothing ("r", 1);
      const Seen *seen = &cases[i].seen;
      add_access (observations, seen->class, seen->name, seen->detail, seen->perms);
      g_autofree char *base = base_of (cases[i].base);
      g_autoptr (GError) error = NULL;
      g_autoptr (AakRefined) refined = NULL, again = NULL;
      g_autofree char *text = refine (base, observations, &refined, &error);
      cr_assert_not_null (text, "%zu: %s", i, error != NULL ? error->message : "");
      g_autofree char *block =
          g_strdup_printf ("    /b r,\n  }\n%s%s", *cases[i].block != '\0' ? BEGIN : "}\n",
                           cases[i].block);
      cr_expect (strstr (text, block) != NULL, "%zu: %s", i, text);
      cr_expect (*cases[i].block != '\0' || strcmp (text, base) == 0, "%zu: %s", i, text);
      guint forbids = *cases[i].forbidden != '\0';
      cr_expect_eq (refined->forbidden->len, forbids, "%zu: %s", i, text);
      if (forbids == 1 && refined->forbidden->len > 0)
        cr_expect_str_eq (refined->forbidden->pdata[0], cases[i].forbidden);
      g_autofree char *same = refine (text, observations, &again, &error);
      cr_expect_str_eq (same, text, "%zu", i);
    }
}

Test (refine, rules_join_the_block_that_is_there)
{
  g_autoptr (AakObservations) observations = learned_nothing ("r", 1);
  g_autoptr (AakRefined) one = NULL, two = NULL;
  add_access (observations, AAK_CLASS_FILE, "/b", "", AAK_PERM_R);
  g_autofree char *first =
      refine ("abi <abi/3.0>,\nprofile k8s-t {\n}\n", observations, &one, NULL);
  add_access (observations, AAK_CLASS_FILE, "/a", "", AAK_PERM_R);
  g_autofree char *second = refine (first, observations, &two, NULL);
  cr_assert_str_eq (second,
                    "abi <abi/3.0>,\nprofile k8s-t {\n" BEGIN "  /a" SHOWN "  /b" SHOWN END "}\n");
  cr_expect_eq (aak_profile_count_active (two->added), 1);
  cr_expect (two->added->joins);
}

Test (refine, children_of_the_base_get_what_they_lack)
{
  g_autoptr (AakObservations) observations = learned_nothing ("r", 1);
  aak_observations_follow_children (observations);
  add_access (observations, AAK_CLASS_FILE, "/a", "", AAK_PERM_R);
  static const char *const children[] = { "c", "d" };
  for (gsize i = 0; i < G_N_ELEMENTS (children); i++)
    {
      AakObservation key = { .class = AAK_CLASS_FILE,
                             .child = (char *) children[i],
                             .name = (char *) (i == 0 ? "/by-c" : "/by-d"),
                             .detail = (char *) "" };
      g_autoptr (AakObservation) access = aak_observation_new_like (&key);
      access->perms = AAK_PERM_R;
      AakSighting seen = { 0, 1, 1000, 1000 };
      aak_observation_insert (access, &seen);
      cr_assert (aak_observations_merge (observations, access));
    }
  g_autoptr (AakRefined) refined = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text =
      refine ("abi <abi/3.0>,\nprofile k8s-t {\n  profile c {\n    deny /by-c r,\n  }\n"
              "  ^d {\n  }\n  /a r,\n}\n",
              observations, &refined, &error);
  cr_assert_not_null (text, "%s", error != NULL ? error->message : "");
  cr_expect_str_eq (text, "abi <abi/3.0>,\nprofile k8s-t {\n  profile c {\n    deny /by-c r,\n  }\n"
                          "  ^d {\n    " AAK_LEARNED_BEGIN
                          "\n    /by-d r,  # 1 file, 1 event, 1 run\n    " AAK_LEARNED_END
                          "\n  }\n  /a r,\n}\n");
  cr_assert_eq (refined->forbidden->len, 1);
  cr_expect_str_eq (refined->forbidden->pdata[0], "//c: file /by-c r");
  cr_expect_eq (aak_profile_count_active (refined->added), 1);
}

Test (refine, what_is_allowed_by_hand_no_longer_waits)
{
  g_autoptr (AakObservations) observations = learned_nothing ("r", 1);
  g_autoptr (AakRefined) one = NULL, two = NULL;
  add_access (observations, AAK_CLASS_FILE, "/etc/shadow", "", AAK_PERM_R);
  g_autofree char *first =
      refine ("abi <abi/3.0>,\nprofile k8s-t {\n}\n", observations, &one, NULL);
  cr_expect_eq (aak_profile_count_review (one->added), 1);
  aak_allow_list_add (aak_observations_allow_list (observations), "password-hashes");
  g_autofree char *second = refine (first, observations, &two, NULL);
  cr_assert_str_eq (second,
                    "abi <abi/3.0>,\nprofile k8s-t {\n" BEGIN
                    "  /etc/shadow r,  # 1 file, 1 event, 1 run; --allow password-hashes\n" END
                    "}\n");
}

Test (refine, variables_of_the_base_are_used)
{
  g_autoptr (AakObservations) observations = learned_nothing ("r", 1);
  add_access (observations, AAK_CLASS_FILE, "/proc/77/maps", "", AAK_PERM_R);
  add_access (observations, AAK_CLASS_FILE, "/denied", "", AAK_PERM_R);
  static const struct
  {
    const char *variable;
    const char *rule;
  } bases[] = {
    { "@{pid}=[1-9]*", "  /proc/@{pid}/maps r," },  /* whatever else is denied */
    { "@{pid}=1", "  \"/proc/{[1-9],[1-9][0-9]," }, /* this would not allow it */
  };
  for (gsize i = 0; i < G_N_ELEMENTS (bases); i++)
    {
      g_autoptr (AakRefined) refined = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *base =
          g_strdup_printf ("abi <abi/3.0>,\n%s\nprofile k8s-t {\n  deny /denied r,\n}\n",
                           bases[i].variable);
      g_autofree char *text = refine (base, observations, &refined, &error);
      cr_assert_not_null (text, "%s", error != NULL ? error->message : "");
      cr_expect (strstr (text, bases[i].rule) != NULL, "%s", text);
      cr_expect_eq (refined->forbidden->len, 1);
    }
}

static const struct
{
  char base[120];
  AakError code;
  char expected[80];
} refused[] = {
  { "profile k8s-u {\n}\n", AAK_ERROR_INVALID, ":1:1: no profile \"k8s-t\" in this text itself" },
  { "profile k8s-t {\n  set rlimit nofile <= 10,/x r,\n}\n", AAK_ERROR_INVALID,
    ":2:26: it cannot be told" },
  { "profile k8s-t {\n  nonsense,\n}\n", AAK_ERROR_POLICY, "syntax error" },
  { "profile k8s-t {\n  /x r,\n  # learned: end\n}\n", AAK_ERROR_INVALID, ":3:3: a mark" },
};

Test (refine, a_base_that_cannot_be_read_is_refused)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = g_strconcat ("abi <abi/3.0>, ", refused[i].base, NULL);
      g_autoptr (AakBase) base = open_base (text, &error);
      cr_expect_null (base, "%s", text);
      cr_assert (g_error_matches (error, AAK_ERROR, refused[i].code), "%s: %s", text,
                 error->message);
      cr_expect (strstr (error->message, refused[i].expected) != NULL, "%s", error->message);
    }
}

/* An exec that the base leads elsewhere by a pattern stays as it is; a rule that is in its way does
 * not compile, and nothing is written. */
Test (refine, rules_that_contradict_the_base_are_refused)
{
  g_autoptr (AakObservations) observations = learned_nothing ("r", 1);
  add_access (observations, AAK_CLASS_FILE, "/bin/a", "", AAK_PERM_X);
  g_autoptr (AakRefined) refined = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = refine ("abi <abi/3.0>,\nprofile k8s-t {\n  owner /bin/a px,\n}\n",
                                  observations, &refined, &error);
  cr_assert_null (text);
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_POLICY), "%s", error->message);
}

/* --- random ---------------------------------------------------------------------------------- */

static const char *const paths[] = { "/a",   "/a/b", "/a/c c",   "/b\"",      "/b,x",
                                     "/c#d", "/c/*", "/d{e,f}g", "/proc/9/x", "/d/\n" };
static const char *const patterns[] = { "/a",       "/a/*", "/a/**", "\"/b*\"",
                                        "/{c,d}**", "/**",  "/b,x",  "/c#d" };
static const guint perms[] = { AAK_PERM_R, AAK_PERM_W, AAK_PERM_R | AAK_PERM_W,
                               AAK_PERM_R | AAK_PERM_M, AAK_PERM_K | AAK_PERM_R };

static char *
random_base (GRand *rand)
{
  static const char *const before[] = { "", "deny ", "owner ", "audit ", "audit deny " };
  static const char *const letters[] = { "r", "w", "rw", "rk", "m" };
  static const char *const after[] = { "\n", " # } note\n", " ", "\n\n\t" };
  GString *out = g_string_new ("abi <abi/3.0>,\nprofile k8s-t {");
  for (gint32 n = g_rand_int_range (rand, 0, 6); n > 0; n--)
    g_string_append_printf (out, "%s%s %s,%s",
                            before[g_rand_int_range (rand, 0, G_N_ELEMENTS (before))],
                            patterns[g_rand_int_range (rand, 0, G_N_ELEMENTS (patterns))],
                            letters[g_rand_int_range (rand, 0, G_N_ELEMENTS (letters))],
                            after[g_rand_int_range (rand, 0, G_N_ELEMENTS (after))]);
  g_string_append (out, "}\nprofile other { /z r, }\n");
  return g_string_free (out, FALSE);
}

static AakObservations *
random_observations (GRand *rand)
{
  AakObservations *observations = learned_nothing ("r", 1);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    if (g_rand_boolean (rand))
      add_access (observations, AAK_CLASS_FILE, paths[i], "",
                  perms[g_rand_int_range (rand, 0, G_N_ELEMENTS (perms))]);
  return observations;
}

/* @text without its block, and without the newline before it where @alone is FALSE. */
static char *
without_block (const char *text, gboolean alone)
{
  const char *begin = strstr (text, AAK_LEARNED_BEGIN), *end = strstr (text, AAK_LEARNED_END);
  if (begin == NULL)
    return g_strdup (text);
  while (begin[-1] == ' ' || begin[-1] == '\t')
    begin--;
  begin -= !alone;
  return g_strdup_printf ("%.*s%s", (int) (begin - text), text, end + strlen (AAK_LEARNED_END) + 1);
}

static void
check_all_allowed (const char *text, const AakObservations *observations, guint forbidden)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakBase) base = open_base (text, &error);
  cr_assert_not_null (base, "%s", error != NULL ? error->message : "");
  const AakBaseText *compiled = aak_base_text (base);
  g_autoptr (GArray) coverage =
      aak_coverage_ask_all (compiled->set, compiled->profile, observations);
  cr_expect_eq (aak_coverage_count (coverage, AAK_COVERAGE_DENIED), forbidden, "%s", text);
}

Test (refine, all_is_allowed_and_the_base_stays, .timeout = 120)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  for (int i = 0; i < RANDOM_BASES; i++)
    {
      g_autofree char *base = random_base (rand);
      g_autoptr (AakObservations) observations = random_observations (rand);
      g_autoptr (GError) error = NULL;
      g_autoptr (AakRefined) refined = NULL, again = NULL;
      g_autofree char *text = refine (base, observations, &refined, &error);
      cr_assert_not_null (text, "%s\n%s", base, error != NULL ? error->message : "");
      check_all_allowed (text, observations, refined->forbidden->len);
      /* The profile's brace has its line for itself now. */
      const char *line = strstr (base, "}\nprofile other");
      while (line[-1] == ' ' || line[-1] == '\t')
        line--;
      g_autofree char *rest = without_block (text, line[-1] == '\n');
      cr_expect_str_eq (rest, base);
      g_autofree char *same = refine (text, observations, &again, &error);
      cr_expect_str_eq (same, text);
    }
}
