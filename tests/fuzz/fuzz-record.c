/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as a line and as a netlink payload: through parsers, event, printing, the record cache,
 * a state and a profile. */
#include "learn/child-profile.h"
#include "learn/event-json.h"
#include "learn/generalise.h"
#include "learn/profile-writer.h"
#include "learn/record-cache.h"
#include "learn/state.h"
#include "learn/writable.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

/* What the event does to a state, and the state to a profile, with @children or without. */
static void
learn (const AakEvent *event, gboolean children)
{
  g_autoptr (AakObservations) observations = aak_observations_new ("k8s-f");
  g_autoptr (GError) error = NULL;
  AakRun *run = aak_run_new ();
  run->id = g_strdup ("r");
  run->node = g_strdup ("n");
  run->boot = g_strdup ("b");
  run->source = g_strdup ("file");
  gboolean news;
  if (children)
    aak_observations_follow_children (observations);
  if (aak_observations_add (observations, aak_observations_add_run (observations, run), event,
                            &news)
      == NULL)
    return;
  g_autoptr (GBytes) once = aak_state_to_yaml (observations);
  g_autoptr (AakObservations) back = aak_state_from_yaml ("s", once, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) twice = aak_state_to_yaml (back);
  g_assert (g_bytes_equal (once, twice));
  g_autoptr (GArray) trace = NULL;
  g_autoptr (AakProfile) profile =
      children ? aak_generalise_children (back, FALSE, &trace) : aak_generalise (back, FALSE);
  aak_writable_set_abi (profile, AAK_ABI_4_0);
  g_autofree char *text = aak_profile_to_text (profile);
  for (const char *at = text; *at != '\0'; at++)
    g_assert (*at == '\n' || (guchar) *at >= ' ');
}

static void
use (const AakRecord *record, const AakDbusSender *sender)
{
  g_auto (AakEvent) event = { 0 };
  AakEventOwner owner = { 0 };
  AakEventOrigin origin = { "f:1", sender };
  const char *reason = NULL;
  AakEventResult result = aak_event_from_record (record, &event, &reason);
  if (result == AAK_EVENT_MALFORMED)
    return;
  g_autofree char *json = aak_event_to_json (record, &event, &origin, &owner);
  g_autofree char *text = aak_event_to_text (record, &event, &origin, &owner);
  g_assert (g_utf8_validate (json, -1, NULL) && g_utf8_validate (text, -1, NULL));
  g_assert (strchr (json, '\n') == NULL && strchr (text, '\n') == NULL);
  g_assert (fuzz_is_json (json));
  /* The rest is no access (attribution.c), and need not have what one has. */
  if (result == AAK_EVENT_OK && event.verdict != AAK_VERDICT_STATUS
      && event.verdict != AAK_VERDICT_NOTICE)
    {
      learn (&event, FALSE);
      learn (&event, TRUE);
    }
}

/* A record is the kernel's or the bus's, never both. */
static void
check_dbus (const AakSourceRecord *raw, gboolean is_kernels)
{
  AakRecord record;
  AakDbusSender sender;
  if (aak_dbus_record_parse (raw, 102, &record, &sender) != AAK_DBUS_RECORD)
    return;
  g_assert (!is_kernels && sender.uid == 102);
  use (&record, &sender);
}

/* Records that the cache takes for equal mean the same. */
static void
check_key (const AakSourceRecord *raw)
{
  AakRecordKey key;
  if (!aak_record_key_parse (raw, &key))
    return;
  g_assert (key.head.data >= raw->data && key.head.data + key.head.len <= key.tail.data);
  g_assert (key.tail.data + key.tail.len <= raw->data + raw->len);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  /* A copy of its own, so that a read past the end is seen. */
  g_autofree char *bytes = g_memdup2 (size > 0 ? data : (const uint8_t *) "", size > 0 ? size : 1);
  AakSourceRecord line = { 0, bytes, size }, payload = { 1400, bytes, size };
  AakSourceRecord syscall = { AAK_RECORD_SECCOMP, bytes, size };
  AakSourceRecord message = { 1107, bytes, size };
  AakRecord record;
  gboolean is_kernels = aak_record_parse_line (bytes, size, &record) == AAK_RECORD_APPARMOR;
  if (is_kernels)
    use (&record, NULL);
  check_dbus (&line, is_kernels);
  check_dbus (&message, FALSE);
  if (aak_record_parse_payload (1400, bytes, size, &record) == AAK_RECORD_APPARMOR)
    use (&record, NULL);
  if (aak_record_parse_payload (AAK_RECORD_SECCOMP, bytes, size, &record) == AAK_RECORD_APPARMOR)
    use (&record, NULL);
  check_key (&line);
  check_key (&payload);
  check_key (&syscall);
  return 0;
}
