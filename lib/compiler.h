/* SPDX-License-Identifier: LGPL-2.1-or-later
 * apparmor_parser as a compiler: profile text in, the kernel's binary form out, always for a named
 * feature set. */
#pragma once

#include "lib/features.h"

#include <glib.h>

typedef struct AakCompiler AakCompiler;

/* Finds apparmor_parser (AAKIT_APPARMOR_PARSER, else /sbin, /usr/sbin, /usr/bin, /usr/local/sbin)
 * and asks for its version. @base: the directory of abi/, abstractions/ and tunables/; NULL:
 * AAKIT_APPARMOR_BASE, else /etc/apparmor.d. COMPILER where there is no parser or it does not
 * answer. Free with aak_compiler_free(). */
AakCompiler *aak_compiler_new (const char *base, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_compiler_free (AakCompiler *compiler);

/* Compiles the profile @text for @features. @name stands for the text in messages ("k8s-web",
 * "profiles/web"). Gives the bytes that the kernel takes (one or several profiles, see
 * lib/policy.h), never compressed; the caller owns them. The output depends on the text, its
 * includes below the base,
 * @features and the parser's version, on nothing else. @out_warnings (may be NULL): the parser's
 * warnings, "NAME:LINE: what" a line, or NULL where there are none. POLICY: the parser refused the
 * text ("NAME:LINE: what", a line each); COMPILER: it hung, died or printed nothing. May be called
 * from several threads at once. */
GBytes *aak_compiler_compile (const AakCompiler *compiler, const AakFeatures *features,
                              const char *name, GBytes *text, char **out_warnings,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "3.0.8". Owned by @compiler. */
const char *aak_compiler_version (const AakCompiler *compiler);
/* The directory of the includes. Owned by @compiler. */
const char *aak_compiler_base (const AakCompiler *compiler);

/* The time that one compilation may take (default 120 s). */
void aak_compiler_set_timeout (AakCompiler *compiler, guint seconds);

/* The digest "sha256:HEX" over all that the output of a compilation depends on: @text, the closure
 * of its includes and abi files, the parser's version and options, @features. NULL where the
 * closure cannot be told from the text: then compile. Does no more than read files. */
char *aak_compiler_digest (const AakCompiler *compiler, const AakFeatures *features, GBytes *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakCompiler, aak_compiler_free)
