/* SPDX-License-Identifier: GPL-2.0-or-later
 * One event as one line: a JSON object with the kernel's own field names, or a text for people. */
#pragma once

#include "learn/dbus-record.h"
#include "learn/event.h"
#include "lib/json.h"

/* What a field's value is in JSON. */
typedef enum
{
  AAK_EVENT_VALUE_ANY,       /* what the kernel's name for it says: a number, a string, a word */
  AAK_EVENT_VALUE_UNTRUSTED, /* a string that somebody chose: hex where it stands bare */
  AAK_EVENT_VALUE_WORD,      /* as it stands, and a string even where it looks like a number */
} AakEventValue;

/* Adds @field to the object that @json is in, under its name, or its value alone. */
void aak_event_json_add_member (AakJson *json, const AakField *field, AakEventValue kind);
void aak_event_json_add_value (AakJson *json, const AakField *field, AakEventValue kind);

/* Whose an event is, where that is known. All NULL: not known. */
typedef struct
{
  const char *pod;
  const char *namespace;
  const char *container;
  guint wearers; /* containers that wear the label; over 1: it cannot be told whose the event is */
} AakEventOwner;

/* Where an event is from. */
typedef struct
{
  const char *position;
  const AakDbusSender *sender; /* who told it where that was not the kernel, else NULL */
} AakEventOrigin;

/* @record, which @event was read from, as a JSON object without a newline: type, serial and time
 * (ms since the epoch), then every field of the record in the kernel's order and under its name,
 * numbers as numbers; then the sender, an object, where there is one, position, and pod, namespace
 * and container, or `wearers` where several containers wear the label. Strings are decoded and
 * escaped by aak_escape(), reversibly. A field of the kernel's that would have one of our names, or
 * one of those that the event's companions get (learn/event-assembler.h), has the prefix kernel_
 * (kernel_namespace is AppArmor's). Newly allocated. */
char *aak_event_to_json (const AakRecord *record, const AakEvent *event,
                         const AakEventOrigin *origin, const AakEventOwner *owner);

/* The same for people: time, position, verdict, label, and what was asked for. Newly allocated. */
char *aak_event_to_text (const AakRecord *record, const AakEvent *event,
                         const AakEventOrigin *origin, const AakEventOwner *owner);
