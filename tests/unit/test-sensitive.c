/* SPDX-License-Identifier: GPL-2.0-or-later
 * The table of sensitive accesses: what ships matches what it says, a damaged one is refused, and
 * what somebody allowed is allowed, and nothing else. */
#include "learn/access-fields.h"
#include "learn/generalise.h"
#include "learn/sensitive.h"
#include "lib/error.h"

#include <criterion/criterion.h>
#include <string.h>

static const AakSensitive *
by_id (const char *id)
{
  return aak_sensitive_table_find (aak_sensitive_table (), id);
}

/* --- the table that ships --------------------------------------------------------------------- */

/* A path that the pattern matches. */
static char *
example_of (const char *pattern)
{
  g_auto (GStrv) digits = g_strsplit (pattern, "[0-9]", -1);
  g_autofree char *with_digits = g_strjoinv ("7", digits);
  g_auto (GStrv) letters = g_strsplit (with_digits, "[a-z]", -1);
  g_autofree char *with_letters = g_strjoinv ("b", letters);
  g_auto (GStrv) stars = g_strsplit (with_letters, "*", -1);
  return g_strjoinv ("/x/y", stars);
}

static void
expect_entry (const AakRule *rule, const char *path, const AakSensitive *wanted)
{
  const AakSensitive *found = aak_sensitive_find (rule, path, NULL);
  cr_expect_eq (found, wanted, "%s: %s, not %s", path != NULL ? path : rule->name,
                found != NULL ? found->id : "nothing", wanted != NULL ? wanted->id : "nothing");
}

static void
expect_paths (const AakSensitive *entry, char *const *patterns, guint perms)
{
  for (; *patterns != NULL; patterns++)
    {
      g_autofree char *path = example_of (*patterns);
      expect_entry (&(AakRule){ .class = AAK_CLASS_FILE, .perms = perms }, path, entry);
    }
}

static void
expect_names (const AakSensitive *entry, AakClass class, char *const *names)
{
  for (; *names != NULL; names++)
    expect_entry (&(AakRule){ .class = class, .name = *names, .detail = (char *) "" }, NULL, entry);
}

/* A rule with one detail. */
static void
expect_detail (AakClass class, const char *name, guint index, const char *value, guint perms,
               const char *id)
{
  const char *details[AAK_ACCESS_MAX_DETAILS] = { NULL };
  details[index] = value;
  g_autofree char *detail = aak_access_pack (class, details);
  expect_entry (&(AakRule){ .class = class,
                            .name = (char *) name,
                            .detail = detail,
                            .perms = perms },
                NULL, id != NULL ? by_id (id) : NULL);
}

Test (sensitive, each_entry_matches)
{
  const GPtrArray *table = aak_sensitive_table ();
  cr_expect_geq (table->len, 35);
  for (guint i = 0; i < table->len; i++)
    {
      const AakSensitive *entry = table->pdata[i];
      expect_paths (entry, entry->paths, AAK_PERM_R);
      expect_paths (entry, entry->written, AAK_PERM_W);
      expect_names (entry, AAK_CLASS_CAPABILITY, entry->capabilities);
      expect_names (entry, AAK_CLASS_NETWORK, entry->families);
      expect_names (entry, AAK_CLASS_IO_URING, entry->io_uring);
      cr_expect_eq (by_id (entry->id), entry);
    }
  expect_entry (&(AakRule){ .class = AAK_CLASS_FILE, .perms = AAK_PERM_R }, "/etc/passwd", NULL);
  expect_entry (&(AakRule){ .class = AAK_CLASS_PTRACE, .perms = AAK_PERM_READ }, NULL, NULL);
  expect_entry (&(AakRule){ .class = AAK_CLASS_PTRACE, .perms = AAK_PERM_TRACEDBY }, NULL,
                by_id ("ptrace"));
  expect_entry (&(AakRule){ .class = AAK_CLASS_USERNS, .name = (char *) "create" }, NULL,
                by_id ("userns"));
  expect_detail (AAK_CLASS_UNIX, "stream", 1, "@/containerd-shim/x", 0, "runtime-socket");
  expect_detail (AAK_CLASS_UNIX, "stream", 0, "@/containerd-shim/x", 0, NULL);
  expect_detail (AAK_CLASS_MOUNT, "/mnt", 1, "/dev/sda", 0, "mount");
  expect_detail (AAK_CLASS_DBUS, "session", 0, "/", AAK_PERM_EAVESDROP, "dbus-eavesdrop");
  expect_detail (AAK_CLASS_DBUS, "system", 3, "org.freedesktop.systemd1", AAK_PERM_SEND,
                 "systemd-bus");
  expect_detail (AAK_CLASS_DBUS, "session", 3, "org.freedesktop.systemd1", AAK_PERM_SEND, NULL);
  cr_expect_null (by_id ("nothing"));
}

/* --- damaged tables --------------------------------------------------------------------------- */

#define HEAD "schema: \"aakit/sensitive/1\"\nsensitive:\n"
#define GOOD "  - {id: \"a\", why: \"b\", source: \"c\", paths: [\"/d\"]}\n"

static void
expect_refused (const char *text, const char *place)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (GPtrArray) table = aak_sensitive_table_read ("t", bytes, &error);
  cr_assert_null (table, "%s", text);
  cr_expect (g_str_has_prefix (error->message, place), "%s: %s", text, error->message);
}

Test (sensitive, damaged_tables)
{
  expect_refused ("schema: \"aakit/learned/1\"\nsensitive: []\n", "t:1:");
  expect_refused ("schema: \"aakit/sensitive/2\"\nsensitive: []\n", "t: ");
  expect_refused ("schema: \"aakit/sensitive/1\"\n", "t:1:");
  expect_refused (HEAD "  a: \"b\"\n", "t:3:");
  expect_refused (HEAD GOOD GOOD, "t:4:");
  expect_refused (HEAD "  - {id: \"A\", why: \"b\", source: \"c\", paths: [\"/d\"]}\n", "t:3:");
  expect_refused (HEAD "  - {id: \"a\", source: \"c\", paths: [\"/d\"]}\n", "t:3:");
  expect_refused (HEAD "  - {id: \"a\", why: \"b\", paths: [\"/d\"]}\n", "t:3:");
  expect_refused (HEAD "  - {id: \"a\", why: \"b\", source: \"c\"}\n", "t:3:");
  expect_refused (HEAD "  - {id: \"a\", why: \"b\", source: \"c\", paths: []}\n", "t:3:");
  expect_refused (HEAD "  - {id: \"a\", why: \"b\", source: \"c\", paths: [\"\"]}\n", "t:3:");
  expect_refused (HEAD "  - {id: \"a\", why: \"b\", source: \"c\", paths: \"/d\"}\n", "t:3:");
  expect_refused (HEAD "  - {id: \"a\", why: \"b\", source: \"c\", ptrace: [\"read\"]}\n", "t:3:");
  expect_refused (HEAD "  - {id: \"a\", why: \"b\", source: \"c\", dbus: [\"send\"]}\n", "t:3:");
  expect_refused (HEAD "  - {id: \"a\", why: \"b\", source: \"c\", classes: [\"all\"]}\n", "t:3:");
}

/* --- what a site says ------------------------------------------------------------------------- */

static GPtrArray *
extended (const char *text, GError **error)
{
  g_autoptr (GPtrArray) table = aak_sensitive_table_shipped ();
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  guint before = table->len;
  if (aak_sensitive_table_extend (table, "t", bytes, error))
    return g_steal_pointer (&table);
  cr_expect_eq (table->len, before);
  for (guint i = 0; i < table->len; i++)
    cr_expect_null (((const AakSensitive *) table->pdata[i])->silenced);
  return NULL;
}

Test (sensitive, a_site_adds_replaces_and_silences)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) shipped = aak_sensitive_table_shipped ();
  g_autoptr (GPtrArray) table =
      extended (HEAD GOOD
                "  - {id: \"sysrq\", why: \"w\", source: \"s\", paths: [\"/proc/sysrq*\"]}\n"
                "silenced:\n  - {id: \"raw-disk\", reason: \"they are loops\"}\n",
                &error);
  cr_assert_not_null (table, "%s", error != NULL ? error->message : "");
  cr_expect_eq (table->len, shipped->len + 1);
  cr_expect_str_eq (((const AakSensitive *) table->pdata[shipped->len])->id, "a");
  for (guint i = 0; i < shipped->len; i++)
    {
      const AakSensitive *old = shipped->pdata[i], *new = table->pdata[i];
      cr_expect_str_eq (new->id, old->id);
      gboolean silenced = strcmp (old->id, "raw-disk") == 0;
      cr_expect_eq (new->silenced != NULL, silenced);
      if (strcmp (old->id, "sysrq") == 0)
        cr_expect_str_eq (new->paths[0], "/proc/sysrq*");
      else
        cr_expect_str_eq (new->why, old->why);
    }
  g_autoptr (GPtrArray) same = extended ("schema: \"aakit/sensitive/1\"\n", NULL);
  cr_expect_eq (same->len, shipped->len);
}

static void
expect_no_site (const char *text, const char *place)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) table = extended (text, &error);
  cr_assert_null (table, "%s", text);
  cr_expect (g_str_has_prefix (error->message, place), "%s: %s", text, error->message);
}

#define SILENCE "schema: \"aakit/sensitive/1\"\nsilenced:\n"

Test (sensitive, damaged_sites)
{
  expect_no_site ("schema: \"aakit/sensitive/1\"\nsilent: []\n", "t:2:");
  expect_no_site (HEAD "  - {id: \"a\", why: \"b\", source: \"c\", paths: [\"/d\"], path: []}\n",
                  "t:3:");
  expect_no_site (HEAD "  - {id: \"a\", why: \"b\\n/** rwix,\", source: \"c\", paths: [\"/d\"]}\n",
                  "t:3:");
  expect_no_site (SILENCE "  - {id: \"sysrq\"}\n", "t:3:");
  expect_no_site (SILENCE "  - {id: \"sysrq\", reason: \"\"}\n", "t:3:");
  expect_no_site (SILENCE "  - {id: \"sysrq\", reason: \"a\\nb\"}\n", "t:3:");
  expect_no_site (SILENCE "  - {id: \"sysrk\", reason: \"typo\"}\n", "t:3:");
  expect_no_site (SILENCE "  - {id: \"sysrq\", reason: \"r\", why: \"w\"}\n", "t:3:");
  expect_no_site (SILENCE
                  "  - {id: \"sysrq\", reason: \"r\"}\n  - {id: \"sysrq\", reason: \"r\"}\n",
                  "t:4:");
  expect_no_site (HEAD GOOD "silenced:\n  - {id: \"a\", reason: \"r\"}\n", "t:5:");
}

/* --- what was allowed ------------------------------------------------------------------------- */

static AakProfile *
profile_with (const char *id)
{
  static const char *const seen[] = { "/etc/shadow", "/run/docker.sock", "/proc/7/root/etc/shadow",
                                      "/proc/7/root/dev/docker.sock" };
  g_autoptr (AakObservations) observations = aak_observations_new ("a");
  aak_observations_add_run (observations, aak_run_new ());
  for (gsize i = 0; i < G_N_ELEMENTS (seen); i++)
    {
      g_autoptr (AakObservation) observation = aak_observation_new (AAK_CLASS_FILE, seen[i], "");
      observation->perms = observation->shared_perms = AAK_PERM_R;
      cr_assert (aak_observations_merge (observations, observation));
    }
  if (id != NULL)
    aak_allow_list_add (aak_observations_allow_list (observations), id);
  return aak_generalise (observations, FALSE);
}

static void
expect_active (const char *id, guint active, guint review)
{
  g_autoptr (AakProfile) profile = profile_with (id);
  cr_expect_eq (aak_profile_count_active (profile), active, "%s: %u active", id,
                aak_profile_count_active (profile));
  cr_expect_eq (aak_profile_count_review (profile), review, "%s: %u for review", id,
                aak_profile_count_review (profile));
}

/* What two kinds hold needs both. */
Test (sensitive, only_what_was_allowed)
{
  expect_active (NULL, 0, 4);
  expect_active ("nothing", 0, 4);
  expect_active ("password-hashes", 1, 3);
  expect_active ("runtime-socket", 1, 3);
  expect_active ("process-root", 1, 3);
}

Test (sensitive, a_set_of_ids)
{
  AakAllowList *a = aak_allow_list_new (), *b = aak_allow_list_new ();
  aak_allow_list_add (a, "m");
  aak_allow_list_add (a, "z");
  aak_allow_list_add (b, "a");
  aak_allow_list_add (b, "m");
  aak_allow_list_merge (a, b);
  aak_allow_list_merge (a, a);
  g_autoptr (AakYamlWriter) yaml = aak_yaml_writer_new ();
  aak_yaml_begin_map (yaml);
  aak_allow_list_write (a, yaml);
  aak_yaml_end_map (yaml);
  g_autoptr (GBytes) text = aak_yaml_writer_end (yaml);
  g_autofree char *shown = g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  cr_expect_str_eq (shown, "allow: [\"a\", \"m\", \"z\"]\n");
  cr_expect (aak_allow_list_has (a, "a") && !aak_allow_list_has (b, "z"));
  aak_allow_list_free (a);
  aak_allow_list_free (b);
}
