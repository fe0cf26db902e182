/* SPDX-License-Identifier: GPL-2.0-or-later
 * Feature sets, listed and compared, for people and as JSON. */
#pragma once

#include "lib/cli.h"
#include "lib/features.h"

/* The sets that ship: names, ids, and where each is from. */
void aak_feature_report_list (AakCli *cli);

/* What the set @second, a node's say, lacks of @first, has more, and has in another version.
 * FALSE where there is a difference. */
gboolean aak_feature_report_compare (AakCli *cli, const AakFeatures *first,
                                     const AakFeatures *second);
