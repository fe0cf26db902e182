/* SPDX-License-Identifier: GPL-2.0-or-later
 * The part of an event that depends on its class; for event.c only. */
#pragma once

#include "learn/event.h"

/* Reads what the class of @record has beyond operation, label and name, which @out holds already.
 * Sets class and kind. Returns NULL, or a static text that says what is missing or damaged. */
const char *aak_event_read_class (const AakRecord *record, AakEvent *out);

/* Decodes the untrusted string @key into @out, newly allocated. FALSE where the field is there and
 * cannot be decoded; @out stays NULL where it is missing. */
gboolean aak_event_take_string (const AakRecord *record, const char *key, char **out);

/* Reads the words of the mask that was asked for into @out; FALSE where it is missing or has an
 * unknown one. */
gboolean aak_event_take_perms (const AakRecord *record, AakEvent *out);

/* A word that the kernel takes from its own tables (signal=hup, family="inet"); NULL where it is
 * missing or empty. Newly allocated. */
char *aak_event_take_word (const AakRecord *record, const char *key);
