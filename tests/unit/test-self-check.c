/* SPDX-License-Identifier: GPL-2.0-or-later
 * A learned profile is handed out where it allows what it was made from, and not otherwise. */
#include "config.h"

#include "learn/self-check.h"

#include "learn/profile-writer.h"
#include "lib/error.h"
#include "tests/unit/learned.h"
#include "tests/unit/policy-fixture.h"

static void
see (AakObservations *observations, AakClass class, const char *name, const char *detail,
     guint perms)
{
  g_autoptr (AakObservation) access = aak_observation_new (class, name, detail);
  AakSighting seen = { 0, 1, 7, 7 };
  access->perms = access->shared_perms = perms;
  aak_observation_insert (access, &seen);
  cr_assert (aak_observations_merge (observations, access));
}

typedef struct
{
  AakObservations *observations;
  AakProfile *profile;
  GArray *trace;
} Learned;

static void
learned_clear (Learned *learned)
{
  g_array_unref (learned->trace);
  aak_profile_free (learned->profile);
  aak_observations_free (learned->observations);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Learned, learned_clear)

/* Six accesses; two wait for review, and of one no rule can be made. */
static Learned
learn (void)
{
  Learned learned = { .observations = learned_nothing ("r", 0) };
  see (learned.observations, AAK_CLASS_FILE, "/srv/a", "", AAK_PERM_R);
  see (learned.observations, AAK_CLASS_FILE, "/srv/b", "", AAK_PERM_R | AAK_PERM_W);
  see (learned.observations, AAK_CLASS_CAPABILITY, "chown", "", 0);
  see (learned.observations, AAK_CLASS_CAPABILITY, "sys_module", "", 0);
  see (learned.observations, AAK_CLASS_FILE, "/etc/shadow", "", AAK_PERM_R);
  see (learned.observations, AAK_CLASS_FILE, "no/root", "", AAK_PERM_R);
  learned.profile = aak_generalise_traced (learned.observations, FALSE, &learned.trace);
  return learned;
}

static void
need_compiler (void)
{
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, NULL);
  if (compiler == NULL)
    cr_skip_test ("no apparmor_parser");
}

Test (self_check, what_is_allowed_and_what_is_held_back_is_counted)
{
  need_compiler ();
  g_autoptr (GError) error = NULL;
  g_auto (Learned) learned = learn ();
  g_auto (AakSelfCheck) check = { 0 };
  g_autofree char *text = aak_profile_to_text (learned.profile);
  cr_assert (aak_self_check_make (learned.profile, learned.trace, text, &check, &error), "%s",
             error != NULL ? error->message : "");
  cr_expect_null (check.unmade);
  cr_expect_eq (check.accesses, 6);
  cr_expect_eq (check.held_back, 3);
  cr_expect_eq (check.not_asked, 0);
  g_autofree char *shown = aak_self_check_text (&check);
  cr_expect_str_eq (
      shown, "checked: as compiled it allows 3 of the 6 accesses that were seen, and denies 3 as "
             "it says");
}

/* Makes the check of a profile that is not what it should be. */
static void
expect_refusal (const Learned *learned, const char *from, const char *to, AakError code,
                const char *why)
{
  g_autoptr (GError) error = NULL;
  g_auto (AakSelfCheck) check = { .accesses = 77 };
  g_autofree char *text = aak_profile_to_text (learned->profile);
  g_autoptr (GString) wrong = g_string_new (text);
  cr_assert_eq (g_string_replace (wrong, from, to, 1), 1, "%s", text);
  cr_expect_not (
      aak_self_check_make (learned->profile, learned->trace, wrong->str, &check, &error));
  cr_assert (g_error_matches (error, AAK_ERROR, code), "%s", error != NULL ? error->message : "");
  cr_expect_not_null (strstr (error->message, why), "%s", error->message);
  cr_expect_eq (check.accesses, 77);
}

Test (self_check, a_profile_that_denies_what_was_seen_is_refused)
{
  need_compiler ();
  g_auto (Learned) learned = learn ();
  expect_refusal (&learned, "/srv/b rw,", "/srv/b r,", AAK_ERROR_COMPILER, "file /srv/b w ");
  expect_refusal (&learned, "/srv/a r,", "", AAK_ERROR_COMPILER, "file /srv/a r ");
  expect_refusal (&learned, "capability chown,", "deny capability chown,", AAK_ERROR_COMPILER,
                  "capability chown ");
  expect_refusal (&learned, "/srv/a r,", "/srv/a r", AAK_ERROR_POLICY, "k8s-t:");
  expect_refusal (&learned, "profile k8s-t ", "profile other ", AAK_ERROR_COMPILER, "k8s-t");
}

Test (self_check, what_is_missing_is_bounded_in_the_message)
{
  need_compiler ();
  Learned learned = { .observations = learned_nothing ("r", 0) };
  for (int i = 0; i < 9; i++)
    {
      g_autofree char *path = g_strdup_printf ("/srv/%d", i);
      see (learned.observations, AAK_CLASS_FILE, path, "", AAK_PERM_R);
    }
  learned.profile = aak_generalise_traced (learned.observations, TRUE, &learned.trace);
  expect_refusal (&learned, "  /srv/", "  #/srv/", AAK_ERROR_COMPILER, "file /srv/0 r ");
  g_autofree char *text = aak_profile_to_text (learned.profile);
  g_autoptr (GString) wrong = g_string_new (text);
  g_autoptr (GError) error = NULL;
  g_auto (AakSelfCheck) check = { 0 };
  g_string_replace (wrong, "  /srv/", "  #/srv/", 0);
  cr_expect_not (aak_self_check_make (learned.profile, learned.trace, wrong->str, &check, &error));
  cr_expect_not_null (strstr (error->message, "file /srv/4 r; and 4 more ("), "%s", error->message);
  learned_clear (&learned);
}

/* --- where nothing can be asked --------------------------------------------------------------- */

static void
expect_unmade (const Learned *learned, const char *why)
{
  g_autoptr (GError) error = NULL;
  g_auto (AakSelfCheck) check = { 0 };
  g_autofree char *text = aak_profile_to_text (learned->profile);
  cr_assert (aak_self_check_make (learned->profile, learned->trace, text, &check, &error), "%s",
             error != NULL ? error->message : "");
  cr_assert_not_null (check.unmade);
  cr_expect_not_null (strstr (check.unmade, why), "%s", check.unmade);
  cr_expect_eq (check.accesses, 0);
  g_autofree char *shown = aak_self_check_text (&check);
  cr_expect (g_str_has_prefix (shown, "not checked "));
}

Test (self_check, without_a_compiler_it_is_said)
{
  g_auto (Learned) learned = learn ();
  g_setenv ("AAKIT_APPARMOR_PARSER", "/nonexistent/apparmor_parser", TRUE);
  expect_unmade (&learned, "/nonexistent/apparmor_parser");
}

Test (self_check, without_the_abi_it_is_said)
{
  need_compiler ();
  g_auto (Learned) learned = learn ();
  g_setenv ("AAKIT_APPARMOR_BASE", "/nonexistent", TRUE);
  expect_unmade (&learned, "/nonexistent/abi/3.0");
}
