/* SPDX-License-Identifier: GPL-2.0-or-later
 * What is put into a room lies side by side, and outlives it. */
#include "lib/room.h"

#include <criterion/criterion.h>
#include <string.h>

static GBytes *
put (AakRoom *room, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  return aak_room_put (room, bytes);
}

Test (room, side_by_side)
{
  AakRoom *room = aak_room_new (6);
  g_autoptr (GBytes) one = put (room, "abc");
  g_autoptr (GBytes) two = put (room, "de");
  g_autoptr (GBytes) three = put (room, "fgh"); /* for which it has no room */
  g_autoptr (GBytes) four = put (room, "i");
  g_autoptr (GBytes) none = put (room, "");
  aak_room_free (room);
  const char *data = g_bytes_get_data (one, NULL);
  cr_expect_eq (g_bytes_get_data (two, NULL), data + 3);
  cr_expect_eq (g_bytes_get_data (four, NULL), data + 5);
  cr_expect_arr_eq (data, "abcdei", 6);
  cr_expect_arr_eq (g_bytes_get_data (three, NULL), "fgh", 3);
  cr_expect_eq (g_bytes_get_size (none), 0);
}

Test (room, no_room_at_all)
{
  AakRoom *empty = aak_room_new (0);
  g_autoptr (GBytes) bytes = g_bytes_new ("abc", 3);
  g_autoptr (GBytes) same = aak_room_put (empty, bytes);
  cr_expect_eq (same, bytes);
  aak_room_free (empty);
}
