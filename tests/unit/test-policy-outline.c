/* SPDX-License-Identifier: GPL-2.0-or-later
 * Where profiles end in a text: told as by hand, refused where it cannot be told, and found to be
 * right by what apparmor_parser makes of a rule that is put there. */
#include "learn/learned-block.h"
#include "lib/error.h"
#include "lib/policy/query.h"
#include "tests/unit/policy-fixture.h"

#define TEXTS 150

/* --- by hand --------------------------------------------------------------------------------- */

/* Names are expected with the line of their closing brace. */
static const struct
{
  char text[300];
  char expected[100];
} readable[] = {
  { "", "" },
  { "# only } a comment {", "" },
  { "profile a {\n}\n", "a:2 " },
  { "profile a {\n /x r,\n profile b {\n }\n ^c {\n }\n hat d {\n }\n}\n",
    "a:9 a//b:4 a//c:6 a//d:8 " },
  { "/bin/{a,b} {\n}\n\"/bin/c d\" {\n}\n", "/bin/{a,b}:2 /bin/c d:4 " },
  { "@{x} {\n}\n@{x}=}{\nprofile b@{x} /y {\n}", "@{x}:2 b@{x}:5 " },
  { "profile a flags=(complain, audit) {\n}\nprofile b (complain){\n}", "a:2 b:4 " },
  { "profile a {\n /b{c,d}e r,\n /f\\}g\\ } r,\n \"/h } i\" r,\n # }\n}\n", "a:6 " },
  { "profile a {\n signal peer={b,c},\n signal peer = {b,}d}, mount {/x} -> {/y},\n}\n", "a:4 " },
  { "profile a {\n /x px -> {b,c},\n change_profile -> {d},\n link /e -> {f,g},\n}\n", "a:5 " },
  { "profile a {\n /x r,/y} r,# }\n}\n", "a:3 " },
  { "profile a {\n include <x}> include if exists \"/y }\"\n #include <z>\n include w}\n}\n",
    "a:5 " },
  { "@{x} = a } \\\n } \"}\n}\" # }\nprofile a { /x r, }\n", "a:4 " },
  { "$x = true\nif $x and not defined @{y} {\n profile a {\n if ${x} { /b r, } else { /c r, }\n "
    "}\n}\n",
    "a:5 " },
  { "profile a {\n audit deny { /x w, }\n deny owner {/y r,}\n}\n", "a:4 " },
  { "profile a {\n unix peer=(addr=\"@)}\", label=b\\)}),\n dbus send name=c.d,e},\n}\n", "a:4 " },
  { "profile a {\r\n /x r,\r\n}\r\n", "a:3 " },
};

static guint
line_of (const char *text, gsize at)
{
  guint line = 1;
  for (gsize i = 0; i < at; i++)
    line += text[i] == '\n';
  return line;
}

Test (policy_outline, profiles_end_where_they_end)
{
  for (gsize i = 0; i < G_N_ELEMENTS (readable); i++)
    {
      const char *text = readable[i].text;
      g_autoptr (GError) error = NULL;
      g_autoptr (AakOutline) outline = aak_outline_new ("t", text, strlen (text), &error);
      cr_assert_not_null (outline, "%s: %s", text, error != NULL ? error->message : "");
      g_autoptr (GString) found = g_string_new (NULL);
      GPtrArray *profiles = aak_outline_profiles (outline);
      for (guint k = 0; k < profiles->len; k++)
        {
          const AakOutlineProfile *profile = profiles->pdata[k];
          g_string_append_printf (found, "%s:%u ", profile->name, line_of (text, profile->close));
        }
      cr_expect_str_eq (found->str, readable[i].expected, "%s", text);
    }
}

static const struct
{
  char text[200];
  char expected[60];
} unreadable[] = {
  { "profile a {\n /x r,\n", "t:1:1: what begins here is not closed" },
  { "profile a {\n}\n}\n", "t:3:1: a } that closes nothing" },
  { "profile a {\n /x r\n}\n", "t:3:1: a } within a rule" },
  { "profile a {\n \"/x\n}\n", "t:2:2: a quoted text without end" },
  { "profile a {\n \"/x\\\" r,\n}\n", "t:2:2: a quoted text without end" },
  { "profile a {\n signal (send,\n}\n", "t:2:9: a list without its )" },
  { "profile a {\n /x,\\, r,\n}\n", "t:2:4: a comma and a backslash" },
  { "profile a {\n set rlimit nofile <= 10,/x r,\n}\n", "t:2:25: it cannot be told" },
  { "profile a {\n owner file {\n}\n", "t:2:13: a { where no" },
  { "profile {\n}\n", "t:1:9: a { where no" },
  { "profile a {\n include \"x\ny\"\n}\n", "t:2:2: an include of a form" },
  { "profile a {\n /x #include <y>\n r,\n}\n", "t:2:5: an include within a rule" },
  { "profile a {\n ,\n}\n", "t:2:2: a comma that ends nothing" },
  { "/x r", "t:1:1: what begins here has no end" },
  { "profile a {\n" AAK_LEARNED_BEGIN "\n}\n", "t:2:1: a learned block without" },
  { "profile a {\n" AAK_LEARNED_END "\n}\n", "t:2:1: a mark of a learned block" },
  { AAK_LEARNED_BEGIN "\n", "t:1:1: a mark of a learned block" },
};

Test (policy_outline, what_cannot_be_told_is_refused_with_its_place)
{
  for (gsize i = 0; i < G_N_ELEMENTS (unreadable); i++)
    {
      g_autoptr (GError) error = NULL;
      const char *text = unreadable[i].text;
      g_autoptr (AakOutline) outline = aak_outline_new ("t", text, strlen (text), &error);
      cr_assert_null (outline, "%s", text);
      cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
      cr_expect (g_str_has_prefix (error->message, unreadable[i].expected), "%s: %s", text,
                 error->message);
    }
}

Test (policy_outline, a_text_is_bounded)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (int i = 0; i < 20; i++)
    g_string_append (text, "profile a {\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (AakOutline) deep = aak_outline_new ("t", text->str, text->len, &error);
  cr_expect_null (deep);
  cr_expect (g_str_has_prefix (error->message, "t:17:1: more profiles"), "%s", error->message);
  g_clear_error (&error);
  g_autoptr (AakOutline) nul = aak_outline_new ("t", "# \0\n", 4, &error);
  cr_expect_null (nul);
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
}

Test (policy_outline, a_profile_is_found_once_or_not_at_all)
{
  static const char text[] = "profile a {\n}\nprofile b {\n}\nprofile b {\n}\n";
  g_autoptr (AakOutline) outline = aak_outline_new ("t", text, strlen (text), NULL);
  g_autoptr (GError) error = NULL;
  const AakOutlineProfile *a = aak_outline_find (outline, "a", &error);
  cr_assert_not_null (a);
  cr_expect_eq (a->close, 12);
  cr_expect_null (aak_outline_find (outline, "c", &error));
  cr_expect (g_str_has_prefix (error->message, "t:1:1: no profile \"c\""), "%s", error->message);
  g_clear_error (&error);
  cr_expect_null (aak_outline_find (outline, "b", &error));
  cr_expect_str_eq (error->message, "t:5:1: a second profile \"b\"");
}

/* --- by the parser --------------------------------------------------------------------------- */

/* None of them allows /probe. (A network rule is not among them: where an if follows it in the
 * profile, apparmor_parser 3.0.8 fails without a word.) */
static const char *const statements[] = {
  "/x r,",
  "/x r,/y w,",
  "\"/q \\} q\" r,",
  "\"/q \\\" \\}\" w,",
  "/b{c,d}e rw,",
  "/f\\}g r,",
  "/f\\ g\\{ r,",
  "/with#hash\\} r,",
  "/with,comma\\} r,",
  "/paren(\\} r, /other) r,",
  "/x r, # } {",
  "# profile x {",
  "#} \"",
  "signal (send) set=(term, kill) peer=\"/q \\} q\",",
  "signal send peer={unconfined,runc},",
  "signal send peer = {a,b},",
  "ptrace (read) peer=@{v}/x,",
  "mount options=(rw, bind) {/a,/b} -> /c/,",
  "umount /a{b,c}/,",
  "dbus send bus=system path=/{a,b} interface=c.d,",
  "unix (send) type=stream peer=(addr=\"@x \\} )\", label=\"y)\"),",
  "set rlimit nofile <= 1024,",
  "change_profile -> {o,p}q,",
  "capability chown,",
  "/bin/s{h,} px -> {a,b}c,",
  "deny /z{,1} w,",
  "audit deny owner /z2 w,",
  "audit { /g\\} r, }",
  "owner { \"/h \\{\" r, /i r, }",
  "if $b { /e\\} r, } else { /f{,} r, }",
  "@{v}/{x,y} r,",
  "\n\n",
  "\t",
};

static void
random_body (GRand *rand, GString *out, guint depth)
{
  static const char *const heads[] = { "profile c%u {", "hat c%u {", "^c%u flags=(complain) {",
                                       "profile \"c%u\" /usr/{a,b}%u flags=(audit,complain) {" };
  static const char *const spaces[] = { "\n", " ", "\n  ", "\n\n" };
  guint n = (guint) g_rand_int_range (rand, 0, 10);
  for (guint i = 0; i < n; i++)
    {
      const char *statement = statements[g_rand_int_range (rand, 0, G_N_ELEMENTS (statements))];
      const char *space = spaces[g_rand_int_range (rand, 0, G_N_ELEMENTS (spaces))];
      g_string_append (out, statement);
      g_string_append (out, strchr (statement, '#') != NULL ? "\n" : space);
      if (depth == 0 && g_rand_int_range (rand, 0, 5) == 0)
        {
          g_autofree char *number = g_strdup_printf ("%u", i);
          const char *head = heads[g_rand_int_range (rand, 0, G_N_ELEMENTS (heads))];
          g_auto (GStrv) parts = g_strsplit (head, "%u", -1);
          g_autofree char *line = g_strjoinv (number, parts);
          g_string_append (out, line);
          random_body (rand, out, depth + 1);
          g_string_append_c (out, '}');
        }
    }
}

static char *
random_text (GRand *rand)
{
  GString *out = g_string_new ("abi <abi/3.0>, # }\n@{v} = /v{a,b} \"/v w\" \\\n  /w\n$b = true\n");
  g_string_append (out, "profile one /usr/bin/{x,y} {");
  random_body (rand, out, 0);
  g_string_append (out, "}\n/usr/bin/t{w,}o flags=(attach_disconnected) {\n");
  random_body (rand, out, 0);
  g_string_append (out, "\n\t}\n");
  return g_string_free (out, FALSE);
}

static AakPolicySet *
compile (const AakCompiler *compiler, const AakFeatures *features, const char *text, gsize len)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (text, len);
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, features, "t", bytes, NULL, &error);
  cr_assert_not_null (blob, "%s\n%s", error != NULL ? error->message : "", text);
  AakPolicySet *set = aak_policy_set_new ("t", blob, &error);
  cr_assert_not_null (set);
  return set;
}

/* A rule that is put into @profile is in the compiled profile of that name, and in no other. */
static void
check_profile (const AakCompiler *compiler, const AakFeatures *features, const char *text,
               const AakOutlineProfile *profile)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();
  g_ptr_array_add (lines, (gpointer) "/probe r,  # 1 file");
  AakLearnedPlace place = { "t", text, strlen (text), profile };
  gsize len = 0;
  g_autofree char *joined = aak_learned_block_join (&place, lines, &len, &error);
  cr_assert_not_null (joined, "%s\n%s", error != NULL ? error->message : "", text);
  g_autoptr (AakPolicySet) set = compile (compiler, features, joined, len);
  GPtrArray *profiles = aak_policy_set_profiles (set);
  guint found = 0;
  for (guint i = 0; i < profiles->len; i++)
    {
      const AakPolicyProfile *compiled = profiles->pdata[i];
      gboolean is_it = strcmp (compiled->name, profile->name) == 0;
      AakAnswer answer = aak_policy_query_file (compiled, aak_name ("/probe"), AAK_MAY_READ, FALSE);
      cr_expect_eq (answer.allowed, is_it, "%s in %s:\n%s", compiled->name, profile->name, joined);
      found += is_it;
    }
  cr_expect_eq (found, 1, "%s in:\n%s", profile->name, joined);
}

Test (policy_outline, the_parser_finds_rules_in_the_profile_that_they_are_put_into)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakFeatures) features = fixture_features ("debian-12-6.1");
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, &error);
  if (compiler == NULL)
    cr_skip_test ("%s", error->message);
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  for (int i = 0; i < TEXTS; i++)
    {
      g_autofree char *text = random_text (rand);
      g_autoptr (AakOutline) outline = aak_outline_new ("t", text, strlen (text), &error);
      cr_assert_not_null (outline, "%s\n%s", error != NULL ? error->message : "", text);
      GPtrArray *profiles = aak_outline_profiles (outline);
      for (guint k = 0; k < profiles->len; k++)
        check_profile (compiler, features, text, profiles->pdata[k]);
    }
}
