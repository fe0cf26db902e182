/* SPDX-License-Identifier: GPL-2.0-or-later
 * Brings together the records of one event, which the kernel writes one by one and among those of
 * others: an event's JSON object gets what its companions say, and nothing of its own is changed by
 * them.
 *
 * Events leave in the order in which their own records came. One waits until its last companion was
 * seen, or until so many other records (or milliseconds, where a clock is given) went by that none
 * can be expected; where the stream shows no companions at all, nothing waits. Memory is bounded
 * whatever comes. */
#pragma once

#include "learn/event-companion.h"

typedef struct AakEventAssembler AakEventAssembler;

/* Takes a finished object, without a newline; @line is the assembler's. */
typedef void (*AakEventOutput) (const char *line, gpointer user_data);

/* @patient: events wait from the start, as in a log that is read to its end; else only once a
 * companion was seen, so that a live stream without any is never late. */
AakEventAssembler *aak_event_assembler_new (gboolean patient, AakEventOutput output,
                                            gpointer user_data);
void aak_event_assembler_free (AakEventAssembler *assembler);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakEventAssembler, aak_event_assembler_free)

/* Takes the next record of the stream, whatever it is; must see them all. @json: the object that
 * aak_event_to_json() made of it, or NULL where it is no event that is wanted. @now: monotonic, in
 * µs; 0 where time does not count. */
void aak_event_assembler_take (AakEventAssembler *assembler, const AakSourceRecord *raw,
                               const char *json, gint64 now);

/* Lets go what has waited long enough at @now; returns the ms until there is more of that, or -1
 * where nothing waits. */
int aak_event_assembler_expire (AakEventAssembler *assembler, gint64 now);

/* Lets go all that waits: no more records will come. */
void aak_event_assembler_flush (AakEventAssembler *assembler);
