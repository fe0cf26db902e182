/* SPDX-License-Identifier: GPL-2.0-or-later
 * Loading the learning profile. */
#include "config.h"

#include "learn/staging.h"

#include "learn/profile-writer.h"
#include "lib/compiler.h"
#include "lib/lsm.h"
#include "lib/store.h"

#include <string.h>

/* What was done for a label. */
typedef enum
{
  LOADED,   /* the learning profile is in the kernel now */
  RENEWED,  /* another one was, and now it tells the programs apart */
  KEPT,     /* a complain profile of that name was there already */
  ENFORCED, /* an enforced one is: left alone, its denials can be learned */
} Staging;

static gboolean
load (AakCli *cli, AakLsm *lsm, const char *label, const AakStagingWish *wish, GError **error)
{
  const char *root = aak_cli_root (cli);
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, error);
  if (compiler == NULL)
    return FALSE;
  g_autoptr (AakFeatures) features = aak_features_kernel (root, error);
  if (features == NULL)
    return FALSE;
  char *text = aak_profile_learning_text (label, wish->abi, wish->programs);
  g_autoptr (GBytes) source = g_bytes_new_take (text, strlen (text));
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, features, label, source, NULL, error);
  return blob != NULL && aak_store_add_learning (root, label, error)
         && aak_lsm_replace (lsm, blob, error);
}

/* TRUE where the profile @label that is loaded is one that aa-learn loaded. */
static gboolean
is_learning (AakCli *cli, const char *label, gboolean *out, GError **error)
{
  g_autoptr (AakStore) store = aak_store_read (aak_cli_root (cli), error);
  if (store == NULL)
    return FALSE;
  *out = aak_store_owns (store, label) && aak_store_find (store, label) == NULL;
  return TRUE;
}

static gboolean
prepare (AakCli *cli, const char *label, const AakStagingWish *wish, Staging *out, GError **error)
{
  g_autoptr (AakLsm) lsm = aak_lsm_open (aak_cli_root (cli), error);
  g_autoptr (GPtrArray) list = lsm != NULL ? aak_lsm_list (lsm, error) : NULL;
  if (list == NULL)
    return FALSE;
  const AakLoaded *loaded = aak_lsm_find (list, label);
  gboolean ours = FALSE;
  if (loaded == NULL)
    {
      *out = LOADED;
      return load (cli, lsm, label, wish, error);
    }
  *out = loaded->mode == AAK_MODE_COMPLAIN ? KEPT : ENFORCED;
  if (*out == ENFORCED || wish->programs == NULL || wish->programs->len == 0)
    return TRUE;
  if (!is_learning (cli, label, &ours, error))
    return FALSE;
  if (!ours)
    return TRUE;
  *out = RENEWED;
  return load (cli, lsm, label, wish, error);
}

static void
tell (AakCli *cli, const char *label, Staging staging, const GPtrArray *programs)
{
  switch (staging)
    {
    case LOADED:
      aak_cli_note (cli, "learning profile %s is loaded (complain mode)", label);
      break;
    case RENEWED:
      aak_cli_note (cli, "learning profile %s is loaded anew (complain mode)", label);
      break;
    case KEPT:
      aak_cli_note (cli, "a complain profile %s is loaded already: learning under it", label);
      if (programs != NULL && programs->len > 0)
        aak_cli_warn (
            cli,
            "%s is no learning profile of aa-learn's, and stays: only the children that it has "
            "are told apart",
            label);
      return;
    case ENFORCED:
      aak_cli_warn (
          cli, "an enforced profile %s is loaded, and stays: only what it denies can be recorded",
          label);
      return;
    }
  if (programs != NULL)
    aak_cli_note (cli, "%s: %u of its programs have labels of their own", label, programs->len);
}

gboolean
aak_staging_prepare (AakCli *cli, const char *label, const AakStagingWish *wish, GError **error)
{
  Staging staging;
  if (!prepare (cli, label, wish, &staging, error))
    return FALSE;
  tell (cli, label, staging, wish->programs);
  return TRUE;
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
