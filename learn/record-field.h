/* SPDX-License-Identifier: GPL-2.0-or-later
 * One "key=value" of an audit record. */
#pragma once

#include "learn/cursor.h"

/* Takes the field that @cursor stands at. FALSE where it is none, or is damaged: a quote that never
 * closes, or stands inside a bare value. */
gboolean aak_record_field_take (AakCursor *cursor, AakField *field);
