/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The error domain shared by the three programs, sorted by what a caller can do about an error. */
#pragma once

#include <glib.h>

#define AAK_ERROR (aak_error_quark ())
GQuark aak_error_quark (void);

typedef enum
{
  AAK_ERROR_USAGE,     /* the command line is wrong */
  AAK_ERROR_IO,        /* reading or writing failed; the errno text is in the message */
  AAK_ERROR_NOT_FOUND, /* a named thing (pod, profile, file) is not there */
  AAK_ERROR_INVALID,   /* input is damaged or hostile: file:line:col in the message where known */
  AAK_ERROR_NEWER_SCHEMA, /* input was written by a newer aakit */
  AAK_ERROR_TOO_LARGE,    /* input is over a documented limit */
  AAK_ERROR_APPARMOR_OFF, /* the kernel has no AppArmor, or it is disabled */
  AAK_ERROR_PRIVILEGE,    /* a privilege is missing; the message names it */
  AAK_ERROR_COMPILER,     /* apparmor_parser is missing, hung, or died */
  AAK_ERROR_POLICY,       /* apparmor_parser refused the policy text */
  AAK_ERROR_KERNEL,       /* the kernel refused policy, or does not hold what it accepted */
  AAK_ERROR_BUSY,         /* somebody else holds the lock, or a task still wears the label */
  AAK_ERROR_INTERRUPTED,  /* the user asked to stop */
} AakError;

/* Exit codes of every program (the table of the man pages). */
typedef enum
{
  AAK_EXIT_OK = 0,
  AAK_EXIT_FAILED = 1,
  AAK_EXIT_USAGE = 2,
  AAK_EXIT_FINDING = 3,
  AAK_EXIT_PRIVILEGE = 4,
  AAK_EXIT_INVALID = 5,
} AakExit;

/* The exit code that an error of any domain leads to (AAK_EXIT_FAILED for foreign domains). */
AakExit aak_error_exit_code (const GError *error);

/* Sets @error to a copy of the errno @saved_errno with "WHAT: strerror" as its message; the code is
 * PRIVILEGE for EACCES and EPERM, NOT_FOUND for ENOENT, IO otherwise. Always returns FALSE, so that
 * a caller can `return aak_error_set_errno (...)`. */
gboolean aak_error_set_errno (GError **error, int saved_errno, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
