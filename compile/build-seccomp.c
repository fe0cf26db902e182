/* SPDX-License-Identifier: GPL-2.0-or-later
 * Seccomp profiles, read and proved. */
#include "config.h"

#include "compile/build-seccomp.h"

#include "lib/escape.h"
#include "lib/fs.h"
#include "lib/seccomp/filter.h"
#include "lib/seccomp/name.h"
#include "lib/sha256.h"

#include <string.h>

gboolean
aak_build_seccomp_is (const AakBuildJob *job)
{
  return aak_seccomp_is_path (job->path);
}

AakBuildJob *
aak_build_seccomp_plan (const char *path)
{
  AakBuildJob *job = aak_build_job_new (path, NULL);
  GError *error = NULL;
  g_autofree char *name = aak_seccomp_name_of (path, &error);
  if (name != NULL)
    job->text = aak_fs_read (path, AAK_SECCOMP_MAX_SIZE, &error);
  if (error != NULL)
    {
      aak_build_job_fail (job, error);
      return job;
    }
  AakSha256 sum;
  job->source = aak_sha256_of (job->text);
  aak_sha256_begin (&sum);
  aak_sha256_feed_text (&sum, name);
  aak_sha256_feed_text (&sum, job->source);
  g_autofree char *digest = aak_sha256_end (&sum);
  job->inputs = g_strconcat ("sha256:", digest, NULL);
  return job;
}

static void
tell_unknown (AakBuildJob *job, const char *what, GPtrArray *unknown)
{
  if (unknown->len == 0)
    return;
  g_ptr_array_add (unknown, NULL);
  g_autofree char *names = g_strjoinv (", ", (char **) unknown->pdata);
  g_autofree char *text =
      g_strconcat ("libseccomp knows no system call of this name, and runtimes pass over it: ",
                   names, NULL);
  job->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) aak_compiler_message_free);
  g_ptr_array_add (job->messages, aak_compiler_message_new (what, text));
}

void
aak_build_seccomp_run (AakBuildJob *job)
{
  guint instructions = 0;
  GError *error = NULL;
  g_autofree char *what = aak_escape (job->path, strlen (job->path));
  g_autofree char *name = aak_seccomp_name_of (job->path, &error);
  g_autoptr (AakSeccompProfile) profile =
      name != NULL ? aak_seccomp_profile_parse (what, job->text, &error) : NULL;
  g_autoptr (GPtrArray) unknown = NULL;
  if (profile != NULL && aak_seccomp_filter_prove (profile, what, &instructions, &unknown, &error))
    job->seccomp = aak_seccomp_file_new (name, job->text, what, &error);
  if (error != NULL)
    aak_build_job_fail (job, error);
  else
    tell_unknown (job, what, unknown);
}
