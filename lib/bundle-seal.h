/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The seal of a bundle: what all of it was made from, and which files it has. With it a build that
 * changes nothing reads the inputs, one small file, and no more. */
#pragma once

#include <glib.h>

#define AAK_BUNDLE_MANIFEST  "manifest.yaml"
#define AAK_BUNDLE_SIGNATURE "manifest.yaml.sig"
#define AAK_BUNDLE_SEAL      ".inputs"
#define AAK_BUNDLE_SECCOMP   "seccomp"   /* a directory */
#define AAK_BUNDLE_TEXTS     "text"      /* the same */
#define AAK_BUNDLE_FEATURES  ".features" /* of each feature set's directory */

typedef struct
{
  char *inputs;     /* sha256 over the inputs of all compiled profiles, in hex */
  char *parser;     /* version of the parser */
  char *parser_id;  /* which build of it (lib/program-id.h) */
  guint64 compiled; /* how many compiled profiles there are, each feature set for itself */
  GPtrArray *made;  /* of char *: what each was compiled from, "sha256:HEX", where that is known */
  GPtrArray *files; /* of char *: "SIZE PATH", the path below the bundle */
} AakBundleSeal;

/* A seal of no files. */
AakBundleSeal *aak_bundle_seal_new (const char *inputs, const char *parser, const char *parser_id);
void aak_bundle_seal_free (AakBundleSeal *seal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakBundleSeal, aak_bundle_seal_free)

/* Adds the file @dir/@name (@dir NULL: of the bundle itself) of @size bytes. Neither holds a blank.
 */
void aak_bundle_seal_add_file (AakBundleSeal *seal, const char *dir, const char *name,
                               guint64 size);
/* Counts a compiled profile, made from @inputs ("sha256:HEX"; "": unknown). */
void aak_bundle_seal_add_compiled (AakBundleSeal *seal, const char *inputs);
/* Forgets the files and the compiled profiles. */
void aak_bundle_seal_clear (AakBundleSeal *seal);

/* The file's content. The caller owns it. */
GBytes *aak_bundle_seal_to_text (const AakBundleSeal *seal);
/* The same back, or NULL where @text is no seal. */
AakBundleSeal *aak_bundle_seal_parse (GBytes *text);

/* The seal of the bundle @path, or NULL where there is none that can be read: then look at all. */
AakBundleSeal *aak_bundle_seal_read (const char *path);
/* TRUE where every file of the seal is in the bundle @path, is a plain file, and has its size. */
gboolean aak_bundle_seal_is_whole (const AakBundleSeal *seal, const char *path);
