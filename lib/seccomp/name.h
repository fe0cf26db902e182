/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What seccomp profiles are called. In a bundle, and below the kubelet's directory, a profile is a
 * file "web.json"; pods name it by the path below that directory, localhostProfile:
 * aakit/web.json, and so does everything here. */
#pragma once

#include <glib.h>

/* The directory below the kubelet's that the files lie in. */
#define AAK_SECCOMP_DIR "aakit"

/* What a learned profile's file is called behind the label; beside it there may be one with ".new",
 * which is no profile to any program. */
#define AAK_SECCOMP_SUFFIX ".seccomp.json"

/* TRUE where the path @path is that of a seccomp profile, by its end: ".json". */
gboolean aak_seccomp_is_path (const char *path);

/* "aakit/web.json" for the path "dir/web.seccomp.json" or "dir/web.json". NULL with an INVALID
 * error where no pod could name it, or it is not made of letters, digits, ".", "_" and "-" alone.
 * The caller frees it. */
char *aak_seccomp_name_of (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE for what aak_seccomp_name_of() can give. */
gboolean aak_seccomp_is_name (const char *name);

/* The file of the profile @name: "web.json". Part of @name. */
const char *aak_seccomp_name_file (const char *name);
