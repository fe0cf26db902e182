/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Handing out slices of one piece of memory. */
#include "config.h"

#include "lib/room.h"

#include <string.h>

struct AakRoom
{
  guint8 *data;
  GBytes *all; /* of @data; NULL: there is no memory */
  gsize used;
};

AakRoom *
aak_room_new (gsize size)
{
  AakRoom *room = g_new0 (AakRoom, 1);
  room->data = size > 0 ? g_try_malloc (size) : NULL;
  if (room->data != NULL)
    room->all = g_bytes_new_take (room->data, size);
  return room;
}

void
aak_room_free (AakRoom *room)
{
  g_clear_pointer (&room->all, g_bytes_unref);
  g_free (room);
}

GBytes *
aak_room_put (AakRoom *room, GBytes *bytes)
{
  gsize len = 0;
  const void *data = g_bytes_get_data (bytes, &len);
  gsize size = room->all != NULL ? g_bytes_get_size (room->all) : 0;
  if (len == 0 || len > size - room->used)
    return g_bytes_ref (bytes);
  memcpy (room->data + room->used, data, len);
  GBytes *slice = g_bytes_new_from_bytes (room->all, room->used, len);
  room->used += len;
  return slice;
}
