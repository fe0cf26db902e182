/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Capabilities by libcap-ng, and what else the kernel asks of who loads policy. */
#include "config.h"

#include "lib/privileges.h"

#include "lib/error.h"
#include "lib/fs.h"

#include <cap-ng.h>
#include <errno.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#define MAX_SMALL 8192

static const unsigned int kept[] = { CAP_MAC_ADMIN, CAP_DAC_READ_SEARCH };

/* --- giving up ------------------------------------------------------------------------------- */

static gboolean
refused (GError **error, int saved_errno, const char *what)
{
  g_set_error (error, AAK_ERROR, AAK_ERROR_PRIVILEGE, "cannot give up privileges: %s: %s", what,
               g_strerror (saved_errno));
  return FALSE;
}

/* The bounding set may be changed with CAP_SETPCAP only: who lacks it gets nothing back by
 * no_new_privs alone. */
static gboolean
apply (gboolean bounding, GError **error)
{
  errno = 0;
  if (bounding && capng_apply (CAPNG_SELECT_BOUNDS) != 0)
    return refused (error, errno, "the bounding set");
  if (capng_apply (CAPNG_SELECT_CAPS) != 0)
    return refused (error, errno, "the capabilities");
  if (prctl (PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0L, 0L, 0L) != 0)
    return refused (error, errno, "the ambient capabilities");
  return TRUE;
}

gboolean
aak_privileges_drop (GError **error)
{
  if (capng_get_caps_process () != 0)
    return refused (error, errno, "they cannot be read");
  gboolean bounding = capng_have_capability (CAPNG_EFFECTIVE, CAP_SETPCAP),
           has[G_N_ELEMENTS (kept)];
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    has[i] = capng_have_capability (CAPNG_PERMITTED, kept[i]);
  capng_clear (CAPNG_SELECT_ALL);
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    if (has[i]
        && capng_update (CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_BOUNDING_SET, kept[i])
               != 0)
      return refused (error, errno, "they cannot be chosen");
  if (!apply (bounding, error))
    return FALSE;
  return prctl (PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == 0 || refused (error, errno, "no_new_privs");
}

gboolean
aak_privileges_drop_thread (GError **error)
{
  capng_clear (CAPNG_SELECT_ALL);
  return apply (FALSE, error);
}

gboolean
aak_privileges_are_final (void)
{
  return prctl (PR_GET_NO_NEW_PRIVS, 0L, 0L, 0L, 0L) == 1;
}

/* --- what the kernel asks of who loads policy ------------------------------------------------ */

/* Root, or a member of its group (aa_policy_view_capable(), security/apparmor/policy.c). */
static gboolean
is_of_root (void)
{
  if (geteuid () == 0 || getegid () == 0)
    return TRUE;
  int count = getgroups (0, NULL);
  g_autofree gid_t *groups = count > 0 ? g_new (gid_t, count) : NULL;
  count = count > 0 ? getgroups (count, groups) : 0;
  for (int i = 0; i < count; i++)
    if (groups[i] == 0)
      return TRUE;
  return FALSE;
}

/* The initial user namespace maps all ids to themselves. */
static gboolean
is_of_the_host (void)
{
  g_autofree char *map = aak_fs_read_text ("/proc/self/uid_map", MAX_SMALL, NULL);
  guint inside = 1, outside = 1, count = 0;
  return map == NULL
         || (sscanf (map, "%u %u %u", &inside, &outside, &count) == 3 && inside == 0 && outside == 0
             && count == G_MAXUINT32);
}

char *
aak_privileges_lacking (void)
{
  if (!is_of_the_host ())
    return g_strdup ("it takes policy from the initial user namespace only: run this on the node, "
                     "or in a pod without a user namespace (hostUsers: true)");
  gboolean capable =
      capng_get_caps_process () == 0 && capng_have_capability (CAPNG_EFFECTIVE, CAP_MAC_ADMIN);
  if (capable && is_of_root ())
    return NULL;
  return g_strdup_printf (
      "%s: sudo has it; in a systemd unit AmbientCapabilities=CAP_MAC_ADMIN and "
      "SupplementaryGroups=root give it to another user",
      !capable ? "CAP_MAC_ADMIN is missing"
               : "the group root (0) is missing, which CAP_MAC_ADMIN of "
                 "a user other than root does not do without");
}

gboolean
aak_privileges_check (GError **error)
{
  g_autofree char *lacking = aak_privileges_lacking ();
  if (lacking == NULL)
    return TRUE;
  g_set_error (error, AAK_ERROR, AAK_ERROR_PRIVILEGE,
               "the kernel would not take policy from this process: %s", lacking);
  return FALSE;
}
