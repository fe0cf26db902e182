/* SPDX-License-Identifier: GPL-2.0-or-later
 * The profiles that shall be loaded: from bundles and compiled policy, or compiled from texts on
 * this node. */
#pragma once

#include "lib/cli.h"

#include <glib.h>

/* What to read, and what it has to be like to be taken. But for the paths zeroed: nobody but root
 * and the caller may have had a hand in it. */
typedef struct
{
  const char *const *paths; /* bundles, texts, compiled policy, directories of the last two */
  gboolean insecure_paths;  /* whoever owns them and can write to them */
  char **verify_keys; /* files of public keys: only bundles that one of them signed; or NULL */
  int stop_fd; /* as soon as it can be read, reading fails, whatever it compiles then; 0: none */
} AakDesiredOptions;

/* What shall be there. */
typedef struct
{
  GPtrArray *policies; /* of AakPolicy: in the kernel */
  GPtrArray *seccomp;  /* of AakSeccompFile: below the kubelet's directory */
} AakDesired;

AakDesired *aak_desired_ref (AakDesired *desired);
void aak_desired_unref (AakDesired *desired);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakDesired, aak_desired_unref)

void aak_desired_options_clear (AakDesiredOptions *options);

/* The command line's options for @options: fills the first AAK_DESIRED_N_ENTRIES of @entries, which
 * write to it. */
#define AAK_DESIRED_N_ENTRIES 2
void aak_desired_options_entries (AakDesiredOptions *options, GOptionEntry *entries);

/* Reads the paths of @options for the kernel below the root of @cli: each name once of
 * its kind; the caller owns the result. What was looked at is what is read, whatever takes the
 * place of a path meanwhile.
 *
 * A digest of them that comes back while they say the same goes to *@out_inputs (may be NULL),
 * which the caller frees; NULL where there is none (register/inputs.h).
 *
 * INVALID where others can change a path (lib/path-walk.h), a bundle is damaged or not signed as
 * @options say, what is compiled was compiled for another kernel, or a name is there twice;
 * TOO_LARGE beyond 100,000 profiles or 512 MiB of policy; COMPILER or POLICY for texts. Nothing is
 * written. */
AakDesired *aak_desired_read (AakCli *cli, const AakDesiredOptions *options, char **out_inputs,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
