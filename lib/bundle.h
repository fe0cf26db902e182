/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The bundle: compiled profiles for one or several kernels in a directory that needs no compiler
 * any more.
 *
 *   BUNDLE/manifest.yaml            schema aakit/bundle/1: what is in it, with digests
 *   BUNDLE/manifest.yaml.sig        signatures of its bytes (lib/signature.h), where it is signed
 *   BUNDLE/.inputs                  what the next build needs to see that nothing changed
 *   BUNDLE/text/FILE                the profile texts
 *   BUNDLE/FEATURES-ID/.features    the feature set, in the parser's flat form
 *   BUNDLE/FEATURES-ID/FILE         the compiled profile for it
 *   BUNDLE/seccomp/FILE             the seccomp profiles, which are the same for every kernel
 *
 * A bundle may be flat, without directories, as the volume of a Kubernetes ConfigMap is: DIR/FILE
 * is the file DIR.FILE then. No name of a directory has a dot, so that the first one parts them. */
#pragma once

#include "lib/bundle-seal.h"
#include "lib/features.h"
#include "lib/mode.h"
#include "lib/path-walk.h"
#include "lib/policy/policy.h"
#include "lib/seccomp/file.h"

#include <glib.h>

/* A compiled form. */
typedef struct
{
  char *features; /* the id of the feature set */
  char *inputs;   /* digest over all that it was compiled from, "" where that could not be told */
  char *sha256;   /* of the bytes, in hex */
  guint64 size;
} AakBundleBlob;

typedef struct
{
  char *name;
  AakMode mode;
  char *file;          /* of the blobs, below each feature set's directory */
  char *text;          /* the file of the text, below text/ */
  char *source;        /* sha256 of the text, in hex */
  GPtrArray *children; /* of char *, full names */
  GPtrArray *blobs;    /* of AakBundleBlob, sorted by feature set */
} AakBundleProfile;

/* A seccomp profile. */
typedef struct
{
  char *name;   /* "aakit/web.json", see lib/seccomp/name.h */
  char *sha256; /* of the file, in hex */
  guint64 size;
} AakBundleSeccomp;

/* --- reading --------------------------------------------------------------------------------- */

typedef struct AakBundle AakBundle;

/* What a bundle has to be like to be taken. */
typedef struct
{
  AakPathTrust owners; /* of what is in it; its own directory is for who opens it to judge */
  GPtrArray *keys;     /* of AakVerifyKey: one of them has signed it; NULL: it need not be signed */
} AakBundleTrust;

/* TRUE where the directory @path has the manifest of a bundle. */
gboolean aak_bundle_is (const char *path);
/* Where the bundle at @path, flat or not, has DIR/FILE. Newly allocated. */
char *aak_bundle_file_path (const char *path, const char *dir, const char *file);
/* Where the bundle at @path has the text of the profile @name, or of the one whose child that is;
 * NULL where it cannot be a file's name. Newly allocated. */
char *aak_bundle_text_path (const char *path, const char *name);
/* The same of the directory that is open as @top. */
gboolean aak_bundle_is_open (int top);

/* Reads the manifest of the bundle @path; the blobs are read one by one later. INVALID where it is
 * damaged, names a path that is not made by rule, or a name twice; NEWER_SCHEMA where a newer aakit
 * wrote it. Free with aak_bundle_free(). */
AakBundle *aak_bundle_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same of the directory that is open as @top, which the caller closes: what takes its place
 * later does not matter. @path names it in messages. INVALID also where @trust is not met: with
 * keys, nothing of the manifest is looked at before its signature was verified, and nothing may be
 * in the bundle that it does not name. */
AakBundle *aak_bundle_read_open (int top, const char *path, const AakBundleTrust *trust,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The sha256 of the manifest that the bundle in the directory @top has, in hex, without a look at
 * what it says; errors as above. The caller frees it. */
char *aak_bundle_digest (int top, const char *path, AakPathTrust owners,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_bundle_free (AakBundle *bundle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakBundle, aak_bundle_free)

/* The directory of the bundle, as it was when the manifest was read: another one may have taken its
 * place since. Owned by the bundle. */
int aak_bundle_fd (const AakBundle *bundle);

/* TRUE where it has no directories. */
gboolean aak_bundle_is_flat (const AakBundle *bundle);
/* The name of DIR/FILE in a flat bundle; the caller frees it. */
char *aak_bundle_flat_name (const char *dir, const char *file);

/* The profiles, sorted by name (of AakBundleProfile), and the ids of the feature sets. Owned by the
 * bundle. */
GPtrArray *aak_bundle_profiles (const AakBundle *bundle);
GPtrArray *aak_bundle_features (const AakBundle *bundle);
/* The seccomp profiles, sorted by name (of AakBundleSeccomp). Owned by the bundle. */
GPtrArray *aak_bundle_seccomp (const AakBundle *bundle);

/* The sha256 of the manifest that was read, in hex. Owned by the bundle. */
const char *aak_bundle_manifest_digest (const AakBundle *bundle);

/* Its path for messages. Owned by the bundle. */
const char *aak_bundle_path (const AakBundle *bundle);

/* The version of the parser that compiled it. Owned by the bundle. */
const char *aak_bundle_parser (const AakBundle *bundle);

/* Makes room for all that is compiled for the feature set @id, at most @max bytes: blobs that are
 * loaded from now on in the order of the profiles lie side by side. */
void aak_bundle_make_room (AakBundle *bundle, const char *id, gsize max);

/* Loads the feature set @id. INVALID as of aak_bundle_load(), and where the file is another one. */
AakFeatures *aak_bundle_load_features (const AakBundle *bundle, const char *id,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Loads @profile as compiled for the feature set @id, with its text. INVALID where a file is a
 * link, somebody else's or open to others (see AakBundleTrust), has another size or digest than the
 * manifest says, or the blob is not exactly the profile (name, mode, children) that the manifest
 * says; NOT_FOUND where the bundle has no such feature set. */
AakPolicy *aak_bundle_load (const AakBundle *bundle, const AakBundleProfile *profile,
                            const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Loads @entry, one of @bundle. INVALID as of aak_bundle_load(), and where it is no seccomp
 * profile.
 */
AakSeccompFile *aak_bundle_load_seccomp (const AakBundle *bundle, const AakBundleSeccomp *entry,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- writing --------------------------------------------------------------------------------- */

/* As large as every reader of JSON can tell apart. */
#define AAK_BUNDLE_MAX_SERIAL G_GINT64_CONSTANT (9007199254740991)

typedef struct AakBundleWriter AakBundleWriter;

/* @parser: the version of the parser. Free with aak_bundle_writer_free(). */
AakBundleWriter *aak_bundle_writer_new (const char *parser);
void aak_bundle_writer_free (AakBundleWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakBundleWriter, aak_bundle_writer_free)

/* What the bundle is to be sealed with: the inputs and the parser of @seal. Without it, the next
 * build looks at everything. */
void aak_bundle_writer_set_seal (AakBundleWriter *writer, const AakBundleSeal *seal);

/* The bundle is to be signed by @keys (of AakSignKey), and by no others. Without them a signature
 * stays as long as the manifest does. */
void aak_bundle_writer_set_keys (AakBundleWriter *writer, GPtrArray *keys);

/* The bundle is to carry @serial, which is signed with it; 0: none. */
void aak_bundle_writer_set_serial (AakBundleWriter *writer, guint64 serial);

/* Policies that were loaded from @old need not be written again: their files become files of both
 * bundles. @old outlives @writer; NULL: no such bundle. */
void aak_bundle_writer_set_old (AakBundleWriter *writer, const AakBundle *old);

/* Adds a feature set; one that is there already is not added again. */
void aak_bundle_writer_add_features (AakBundleWriter *writer, const AakFeatures *features);

/* Adds @policy (with its text) as compiled for the feature set @id. @inputs: the digest of what it
 * was compiled from, or NULL. INVALID where another text has the same profile or the same file
 * name; @source names the text in that message. */
gboolean aak_bundle_writer_add (AakBundleWriter *writer, const AakPolicy *policy, const char *id,
                                const char *inputs, const char *source,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Adds the seccomp profile @file. INVALID where there is one of its name already; @source names
 * where it comes from in that message. */
gboolean aak_bundle_writer_add_seccomp (AakBundleWriter *writer, AakSeccompFile *file,
                                        const char *source,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes the bundle at @path, whole or not at all: into a directory beside it first, which then
 * takes its place. A bundle that is there already with the same bytes is left alone (@out_changed
 * FALSE). INVALID where something else is at @path. The same calls, in any order of the additions,
 * give the same bytes. */
gboolean aak_bundle_writer_write (AakBundleWriter *writer, const char *path, gboolean *out_changed,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
