/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Findings, and how they are printed. */
#include "config.h"

#include "lib/doctor.h"

#include "lib/doctor-archive.h"
#include "lib/error.h"
#include "lib/fs.h"
#include "lib/json.h"
#include "lib/term-block.h"

#include <stdarg.h>

#define MAX_SMALL (64 * 1024)

typedef enum
{
  VERDICT_OK,
  VERDICT_WARNING,
  VERDICT_FAILED,
} Verdict;

static const struct
{
  const char *name;
  const char *sgr;
} verdicts[] = {
  [VERDICT_OK] = { "ok", "32" },
  [VERDICT_WARNING] = { "warning", "33" },
  [VERDICT_FAILED] = { "failed", "1;31" },
};

typedef struct
{
  Verdict verdict;
  const char *id;
  char *text;
  char *remedy;
} Finding;

struct AakDoctor
{
  const char *root;
  GPtrArray *findings; /* of Finding */
  AakLsm *lsm;         /* NULL: not looked at, or there is none */
  GPtrArray *loaded;   /* as that lists it, or NULL */
  gboolean listed;
};

static void
finding_free (Finding *finding)
{
  g_free (finding->text);
  g_free (finding->remedy);
  g_free (finding);
}

static void
doctor_clear (AakDoctor *doctor)
{
  g_clear_pointer (&doctor->loaded, g_ptr_array_unref);
  g_clear_pointer (&doctor->lsm, aak_lsm_free);
  g_clear_pointer (&doctor->findings, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AakDoctor, doctor_clear)

/* --- for checks ------------------------------------------------------------------------------ */

const char *
aak_doctor_root (const AakDoctor *doctor)
{
  return doctor->root;
}

gboolean
aak_doctor_on_host (const AakDoctor *doctor)
{
  return aak_fs_is_host (doctor->root);
}

char *
aak_doctor_path (const AakDoctor *doctor, const char *path)
{
  return aak_fs_path (doctor->root, path);
}

char *
aak_doctor_read (const AakDoctor *doctor, const char *path)
{
  g_autofree char *full = aak_fs_path (doctor->root, path);
  return aak_fs_read_text (full, MAX_SMALL, NULL);
}

gboolean
aak_doctor_has (const AakDoctor *doctor, const char *path)
{
  g_autofree char *full = aak_fs_path (doctor->root, path);
  return g_file_test (full, G_FILE_TEST_EXISTS);
}

GPtrArray *
aak_doctor_loaded (AakDoctor *doctor)
{
  if (!doctor->listed)
    {
      doctor->lsm = aak_lsm_open (doctor->root, NULL);
      doctor->loaded = doctor->lsm != NULL ? aak_lsm_list (doctor->lsm, NULL) : NULL;
    }
  doctor->listed = TRUE;
  return doctor->loaded;
}

gboolean
aak_doctor_is_masked (const AakDoctor *doctor, const char *unit)
{
  g_autofree char *name = g_build_filename ("/etc/systemd/system", unit, NULL);
  g_autofree char *path = aak_fs_path (doctor->root, name);
  g_autofree char *target = g_file_read_link (path, NULL);
  return g_strcmp0 (target, "/dev/null") == 0;
}

G_GNUC_PRINTF (5, 0)
static void
add (AakDoctor *doctor, Verdict verdict, const char *id, const char *remedy, const char *format,
     va_list args)
{
  Finding *finding = g_new0 (Finding, 1);
  finding->verdict = verdict;
  finding->id = id;
  finding->text = g_strdup_vprintf (format, args);
  finding->remedy = g_strdup (remedy);
  g_ptr_array_add (doctor->findings, finding);
}

void
aak_doctor_ok (AakDoctor *doctor, const char *id, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  add (doctor, VERDICT_OK, id, NULL, format, args);
  va_end (args);
}

void
aak_doctor_warning (AakDoctor *doctor, const char *id, const char *remedy, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  add (doctor, VERDICT_WARNING, id, remedy, format, args);
  va_end (args);
}

void
aak_doctor_failed (AakDoctor *doctor, const char *id, const char *remedy, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  add (doctor, VERDICT_FAILED, id, remedy, format, args);
  va_end (args);
}

/* --- the report ------------------------------------------------------------------------------ */

static guint
count (const AakDoctor *doctor, Verdict verdict)
{
  guint number = 0;
  for (guint i = 0; i < doctor->findings->len; i++)
    number += ((const Finding *) doctor->findings->pdata[i])->verdict == verdict;
  return number;
}

#define INDENT 23 /* columns before what was found */

static void
print_finding (AakCli *cli, const Finding *finding)
{
  gboolean color = aak_cli_color_out (cli);
  g_autofree char *text = aak_term_wrap_out (finding->text, INDENT);
  aak_cli_out (cli, "%s%s%s%-7s%s  %-12s  %s\n", color ? "\033[" : "",
               color ? verdicts[finding->verdict].sgr : "", color ? "m" : "",
               verdicts[finding->verdict].name, color ? "\033[0m" : "", finding->id, text);
  if (finding->remedy != NULL)
    aak_cli_out (cli, "%*s$ %s\n", INDENT, "", finding->remedy);
}

static void
print_text (AakCli *cli, const AakDoctor *doctor)
{
  for (guint i = 0; i < doctor->findings->len; i++)
    print_finding (cli, doctor->findings->pdata[i]);
  guint failed = count (doctor, VERDICT_FAILED), warnings = count (doctor, VERDICT_WARNING);
  aak_cli_out (cli, "%u failed, %u %s\n", failed, warnings, warnings == 1 ? "warning" : "warnings");
}

static void
add_masked (AakJson *json, const AakNameMask *mask, const char *key, const char *text)
{
  g_autofree char *masked =
      mask != NULL && text != NULL ? aak_name_mask_text (mask, text) : g_strdup (text);
  aak_json_add_text (json, key, masked);
}

/* The document. @mask stands for names; NULL: as they are. */
static AakJson *
to_json (const AakDoctor *doctor, const AakNameMask *mask)
{
  AakJson *json = aak_json_new ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/doctor/1");
  aak_json_add_uint (json, "failed", count (doctor, VERDICT_FAILED));
  aak_json_add_uint (json, "warnings", count (doctor, VERDICT_WARNING));
  aak_json_set_member_name (json, "checks");
  aak_json_begin_array (json);
  for (guint i = 0; i < doctor->findings->len; i++)
    {
      const Finding *finding = doctor->findings->pdata[i];
      aak_json_begin_object (json);
      aak_json_add_text (json, "id", finding->id);
      aak_json_add_text (json, "verdict", verdicts[finding->verdict].name);
      add_masked (json, mask, "message", finding->text);
      add_masked (json, mask, "remedy", finding->remedy);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
  aak_json_end_object (json);
  return json;
}

static gboolean
write_archive (AakCli *cli, const AakDoctor *doctor, const char *path, gboolean names,
               GError **error)
{
  g_autoptr (AakDoctorArchive) archive = aak_doctor_archive_new (doctor->root, names);
  g_autofree char *findings =
      aak_json_free_to_text (to_json (doctor, aak_doctor_archive_mask (archive)));
  if (!aak_doctor_archive_write (archive, path, findings, error))
    return FALSE;
  aak_cli_note (cli, "%s: %s; look through it before you send it", path,
                names ? "with the names of profiles, pods, images and the node"
                      : "names of profiles, pods, images and the node are masked");
  return TRUE;
}

static void
print (AakCli *cli, const AakDoctor *doctor)
{
  g_autoptr (AakJson) json = aak_cli_json (cli) ? to_json (doctor, NULL) : NULL;
  if (json != NULL)
    aak_cli_out_json (cli, json);
  else
    print_text (cli, doctor);
}

int
aak_doctor_run (AakCli *cli, const AakDoctorCheck *checks, int argc, char **argv, GError **error)
{
  g_autofree char *path = NULL;
  gboolean names = FALSE;
  const GOptionEntry entries[] = {
    { "bundle", 0, 0, G_OPTION_ARG_FILENAME, &path,
      "Also write a report for a bug tracker: a .tar.gz", "FILE" },
    { "names", 0, 0, G_OPTION_ARG_NONE, &names, "Leave names of workloads in it", NULL },
    { NULL },
  };
  g_autofree char *examples =
      g_strdup_printf ("  %s\n  %s --json\n  %s --bundle report.tar.gz", g_get_prgname (),
                       g_get_prgname (), g_get_prgname ());
  if (!aak_cli_parse (cli, entries, "", examples, &argc, &argv, error)
      || !aak_cli_no_words (argc, argv, error))
    return AAK_EXIT_USAGE;
  g_auto (AakDoctor) doctor = {
    .root = aak_cli_root (cli),
    .findings = g_ptr_array_new_with_free_func ((GDestroyNotify) finding_free),
  };
  for (; *checks != NULL; checks++)
    (*checks) (&doctor);
  print (cli, &doctor);
  if (path != NULL && !write_archive (cli, &doctor, path, names, error))
    return aak_error_exit_code (*error);
  return count (&doctor, VERDICT_FAILED) > 0 ? AAK_EXIT_FINDING : AAK_EXIT_OK;
}
