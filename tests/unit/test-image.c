/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reading a root filesystem, weighing patterns against it, and the volumes of a pod. */
#include "learn/file-rules.h"
#include "learn/generalise.h"
#include "learn/image-weigh.h"
#include "learn/overlay.h"
#include "learn/rule-text.h"
#include "lib/container.h"
#include "lib/error.h"
#include "tests/unit/learned.h"
#include "tests/unit/policy-fixture.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

/* --- trees ----------------------------------------------------------------------------------- */

static gboolean
has (const AakImageTree *tree, const char *path)
{
  const char *end = tree->paths->str + tree->paths->len;
  for (const char *at = tree->paths->str; at < end; at += strlen (at) + 1)
    if (strcmp (at, path) == 0)
      return TRUE;
  return FALSE;
}

Test (image, links_lead_nowhere)
{
  g_autofree char *root = g_dir_make_tmp ("aakit-image-XXXXXX", NULL);
  fixture_put (root, "/outside/secret", "x");
  fixture_put (root, "/image/etc/passwd", "x");
  fixture_put (root, "/image/a\nb", "x");
  g_autofree char *image = g_build_filename (root, "image", NULL),
                  *link = g_build_filename (image, "way", NULL),
                  *up = g_build_filename (image, "etc", "up", NULL),
                  *pipe = g_build_filename (image, "pipe", NULL);
  cr_assert_eq (symlink ("../outside", link), 0);
  cr_assert_eq (symlink ("..", up), 0);
  cr_assert_eq (mkfifo (pipe, 0600), 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (AakImageTree) tree = aak_image_tree_read (image, &error);
  cr_assert_not_null (tree, "%s", error != NULL ? error->message : "");
  cr_expect (has (tree, "/etc/passwd") && has (tree, "/etc/") && has (tree, "/a\nb")
             && has (tree, "/pipe"));
  cr_expect (!has (tree, "/way") && !has (tree, "/way/secret") && !has (tree, "/etc/up"));
  cr_expect (tree->entries == 6 && !tree->cut);
  g_autoptr (AakImageTree) again = aak_image_tree_read (image, NULL);
  aak_image_tree_subtract (tree, again);
  cr_expect_eq (tree->paths->len, 0);
  g_autofree char *missing = g_build_filename (root, "missing", NULL);
  cr_expect_null (aak_image_tree_read (missing, &error));
  cr_expect (g_error_matches (error, AAK_ERROR, AAK_ERROR_NOT_FOUND));
  aak_tree_remove (root);
}

Test (image, a_tree_without_end)
{
  g_autofree char *root = g_dir_make_tmp ("aakit-image-XXXXXX", NULL);
  g_autoptr (GString) path = g_string_new (root);
  for (guint i = 0; i < AAK_IMAGE_TREE_MAX_DEPTH + 10; i++)
    {
      g_string_append (path, "/d");
      cr_assert_eq (g_mkdir (path->str, 0700), 0);
    }
  g_autoptr (AakImageTree) tree = aak_image_tree_read (root, NULL);
  cr_expect (tree->cut);
  cr_expect_eq (tree->entries, AAK_IMAGE_TREE_MAX_DEPTH + 1);
  /* Trees are removed to a depth of 64. */
  g_autofree char *below =
      g_strndup (path->str, strlen (root) + 2 * (AAK_IMAGE_TREE_MAX_DEPTH / 2));
  aak_tree_remove (below);
  aak_tree_remove (root);
}

Test (image, what_was_written_lies_above)
{
  static const char mountinfo[] =
      "22 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\n"
      "30 22 0:40 / /run/c/rootfs rw - overlay overlay rw,lowerdir=/l1:/l2,upperdir=/u1,workdir=/w\n"
      "31 22 0:41 / /run/my\\040c rw shared:3 master:4 - overlay x rw,upperdir=/u\\0542\n"
      "32 22 0:42 / /run/none rw - tmpfs x rw,upperdir=/u3\n"
      "33 22 0:43 / /run/c/rootfs rw - overlay overlay rw,upperdir=/u4\n"
      "34 - overlay\n";
  static const struct
  {
    const char *dir;
    const char *upper;
  } rows[] = { { "/run/c/rootfs", "/u4" },
               { "/run/my c", "/u,2" },
               { "/run/none", NULL },
               { "/run", NULL },
               { "", NULL } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *upper = aak_overlay_upper (mountinfo, rows[i].dir);
      cr_expect_eq (g_strcmp0 (upper, rows[i].upper), 0, "%s: %s", rows[i].dir, upper);
    }
}

/* --- weighing -------------------------------------------------------------------------------- */

static void
see (AakObservations *observations, const char *path, const char *letters)
{
  AakEvent event = { .class = AAK_CLASS_FILE,
                     .verdict = AAK_VERDICT_ALLOWED,
                     .name = (char *) path,
                     .time = 7 };
  gboolean news;
  cr_assert (aak_perms_from_text (letters, &event.perms));
  aak_observations_add (observations, 0, &event, &news);
}

/* "/a /b" */
static AakImageTree *
image_of (const char *paths)
{
  AakImageTree *tree = g_new0 (AakImageTree, 1);
  g_auto (GStrv) list = g_strsplit (paths, " ", -1);
  tree->paths = g_string_new (NULL);
  for (char **path = list; *path != NULL; path++)
    g_string_append_len (tree->paths, *path, (gssize) strlen (*path) + 1);
  return tree;
}

/* What is seen, "MASK PATH ...", what the image has, and a rule that comes of it. */
static const struct
{
  const char *seen;
  const char *image;
  const char *rule;
} weights[] = {
  /* content: as many others as were seen */
  { "r /srv/w/a.html r /srv/w/b.html r /srv/w/c.html", "/srv/w/a.html /srv/w/b.html /srv/w/c.html",
    "/srv/w/**.html r," },
  { "r /srv/w/a.html r /srv/w/b.html r /srv/w/c.html",
    "/srv/w/a.html /srv/w/b.html /srv/w/c.html /srv/w/d.html /srv/w/e.html /srv/w/f.html",
    "/srv/w/**.html r," },
  { "r /srv/w/a.html r /srv/w/b.html r /srv/w/c.html",
    "/srv/w/a.html /srv/w/b.html /srv/w/c.html /srv/w/d.html /srv/w/e.html /srv/w/f.html "
    "/srv/w/g.html",
    "/srv/w/b.html r," },
  /* but more where it serves what lies there */
  { "r /srv/w/a.html r /srv/w/b.html r /srv/w/c.html r /srv/w/x/a.css r /srv/w/x/b.css r "
    "/srv/w/x/c.png r /srv/w/x/d.png r /srv/w/x/e.png",
    "/srv/w/a.html /srv/w/d.html /srv/w/e.html /srv/w/f.html /srv/w/g.html", "/srv/w/**.html r," },
  { "r /srv/w/a.html r /srv/w/b.html r /srv/w/c.html r /srv/w/x/a.css r /srv/w/x/b.css r "
    "/srv/w/x/c.png r /srv/w/x/d.png",
    "/srv/w/a.html /srv/w/d.html /srv/w/e.html /srv/w/f.html /srv/w/g.html", "/srv/w/a.html r," },
  /* an inner tree where the outer one is too wide */
  { "r /srv/w/a.html r /srv/w/b.html r /srv/w/c.html r /srv/w/x/a.html r /srv/w/x/b.html r "
    "/srv/w/x/c.html",
    "/srv/w/x/a.html /srv/w/x/b.html /srv/w/x/c.html /srv/w/y/a.html /srv/w/y/b.html "
    "/srv/w/y/c.html /srv/w/y/d.html",
    "/srv/w/x/**.html r," },
  /* never what is sensitive, or a secret */
  { "r /srv/w/a.json r /srv/w/b.json r /srv/w/c.json",
    "/srv/w/a.json /srv/w/b.json /srv/w/c.json /srv/w/password.json", "/srv/w/a.json r," },
  /* certain patterns: three of ten */
  { "rm /lib/libz.so.1", "/lib/libz.so.1", "/lib/libz.so.[0-9]* rm," },
  { "rm /lib/libz.so.1", "/lib/libz.so.1 /lib/libz.so.2", "/lib/libz.so.1 rm," },
  { "rm /lib/libz.so.1", "/lib/libzz.so.2 /lib/x/libz.so.2", "/lib/libz.so.[0-9]* rm," },
  /* writing: nothing else */
  { "wc /data/d-1.log", "/data/x.log", "/data/d-[0-9]*.log w," },
  { "wc /data/d-1.log", "/data/d-2.log", "/data/d-1.log w," },
  { "wc /data/d-1.log r /data/d-1.log r /data/d-2.log", "/data/d-2.log", "/data/d-1.log w," },
  /* one that is read by itself may be */
  { "rwc /data/d-1.log r /data/d-2.log", "/data/d-2.log", "/data/d-[0-9]*.log r," },
  /* one name where both are too many */
  { "c /data/d-1/ wc /data/d-1/e-1", "/data/d-2/e-1 /data/d-2/e-2", "/data/d-1/e-[0-9]* w," },
  { "c /data/d-1/ wc /data/d-1/e-1", "/data/d-2/e-2", "/data/d-[0-9]*/e-1 w," },
};

static AakObservations *
observations_of (const char *seen)
{
  AakObservations *observations = learned_nothing ("a", 1);
  g_auto (GStrv) words = g_strsplit (seen, " ", -1);
  for (guint i = 0; words[i] != NULL && words[i + 1] != NULL; i += 2)
    see (observations, words[i + 1], words[i]);
  return observations;
}

static gboolean
has_rule (const AakProfile *profile, const char *wanted)
{
  for (guint i = 0; i < profile->rules->len; i++)
    {
      g_autofree char *text = aak_rule_text (profile->rules->pdata[i]);
      if (strcmp (text, wanted) == 0)
        return TRUE;
    }
  return FALSE;
}

Test (weigh, table)
{
  for (gsize i = 0; i < G_N_ELEMENTS (weights); i++)
    {
      g_autoptr (AakObservations) observations = observations_of (weights[i].seen);
      g_autoptr (AakImageTree) image = image_of (weights[i].image);
      cr_assert (aak_image_weigh (observations, image));
      g_autoptr (AakProfile) profile = aak_generalise (observations, FALSE);
      cr_expect (has_rule (profile, weights[i].rule), "%zu: no %s", i, weights[i].rule);
    }
}

/* Where an application keeps creating files, others of their kind are its own as well. */
Test (data, trees)
{
  static const struct
  {
    const char *dir;
    const char *seen;
    const char *image;
    const char *rule;
  } rows[] = {
    { "/x", "wc /srv/in/a.pdf wc /srv/in/b.pdf wc /srv/in/c.pdf wc /srv/in/d.pdf wc /srv/in/e.pdf",
      "/srv/in/x.txt", "/srv/in/*.pdf w," },
    { "/x", "wc /srv/in/a.pdf wc /srv/in/b.pdf wc /srv/in/c.pdf wc /srv/in/d.pdf wc /srv/in/e.pdf",
      "/srv/in/x.pdf", "/srv/in/a.pdf w," },
    { "/x", "wc /srv/in/a.pdf wc /srv/in/b.pdf wc /srv/in/c.pdf wc /srv/in/d.pdf wc /srv/in/e.txt",
      "/x", "/srv/in/e.txt w," },
    /* names that have one pattern are one */
    { "/x", "wc /srv/in/1.pdf wc /srv/in/2.pdf wc /srv/in/3.pdf wc /srv/in/4.pdf wc /srv/in/5.pdf",
      "/x", "/srv/in/[0-9]*.pdf w," },
    { "/srv",
      "wc /srv/in/1.pdf wc /srv/in/2.pdf wc /srv/in/3.pdf wc /srv/in/4.pdf wc /srv/in/5.pdf", "/x",
      "/srv/in/*.pdf w," },
    /* what it is given and takes away is its own there as well */
    { "/srv",
      "rwd /srv/in/a.pdf rwd /srv/in/b.pdf rwd /srv/in/c.pdf rwd /srv/in/d.pdf rwd /srv/in/e.pdf",
      "/x", "/srv/in/*.pdf rw," },
    /* content of a directory with a random name is looked for in all of its kind */
    { "/x", "c /tmp/n.aB3xYz/ r /tmp/n.aB3xYz/a.gz r /tmp/n.aB3xYz/b.gz r /tmp/n.aB3xYz/c.gz", "/x",
      "/tmp/n.?????"
      "?/**.gz r," },
    /* random names that only their siblings give away */
    { "/x",
      "c /tmp/re-ldwdoqol/ c /tmp/re-wbkbkzfa/ c /tmp/re-qs_e_zqp/ wc /tmp/re-ldwdoqol/day.csv",
      "/x", "/tmp/re-*/day.csv w," },
    { "/x", "c /tmp/re-ldwdoqol/ c /tmp/re-wbkbkzfa/ c /tmp/re-words/ wc /tmp/re-ldwdoqol/day.csv",
      "/x", "/tmp/re-ldwdoqol/day.csv w," },
    { "/x", "wc /tmp/re-ldwdoqol.txt wc /tmp/re-wbkbkzfa.txt wc /tmp/re-qs3e_zqp.txt", "/x",
      "/tmp/re-*.txt w," },
    { "/x", "wc /tmp/a wc /tmp/b wc /tmp/c wc /tmp/d wc /tmp/e", "/x", "/tmp/a w," },
    { "/tmp", "wc /tmp/a wc /tmp/b wc /tmp/c wc /tmp/d wc /tmp/e", "/x", "/tmp/* w," },
    { "/x",
      "c /srv/in/ka/ c /srv/in/kb/ c /srv/in/kc/ c /srv/in/kd/ c /srv/in/ke/ c /srv/in/kf/ c /srv/in/kg/ c "
      "/srv/in/kh/ wc /srv/in/ka/x.txt",
      "/x", "/srv/in/** w," },
    /* what is executed there is just that */
    { "/x",
      "c /srv/in/ka/ c /srv/in/kb/ c /srv/in/kc/ c /srv/in/kd/ c /srv/in/ke/ c /srv/in/kf/ c /srv/in/kg/ c "
      "/srv/in/kh/ wcx /srv/in/ka/x.sh",
      "/x", "/srv/in/ka/x.sh ix," },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AakObservations) observations = observations_of (rows[i].seen);
      g_autoptr (AakImageTree) image = image_of (rows[i].image);
      aak_volumes_add (aak_observations_volumes (observations), rows[i].dir, AAK_VOLUME_EMPTY_DIR);
      cr_assert (aak_image_weigh (observations, image));
      g_autoptr (AakProfile) profile = aak_generalise (observations, FALSE);
      cr_expect (has_rule (profile, rows[i].rule), "%zu: no %s", i, rows[i].rule);
    }
}

/* The evidence of a rule says what it admits beyond, and what was refused. */
Test (weigh, is_told)
{
  g_autoptr (AakObservations) observations =
      observations_of ("r /srv/w/a.html r /srv/w/b.html r /srv/w/c.html rm /lib/libz.so.1");
  g_autoptr (AakImageTree) image =
      image_of ("/srv/w/a.html /srv/w/d.html /lib/libz.so.1 /lib/libz.so.2");
  cr_assert (aak_image_weigh (observations, image));
  g_autoptr (AakProfile) profile = aak_generalise (observations, FALSE);
  cr_assert_eq (profile->rules->len, 2);
  const AakRule *library = profile->rules->pdata[0], *content = profile->rules->pdata[1];
  cr_expect_str_eq (library->refused, "/lib/libz.so.[0-9]*");
  cr_expect (library->refused_others == 1 && !library->refused_sensitive && library->pass == NULL);
  cr_expect (content->others == 1 && content->refused == NULL);
}

/* --- volumes --------------------------------------------------------------------------------- */

#define POD "/var/lib/kubelet/pods/123e4567-e89b-12d3-a456-426614174000/"

Test (volumes, are_known_by_their_source)
{
  static const struct
  {
    const char *source;
    const char *path;
    int type; /* -1: none */
  } rows[] = {
    { POD "volumes/kubernetes.io~configmap/conf", "/etc/app", AAK_VOLUME_CONFIGMAP },
    { POD "volumes/kubernetes.io~secret/s", "/etc/s", AAK_VOLUME_SECRET },
    { POD "volumes/kubernetes.io~projected/kube-api-access-x", "/run/x", AAK_VOLUME_PROJECTED },
    { POD "volumes/kubernetes.io~downward-api/d", "/etc/d", AAK_VOLUME_DOWNWARD_API },
    { POD "volumes/kubernetes.io~empty-dir/cache", "/cache", AAK_VOLUME_EMPTY_DIR },
    { POD "volumes/kubernetes.io~csi/pvc-1/mount", "/data", AAK_VOLUME_PERSISTENT },
    { POD "volumes/kubernetes.io~nfs/pv", "/data", AAK_VOLUME_PERSISTENT },
    { "/data/kubelet/pods/u/volumes/kubernetes.io~empty-dir/e", "/e", AAK_VOLUME_EMPTY_DIR },
    { "/srv/host", "/host", AAK_VOLUME_HOST_PATH },
    { "/var/lib/storage/pvc-123e4567-e89b-12d3-a456-426614174000_default_data", "/data",
      AAK_VOLUME_PERSISTENT },
    { "/var/lib/storage/pvc-1", "/data", AAK_VOLUME_HOST_PATH },
    { POD "etc-hosts", "/etc/hosts", -1 },
    { POD "containers/c/1", "/dev/termination-log", -1 },
    { POD "volume-subpaths/conf/c/0", "/etc/app.conf", -1 },
    { "/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/s/resolv.conf", "/etc/resolv.conf",
      -1 },
    { "proc", "/proc", -1 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AakVolumeType type = AAK_VOLUME_CONFIGMAP;
      gboolean is_one = aak_volume_type_of (rows[i].source, rows[i].path, &type);
      cr_expect_eq (is_one ? (int) type : -1, rows[i].type, "%s", rows[i].source);
    }
}

Test (volumes, the_innermost_counts)
{
  g_autoptr (AakVolumes) volumes = aak_volumes_new ();
  aak_volumes_add (volumes, "/data/", AAK_VOLUME_EMPTY_DIR);
  aak_volumes_add (volumes, "/data", AAK_VOLUME_EMPTY_DIR);
  aak_volumes_add (volumes, "/data/conf", AAK_VOLUME_CONFIGMAP);
  aak_volumes_add (volumes, "/", AAK_VOLUME_HOST_PATH);
  aak_volumes_add (volumes, "relative", AAK_VOLUME_HOST_PATH);
  cr_expect_eq (aak_volumes_list (volumes)->len, 2);
  static const guint own = 1 << AAK_VOLUME_EMPTY_DIR;
  cr_expect (aak_volumes_hold (volumes, "/data/a", own));
  cr_expect (aak_volumes_hold (volumes, "/data/conf/", own));
  cr_expect (!aak_volumes_hold (volumes, "/data/conf/a", own));
  cr_expect (!aak_volumes_hold (volumes, "/data/", own));
  cr_expect (!aak_volumes_hold (volumes, "/database/a", own));
}

/* In a volume of its own an application's names are its own, also those that it made before; what
 * a Secret holds is no content. */
Test (volumes, say_what_survives)
{
  g_autoptr (AakObservations) observations = observations_of (
      "rw /data/base/16384/2619 r /config/16384/x r /s/p/a.conf r /s/p/b.conf r /s/p/c.conf r "
      "/c/p/..2026_11_21_10_00_00.1/a.conf r /c/p/..2026_11_21_10_00_00.1/b.conf r "
      "/c/p/..2026_11_21_10_00_00.1/c.conf");
  AakVolumes *volumes = aak_observations_volumes (observations);
  aak_volumes_add (volumes, "/data", AAK_VOLUME_PERSISTENT);
  aak_volumes_add (volumes, "/config", AAK_VOLUME_CONFIGMAP);
  aak_volumes_add (volumes, "/s/p", AAK_VOLUME_SECRET);
  aak_volumes_add (volumes, "/c/p", AAK_VOLUME_CONFIGMAP);
  g_autoptr (AakProfile) profile = aak_generalise (observations, FALSE);
  cr_expect (has_rule (profile, "/data/base/[0-9]*/[0-9]* rw,"));
  cr_expect (has_rule (profile, "/config/16384/x r,"));
  cr_expect (has_rule (profile, "/s/p/a.conf r,"));
  cr_expect (has_rule (profile, "/c/p/..[0-9]*/**.conf r,"));
}

Test (volumes, are_read_from_a_bundle)
{
  static const char json[] =
      "{\"annotations\": {\"io.kubernetes.cri.sandbox-namespace\": \"d\", "
      "\"io.kubernetes.cri.sandbox-name\": \"p\", \"io.kubernetes.cri.container-name\": \"c\"}, "
      "\"root\": {\"path\": \"rootfs\"}, \"mounts\": [7, {\"destination\": \"/proc\"}, "
      "{\"destination\": \"/var/run/secrets/kubernetes.io/serviceaccount\", \"source\": \"" POD
      "volumes/kubernetes.io~projected/t\"}, {\"destination\": 1, \"source\": []}]}";
  g_autoptr (GBytes) bytes = g_bytes_new_static (json, strlen (json));
  g_autoptr (GError) error = NULL;
  g_autoptr (AakContainer) container = aak_container_parse ("c", bytes, &error);
  cr_assert_not_null (container, "%s", error != NULL ? error->message : "");
  cr_expect_str_eq (container->rootfs, "rootfs");
  const GPtrArray *list = aak_volumes_list (container->volumes);
  cr_assert_eq (list->len, 1);
  const AakVolume *volume = list->pdata[0];
  cr_expect_str_eq (volume->path, "/run/secrets/kubernetes.io/serviceaccount");
  cr_expect_eq (volume->type, AAK_VOLUME_PROJECTED);
}
