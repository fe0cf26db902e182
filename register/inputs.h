/* SPDX-License-Identifier: GPL-2.0-or-later
 * What desired profiles are read from, in one digest. */
#pragma once

#include "lib/sha256.h"
#include "register/desired.h"

#include <glib.h>

/* The digest while it is made, path by path. */
typedef struct
{
  AakSha256 sum;
  guint bundles; /* how many paths were bundles */
} AakInputs;

void aak_inputs_begin (AakInputs *inputs);
/* Adds the bundle @path, which holds nothing but profiles for the kernel, and whose manifest has
 * the digest @manifest. */
void aak_inputs_add_bundle (AakInputs *inputs, const char *path, const char *manifest);
/* The digest in hex, which the caller frees; NULL where not every path of @options is a bundle, or
 * has to be signed: what they hold does not follow from manifests alone. */
char *aak_inputs_end (AakInputs *inputs, const AakDesiredOptions *options);

/* The digest of what lies at the paths of @options now: that of the reading before, where nothing
 * changed since. Only manifests are read. NULL as above, and where one of them cannot be read as
 * @options say. */
char *aak_inputs_look (const AakDesiredOptions *options);
