/* SPDX-License-Identifier: GPL-2.0-or-later
 * Records of several sources count once, and records of one source all count. */
#include "learn/duplicates.h"

#include <criterion/criterion.h>
#include <string.h>

#define TEXT "apparmor=\"ALLOWED\" operation=\"open\" profile=\"p\" name=\"/a\" pid=1"

static gboolean
is_new (AakDuplicates *duplicates, guint source, guint type, const char *text)
{
  AakSourceRecord raw = { type, text, strlen (text) };
  return aak_duplicates_is_new (duplicates, source, &raw);
}

/* However a source writes it, it is the same record. */
Test (duplicates, the_same_record_in_every_form)
{
  static const struct
  {
    guint type;
    const char *text;
  } forms[] = {
    { 1400, "audit(100.001:7): " TEXT " path=\"a\\b\"" },
    { 0, "type=AVC msg=audit(100.001:7): " TEXT " path=\"a\\b\"" },
    { 0, "node=n type=AVC msg=audit(100.001:7): " TEXT " path=\"a\\b\"\x1d"
         "FSUID=\"root\"" },
    { 0, "May  6 12:00:00 host kernel: [1.2] audit: type=1400 audit(100.001:7): " TEXT
         " path=\"a\\b\"" },
    { 0, "5,100,1000,-;audit: type=1400 audit(100.001:7): " TEXT " path=\"a\\x5cb\"\n" },
  };
  for (guint first = 0; first < G_N_ELEMENTS (forms); first++)
    {
      g_autoptr (AakDuplicates) duplicates = aak_duplicates_new ();
      for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
        {
          guint at = (first + i) % G_N_ELEMENTS (forms);
          cr_expect_eq (is_new (duplicates, i, forms[at].type, forms[at].text), i == 0, "%u, %u",
                        first, at);
        }
    }
}

Test (duplicates, what_differs_is_new)
{
  static const char *const texts[] = {
    "audit(100.001:7): " TEXT,
    "audit(100.002:7): " TEXT,
    "audit(100.001:8): " TEXT,
    "audit(100.001:7): " TEXT "1",
    "audit(100.001:7): " TEXT " a",
    "not a record",
    "not a record",
    "",
  };
  g_autoptr (AakDuplicates) duplicates = aak_duplicates_new ();
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    cr_expect (is_new (duplicates, i % AAK_DUPLICATES_SOURCES, 1400, texts[i]), "%s", texts[i]);
  cr_expect (is_new (duplicates, 1, 1503, texts[0]));
  cr_expect_not (is_new (duplicates, 1, 1400, texts[0]));
}

/* An event may hold a record several times, and each source a part of them. */
Test (duplicates, as_often_as_one_source_has_it)
{
  g_autoptr (AakDuplicates) duplicates = aak_duplicates_new ();
  const char *text = "audit(100.001:7): " TEXT;
  cr_expect (is_new (duplicates, 0, 1400, text));
  cr_expect_not (is_new (duplicates, 1, 1400, text));
  cr_expect (is_new (duplicates, 0, 1400, text));
  cr_expect_not (is_new (duplicates, 1, 1400, text));
  cr_expect (is_new (duplicates, 1, 1400, text));
  cr_expect_not (is_new (duplicates, 0, 1400, text));
}

/* A record that the kernel's log has cut. */
Test (duplicates, a_long_record)
{
  g_autoptr (AakDuplicates) duplicates = aak_duplicates_new ();
  g_autofree char *whole = g_strdup_printf ("audit(100.001:7): " TEXT " name=%02000d", 0);
  g_autofree char *cut = g_strndup (whole, 950);
  cr_expect (is_new (duplicates, 0, 1400, whole));
  cr_expect_not (is_new (duplicates, 1, 1400, cut));
}

/* Files: each is source 1, and folded at its end. */
Test (duplicates, any_number_of_files)
{
  g_autoptr (AakDuplicates) duplicates = aak_duplicates_new ();
  guint64 fresh = 0;
  for (guint file = 0; file < 20; file++, aak_duplicates_fold (duplicates))
    for (guint i = file * 50; i < file * 50 + 100; i++)
      {
        g_autofree char *text = g_strdup_printf ("audit(100.001:%u): " TEXT, i);
        fresh += is_new (duplicates, 1, 1400, text) + is_new (duplicates, 1, 1400, text);
      }
  cr_expect_eq (fresh, 2 * (19 * 50 + 100), "%lu", (unsigned long) fresh);
}

/* What one source gave and another has still to give is known to who comes after. */
Test (duplicates, restored)
{
  g_autoptr (AakDuplicates) before = aak_duplicates_new (), after = aak_duplicates_new ();
  g_autoptr (GArray) ahead = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr (GPtrArray) lists = g_ptr_array_new ();
  const char *const records[] = { "audit(1.001:7): " TEXT, "audit(1.001:8): " TEXT,
                                  "audit(1.001:9): " TEXT };
  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    cr_expect (is_new (before, 0, 1400, records[i]));
  cr_expect (is_new (before, 0, 1400, records[1]));
  cr_expect_not (is_new (before, 1, 1400, records[0]));
  cr_expect_not (is_new (before, 1, 1400, records[1]));
  cr_expect_not (aak_duplicates_ahead (before, 1, 1, ahead));
  g_array_set_size (ahead, 0);
  cr_expect (aak_duplicates_ahead (before, 1, 2, ahead));
  cr_expect_eq (ahead->len, 2);
  g_ptr_array_add (lists, NULL);
  g_ptr_array_add (lists, ahead);
  aak_duplicates_restore (after, aak_duplicates_seed (before), lists);
  cr_expect_not (is_new (after, 1, 1400, records[1]));
  cr_expect_not (is_new (after, 1, 1400, records[2]));
  cr_expect (is_new (after, 1, 1400, "audit(1.001:10): " TEXT));
  g_array_set_size (ahead, 0);
  cr_expect (aak_duplicates_ahead (after, 1, 0, ahead));
}

/* Memory is bounded, and what lies less than a million records back is remembered. */
Test (duplicates, many, .timeout = 120)
{
  g_autoptr (AakDuplicates) duplicates = aak_duplicates_new ();
  guint wrong = 0;
  const guint back = 1000000;
  for (guint i = 0; i < 2500000; i++)
    {
      char text[200];
      g_snprintf (text, sizeof text, "audit(100.001:%u): " TEXT, i);
      wrong += !is_new (duplicates, 0, 1400, text);
      if (i < back || i % 16 != 0)
        continue;
      g_snprintf (text, sizeof text, "audit(100.001:%u): " TEXT, i - back);
      wrong += is_new (duplicates, 1, 1400, text);
    }
  cr_expect_eq (wrong, 0, "%u", wrong);
}
