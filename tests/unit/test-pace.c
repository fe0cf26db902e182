/* SPDX-License-Identifier: GPL-2.0-or-later
 * How soon the kernel is looked at after a change. */
#include "register/pace.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define MS     1000
#define SECOND (1000 * MS)

Test (pace, a_first_change_is_looked_at_at_once)
{
  const AakPace pace = { 0 };
  cr_assert (eq (uint, aak_pace_wait (&pace, 5 * SECOND), 20));
}

Test (pace, looks_take_a_fifth_of_the_time_at_most)
{
  AakPace pace = { 0 };
  gint64 now = 100 * (gint64) SECOND, looked = 0;
  for (int i = 0; i < 1000; i++)
    {
      now += aak_pace_wait (&pace, now) * MS;
      aak_pace_note (&pace, now, now + 30 * MS, FALSE);
      now += 30 * MS;
      looked += 30 * MS;
    }
  cr_assert (le (i64, looked * 5, now - 100 * (gint64) SECOND + 150 * MS));
}

Test (pace, a_look_that_takes_long_puts_the_next_one_off_by_half_a_second)
{
  AakPace pace = { 0 };
  aak_pace_note (&pace, 10 * SECOND, 14 * SECOND, TRUE);
  cr_assert (eq (uint, aak_pace_wait (&pace, 14 * SECOND), 500));
  cr_assert (eq (uint, aak_pace_wait (&pace, 15 * SECOND), 20));
}

Test (pace, who_undoes_all_repairs_is_answered_less_often_for_a_minute)
{
  AakPace pace = { 0 };
  gint64 now = 100 * (gint64) SECOND;
  for (int i = 0; i < 30; i++)
    {
      aak_pace_note (&pace, now, now, TRUE);
      cr_assert (eq (uint, aak_pace_wait (&pace, now), 20));
    }
  aak_pace_note (&pace, now, now, TRUE);
  cr_assert (eq (uint, aak_pace_wait (&pace, now), 2000));
  now += 61 * (gint64) SECOND;
  aak_pace_note (&pace, now, now, TRUE);
  cr_assert (eq (uint, aak_pace_wait (&pace, now), 20));
}
