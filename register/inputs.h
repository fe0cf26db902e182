/* SPDX-License-Identifier: GPL-2.0-or-later
 * What desired profiles are read from, where that is manifests alone: they have the digests of all
 * that is in a bundle. */
#pragma once

#include "register/desired.h"

#include <glib.h>

/* A bundle that holds nothing but profiles for the kernel. */
typedef struct
{
  char *path;
  GBytes *manifest;
} AakInput;

/* None yet (of AakInput). The caller owns them. */
GPtrArray *aak_inputs_new (void);
/* Adds the bundle at @path, which has the manifest @manifest. */
void aak_inputs_add (GPtrArray *inputs, const char *path, GBytes *manifest);
/* TRUE where @inputs are all that the paths of @options are, and what is desired follows from them:
 * not so where a path is no such bundle, or has to be signed. */
gboolean aak_inputs_are_all (const GPtrArray *inputs, const AakDesiredOptions *options);

/* What lies at the paths of @options now. Only manifests are read. NULL where that is not all, as
 * above, or cannot be read as @options say. The caller owns them. */
GPtrArray *aak_inputs_look (const AakDesiredOptions *options);
