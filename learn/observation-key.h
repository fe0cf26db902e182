/* SPDX-License-Identifier: GPL-2.0-or-later
 * Which access an event is one of. */
#pragma once

#include "learn/event.h"
#include "learn/observations.h"

/* Points @key at the strings of @event that make its key, but for the child; FALSE where the class
 * is only counted. The name may be NULL, as in the event. */
gboolean aak_observation_key_of_event (const AakEvent *event, AakObservation *key);
