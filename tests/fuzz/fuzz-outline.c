/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as the text of a policy that rules are added to. */
#include "learn/learned-block.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define MOST_JOINED 4

typedef struct
{
  const char *text;
  gsize len;
  const AakOutlineProfile *profile;
} Target;

/* What stood before the place of the block, and what stood behind it, is still there. */
static void
check_kept (const Target *target, const char *joined, gsize joined_len)
{
  const AakOutlineProfile *profile = target->profile;
  gsize before = profile->begin != 0 ? profile->begin : profile->close;
  gsize after = profile->begin != 0 ? profile->end : profile->close;
  while (profile->begin == 0 && before > 0
         && (target->text[before - 1] == ' ' || target->text[before - 1] == '\t'))
    before--;
  g_assert (joined_len >= before + target->len - after);
  g_assert (memcmp (joined, target->text, before) == 0);
  g_assert (memcmp (joined + joined_len - (target->len - after), target->text + after,
                    target->len - after)
            == 0);
}

static void
join (const AakOutline *outline, const Target *target, guint index)
{
  static const char *const lines[] = { "/a{b,c} r,  # 1 file", "#\"/d  # e\" w,  # why [id]",
                                       "# no rule" };
  g_autoptr (GPtrArray) added = g_ptr_array_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    g_ptr_array_add (added, (gpointer) lines[i]);
  g_autoptr (GError) error = NULL;
  AakLearnedPlace place = { "t", target->text, target->len, target->profile };
  gsize len = 0, again_len = 0;
  g_autofree char *joined = aak_learned_block_join (&place, added, &len, &error);
  g_assert ((joined == NULL) == (error != NULL));
  if (joined == NULL)
    return;
  check_kept (target, joined, len);

  /* It has the same profiles, and adding the same again changes nothing. */
  g_autoptr (AakOutline) after = aak_outline_new ("t", joined, len, &error);
  g_assert (after != NULL);
  GPtrArray *old = aak_outline_profiles (outline), *profiles = aak_outline_profiles (after);
  g_assert (profiles->len == old->len);
  const AakOutlineProfile *same = profiles->pdata[index];
  g_assert (strcmp (same->name, target->profile->name) == 0 && same->begin != 0);
  place = (AakLearnedPlace){ "t", joined, len, same };
  g_autofree char *again = aak_learned_block_join (&place, added, &again_len, &error);
  g_assert (again != NULL && again_len == len && memcmp (again, joined, len) == 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_memdup2 (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (AakOutline) outline = aak_outline_new ("t", text, size, &error);
  g_assert ((outline == NULL) == (error != NULL));
  if (outline == NULL)
    return 0;
  GPtrArray *profiles = aak_outline_profiles (outline);
  for (guint i = 0; i < profiles->len; i++)
    {
      const AakOutlineProfile *profile = profiles->pdata[i];
      g_assert (profile->start < profile->open && profile->open < profile->close);
      g_assert (profile->close < size && text[profile->open] == '{' && text[profile->close] == '}');
      g_assert (profile->begin == 0
                || (profile->open < profile->begin && profile->begin < profile->end
                    && profile->end <= profile->close));
      if (i < MOST_JOINED)
        join (outline, &(Target){ text, size, profile }, i);
    }
  return 0;
}
