/* SPDX-License-Identifier: GPL-2.0-or-later
 * Seccomp profiles: what is taken, what is refused and why, and what the filter comes to. */
#include "lib/error.h"
#include "lib/seccomp/filter.h"
#include "lib/seccomp/name.h"
#include "lib/seccomp/profile.h"

#include <criterion/criterion.h>
#include <seccomp.h>
#include <string.h>

#define DENY "{\"defaultAction\":\"SCMP_ACT_ERRNO\","
#define RULE(rest) \
  DENY "\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"" rest "}]}"

static AakSeccompProfile *
parse (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  return aak_seccomp_profile_parse ("web.json", bytes, error);
}

/* What each message is to have in it. */
static const struct
{
  const char *text;
  const char *message;
} refused[] = {
  { "", "web.json:1:1: no JSON" },
  { "[]", "web.json: not an object" },
  { "{} x", "web.json:1:4: no JSON" },
  { "{}", "defaultAction: is missing" },
  { "{\"defaultAction\":1}", "defaultAction: not a text" },
  { "{\"defaultAction\":\"ALLOW\"}", "defaultAction: unknown: \"ALLOW\"" },
  { "{\"defaultAction\":\"SCMP_ACT_ALLOW\\u001b\"}", "unknown: \"SCMP_ACT_ALLOW\\x1b\"" },
  { "{\"DefaultAction\":\"SCMP_ACT_ALLOW\"}", "DefaultAction: an unknown field" },
  { DENY "\"defaultAction\":\"SCMP_ACT_ALLOW\"}", "duplicate" },
  { DENY "\"archMap\":[]}", "archMap: a field of Docker's own form" },
  { DENY "\"a\\nb\":[]}", "a\\x0ab: an unknown field" },
  { DENY "\"defaultErrnoRet\":4096}", "defaultErrnoRet: not a number from 0 to 4095" },
  { DENY "\"defaultErrnoRet\":-1}", "defaultErrnoRet: not a number" },
  { DENY "\"defaultErrnoRet\":1.5}", "defaultErrnoRet: not a number" },
  { "{\"defaultAction\":\"SCMP_ACT_KILL\",\"defaultErrnoRet\":1}",
    "SCMP_ACT_KILL carries no number" },
  { "{\"defaultAction\":\"SCMP_ACT_NOTIFY\",\"listenerPath\":\"/s\"}",
    "defaultAction: the runtimes refuse" },
  { DENY "\"architectures\":[\"x86_64\"]}", "architectures: unknown: \"x86_64\"" },
  { DENY "\"architectures\":[1]}", "architectures: not a text" },
  { DENY "\"architectures\":{}}", "architectures: not a list" },
  { DENY "\"flags\":[\"SECCOMP_FILTER_FLAG_NEW_LISTENER\"]}", "flags: unknown" },
  { DENY "\"listenerPath\":\"socket\"}", "listenerPath: not the path of a socket" },
  { DENY "\"listenerMetadata\":\"x\"}", "listenerMetadata: there is no listenerPath" },
  { DENY "\"syscalls\":{}}", "syscalls: not a list" },
  { DENY "\"syscalls\":[1]}", "syscalls[0]: not an object" },
  { DENY "\"syscalls\":[{\"names\":[],\"action\":\"SCMP_ACT_ALLOW\"}]}",
    "syscalls[0].names: names no system call" },
  { DENY "\"syscalls\":[{\"names\":[\"read;rm\"],\"action\":\"SCMP_ACT_ALLOW\"}]}",
    "syscalls[0].names: unknown" },
  { DENY "\"syscalls\":[{\"name\":\"read\",\"action\":\"SCMP_ACT_ALLOW\"}]}",
    "syscalls[0].name: a field of Docker's" },
  { DENY "\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_NOTIFY\"}]}",
    "needs a listenerPath" },
  { RULE (",\"includes\":{}"), "syscalls[0].includes: a field of Docker's" },
  { RULE (",\"errnoRet\":1"), "errnoRet: SCMP_ACT_ALLOW carries no number" },
  { RULE (",\"args\":[{}]"), "syscalls[0].args[0].op: is missing" },
  { RULE (",\"args\":[{\"index\":6,\"value\":1,\"op\":\"SCMP_CMP_EQ\"}]"),
    "args[0].index: not a number from 0 to 5" },
  { RULE (",\"args\":[{\"index\":0,\"op\":\"SCMP_CMP_EQ\"}]"), "args[0].value: is missing" },
  { RULE (",\"args\":[{\"value\":0,\"op\":\"SCMP_CMP_EQ\"}]"), "args[0].index: is missing" },
  { RULE (",\"args\":[{\"index\":0,\"value\":1,\"op\":\"==\"}]"), "args[0].op: unknown operator" },
};

Test (seccomp, what_a_runtime_would_misread_is_refused)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AakSeccompProfile) profile = parse (refused[i].text, &error);
      cr_expect_null (profile, "%s", refused[i].text);
      cr_assert (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID), "%s", refused[i].text);
      cr_expect (strstr (error->message, refused[i].message) != NULL, "%s", error->message);
    }
}

static const char whole[] =
    "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38,"
    "\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"],"
    "\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"],\"syscalls\":["
    "{\"names\":[\"read\",\"write\",\"not_a_call\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":null},"
    "{\"names\":[\"personality\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":["
    "{\"index\":0,\"value\":4294967295,\"op\":\"SCMP_CMP_EQ\"},"
    "{\"index\":0,\"value\":8,\"valueTwo\":0,\"op\":\"SCMP_CMP_EQ\"}]},"
    "{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":["
    "{\"index\":0,\"value\":2114060288,\"valueTwo\":0,\"op\":\"SCMP_CMP_MASKED_EQ\"}]},"
    "{\"names\":[\"ptrace\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38}]}";

Test (seccomp, a_profile_is_read_whole)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakSeccompProfile) profile = parse (whole, &error);
  cr_assert_not_null (profile, "%s", error != NULL ? error->message : "");
  cr_expect_eq (profile->action, SCMP_ACT_ERRNO (38));
  cr_expect_eq (profile->architectures->len, 3);
  cr_expect_eq (profile->flags->len, 1);
  cr_assert_eq (profile->rules->len, 4);
  const AakSeccompRule *clone = profile->rules->pdata[2];
  cr_assert_eq (clone->args->len, 1);
  cr_expect_eq (g_array_index (clone->args, AakSeccompArg, 0).value, 2114060288u);
  cr_expect_eq (g_array_index (clone->args, AakSeccompArg, 0).op, (guint32) SCMP_CMP_MASKED_EQ);
}

Test (seccomp, a_filter_is_made_and_unknown_calls_are_told)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakSeccompProfile) profile = parse (whole, &error);
  g_autoptr (GPtrArray) unknown = NULL;
  guint instructions = 0;
  cr_assert (aak_seccomp_filter_prove (profile, "web.json", &instructions, &unknown, &error), "%s",
             error != NULL ? error->message : "");
  cr_expect_gt (instructions, 10);
  cr_assert_eq (unknown->len, 1);
  cr_expect_str_eq (unknown->pdata[0], "not_a_call");
}

/* Comparisons of one call with @count values. */
static char *
compare_often (guint count)
{
  g_autoptr (GString) text = g_string_new (DENY "\"syscalls\":[");
  for (guint i = 0; i < count; i++)
    g_string_append_printf (text,
                            "%s{\"names\":[\"personality\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":"
                            "[{\"index\":0,\"value\":%u,\"op\":\"SCMP_CMP_EQ\"}]}",
                            i > 0 ? "," : "", i);
  g_string_append (text, "]}");
  return g_strdup (text->str);
}

Test (seccomp, a_filter_that_no_kernel_takes_is_refused)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = compare_often (AAK_SECCOMP_MAX_RULES);
  g_autoptr (AakSeccompProfile) profile = parse (text, &error);
  g_autoptr (GPtrArray) unknown = NULL;
  guint instructions = 0;
  cr_assert_not_null (profile, "%s", error != NULL ? error->message : "");
  cr_expect_not (aak_seccomp_filter_prove (profile, "web.json", &instructions, &unknown, &error));
  cr_assert (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
  cr_expect (strstr (error->message, "the kernel takes 4096") != NULL, "%s", error->message);
}

Test (seccomp, bounds)
{
  g_autoptr (GError) error = NULL, second = NULL;
  g_autofree char *text = compare_often (AAK_SECCOMP_MAX_RULES + 1);
  cr_expect_null (parse (text, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_TOO_LARGE));
  g_autofree char *large = g_strnfill (AAK_SECCOMP_MAX_SIZE + 1, ' ');
  cr_expect_null (parse (large, &second));
  cr_expect (g_error_matches (second, AAK_ERROR, AAK_ERROR_TOO_LARGE));
}

static const struct
{
  const char *path;
  const char *name; /* NULL: refused */
} names[] = {
  { "dir/web.seccomp.json", "aakit/web.json" },
  { "web.json", "aakit/web.json" },
  { "k8s-web_1.2.json", "aakit/k8s-web_1.2.json" },
  { ".json", NULL },
  { ".seccomp.json", NULL },
  { "..json", NULL },
  { "a..b.json", NULL },
  { "a b.json", NULL },
  { "-a.json", NULL },
  { "\xc3\xbc.json", NULL },
  { "web", NULL },
};

Test (seccomp, names_are_made_by_rule)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *name = aak_seccomp_name_of (names[i].path, &error);
      cr_expect (g_strcmp0 (name, names[i].name) == 0, "%s: %s", names[i].path, name);
      cr_expect ((name == NULL) == (error != NULL));
      cr_expect (name == NULL || aak_seccomp_is_name (name));
    }
  g_autofree char *long_name = g_strnfill (300, 'a');
  g_autofree char *path = g_strconcat (long_name, ".json", NULL);
  cr_expect_null (aak_seccomp_name_of (path, NULL));
  cr_expect_not (aak_seccomp_is_name ("aakit/../web.json"));
  cr_expect_not (aak_seccomp_is_name ("web.json"));
}

/* Bytes of a profile that are changed at random are read or refused, never more; what is read makes
 * a filter or is told why not. */
Test (seccomp, damaged_profiles)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  guint taken = 0;
  for (int round = 0; round < 3000; round++)
    {
      g_autofree char *text = g_strdup (whole);
      g_autoptr (GError) error = NULL;
      for (int i = g_rand_int_range (rand, 1, 4); i > 0; i--)
        text[g_rand_int_range (rand, 0, (gint32) strlen (whole))] =
            (char) g_rand_int_range (rand, 1, 256);
      g_autoptr (AakSeccompProfile) profile = parse (text, &error);
      cr_assert ((profile == NULL) == (error != NULL));
      taken += profile != NULL;
    }
  cr_expect_gt (taken, 0);
}
