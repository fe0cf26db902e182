/* SPDX-License-Identifier: GPL-2.0-or-later
 * Loading the learning profile. */
#include "config.h"

#include "learn/staging.h"

#include "learn/profile-writer.h"
#include "lib/compiler.h"
#include "lib/lsm.h"
#include "lib/store.h"

#include <string.h>

static gboolean
load (AakCli *cli, AakLsm *lsm, const char *label, AakAbi abi, GError **error)
{
  const char *root = aak_cli_root (cli);
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, error);
  if (compiler == NULL)
    return FALSE;
  g_autoptr (AakFeatures) features = aak_features_kernel (root, error);
  if (features == NULL)
    return FALSE;
  char *text = aak_profile_learning_text (label, abi);
  g_autoptr (GBytes) source = g_bytes_new_take (text, strlen (text));
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, features, label, source, NULL, error);
  return blob != NULL && aak_store_add_learning (root, label, error)
         && aak_lsm_replace (lsm, blob, error);
}

gboolean
aak_staging_prepare (AakCli *cli, const char *label, AakAbi abi, AakStaging *out, GError **error)
{
  g_autoptr (AakLsm) lsm = aak_lsm_open (aak_cli_root (cli), error);
  g_autoptr (GPtrArray) list = lsm != NULL ? aak_lsm_list (lsm, error) : NULL;
  if (list == NULL)
    return FALSE;
  const AakLoaded *loaded = aak_lsm_find (list, label);
  if (loaded != NULL)
    {
      *out = loaded->mode == AAK_MODE_COMPLAIN ? AAK_STAGING_KEPT : AAK_STAGING_ENFORCED;
      return TRUE;
    }
  *out = AAK_STAGING_LOADED;
  return load (cli, lsm, label, abi, error);
}

void
aak_staging_explain (AakCli *cli, const char *label, const char *container)
{
  aak_cli_block (
      cli,
      "\n"
      "Put one of these into the pod, then create it again:\n"
      "\n"
      "  metadata:                    # every Kubernetes; the only way before 1.30\n"
      "    annotations:\n"
      "      container.apparmor.security.beta.kubernetes.io/%s: localhost/%s\n"
      "\n"
      "  securityContext:             # of the container or the pod, Kubernetes 1.30 and later\n"
      "    appArmorProfile:\n"
      "      type: Localhost\n"
      "      localhostProfile: %s\n"
      "\n",
      container != NULL ? container : "CONTAINER", label, label);
}
