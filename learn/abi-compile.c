/* SPDX-License-Identifier: GPL-2.0-or-later
 * The features of an abi are in a file beside the abstractions. */
#include "config.h"

#include "learn/abi-compile.h"

#include "learn/writable.h"
#include "lib/compiler.h"
#include "lib/error.h"

#include <string.h>

/* Of the abi itself, as if a kernel mediated all of it: what the running one does not mediate is
 * asked all the same, and the answer is the same everywhere. */
static AakFeatures *
features_of (const AakCompiler *compiler, AakAbi abi, GError **error)
{
  g_autofree char *path =
      g_build_filename (aak_compiler_base (compiler), "abi", aak_abi_word (abi), NULL);
  return aak_features_read (path, error);
}

AakPolicySet *
aak_abi_compile (AakAbi abi, const char *what, const char *text, char **out_unmade, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, &local);
  g_autoptr (AakFeatures) features = compiler != NULL ? features_of (compiler, abi, &local) : NULL;
  if (features == NULL)
    {
      *out_unmade = g_strdup (local->message);
      return NULL;
    }
  g_autoptr (GBytes) source = g_bytes_new_static (text, strlen (text));
  g_autoptr (GBytes) blob = aak_compiler_compile (compiler, features, what, source, NULL, error);
  return blob != NULL ? aak_policy_set_new (what, blob, error) : NULL;
}
