/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The verb doctor: what is looked at on a node, a line each, with the command that mends it. */
#pragma once

#include "lib/cli.h"
#include "lib/lsm.h"

#include <glib.h>

typedef struct AakDoctor AakDoctor;

/* Looks at one thing below aak_doctor_root(), changes nothing, and tells what it found by the
 * functions below: nothing where it does not apply, several lines where there are several things.
 */
typedef void (*AakDoctorCheck) (AakDoctor *doctor);

/* The verb itself: its options, each of @checks (NULL-terminated), the findings on stdout. Returns
 * FINDING where there is a problem. */
int aak_doctor_run (AakCli *cli, const AakDoctorCheck *checks, int argc, char **argv,
                    GError **error);

/* What --root says. Owned by @doctor. */
const char *aak_doctor_root (const AakDoctor *doctor);
/* TRUE where that is the node itself: what this process may do counts then. */
gboolean aak_doctor_on_host (const AakDoctor *doctor);
/* @path below the root. The caller frees it. */
char *aak_doctor_path (const AakDoctor *doctor, const char *path);
/* The text of the small file @path below the root, without newlines at its end, or NULL where it
 * cannot be read. The caller frees it. */
char *aak_doctor_read (const AakDoctor *doctor, const char *path);
/* TRUE where @path is there below the root. */
gboolean aak_doctor_has (const AakDoctor *doctor, const char *path);
/* What aak_lsm_list() gives, looked at once; NULL where it cannot be listed. Owned by @doctor. */
GPtrArray *aak_doctor_loaded (AakDoctor *doctor);
/* TRUE where the systemd unit @unit is masked below the root: a link to /dev/null. */
gboolean aak_doctor_is_masked (const AakDoctor *doctor, const char *unit);

/* Findings: @id names what was looked at ("securityfs"), the text what was found and what comes of
 * it, escaped. @remedy: the command that mends it, or NULL. ok: as it should be. warning: works,
 * but not as well as it could, or cannot be told. failed: something will not work. */
void aak_doctor_ok (AakDoctor *doctor, const char *id, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
void aak_doctor_warning (AakDoctor *doctor, const char *id, const char *remedy, const char *format,
                         ...) G_GNUC_PRINTF (4, 5);
void aak_doctor_failed (AakDoctor *doctor, const char *id, const char *remedy, const char *format,
                        ...) G_GNUC_PRINTF (4, 5);
