/* SPDX-License-Identifier: GPL-2.0-or-later
 * From what was seen to what a container needs, and to the patch of its pod. */
#include "learn/kubernetes-version.h"
#include "learn/pod-patch.h"
#include "learn/rootfs-writes.h"
#include "lib/error.h"
#include "tests/unit/learned.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define DEFAULT AAK_CAPABILITY_SET_DEFAULT

static void
use (AakObservations *state, const char *capability, gboolean optional)
{
  gboolean news;
  AakEvent event = { .class = AAK_CLASS_CAPABILITY,
                     .kind = "capability",
                     .label = (char *) "k8s-t",
                     .detail = (char *) capability,
                     .info = optional ? (char *) "optional: no audit" : NULL,
                     .time = 5 };
  cr_assert_not_null (aak_observations_add (state, 0, &event, &news));
}

static void
touch (AakObservations *state, const char *path, guint perms)
{
  gboolean news;
  AakEvent event = { .class = AAK_CLASS_FILE,
                     .kind = "file",
                     .label = (char *) "k8s-t",
                     .name = (char *) path,
                     .perms = perms,
                     .time = 5 };
  cr_assert_not_null (aak_observations_add (state, 0, &event, &news));
}

static void
start (AakObservations *state, const char *container, guint uid, gboolean no_new_privs)
{
  const AakContainerFact fact = { .container = (char *) container,
                                  .uid = uid,
                                  .holds = DEFAULT,
                                  .no_new_privs = no_new_privs };
  aak_container_facts_add (aak_observations_containers (state), &fact);
}

static AakSecurityNeeds *
first (GPtrArray *needs)
{
  cr_assert_gt (needs->len, 0);
  return needs->pdata[0];
}

/* --- capabilities ---------------------------------------------------------------------------- */

/* What each capability comes to where these were used. "?" before one: only asked for. */
static const struct
{
  const char *used[4];
  const char *standings;
} capabilities[] = {
  { { "chown", "setuid" }, "chown:add setuid:add" },
  { { "fsetid" }, "fsetid:uncertain" },
  { { "?chown" }, "chown:optional" },
  { { "?chown", "chown" }, "chown:add" },
  { { "net_admin" }, "net_admin:elsewhere" },
  { { "?net_admin" }, "net_admin:elsewhere" },
  { { "dac_read_search", "dac_override" }, "dac_override:add dac_read_search:elsewhere" },
  { { "nonsense", "41" }, "41:unknown nonsense:unknown" },
  { { "CHOWN", "chown\n- x" }, "CHOWN:unknown chown\n- x:unknown" },
  { { NULL }, "" },
};

static char *
standings_of (const AakSecurityNeeds *needs)
{
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < needs->capabilities->len; i++)
    {
      const AakCapabilityNeed *need = needs->capabilities->pdata[i];
      g_string_append_printf (out, "%s%s:%s", i > 0 ? " " : "", need->name,
                              aak_capability_need_word (need));
    }
  return g_string_free (out, FALSE);
}

Test (needs, capabilities)
{
  for (gsize i = 0; i < G_N_ELEMENTS (capabilities); i++)
    {
      g_autoptr (AakObservations) state = learned_nothing ("r", 1);
      start (state, "c", 0, FALSE);
      for (gsize k = 0; capabilities[i].used[k] != NULL; k++)
        {
          const char *name = capabilities[i].used[k];
          use (state, *name == '?' ? name + 1 : name, *name == '?');
        }
      g_autoptr (GPtrArray) needs = aak_security_needs (state, NULL);
      g_autofree char *found = standings_of (first (needs));
      cr_expect_str_eq (found, capabilities[i].standings);
    }
}

/* Where nobody knows what was held, all that was used is added, but for what is for review. */
Test (needs, capabilities_of_an_unknown_start)
{
  g_autoptr (AakObservations) state = learned_nothing ("r", 1);
  use (state, "net_admin", FALSE);
  use (state, "sys_admin", FALSE);
  use (state, "dac_read_search", FALSE);
  g_autoptr (GPtrArray) none = aak_security_needs (state, NULL);
  cr_expect_eq (none->len, 0);
  g_autoptr (GPtrArray) needs = aak_security_needs (state, "c");
  g_autofree char *found = standings_of (first (needs));
  cr_expect_str_eq (found, "dac_read_search:review net_admin:add sys_admin:review");
  use (state, "dac_override", FALSE);
  g_autoptr (GPtrArray) more = aak_security_needs (state, "c");
  g_autofree char *covered = standings_of (first (more));
  cr_expect_str_eq (covered, "dac_override:add dac_read_search:covered net_admin:add "
                             "sys_admin:review");
  aak_allow_list_add (aak_observations_allow_list (state), "sys-admin");
  g_autoptr (GPtrArray) allowed = aak_security_needs (state, "c");
  cr_expect_eq (first (allowed)->no_new_privs.verdict, AAK_SETTING_BREAKS);
}

/* --- the root filesystem --------------------------------------------------------------------- */

static const struct
{
  const char *path;
  guint perms;
  const char *directory; /* "": none */
} writes[] = {
  { "/etc/passwd", AAK_PERM_R | AAK_PERM_X | AAK_PERM_M | AAK_PERM_K, "" },
  { "/run/x.pid", AAK_PERM_W | AAK_PERM_C, "/run/" },
  { "/run/dir/", AAK_PERM_C, "/run/" },
  { "/run/dir/", AAK_PERM_D, "/run/" },
  { "/run/dir/", AAK_PERM_W, "/run/dir/" },
  { "/x", AAK_PERM_A, "/" },
  { "/", AAK_PERM_W, "/" },
  { "/var/log/x", AAK_PERM_L, "/var/log/" },
  { "/dev/null", AAK_PERM_W, "" },
  { "/device", AAK_PERM_W, "/" },
  { "/proc/self/oom_score_adj", AAK_PERM_W, "" },
  { "/etc/hosts", AAK_PERM_W, "" },
  { "/data/x", AAK_PERM_W, "" },
  { "/data2/x", AAK_PERM_W, "/data2/" },
  { "disconnected", AAK_PERM_W, "" },
};

Test (needs, writes)
{
  for (gsize i = 0; i < G_N_ELEMENTS (writes); i++)
    {
      g_autoptr (AakObservations) state = learned_nothing ("r", 1);
      aak_volumes_add (aak_observations_volumes (state), "/data", AAK_VOLUME_HOST_PATH);
      touch (state, writes[i].path, writes[i].perms);
      g_autoptr (GPtrArray) found = aak_rootfs_writes (state);
      cr_expect_str_eq (found->len > 0 ? found->pdata[0] : "", writes[i].directory, "%s",
                        writes[i].path);
    }
}

Test (needs, only_outermost_directories)
{
  g_autoptr (AakObservations) state = learned_nothing ("r", 1);
  touch (state, "/var/a/b/c", AAK_PERM_W);
  touch (state, "/var/a/x", AAK_PERM_W);
  touch (state, "/var/a-b/x", AAK_PERM_W);
  g_autoptr (GPtrArray) found = aak_rootfs_writes (state);
  cr_assert_eq (found->len, 2);
  cr_expect_str_eq (found->pdata[0], "/var/a-b/");
  cr_expect_str_eq (found->pdata[1], "/var/a/");
}

/* --- no_new_privs ---------------------------------------------------------------------------- */

typedef struct
{
  guint uid;
  gboolean set;         /* it was started so */
  const char *executed; /* or NULL */
  int gains;            /* of that; -1: it was not looked at */
  const char *used;     /* a capability, or NULL */
  AakSettingVerdict verdict;
} Privileges;

static const Privileges privileges[] = {
  { 0, FALSE, NULL, 0, NULL, AAK_SETTING_HOLDS },
  { 0, FALSE, "/bin/sh", 0, "chown", AAK_SETTING_HOLDS },
  { 0, FALSE, "/bin/sh", -1, NULL, AAK_SETTING_UNCERTAIN },
  { 0, FALSE, "/bin/su", AAK_GAIN_SETUID, NULL, AAK_SETTING_BREAKS },
  { 7, FALSE, "/bin/ping", AAK_GAIN_CAPABILITIES, NULL, AAK_SETTING_BREAKS },
  { 7, FALSE, NULL, 0, "net_raw", AAK_SETTING_BREAKS },
  { 7, FALSE, NULL, 0, NULL, AAK_SETTING_HOLDS },
  { 7, TRUE, "/bin/su", AAK_GAIN_SETUID, NULL, AAK_SETTING_HOLDS },
};

Test (needs, no_new_privs)
{
  for (gsize i = 0; i < G_N_ELEMENTS (privileges); i++)
    {
      const Privileges *row = &privileges[i];
      g_autoptr (AakObservations) state = learned_nothing ("r", 1);
      start (state, "c", row->uid, row->set);
      if (row->executed != NULL)
        touch (state, row->executed, AAK_PERM_X);
      if (row->executed != NULL && row->gains >= 0)
        aak_program_facts_add (aak_observations_programs (state), row->executed,
                               (guint) row->gains);
      if (row->used != NULL)
        use (state, row->used, FALSE);
      g_autoptr (GPtrArray) needs = aak_security_needs (state, NULL);
      const AakSecurityNeeds *found = first (needs);
      cr_expect_eq (found->no_new_privs.verdict, row->verdict, "row %zu: %s", i,
                    found->no_new_privs.why);
      cr_expect_eq (found->non_root.verdict,
                    row->uid == 0 ? AAK_SETTING_BREAKS : AAK_SETTING_HOLDS);
    }
}

/* One start without it, or as root, is enough. */
Test (needs, several_starts)
{
  g_autoptr (AakObservations) state = learned_nothing ("r", 1);
  touch (state, "/bin/sh", AAK_PERM_X);
  start (state, "c", 7, TRUE);
  start (state, "c", 0, FALSE);
  start (state, "other", 7, TRUE);
  g_autoptr (GPtrArray) needs = aak_security_needs (state, NULL);
  cr_assert_eq (needs->len, 2);
  cr_expect_eq (first (needs)->no_new_privs.verdict, AAK_SETTING_UNCERTAIN);
  cr_expect_eq (first (needs)->non_root.verdict, AAK_SETTING_BREAKS);
  cr_expect_not (first (needs)->one_user);
  const AakSecurityNeeds *other = needs->pdata[1];
  cr_expect_eq (other->no_new_privs.verdict, AAK_SETTING_HOLDS);
  cr_expect (other->one_user && other->uid == 7);
}

Test (needs, programs_are_looked_at)
{
  g_autofree char *dir = g_dir_make_tmp ("aakit-needs-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (dir, "su", NULL);
  g_autofree char *link = g_build_filename (dir, "link", NULL);
  guint gains = 99;
  cr_assert (g_file_set_contents (file, "x", 1, NULL));
  cr_assert_eq (symlink ("/etc/passwd", link), 0);
  cr_expect (aak_program_facts_look (dir, "/su", &gains) && gains == 0);
  cr_assert_eq (g_chmod (file, S_ISUID | S_ISGID | 0755), 0);
  cr_expect (aak_program_facts_look (dir, "/su", &gains)
             && gains == (AAK_GAIN_SETUID | AAK_GAIN_SETGID));
  cr_expect_not (aak_program_facts_look (dir, "/link", &gains), "it leads out of the image");
  cr_expect_not (aak_program_facts_look (dir, "/../../../../../etc/passwd", &gains));
  cr_expect_not (aak_program_facts_look (dir, "/none", &gains));
  cr_expect_not (aak_program_facts_look (dir, "/", &gains));
  g_unlink (link);
  g_unlink (file);
  g_rmdir (dir);
}

/* --- the patch ------------------------------------------------------------------------------- */

/* The lines of a patch that are no comment, which a hostile name would add to. */
static guint
count_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint count = 0;
  for (guint i = 0; lines[i] != NULL; i++)
    count += *g_strchug (lines[i]) != '#' && *lines[i] != '\0';
  return count;
}

Test (patch, names_are_no_syntax)
{
  static const char *const names[] = { "/a\n    - x: y", "/a # \"]: {",
                                       "/a\xc2\x85privileged: true", "/a\xe2\x80\xa8x: y",
                                       "/a\xff" };
  g_autoptr (AakObservations) plain = learned_nothing ("r", 1);
  start (plain, "c", 0, FALSE);
  touch (plain, "/d/f", AAK_PERM_W | AAK_PERM_X);
  g_autoptr (GPtrArray) plain_needs = aak_security_needs (plain, NULL);
  g_autofree char *wanted = aak_pod_patch_text (plain_needs, NULL, 30, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (AakObservations) state = learned_nothing ("r", 1);
      g_autofree char *path = g_strconcat (names[i], "/f", NULL);
      start (state, "c", 0, FALSE);
      touch (state, path, AAK_PERM_W | AAK_PERM_X);
      use (state, names[i], FALSE);
      g_autoptr (GPtrArray) needs = aak_security_needs (state, NULL);
      g_autofree char *text = aak_pod_patch_text (needs, NULL, 30, NULL);
      cr_assert_not_null (text);
      cr_expect_eq (count_lines (text), count_lines (wanted), "%s", text);
      for (const char *c = text; *c != '\0'; c++)
        cr_expect (g_ascii_isprint (*c) || *c == '\n');
    }
}

Test (patch, containers_that_cannot_be)
{
  static const char *const names[] = { "a\nb", "", "A", "a: b", "\"" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (AakObservations) state = learned_nothing ("r", 1);
      g_autoptr (GError) error = NULL;
      start (state, names[i], 0, FALSE);
      g_autoptr (GPtrArray) needs = aak_security_needs (state, NULL);
      cr_expect_null (aak_pod_patch_text (needs, NULL, 30, &error));
      cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_INVALID));
    }
}

Test (patch, versions)
{
  static const struct
  {
    const char *text;
    guint minor; /* 0: refused */
  } versions[] = { { NULL, 30 },
                   { "1.29", 29 },
                   { "v1.31.4", 31 },
                   { "1.19", 19 },
                   { "1.18", 0 },
                   { "2.0", 0 },
                   { "1", 0 },
                   { "", 0 },
                   { "1.x", 0 },
                   { "1.-1", 0 },
                   { "1.29.", 0 },
                   { "v", 0 },
                   { "1.1.1.1", 0 },
                   { "v1.29.3+k3s1", 29 },
                   { "v1.31.1-gke.100", 31 },
                   { "1.30+", 30 },
                   { "1.30 1", 0 },
                   { "1.30+\n", 0 },
                   { "+1.30", 0 },
                   { "1.999999999999999999999", 0 } };
  for (gsize i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      g_autoptr (GError) error = NULL;
      guint minor = 0;
      gboolean valid = aak_kubernetes_version_parse (versions[i].text, &minor, &error);
      cr_expect_eq (valid, versions[i].minor != 0, "%s", versions[i].text);
      cr_expect (!valid || minor == versions[i].minor);
    }
}
