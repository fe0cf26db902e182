/* SPDX-License-Identifier: GPL-2.0-or-later
 * aa-compile doctor: whether this machine can compile, and for which kernels. */
#include "config.h"

#include "compile/cmd.h"
#include "lib/compiler.h"
#include "lib/doctor-checks.h"
#include "lib/features-shipped.h"

static void
check_kernel (AakDoctor *doctor)
{
  g_autoptr (AakFeatures) features = aak_features_kernel (aak_doctor_root (doctor), NULL);
  if (features != NULL)
    aak_doctor_ok (doctor, "features", "this kernel's feature set, the default, is %s",
                   aak_features_id (features));
  else
    aak_doctor_warning (doctor, "features", "aa-compile features list",
                        "this machine's kernel has no AppArmor: --features has to name the nodes'");
}

/* The parser of one release does not take the feature sets of every kernel. */
static void
check_shipped (AakDoctor *doctor)
{
  g_autoptr (AakCompiler) compiler = aak_compiler_new (NULL, NULL);
  const GPtrArray *shipped = compiler != NULL ? aak_features_shipped () : NULL;
  g_autoptr (GBytes) text = g_bytes_new_static ("profile doctor {\n}\n", 19);
  for (guint i = 0; shipped != NULL && i < shipped->len; i++)
    {
      const AakShippedFeatures *set = shipped->pdata[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) blob =
          aak_compiler_compile (compiler, set->features, "doctor", text, NULL, &error);
      if (blob != NULL)
        aak_doctor_ok (doctor, "compiles", "for %s (%s)", set->name,
                       aak_features_id (set->features));
      else
        aak_doctor_failed (doctor, "compiles", NULL, "not for %s: %s", set->name, error->message);
    }
}

static const AakDoctorCheck checks[] = { aak_doctor_compiler, check_kernel, check_shipped, NULL };

int
aak_cmd_doctor (AakCli *cli, int argc, char **argv, GError **error)
{
  return aak_doctor_run (cli, checks, argc, argv, error);
}
