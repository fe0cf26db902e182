/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Naming the state of the kernel's policy, so that it can be known again without a look at it. */
#include "config.h"

#include "lib/fs.h"
#include "lib/lsm.h"

#include <sys/stat.h>

#define BOOT_ID_PATH "/proc/sys/kernel/random/boot_id"
#define MAX_BOOT_ID  128

/* The kernel takes ns->lock for all of a load or removal, which moves the revision, and for reading
 * it (security/apparmor/policy.c, aa_replace_profiles(), aa_remove_profiles(); apparmorfs.c,
 * ns_revision_read()). So a revision that is read belongs to policy that is whole, and the same one
 * read later says that nothing came between. Each policy namespace counts by itself: the directory
 * tells them apart. */
char *
aak_lsm_moment (const AakLsm *lsm)
{
  struct stat st;
  g_autofree char *boot_path = aak_fs_path (aak_lsm_root (lsm), BOOT_ID_PATH);
  g_autofree char *boot = aak_fs_read_text (boot_path, MAX_BOOT_ID, NULL);
  g_autofree char *profiles = g_build_filename (aak_lsm_dir (lsm), "policy/profiles", NULL);
  guint64 revision = aak_lsm_revision (lsm);
  if (boot == NULL || *boot == '\0' || revision == 0 || stat (profiles, &st) < 0)
    return NULL;
  return g_strdup_printf ("%s %" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, boot,
                          (guint64) st.st_dev, (guint64) st.st_ino, revision);
}
