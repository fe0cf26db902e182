/* SPDX-License-Identifier: GPL-2.0-or-later
 * What files say of systemd's units. */
#include "lib/fs.h"
#include "lib/tree.h"
#include "register/service.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#define UNIT "a.service"

static char *
make_root (void)
{
  char *root = g_dir_make_tmp ("aakit-service-XXXXXX", NULL);
  cr_assert_not_null (root);
  return root;
}

static void
put (const char *root, const char *path, const char *text, gsize len)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *full = aak_fs_path (root, path);
  g_autofree char *dir = g_path_get_dirname (full);
  cr_assert (aak_fs_make_dir (dir, &error) && aak_fs_write (full, text, len, 0644, &error), "%s",
             error != NULL ? error->message : "");
}

static const struct
{
  const char *text;
  gboolean named;
} settings[] = {
  { "Before=b.service", TRUE },
  { "[Unit]\nBefore=x.service b.service\n", TRUE },
  { "Before = b.service", TRUE },
  { "  Before=b.service", TRUE },
  { "Before=x.service \\\n  b.service\n", TRUE },
  { "Before=\nBefore=x.service\nBefore=b.service", TRUE },
  { "", FALSE },
  { "#Before=b.service", FALSE },
  { ";Before=b.service", FALSE },
  { "After=b.service", FALSE },
  { "Before=b.service.d", FALSE },
  { "Before=xb.service", FALSE },
  { "BeforeAll=b.service", FALSE },
  { "Before b.service", FALSE },
  { "Before=x.service\nb.service", FALSE },
  { "Description=Before=b.service", FALSE },
};

Test (service, a_setting_names_whole_words)
{
  g_autofree char *root = make_root ();
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      put (root, "/usr/lib/systemd/system/" UNIT, settings[i].text, strlen (settings[i].text));
      cr_expect_eq (aak_service_names (root, UNIT, "Before", "b.service"), settings[i].named, "%s",
                    settings[i].text);
    }
  aak_tree_remove (root);
}

Test (service, drop_ins_count_and_the_first_place_hides_the_others)
{
  static const char named[] = "Before=b.service\n", other[] = "Before=x.service\n";
  g_autofree char *root = make_root ();
  put (root, "/usr/lib/systemd/system/" UNIT, named, strlen (named));
  put (root, "/etc/systemd/system/" UNIT, other, strlen (other));
  cr_expect_not (aak_service_names (root, UNIT, "Before", "b.service"));
  put (root, "/run/systemd/system/" UNIT ".d/notes.txt", named, strlen (named));
  cr_expect_not (aak_service_names (root, UNIT, "Before", "b.service"));
  put (root, "/run/systemd/system/" UNIT ".d/order.conf", named, strlen (named));
  cr_expect (aak_service_names (root, UNIT, "Before", "b.service"));
  aak_tree_remove (root);
}

Test (service, installed_enabled_running)
{
  g_autofree char *root = make_root ();
  cr_expect_not (aak_service_systemd_runs (root));
  cr_expect_not (aak_service_is_installed (root, UNIT));
  cr_expect_not (aak_service_is_enabled (root, UNIT));
  cr_expect_not (aak_service_is_running (root, UNIT));

  put (root, "/usr/local/lib/systemd/system/" UNIT, "", 0);
  put (root, "/etc/systemd/system/x.target.wants/other.service", "", 0);
  put (root, "/sys/fs/cgroup/system.slice/" UNIT "/cgroup.procs", "", 0);
  cr_expect (aak_service_is_installed (root, UNIT));
  cr_expect_not (aak_service_is_enabled (root, UNIT));
  cr_expect_not (aak_service_is_running (root, UNIT));

  /* A link as systemctl makes it, whose file is below the root only. */
  g_autofree char *link = aak_fs_path (root, "/etc/systemd/system/x.target.wants/" UNIT);
  cr_assert (symlink ("/usr/local/lib/systemd/system/" UNIT, link) == 0);
  cr_expect (aak_service_is_enabled (root, UNIT));
  put (root, "/sys/fs/cgroup/systemd/system.slice/" UNIT "/cgroup.procs", "12\n", 3);
  cr_expect (aak_service_is_running (root, UNIT));
  put (root, "/run/systemd/system/x", "", 0);
  cr_expect (aak_service_systemd_runs (root));
  aak_tree_remove (root);
}

/* Whatever else a file holds, before and after it: the setting is found, and nothing is that is not
 * there. */
Test (service, any_bytes_around_it)
{
  static const char setting[] = "\nBefore=b.service\n";
  g_autofree char *root = make_root ();
  g_autoptr (GRand) random = g_rand_new_with_seed (6);
  for (int i = 0; i < 300; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      gboolean named = g_rand_boolean (random);
      for (int part = 0; part < 2; part++)
        {
          for (gint left = g_rand_int_range (random, 0, 200); left > 0; left--)
            g_string_append_c (text,
                               "Before=After b.\\\n\t#[]\xff"[g_rand_int_range (random, 0, 22)]);
          g_string_append (text, "x"); /* no backslash before the newline */
          if (part == 0 && named)
            g_string_append (text, setting);
        }
      put (root, "/etc/systemd/system/" UNIT, text->str, text->len);
      cr_expect_eq (aak_service_names (root, UNIT, "Before", "b.service"), named, "%s", text->str);
    }
  aak_tree_remove (root);
}

static int
compare_units (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* The units that the shipped one is ordered before are those that the programs know. */
Test (service, the_unit_and_the_programs_know_the_same_runtimes)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("AAKIT_SRCDIR"), "deploy/systemd/aa-register.service.in", NULL);
  g_autofree char *text = NULL;
  cr_assert (g_file_get_contents (path, &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GPtrArray) before = g_ptr_array_new_with_free_func (g_free),
                        known = g_ptr_array_new ();
  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) units = g_str_has_prefix (*line, "Before=")
                                 ? g_strsplit (*line + strlen ("Before="), " ", -1)
                                 : g_new0 (char *, 1);
      for (char **unit = units; *unit != NULL; unit++)
        g_ptr_array_add (before, g_strdup (*unit));
    }
  for (guint i = 0; i < AAK_SERVICE_N_RUNTIMES; i++)
    g_ptr_array_add (known, (gpointer) aak_service_runtimes[i].unit);
  g_ptr_array_sort (before, compare_units);
  g_ptr_array_sort (known, compare_units);
  cr_assert_eq (before->len, known->len);
  for (guint i = 0; i < known->len; i++)
    cr_expect_str_eq (before->pdata[i], known->pdata[i]);
}
