/* SPDX-License-Identifier: GPL-2.0-or-later
 * A descriptor to poll for sources whose own descriptor falls silent while they still have
 * something to give: readable while the source is busy, when the watched descriptor is, and once
 * a second. */
#pragma once

#include <glib.h>

typedef struct
{
  int poll_fd; /* for poll() */
  int timer;
  gboolean busy;
} AakSourceWake;

#define AAK_SOURCE_WAKE_INIT \
  {                          \
    -1, -1, FALSE            \
  }

/* Watches @fd, which stays the caller's. */
gboolean aak_source_wake_open (AakSourceWake *wake, int fd,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* To be called with TRUE before the source takes anything from the watched descriptor, and with
 * FALSE before it says AGAIN. */
void aak_source_wake_busy (AakSourceWake *wake, gboolean busy);

void aak_source_wake_clear (AakSourceWake *wake);
