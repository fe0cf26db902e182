/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a runtime's log tells of containers that it did not create. */
#include "register/refusal.h"

#include <criterion/criterion.h>
#include <string.h>

#define SANDBOX "f67eeeed63f5be9ee62a0ddbe4c936bfe0cdacd1180b69a6465b018f729e6dcd"
#define BEFORE \
  "time=\"2026-11-22T17:28:06.816758450Z\" level=error msg=\"CreateContainer within sandbox \\\""
#define WITHIN(name) "\\\" for &ContainerMetadata{Name:" name ",Attempt:0,} failed\" error=\""
#define WHY                                                                                         \
  "failed to get container spec opts: failed to generate apparmor spec opts: apparmor profile not " \
  "found "

static const struct
{
  const char *message;
  const char *told; /* "SANDBOX CONTAINER PROFILE", "": nothing */
} rows[] = {
  { BEFORE SANDBOX WITHIN ("web") WHY "k8s-web\"", SANDBOX " web k8s-web" },
  { BEFORE SANDBOX WITHIN ("web") WHY "k8s-web", SANDBOX " web k8s-web" },
  { BEFORE SANDBOX WITHIN ("web") WHY "a b\\x1b\"", SANDBOX " web a b\\x1b" },
  { BEFORE SANDBOX WITHIN ("web") WHY "\"", "" },
  { BEFORE SANDBOX WITHIN ("") WHY "k8s-web\"", "" },
  { BEFORE WITHIN ("web") WHY "k8s-web\"", "" },
  { BEFORE SANDBOX WITHIN ("web") "failed to pull image\"", "" },
  { "level=info msg=\"apparmor profile not found k8s-web\"", "" },
  { "", "" },
};

Test (refusal, messages)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (AakRefusal) refusal = { 0 };
      gboolean parsed = aak_refusal_parse (rows[i].message, strlen (rows[i].message), &refusal);
      cr_assert_eq (parsed, *rows[i].told != '\0', "%s", rows[i].message);
      if (!parsed)
        continue;
      g_autofree char *told =
          g_strdup_printf ("%s %s %s", refusal.sandbox, refusal.container, refusal.profile);
      cr_expect_str_eq (told, rows[i].told);
    }
}

/* What is cut off anywhere tells either nothing or what it says as far as it goes. */
Test (refusal, cut_messages)
{
  for (gsize len = 0; len <= strlen (rows[0].message); len++)
    {
      g_auto (AakRefusal) refusal = { 0 };
      if (aak_refusal_parse (rows[0].message, len, &refusal))
        cr_expect (g_str_has_prefix ("k8s-web", refusal.profile), "%s", refusal.profile);
    }
}
