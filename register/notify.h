/* SPDX-License-Identifier: GPL-2.0-or-later
 * What systemd is told of a service with Type=notify; without systemd nothing is told. */
#pragma once

#include <glib.h>

/* Tells @status, one line, which `systemctl status` shows, and that start or reload is done. */
void aak_notify_ready (const char *status);
/* Tells another @status. */
void aak_notify_status (const char *status);
/* Tells that a reload begins, or that the end does. */
void aak_notify_reloading (void);
void aak_notify_stopping (void);

/* Tells the watchdog that all is well. */
void aak_notify_alive (void);
/* How often it wants to hear that, in milliseconds; 0 where there is none. */
guint aak_notify_alive_interval (void);
