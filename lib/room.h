/* SPDX-License-Identifier: LGPL-2.1-or-later
 * One piece of memory for many: what is put there lies side by side. */
#pragma once

#include <glib.h>

typedef struct AakRoom AakRoom;

/* Room for @size bytes, which cost nothing until they are used. Free with aak_room_free(): what was
 * put there lives as long as somebody holds it. */
AakRoom *aak_room_new (gsize size);
void aak_room_free (AakRoom *room);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakRoom, aak_room_free)

/* A copy of @bytes behind what was put there before; @bytes itself where it has no room. The caller
 * owns the result. */
GBytes *aak_room_put (AakRoom *room, GBytes *bytes);
