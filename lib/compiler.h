/* SPDX-License-Identifier: LGPL-2.1-or-later
 * apparmor_parser as a compiler: profile text in, the kernel's binary form out, always for a named
 * feature set. */
#pragma once

#include "lib/compiler-message.h"
#include "lib/features.h"

#include <glib.h>

/* The text goes to the parser under this name: on plain stdin it does not tell which include an
 * error is in. */
#define AAK_COMPILER_TEXT "/proc/self/fd/0"

typedef struct AakCompiler AakCompiler;

/* Finds apparmor_parser (AAKIT_APPARMOR_PARSER, else /sbin, /usr/sbin, /usr/bin, /usr/local/sbin)
 * and asks for its version. @base: the directory of abi/, abstractions/ and tunables/; NULL:
 * AAKIT_APPARMOR_BASE, else /etc/apparmor.d. COMPILER where there is no parser or it does not
 * answer. Free with aak_compiler_free(). */
AakCompiler *aak_compiler_new (const char *base, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The directory that @base stands for there; the caller frees it. */
char *aak_compiler_choose_base (const char *base);
/* The same, but where the parser is the very program of which @known_id and @known_version tell
 * (as aak_compiler_id() and aak_compiler_version() did; may be NULL), it is not run. */
AakCompiler *aak_compiler_new_known (const char *base, const char *known_id,
                                     const char *known_version,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_compiler_free (AakCompiler *compiler);

/* Compiles the profile @text for @features. @name stands for the text in messages ("k8s-web",
 * "profiles/web"). Gives the bytes that the kernel takes (one or several profiles, see
 * lib/policy/policy.h), never compressed; the caller owns them. The output depends on the text, its
 * includes below the base, @features and the parser, on nothing else. @out_warnings (may be NULL):
 * the parser's warnings, "NAME:LINE:COLUMN: what" a line, or NULL where there are none. POLICY: the
 * parser refused the text ("NAME:LINE:COLUMN: what", with the source line and a caret below it, for
 * each of its messages); COMPILER: it hung, died or printed nothing. May be called from several
 * threads at once. */
GBytes *aak_compiler_compile (const AakCompiler *compiler, const AakFeatures *features,
                              const char *name, GBytes *text, char **out_warnings,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same; @out_messages: what the parser said (of AakCompilerMessage), where there is a result
 * its warnings, else its errors; the caller owns the array. NULL where it could not be run. */
GBytes *aak_compiler_compile_told (const AakCompiler *compiler, const AakFeatures *features,
                                   const char *name, GBytes *text, GPtrArray **out_messages,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "3.0.8". Owned by @compiler. */
const char *aak_compiler_version (const AakCompiler *compiler);
/* Which build of the parser it is (lib/program-id.h), or NULL. Owned by @compiler. */
const char *aak_compiler_id (const AakCompiler *compiler);
/* The directory of the includes. Owned by @compiler. */
const char *aak_compiler_base (const AakCompiler *compiler);

/* The time that one compilation may take (default 120 s). */
void aak_compiler_set_timeout (AakCompiler *compiler, guint seconds);

/* As soon as @fd can be read, compilations fail (COMPILER), and those under way end. 0: none. */
void aak_compiler_set_stop (AakCompiler *compiler, int fd);

/* The digest "sha256:HEX" over all that the output of a compilation depends on: @text, whose own
 * digest is @source (aak_sha256_of()), the closure of its includes and abi files, the parser's
 * build, version and options, @features. NULL where the closure cannot be told from the text: then
 * compile. Does no more than read files, each once in the life of @compiler, which @features must
 * outlive. Several threads may call it. */
char *aak_compiler_digest (AakCompiler *compiler, const AakFeatures *features, GBytes *text,
                           const char *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakCompiler, aak_compiler_free)
