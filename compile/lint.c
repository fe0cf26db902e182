/* SPDX-License-Identifier: GPL-2.0-or-later
 * All that is looked for in one text. */
#include "config.h"

#include "compile/lint.h"

void
aak_lint_each (const AakLint *lint, AakLintFunc look)
{
  for (guint i = 0; lint->set != NULL && i < lint->text->profiles->len; i++)
    {
      const AakPolicyTextProfile *profile = lint->text->profiles->pdata[i];
      const AakPolicyProfile *compiled =
          profile->name != NULL ? aak_policy_set_find (lint->set, profile->name) : NULL;
      if (compiled != NULL && !profile->included)
        look (lint, profile, compiled);
    }
}

void
aak_lint_text (const AakLint *lint)
{
  aak_lint_headers (lint);
  aak_lint_variables (lint);
  aak_lint_cover (lint);
}

void
aak_lint_policy (const AakLint *lint)
{
  aak_lint_runtime (lint);
  aak_lint_files (lint);
  aak_lint_breadth (lint);
}
