/* SPDX-License-Identifier: GPL-2.0-or-later
 * Notes at the end of a recording. */
#include "config.h"

#include "learn/child-note.h"

#include "learn/child-plan.h"
#include "learn/child-split.h"

void
aak_child_note (AakCli *cli, const AakObservations *whole)
{
  const char *label = aak_observations_label (whole);
  AakChildCounts counts;
  aak_child_plan_count (whole, &counts);
  if (counts.lacking > 0)
    aak_cli_note (
        cli,
        "%s: %u of its programs had no label of their own yet, and keep its profile: record "
        "once more with --exec=child into the same directory",
        label, counts.lacking);
  if (counts.beyond > 0)
    aak_cli_note (cli, "%s: %u more of its programs keep its profile: it can have %d children",
                  label, counts.beyond, AAK_CHILDREN_MAX);
  if (counts.kept > 0)
    aak_cli_note (
        cli,
        "%s: no_new_privs (allowPrivilegeEscalation: false) holds %u of its programs in its "
        "profile: they have no child",
        label, counts.kept);
}
