/* SPDX-License-Identifier: GPL-2.0-or-later
 * A bitmap over the newest serials. */
#include "config.h"

#include "learn/serial-window.h"

#include <string.h>

static gboolean
test_and_set (AakSerialWindow *window, guint32 serial)
{
  guint32 slot = serial % AAK_SERIAL_WINDOW;
  guint8 bit = (guint8) (1u << (slot % 8));
  gboolean was = (window->seen[slot / 8] & bit) != 0;
  window->seen[slot / 8] |= bit;
  return was;
}

static void
clear (AakSerialWindow *window, guint32 serial)
{
  guint32 slot = serial % AAK_SERIAL_WINDOW;
  window->seen[slot / 8] &= (guint8) ~(1u << (slot % 8));
}

/* Moves the window's front to @serial, @ahead events on; those between are missing until
 * they come. */
static void
advance (AakSerialWindow *window, guint32 serial, guint32 ahead)
{
  window->missing += ahead - 1;
  if (ahead >= AAK_SERIAL_WINDOW)
    memset (window->seen, 0, sizeof window->seen);
  else
    for (guint32 i = 1; i <= ahead; i++)
      clear (window, window->newest + i);
  window->newest = serial;
  test_and_set (window, serial);
}

void
aak_serial_window_add (AakSerialWindow *window, guint32 serial)
{
  if (!window->started)
    {
      /* What came before the first record is not missing. */
      memset (window->seen, 0xff, sizeof window->seen);
      window->started = TRUE;
      window->newest = serial;
      return;
    }
  gint32 ahead = (gint32) (serial - window->newest);
  if (ahead > 0)
    advance (window, serial, (guint32) ahead);
  else if (-(gint64) ahead < AAK_SERIAL_WINDOW && !test_and_set (window, serial))
    window->missing--;
}

void
aak_serial_window_forgive (AakSerialWindow *window)
{
  memset (window->seen, 0xff, sizeof window->seen);
  window->missing = 0;
}

guint64
aak_serial_window_missing (const AakSerialWindow *window)
{
  return window->missing;
}

guint64
aak_serial_window_unsettled (const AakSerialWindow *window, guint32 since)
{
  guint64 unsettled = 0;
  guint32 span = MIN (window->newest - since, AAK_SERIAL_UNSETTLED);
  for (guint32 i = 1; window->started && i < span; i++)
    {
      guint32 slot = (window->newest - i) % AAK_SERIAL_WINDOW;
      unsettled += (window->seen[slot / 8] & (1u << (slot % 8))) == 0;
    }
  return MIN (unsettled, window->missing);
}

guint32
aak_serial_window_settled (const AakSerialWindow *window)
{
  for (guint32 i = AAK_SERIAL_UNSETTLED - 1; window->started && i > 0; i--)
    {
      guint32 slot = (window->newest - i) % AAK_SERIAL_WINDOW;
      if ((window->seen[slot / 8] & (1u << (slot % 8))) == 0)
        return window->newest - i - 1;
    }
  return window->newest;
}
