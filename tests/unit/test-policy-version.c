/* SPDX-License-Identifier: GPL-2.0-or-later
 * Versions of profiles' names: where they go, where not, and that they are what the text is. */
#include "config.h"

#include "lib/error.h"
#include "lib/policy/version.h"
#include "lib/sha256.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

/* "@" stands for the version where @wanted is given, for nothing in the text. NULL: the same as
 * the text without the headers. */
typedef struct
{
  const char *text; /* a version belongs where "@" is */
} Row;

static const Row rows[] = {
  { "profile web@ {\n}\n" },
  { "abi <abi/3.0>,\nprofile web@ flags=(complain) {\n  /web r,\n  /etc/web r,\n}\n" },
  { "profile \"web@\" {\n  signal (receive) peer=web@,\n  signal peer=\"web@\",\n}\n" },
  { "profile web@ {\n  ptrace (read) peer=web@//child,\n  profile child {\n    signal peer=web@,\n  }\n}\n" },
  { "profile web@ {\n  profile web {\n    signal peer=web-2,\n  }\n  ^web {\n  }\n}\n" },
  { "profile web@ {\n  unix (send) peer=(label=web@ addr=web),\n  unix peer=(addr=@web label=web@),\n}\n" },
  { "profile web@ {\n  /bin/x px -> web@,\n  change_profile -> web@//x,\n  /bin/web px -> &web@,\n}\n" },
  { "profile web@ {\n  signal peer={web@,db@,other},\n}\nprofile db@ {\n  signal peer=web@//&db@,\n}\n" },
  { "profile web@ {\n  signal peer=web*,\n  signal peer=webs,\n  signal peer=a-web,\n  signal peer=web.x,\n}\n" },
  { "# web\nprofile web@ { # peer=web\n  network inet,\n  signal set=(term) peer=web@, # web\n}\n" },
  { "@{X}=web\nprofile web@ {\n  signal peer=@{X},\n  signal peer=@{profile_name},\n}\n" },
  { "profile web@ {\n}\nprofile web@//child {\n}\n" },
  { "profile web@ {\n  include <abstractions/web>\n  include if exists \"web\"\n  capability setuid,\n}\n" },
};

static char *
replace (const char *text, const char *with)
{
  GString *out = g_string_new (text);
  /* "@{" is a variable, "addr=@" an address. */
  for (char *at = strchr (out->str, '@'); at != NULL;)
    {
      gsize offset = (gsize) (at - out->str);
      gboolean variable = at[1] == '{' || (offset > 0 && at[-1] == '=');
      if (!variable)
        {
          g_string_erase (out, (gssize) offset, 1);
          g_string_insert (out, (gssize) offset, with);
          offset += strlen (with);
        }
      at = strchr (out->str + offset + variable, '@');
    }
  return g_string_free (out, FALSE);
}

ParameterizedTestParameters (policy_version, goes_where_the_name_is)
{
  static gsize index[G_N_ELEMENTS (rows)];
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    index[i] = i;
  return cr_make_param_array (gsize, index, G_N_ELEMENTS (rows));
}

ParameterizedTest (gsize *index, policy_version, goes_where_the_name_is)
{
  const Row *row = &rows[*index];
  g_autofree char *plain = replace (row->text, "");
  g_autoptr (GBytes) bytes = g_bytes_new (plain, strlen (plain));
  g_autofree char *digest = aak_sha256_of (bytes);
  g_autofree char *suffix = g_strdup_printf ("-%.8s", digest);
  g_autofree char *wanted = replace (row->text, suffix);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) got = aak_policy_version ("text", bytes, &error);
  cr_assert_not_null (got, "%s", error != NULL ? error->message : "");
  cr_expect_eq (g_bytes_get_size (got), strlen (wanted));
  cr_expect (memcmp (g_bytes_get_data (got, NULL), wanted, strlen (wanted)) == 0, "%.*s",
             (int) g_bytes_get_size (got), (const char *) g_bytes_get_data (got, NULL));

  g_autoptr (GBytes) again = aak_policy_version ("text", got, &error);
  cr_expect (again != NULL && g_bytes_equal (again, got), "versioned twice is versioned once");
  g_autofree char *name = aak_policy_version_name ("text", bytes, "web", &error);
  g_autofree char *same = aak_policy_version_name ("text", got, "web", &error);
  g_autofree char *expected = g_strconcat ("web", suffix, NULL);
  cr_expect_str_eq (name, expected);
  cr_expect_str_eq (same, expected);
}

typedef struct
{
  const char *text, *why;
} Refusal;

static const Refusal refusals[] = {
  { "profile /usr/sbin/web {\n}\n", "as pods name profiles" },
  { "/usr/sbin/web {\n}\n", "as pods name profiles" },
  { "profile \"a b\" {\n}\n", "as pods name profiles" },
  { "profile web* {\n}\n", "as pods name profiles" },
  { "profile @{x} {\n}\n", "as pods name profiles" },
  { "# nothing\n", "no profile is in it" },
  { "", "no profile is in it" },
  { "profile web {\n  /x r\n", "text:" },
};

Test (policy_version, refuses_what_no_pod_names)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (refusals[i].text, strlen (refusals[i].text));
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) got = aak_policy_version ("text", bytes, &error);
      cr_expect_null (got, "%s", refusals[i].text);
      cr_assert_not_null (error);
      cr_expect_eq (error->code, AAK_ERROR_INVALID);
      cr_expect_not_null (strstr (error->message, refusals[i].why), "%s", error->message);
    }
}

Test (policy_version, another_suffix_is_no_version)
{
  static const char text[] = "profile web-0123abcd {\n}\n";
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (GError) error = NULL;
  g_autofree char *name = aak_policy_version_name ("text", bytes, "web-0123abcd", &error);
  cr_assert_not_null (name);
  cr_expect (g_str_has_prefix (name, "web-0123abcd-"));
  g_autofree char *none = aak_policy_version_name ("text", bytes, "web", &error);
  cr_expect_null (none);
  cr_expect_eq (error->code, AAK_ERROR_NOT_FOUND);
}
