/* SPDX-License-Identifier: GPL-2.0-or-later
 * Manifests, by the path of their bundle. */
#include "config.h"

#include "register/inputs.h"

#include "lib/bundle.h"
#include "lib/fd.h"
#include "lib/path-walk.h"
#include "register/input-file.h"

static void
input_free (AakInput *input)
{
  g_free (input->path);
  g_bytes_unref (input->manifest);
  g_free (input);
}

GPtrArray *
aak_inputs_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) input_free);
}

void
aak_inputs_add (GPtrArray *inputs, const char *path, GBytes *manifest)
{
  AakInput *input = g_new (AakInput, 1);
  input->path = g_strdup (path);
  input->manifest = g_bytes_ref (manifest);
  g_ptr_array_add (inputs, input);
}

gboolean
aak_inputs_are_all (const GPtrArray *inputs, const AakDesiredOptions *options)
{
  guint paths = 0;
  while (options->paths[paths] != NULL)
    paths++;
  return inputs->len == paths && options->verify_keys == NULL;
}

/* NULL where @path is no bundle, or cannot be read as @owners say. */
static GBytes *
look (const char *path, AakPathTrust owners)
{
  g_auto (AakFd) fd = aak_path_open (path, owners, NULL);
  if (fd < 0 || !aak_input_file_enter (&fd, path, owners, NULL) || !aak_bundle_is_open (fd))
    return NULL;
  return aak_bundle_read_manifest (fd, path, owners, NULL);
}

GPtrArray *
aak_inputs_look (const AakDesiredOptions *options)
{
  g_autoptr (GPtrArray) inputs = aak_inputs_new ();
  AakPathTrust owners = options->insecure_paths ? AAK_PATH_ANYBODY : AAK_PATH_OWNERS;
  for (const char *const *path = options->paths; *path != NULL; path++)
    {
      g_autoptr (GBytes) manifest = look (*path, owners);
      if (manifest == NULL)
        return NULL;
      aak_inputs_add (inputs, *path, manifest);
    }
  return aak_inputs_are_all (inputs, options) ? g_steal_pointer (&inputs) : NULL;
}
