/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Findings, and how they are printed. */
#include "config.h"

#include "lib/doctor.h"

#include "lib/error.h"
#include "lib/fs.h"
#include "lib/json.h"

#include <stdarg.h>

#define MAX_SMALL (64 * 1024)

typedef enum
{
  VERDICT_OK,
  VERDICT_NOTE,
  VERDICT_PROBLEM,
} Verdict;

static const struct
{
  const char *name;
  const char *sgr;
} verdicts[] = {
  [VERDICT_OK] = { "ok", "32" },
  [VERDICT_NOTE] = { "note", "33" },
  [VERDICT_PROBLEM] = { "problem", "1;31" },
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
aak_doctor_note (AakDoctor *doctor, const char *id, const char *remedy, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  add (doctor, VERDICT_NOTE, id, remedy, format, args);
  va_end (args);
}

void
aak_doctor_problem (AakDoctor *doctor, const char *id, const char *remedy, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  add (doctor, VERDICT_PROBLEM, id, remedy, format, args);
  va_end (args);
}

/* --- the report ------------------------------------------------------------------------------ */

static guint
count_problems (const AakDoctor *doctor)
{
  guint count = 0;
  for (guint i = 0; i < doctor->findings->len; i++)
    count += ((const Finding *) doctor->findings->pdata[i])->verdict == VERDICT_PROBLEM;
  return count;
}

static void
print_finding (AakCli *cli, const Finding *finding)
{
  gboolean color = aak_cli_color_out (cli);
  aak_cli_out (cli, "%s%s%s%-7s%s  %-12s  %s\n", color ? "\033[" : "",
               color ? verdicts[finding->verdict].sgr : "", color ? "m" : "",
               verdicts[finding->verdict].name, color ? "\033[0m" : "", finding->id, finding->text);
  if (finding->remedy != NULL)
    aak_cli_out (cli, "%-23s$ %s\n", "", finding->remedy);
}

static void
print_text (AakCli *cli, const AakDoctor *doctor)
{
  for (guint i = 0; i < doctor->findings->len; i++)
    print_finding (cli, doctor->findings->pdata[i]);
  guint problems = count_problems (doctor);
  if (problems == 0)
    aak_cli_out (cli, "no problem found\n");
  else
    aak_cli_out (cli, "%u %s\n", problems, problems == 1 ? "problem" : "problems");
}

static void
print_json (AakCli *cli, const AakDoctor *doctor)
{
  g_autoptr (AakJson) json = aak_json_new ();
  aak_json_begin_object (json);
  aak_json_add_text (json, "schema", "aakit/doctor/1");
  aak_json_add_uint (json, "problems", count_problems (doctor));
  aak_json_set_member_name (json, "checks");
  aak_json_begin_array (json);
  for (guint i = 0; i < doctor->findings->len; i++)
    {
      const Finding *finding = doctor->findings->pdata[i];
      aak_json_begin_object (json);
      aak_json_add_text (json, "id", finding->id);
      aak_json_add_text (json, "verdict", verdicts[finding->verdict].name);
      aak_json_add_text (json, "message", finding->text);
      aak_json_add_text (json, "remedy", finding->remedy);
      aak_json_end_object (json);
    }
  aak_json_end_array (json);
  aak_json_end_object (json);
  aak_cli_out_json (cli, json);
}

int
aak_doctor_run (AakCli *cli, const AakDoctorCheck *checks, int argc, char **argv, GError **error)
{
  g_autofree char *examples =
      g_strdup_printf ("  %s\n  %s --json", g_get_prgname (), g_get_prgname ());
  if (!aak_cli_parse (cli, NULL, "", examples, &argc, &argv, error)
      || !aak_cli_no_words (argc, argv, error))
    return AAK_EXIT_USAGE;
  g_auto (AakDoctor) doctor = {
    .root = aak_cli_root (cli),
    .findings = g_ptr_array_new_with_free_func ((GDestroyNotify) finding_free),
  };
  for (; *checks != NULL; checks++)
    (*checks) (&doctor);
  if (aak_cli_json (cli))
    print_json (cli, &doctor);
  else
    print_text (cli, &doctor);
  return count_problems (&doctor) > 0 ? AAK_EXIT_FINDING : AAK_EXIT_OK;
}
