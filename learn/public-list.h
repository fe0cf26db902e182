/* SPDX-License-Identifier: GPL-2.0-or-later
 * The part `public` of profiles/generalise.yaml, which describes it: directories of data that every
 * installation has alike. */
#pragma once

#include "lib/yaml.h"

#define AAK_PUBLIC_MAX 64 /* entries */

typedef struct
{
  char *id;       /* "time-zones" */
  char *why;      /* one line */
  char **below;   /* directories, with a slash at both ends; NULL ends all lists here */
  guint perms;    /* AakPerm bits: what may be done with all that is below */
  gboolean names; /* what counts are names directly below, not files */
  char **becomes; /* tests: paths */
  char **stays;
} AakPublicData;

/* Reads the entries (AakPublicData*) of the list under that key of @root; the caller drops the
 * array. INVALID with "NAME:LINE:COL: why". */
GPtrArray *aak_public_list_read (AakYamlNode root, GError **error) G_GNUC_WARN_UNUSED_RESULT;
