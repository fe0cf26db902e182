/* SPDX-License-Identifier: GPL-2.0-or-later
 * Masked names. */
#include "lib/name-mask.h"

#include <criterion/criterion.h>
#include <string.h>

Test (name_mask, a_name_has_one_mask)
{
  g_autoptr (AakNameMask) mask = aak_name_mask_new ();
  cr_expect_str_eq (aak_name_mask_of (mask, "pod", "web"), "pod-1");
  cr_expect_str_eq (aak_name_mask_of (mask, "pod", "db"), "pod-2");
  cr_expect_str_eq (aak_name_mask_of (mask, "profile", "web"), "profile-1");
  cr_expect_str_eq (aak_name_mask_of (mask, "pod", "web"), "pod-1");
}

Test (name_mask, texts)
{
  static const struct
  {
    const char *text, *expected;
  } cases[] = {
    { "", "" },
    { "web", "pod-1" },
    { "/run/web/config.json: web-7d4b", "/run/pod-1/config.json: pod-2" },
    { "webhook, cobweb, _web, web_, web2", "webhook, cobweb, _web, web_, web2" },
    { "a.b(web)", "a.b(pod-1)" },
    { "a.bc", "a.bc" },
    { "web-7d4b web", "pod-2 pod-1" },
    { "we", "we" },
  };
  g_autoptr (AakNameMask) mask = aak_name_mask_new ();
  aak_name_mask_of (mask, "pod", "web");
  aak_name_mask_of (mask, "pod", "web-7d4b");
  aak_name_mask_of (mask, "pod", "");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *masked = aak_name_mask_text (mask, cases[i].text);
      cr_expect_str_eq (masked, cases[i].expected, "%s: %s", cases[i].text, masked);
    }
}

/* Names of another alphabet, and one that is a part of what stands for another. */
Test (name_mask, nothing_is_masked_twice)
{
  g_autoptr (AakNameMask) mask = aak_name_mask_new ();
  aak_name_mask_of (mask, "pod",
                    "\xc3\xbc"
                    "ber");
  aak_name_mask_of (mask, "image", "pod");
  g_autofree char *masked = aak_name_mask_text (mask, "\xc3\xbc"
                                                      "ber pod");
  cr_expect_str_eq (masked, "pod-1 image-1");
}
