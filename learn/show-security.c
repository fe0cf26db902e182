/* SPDX-License-Identifier: GPL-2.0-or-later
 * What containers need of their security context, as text. */
#include "config.h"

#include "learn/security-needs.h"
#include "learn/show.h"
#include "lib/count.h"
#include "lib/escape.h"

#include <string.h>

static void
print_capability (AakCli *cli, const AakCapabilityNeed *need)
{
  g_autofree char *name = aak_escape (need->name, strlen (need->name));
  g_autofree char *events = aak_count (need->events, "event");
  g_autofree char *runs = aak_count (need->runs, "run");
  aak_cli_out (cli, "    %-9s  %s  # %s, %s%s%s\n", aak_capability_need_word (need), name, events,
               runs, need->why != NULL ? "; " : "", need->why != NULL ? need->why : "");
}

static void
print_setting (AakCli *cli, const char *name, const AakSetting *setting)
{
  aak_cli_out (cli, "    %-9s  %s  # %s\n", aak_security_verdict_word (setting), name,
               setting->why);
}

void
aak_show_security_text (AakCli *cli, const AakObservations *observations)
{
  g_autoptr (GPtrArray) all = aak_security_needs (observations, NULL);
  if (all->len > 0)
    aak_cli_out (cli, "\nsecurity context\n");
  for (guint i = 0; i < all->len; i++)
    {
      const AakSecurityNeeds *needs = all->pdata[i];
      g_autofree char *line = aak_security_needs_line (needs);
      aak_cli_out (cli, "  %s\n", line);
      for (guint k = 0; k < needs->capabilities->len; k++)
        print_capability (cli, needs->capabilities->pdata[k]);
      print_setting (cli, "allowPrivilegeEscalation: false", &needs->no_new_privs);
      print_setting (cli, "runAsNonRoot: true", &needs->non_root);
      print_setting (cli, "readOnlyRootFilesystem: true", &needs->readonly_root);
    }
}
