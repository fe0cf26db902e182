/* SPDX-License-Identifier: GPL-2.0-or-later
 * The lines of /proc/PID/mountinfo: proc_pid_mountinfo(5). */
#pragma once

#include <glib.h>

/* The kernel takes 100,000 mounts (fs.mount-max), most of them short. */
#define AAK_MOUNTINFO_MAX (32u << 20)

/* A mount. */
typedef struct
{
  char *point;         /* where it is, any bytes */
  const char *options; /* of the mount: "ro,relatime" */
  const char *type;    /* "overlay" */
  const char *super;   /* options of the file system, with blanks, commas and the like as octal
                          numbers */
} AakMount;

/* What is done with one; valid during the call. */
typedef void (*AakMountFunc) (const AakMount *mount, gpointer data);

/* Calls @look for each mount of @text, in its order, which is that of mounting. Lines that are none
 * are passed over, as is one that a limit cut off. */
void aak_mountinfo_each (const char *text, AakMountFunc look, gpointer data);
