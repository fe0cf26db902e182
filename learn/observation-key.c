/* SPDX-License-Identifier: GPL-2.0-or-later
 * The table in learn/observations.h, as code. */
#include "config.h"

#include "learn/observation-key.h"

/* Of a capability: whether the kernel does without it. */
static char *
how_asked (const AakEvent *event)
{
  gboolean optional = g_strcmp0 (event->info, "optional: no audit") == 0;
  return (char *) (optional ? AAK_ASKED_OPTIONAL : "");
}

gboolean
aak_observation_key_of_event (const AakEvent *event, AakObservation *key)
{
  key->class = event->class;
  key->child = key->detail = (char *) "";
  switch (event->class)
    {
    case AAK_CLASS_FILE:
      key->name = event->name;
      if (event->target != NULL && (event->perms & AAK_PERM_L))
        key->detail = event->target;
      return TRUE;
    case AAK_CLASS_CAPABILITY:
      key->name = event->detail;
      key->detail = how_asked (event);
      return TRUE;
    case AAK_CLASS_NETWORK:
    case AAK_CLASS_SYSCALL:
      key->name = event->family;
      key->detail = event->detail;
      return TRUE;
    case AAK_CLASS_SIGNAL:
      key->name = event->peer;
      key->detail = event->detail;
      return TRUE;
    case AAK_CLASS_PTRACE:
      key->name = event->peer;
      return TRUE;
    case AAK_CLASS_UNIX:
    case AAK_CLASS_DBUS:
    case AAK_CLASS_RLIMIT:
      key->name = event->detail;
      key->detail = event->access;
      return TRUE;
    case AAK_CLASS_MOUNT:
      key->name = event->name;
      key->detail = event->access;
      return TRUE;
    case AAK_CLASS_USERNS:
      key->name = (char *) "create";
      return TRUE;
    case AAK_CLASS_CHANGE_PROFILE:
      key->name = event->name;
      key->detail = (char *) event->kind;
      return TRUE;
    case AAK_CLASS_MQUEUE:
      key->name = event->name;
      key->detail = event->detail;
      return TRUE;
    case AAK_CLASS_IO_URING:
      key->name = event->detail;
      key->detail = event->peer != NULL ? event->peer : (char *) "";
      return TRUE;
    case AAK_CLASS_EXEC:
    case AAK_CLASS_INET:
    case AAK_CLASS_POLICY:
    case AAK_CLASS_OTHER:
      return FALSE;
    }
  return FALSE;
}
