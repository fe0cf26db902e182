/* SPDX-License-Identifier: GPL-2.0-or-later
 * Digests of manifests, which have the digests of all that is in a bundle. */
#include "config.h"

#include "register/inputs.h"

#include "lib/bundle.h"
#include "lib/fd.h"
#include "lib/path-walk.h"
#include "register/input-file.h"

void
aak_inputs_begin (AakInputs *inputs)
{
  aak_sha256_begin (&inputs->sum);
  inputs->bundles = 0;
}

void
aak_inputs_add_bundle (AakInputs *inputs, const char *path, const char *manifest)
{
  aak_sha256_feed_text (&inputs->sum, path);
  aak_sha256_feed_text (&inputs->sum, manifest);
  inputs->bundles++;
}

char *
aak_inputs_end (AakInputs *inputs, const AakDesiredOptions *options)
{
  guint paths = 0;
  while (options->paths[paths] != NULL)
    paths++;
  g_autofree char *digest = aak_sha256_end (&inputs->sum);
  if (inputs->bundles != paths || options->verify_keys != NULL)
    return NULL;
  return g_steal_pointer (&digest);
}

char *
aak_inputs_look (const AakDesiredOptions *options)
{
  AakInputs inputs;
  AakPathTrust owners = options->insecure_paths ? AAK_PATH_ANYBODY : AAK_PATH_OWNERS;
  aak_inputs_begin (&inputs);
  for (const char *const *path = options->paths; *path != NULL; path++)
    {
      g_auto (AakFd) fd = aak_path_open (*path, owners, NULL);
      g_autofree char *manifest =
          fd >= 0 && aak_input_file_enter (&fd, *path, owners, NULL) && aak_bundle_is_open (fd)
              ? aak_bundle_digest (fd, *path, owners, NULL)
              : NULL;
      if (manifest == NULL)
        return NULL;
      aak_inputs_add_bundle (&inputs, *path, manifest);
    }
  return aak_inputs_end (&inputs, options);
}
