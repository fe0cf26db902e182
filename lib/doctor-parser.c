/* SPDX-License-Identifier: LGPL-2.1-or-later
 * apparmor_parser on a node: for the runtimes, which only look whether it is there, and for
 * compiling. */
#include "config.h"

#include "lib/compiler.h"
#include "lib/doctor-checks.h"

#define INSTALL "apt install apparmor"

/* containerd takes AppArmor for absent where this file is missing, for compiled policy too, and
 * remembers that until it is restarted (pkg/apparmor); CRI-O's and Docker's libraries do as well.
 */
#define RUNTIME_PARSER "/sbin/apparmor_parser"

void
aak_doctor_runtime_parser (AakDoctor *doctor)
{
  static const char *const places[] = { "/usr/sbin/apparmor_parser", "/usr/bin/apparmor_parser",
                                        "/usr/local/sbin/apparmor_parser" };
  if (!aak_doctor_has (doctor, "/sbin"))
    return; /* a recording without programs */
  if (aak_doctor_has (doctor, RUNTIME_PARSER))
    {
      aak_doctor_ok (doctor, "runtimes",
                     RUNTIME_PARSER
                     " is there, without which containerd takes AppArmor for absent");
      return;
    }
  g_autofree char *remedy = g_strdup (INSTALL " && systemctl restart containerd");
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (aak_doctor_has (doctor, places[i]))
      {
        g_free (remedy);
        remedy = g_strdup_printf ("ln -s %s " RUNTIME_PARSER " && systemctl restart containerd",
                                  places[i]);
        break;
      }
  aak_doctor_problem (doctor, "runtimes", remedy,
                      RUNTIME_PARSER " is missing: containerd takes AppArmor for absent, and "
                                     "refuses pods that name a profile");
}

void
aak_doctor_compiler (AakDoctor *doctor)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, &error);
  if (compiler == NULL)
    {
      aak_doctor_problem (doctor, "compiler", INSTALL, "%s", error->message);
      return;
    }
  g_autofree char *abi = g_build_filename (aak_compiler_base (compiler), "abi/3.0", NULL);
  if (g_file_test (abi, G_FILE_TEST_EXISTS))
    aak_doctor_ok (doctor, "compiler", "apparmor_parser %s, with its includes in %s",
                   aak_compiler_version (compiler), aak_compiler_base (compiler));
  else
    aak_doctor_problem (doctor, "compiler", "apt install --reinstall apparmor",
                        "apparmor_parser %s has no %s, which profiles include",
                        aak_compiler_version (compiler), abi);
}
