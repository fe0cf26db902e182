/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The error domain and its mapping to exit codes. */
#include "config.h"

#include "lib/error.h"

#include <errno.h>

G_DEFINE_QUARK (aak - error - quark, aak_error)

AakExit
aak_error_exit_code (const GError *error)
{
  if (error->domain == G_OPTION_ERROR)
    return AAK_EXIT_USAGE;
  if (error->domain != AAK_ERROR)
    return AAK_EXIT_FAILED;

  switch ((AakError) error->code)
    {
    case AAK_ERROR_USAGE:
      return AAK_EXIT_USAGE;
    case AAK_ERROR_INVALID:
    case AAK_ERROR_NEWER_SCHEMA:
    case AAK_ERROR_TOO_LARGE:
    case AAK_ERROR_POLICY:
      return AAK_EXIT_INVALID;
    case AAK_ERROR_APPARMOR_OFF:
    case AAK_ERROR_PRIVILEGE:
      return AAK_EXIT_PRIVILEGE;
    case AAK_ERROR_IO:
    case AAK_ERROR_NOT_FOUND:
    case AAK_ERROR_COMPILER:
    case AAK_ERROR_KERNEL:
    case AAK_ERROR_BUSY:
    case AAK_ERROR_INTERRUPTED:
      return AAK_EXIT_FAILED;
    }
  return AAK_EXIT_FAILED;
}

static AakError
code_from_errno (int saved_errno)
{
  switch (saved_errno)
    {
    case EACCES:
    case EPERM:
      return AAK_ERROR_PRIVILEGE;
    case ENOENT:
    case ESRCH: /* of a file in /proc: the task is gone */
      return AAK_ERROR_NOT_FOUND;
    default:
      return AAK_ERROR_IO;
    }
}

gboolean
aak_error_set_errno (GError **error, int saved_errno, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, AAK_ERROR, code_from_errno (saved_errno), "%s: %s", what,
               g_strerror (saved_errno));
  return FALSE;
}
