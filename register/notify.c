/* SPDX-License-Identifier: GPL-2.0-or-later
 * sd_notify(3). */
#include "config.h"

#include "register/notify.h"

#include "lib/systemd.h"

#ifdef HAVE_SYSTEMD

/* TRUE where systemd started the program and is to be told of it: where it set @variable, and its
 * library is there. A service that cannot tell that it is ready ends by systemd's own time limit,
 * so the reason goes to its log. */
static gboolean
is_wanted (const char *variable)
{
  g_autoptr (GError) error = NULL;
  if (g_getenv (variable) == NULL)
    return FALSE;
  gboolean loaded = aak_systemd_load (&error);
  if (!loaded)
    g_warning_once ("systemd is not told: %s", error->message);
  return loaded;
}

#endif

static void
tell (const char *state)
{
#ifdef HAVE_SYSTEMD
  if (is_wanted ("NOTIFY_SOCKET"))
    aak_sd.notify (0, state);
#else
  (void) state;
#endif
}

/* @status on one line. */
static char *
one_line (const char *status)
{
  return g_strdelimit (g_strdup (status), "\n", ' ');
}

void
aak_notify_ready (const char *status)
{
  g_autofree char *line = one_line (status);
  g_autofree char *state = g_strdup_printf ("READY=1\nSTATUS=%s", line);
  tell (state);
}

void
aak_notify_status (const char *status)
{
  g_autofree char *line = one_line (status);
  g_autofree char *state = g_strdup_printf ("STATUS=%s", line);
  tell (state);
}

void
aak_notify_reloading (void)
{
  g_autofree char *state =
      g_strdup_printf ("RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time ());
  tell (state);
}

void
aak_notify_stopping (void)
{
  tell ("STOPPING=1");
}

void
aak_notify_alive (void)
{
  tell ("WATCHDOG=1");
}

guint
aak_notify_alive_interval (void)
{
#ifdef HAVE_SYSTEMD
  guint64 limit = 0;
  if (is_wanted ("WATCHDOG_USEC") && aak_sd.watchdog_enabled (0, &limit) > 0)
    return (guint) CLAMP (limit / 2000, 1, G_MAXINT);
#endif
  return 0;
}
