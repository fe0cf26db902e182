/* SPDX-License-Identifier: GPL-2.0-or-later
 * Policy text, taken apart: rules word by word, profiles, includes, variables and places. */
#include "lib/policy/perms.h"
#include "lib/policy/text.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

static AakPolicyText *
read_text (const char *text, AakPolicyIncludes *includes)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  return aak_policy_text_new ("t", bytes, includes);
}

/* --- rules ----------------------------------------------------------------------------------- */

#define READ  AAK_MAY_READ
#define WRITE (AAK_MAY_WRITE | AAK_MAY_APPEND)

static const struct
{
  char text[60];
  AakPolicyRuleClass class;
  char path[20];
  guint32 perms;
  char exec[6];
  char target[16];
  gboolean odd;
} rules[] = {
  { "/a r,", AAK_POLICY_RULE_FILE, "/a", READ, "", "", FALSE },
  { "r /a,", AAK_POLICY_RULE_FILE, "/a", READ, "", "", FALSE },
  { "file /a rw,", AAK_POLICY_RULE_FILE, "/a", READ | WRITE, "", "", FALSE },
  { "file rw /a,", AAK_POLICY_RULE_FILE, "/a", READ | WRITE, "", "", FALSE },
  { "\"/a b\" r,", AAK_POLICY_RULE_FILE, "/a b", READ, "", "", FALSE },
  { "/a\\ b r,", AAK_POLICY_RULE_FILE, "/a b", READ, "", "", FALSE },
  { "\"/a\\\"b\\*\" r,", AAK_POLICY_RULE_FILE, "/a\"b\\*", READ, "", "", FALSE },
  { "@{X}/a,b r,", AAK_POLICY_RULE_FILE, "@{X}/a,b", READ, "", "", FALSE },
  { "/a mrPx,", AAK_POLICY_RULE_FILE, "/a", READ | AAK_MAY_MMAP | AAK_MAY_EXEC, "Px", "", FALSE },
  { "/a cix -> b//c,", AAK_POLICY_RULE_FILE, "/a", AAK_MAY_EXEC, "cix", "b//c", FALSE },
  { "/a px -> \"b c\",", AAK_POLICY_RULE_FILE, "/a", AAK_MAY_EXEC, "px", "b c", FALSE },
  { "/a # not,\n rk,", AAK_POLICY_RULE_FILE, "/a", READ | AAK_MAY_LOCK, "", "", FALSE },
  { "/a,", AAK_POLICY_RULE_FILE, "/a", 0, "", "", TRUE },
  { "/a rz,", AAK_POLICY_RULE_FILE, "/a", 0, "", "", TRUE },
  { "/a r /b,", AAK_POLICY_RULE_FILE, "/a", READ, "", "", TRUE },
  { "unsafe /a px,", AAK_POLICY_RULE_FILE, "/a", AAK_MAY_EXEC, "px", "", TRUE },
  { "priority=1 /a r,", AAK_POLICY_RULE_FILE, "/a", READ, "", "", TRUE },
  { "link subset /a -> /b,", AAK_POLICY_RULE_LINK, "/a", 0, "", "/b", FALSE },
  { "link /a /b,", AAK_POLICY_RULE_LINK, "/a", 0, "", "", TRUE },
  { "capability chown,", AAK_POLICY_RULE_CAPABILITY, "", 0, "", "", FALSE },
  { "network inet stream,", AAK_POLICY_RULE_NETWORK, "", 0, "", "", FALSE },
  { "signal (send),", AAK_POLICY_RULE_SIGNAL, "", 0, "", "", FALSE },
  { "ptrace,", AAK_POLICY_RULE_PTRACE, "", 0, "", "", FALSE },
  { "mount /a -> /b,", AAK_POLICY_RULE_MOUNT, "", 0, "", "/b", FALSE },
  { "umount /a,", AAK_POLICY_RULE_MOUNT, "", 0, "", "", FALSE },
  { "change_profile -> b,", AAK_POLICY_RULE_CHANGE_PROFILE, "", 0, "", "b", FALSE },
  { "userns,", AAK_POLICY_RULE_OTHER, "", 0, "", "", FALSE },
};

Test (policy_text, rules)
{
  g_autoptr (AakPolicyIncludes) includes = aak_policy_includes_new ("/nonexistent");
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autofree char *whole = g_strdup_printf ("profile p {\n%s\n}\n", rules[i].text);
      g_autoptr (AakPolicyText) text = read_text (whole, includes);
      const AakPolicyTextProfile *profile = aak_policy_text_find (text, "p");
      cr_assert (text->stopped == NULL && profile->rules->len == 1, "%s", rules[i].text);
      const AakPolicyTextRule *found = profile->rules->pdata[0];
      const AakPolicyRule *rule = found->rule;
      cr_assert_eq (rule->class, rules[i].class, "%s", rules[i].text);
      cr_assert_eq (rule->odd, rules[i].odd, "%s", rules[i].text);
      cr_assert_eq (rule->perms, rules[i].perms, "%s: 0x%x", rules[i].text, rule->perms);
      cr_assert_str_eq (rule->path != NULL ? rule->path : "", rules[i].path);
      cr_assert_str_eq (rule->exec != NULL ? rule->exec : "", rules[i].exec);
      cr_assert_str_eq (rule->target != NULL ? rule->target : "", rules[i].target);
      cr_assert_eq (found->place.size, strlen (rules[i].text), "%s", rules[i].text);
    }
}

static const AakPolicyRule *
only_rule (const AakPolicyText *text)
{
  const AakPolicyTextProfile *profile = aak_policy_text_find (text, "p");
  cr_assert_eq (profile->rules->len, 1);
  return ((const AakPolicyTextRule *) profile->rules->pdata[0])->rule;
}

Test (policy_text, words_and_qualifiers)
{
  g_autoptr (AakPolicyIncludes) includes = aak_policy_includes_new ("/nonexistent");
  g_autoptr (AakPolicyText) text =
      read_text ("profile p {\n audit deny signal (send, receive) set=(hup term) peer=\"a b\",\n}",
                 includes);
  const AakPolicyRule *rule = only_rule (text);
  cr_assert (rule->audit && rule->deny && !rule->owner && !rule->odd);
  cr_assert_eq (rule->words->len, 5);
  cr_assert (aak_policy_rule_has (rule, NULL, "send"));
  cr_assert (aak_policy_rule_has (rule, "set", "term"));
  cr_assert (aak_policy_rule_has (rule, "peer", "a b"));
  cr_assert_not (aak_policy_rule_has (rule, NULL, "hup"));
}

Test (policy_text, qualifiers_of_a_body)
{
  g_autoptr (AakPolicyIncludes) includes = aak_policy_includes_new ("/nonexistent");
  g_autoptr (AakPolicyText) text =
      read_text ("profile p {\n audit deny {\n owner /a r,\n }\n}", includes);
  const AakPolicyRule *rule = only_rule (text);
  cr_assert (rule->audit && rule->deny && rule->owner);
}

/* --- profiles -------------------------------------------------------------------------------- */

Test (policy_text, profiles)
{
  g_autoptr (AakPolicyIncludes) includes = aak_policy_includes_new ("/nonexistent");
  g_autoptr (AakPolicyText) text =
      read_text ("/bin/a { profile \"b c\" flags=(complain, audit) { } ^h { } }\n"
                 "profile d /bin/d (attach_disconnected) { }\nprofile e { }\n"
                 "profile @{X} { }\nprofile f @{exec} { }\n",
                 includes);
  static const struct
  {
    const char *name;
    gboolean nested, attaches;
    guint flags;
  } wanted[] = {
    { "/bin/a", FALSE, TRUE, 0 },    { "/bin/a//b c", TRUE, FALSE, 2 },
    { "/bin/a//h", TRUE, FALSE, 0 }, { "d", FALSE, TRUE, 1 },
    { "e", FALSE, FALSE, 0 },        { NULL, FALSE, TRUE, 0 },
    { "f", FALSE, TRUE, 0 },
  };
  cr_assert_null (text->stopped, "%s", text->stopped);
  cr_assert_eq (text->profiles->len, G_N_ELEMENTS (wanted));
  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      const AakPolicyTextProfile *profile = text->profiles->pdata[i];
      cr_assert_eq (g_strcmp0 (profile->name, wanted[i].name), 0, "%s", profile->name);
      cr_assert_eq (profile->nested, wanted[i].nested, "%s", profile->name);
      cr_assert_eq (profile->attaches, wanted[i].attaches, "%s", profile->name);
      cr_assert_eq (profile->flags->len, wanted[i].flags, "%s", profile->name);
    }
}

static const struct
{
  char text[60];
  guint line, column;
} stops[] = {
  { "profile p {\n  /a r,\n", 1, 1 },
  { "profile p {\n}\n}\n", 3, 1 },
  { "profile p {\n  /a,\\b r,\n}\n", 2, 5 },
  { "profile p {\n  /a r\n}\n", 3, 1 },
};

Test (policy_text, where_reading_ends)
{
  g_autoptr (AakPolicyIncludes) includes = aak_policy_includes_new ("/nonexistent");
  for (gsize i = 0; i < G_N_ELEMENTS (stops); i++)
    {
      g_autoptr (AakPolicyText) text = read_text (stops[i].text, includes);
      cr_assert (text->stopped != NULL && !text->whole, "%s", stops[i].text);
      AakPolicyPosition position = aak_policy_place_position (text->stop);
      cr_assert_eq (position.line, stops[i].line, "%s: %u", stops[i].text, position.line);
      cr_assert_eq (position.column, stops[i].column, "%s: %u", stops[i].text, position.column);
    }
}

/* --- includes -------------------------------------------------------------------------------- */

/* A directory of includes; removed by drop_base(). */
static char *
make_base (void)
{
  char *base = g_dir_make_tmp ("aakit-text-XXXXXX", NULL);
  g_autofree char *all = g_build_filename (base, "all", NULL);
  cr_assert_eq (g_mkdir (all, 0700), 0);
  static const char *const files[][2] = {
    { "all/one", "/one r,\n" },
    { "all/two", "include <own>\n" },
    { "all/two.dpkg-new", "/never r,\n" },
    { "own", "/own r,\n@{V}/x r,\n" },
    { "self", "/self r,\ninclude <self>\n" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (base, files[i][0], NULL);
      cr_assert (g_file_set_contents (path, files[i][1], -1, NULL));
    }
  return base;
}

static void
drop_base (const char *base)
{
  static const char *const names[] = { "all/one", "all/two", "all/two.dpkg-new", "own", "self",
                                       "all",     "" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (base, names[i], NULL);
      g_remove (path);
    }
}

Test (policy_text, includes)
{
  g_autofree char *base = make_base ();
  {
    g_autoptr (AakPolicyIncludes) includes = aak_policy_includes_new (base);
    g_autoptr (AakPolicyText) text =
        read_text ("profile p {\n  include <all>\n  include if exists <none>\n}\n", includes);
    const AakPolicyTextProfile *profile = aak_policy_text_find (text, "p");
    cr_assert (text->whole && profile->whole);
    cr_assert_eq (profile->rules->len, 3);
    const AakPolicyTextRule *last = profile->rules->pdata[2];
    cr_assert (last->included && g_str_has_suffix (last->place.source->path, "/own"));
    cr_assert_eq (aak_policy_place_position (last->own).line, 2);
    cr_assert_eq (((AakPolicyTextUse *) text->uses->pdata[0])->own.at, last->own.at);

    g_autoptr (AakPolicyText) missing =
        read_text ("profile p {\n  include <none>\n}\nprofile q {\n}\n", includes);
    cr_assert (!missing->whole && missing->stopped == NULL);
    cr_assert_not (aak_policy_text_find (missing, "p")->whole);
    cr_assert (aak_policy_text_find (missing, "q")->whole);

    g_autoptr (AakPolicyText) endless = read_text ("profile p {\n  include <self>\n}\n", includes);
    cr_assert (!endless->whole && endless->stopped == NULL);
  }
  drop_base (base);
}

/* --- variables ------------------------------------------------------------------------------- */

static const struct
{
  char pattern[30];
  char expanded[60]; /* empty: cannot be told */
} expansions[] = {
  { "/a", "/a" },
  { "@{ONE}/k", "/one/*/k" },
  { "@{TWO}", "{/home/*/,/root/}" },
  { "@{TWO}/k", "{/home/*,/root}/k" },
  { "/q/@{TWO}/k", "/q/{home/*,root}/k" },
  { "@{THREE}", "{/home/*/x,/root/x,/c}" },
  { "a@{profile_name}b", "apb" },
  { "\\@{ONE}", "\\@{ONE}" },
  { "@{NONE}", "" },
  { "@{LOOP}", "" },
  { "@{ODD}", "" },
};

Test (policy_text, variables)
{
  g_autoptr (AakPolicyIncludes) includes = aak_policy_includes_new ("/nonexistent");
  g_autoptr (AakPolicyText) text =
      read_text ("@{ONE}=/one/*/\n@{TWO}=/home/*/\n@{TWO}+=/root/\n@{THREE}=@{TWO}x \\\n /c\n"
                 "@{LOOP}=@{LOOP} a\n@{ODD}=\"a\\qb\"\nprofile p { }\n",
                 includes);
  const AakPolicyTextProfile *profile = aak_policy_text_find (text, "p");
  for (gsize i = 0; i < G_N_ELEMENTS (expansions); i++)
    {
      g_autofree char *expanded = aak_policy_text_expand (text, profile, expansions[i].pattern);
      cr_assert_str_eq (expanded != NULL ? expanded : "", expansions[i].expanded, "%s",
                        expansions[i].pattern);
    }
}

/* 2^30 values would be too many. */
Test (policy_text, variables_are_bounded)
{
  g_autoptr (AakPolicyIncludes) includes = aak_policy_includes_new ("/nonexistent");
  g_autoptr (GString) many = g_string_new ("@{V0}=a b\n");
  for (guint i = 1; i <= 30; i++)
    g_string_append_printf (many, "@{V%u}=@{V%u} @{V%u}c\n", i, i - 1, i - 1);
  g_autoptr (AakPolicyText) text = read_text (many->str, includes);
  cr_assert_null (aak_policy_text_expand (text, NULL, "@{V30}"));
  g_autofree char *few = aak_policy_text_expand (text, NULL, "@{V2}");
  cr_assert_str_eq (few, "{a,b,ac,bc,ac,bc,acc,bcc}");
}

/* --- places ---------------------------------------------------------------------------------- */

Test (policy_text, positions)
{
  static const char text[] = "ab\n\xc3\xa9\xff x\n\nend";
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (AakPolicySource) source = aak_policy_source_new ("t", bytes);
  static const struct
  {
    gsize at, size;
    guint line, column, end_column;
  } places[] = {
    { 0, 2, 1, 1, 3 }, { 1, 9, 1, 2, 3 },  { 3, 2, 2, 1, 2 },  { 7, 1, 2, 4, 5 },
    { 9, 0, 3, 1, 1 }, { 10, 3, 4, 1, 4 }, { 13, 0, 4, 4, 4 }, { 99, 1, 4, 4, 4 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      AakPolicyPlace place = { source, places[i].at, places[i].size };
      AakPolicyPosition position = aak_policy_place_position (place);
      cr_assert_eq (position.line, places[i].line, "%zu", i);
      cr_assert_eq (position.column, places[i].column, "%zu: %u", i, position.column);
      cr_assert_eq (position.end_column, places[i].end_column, "%zu: %u", i, position.end_column);
    }
}
