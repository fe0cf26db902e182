/* SPDX-License-Identifier: GPL-2.0-or-later
 * The nudge: which capability is used, how often, and where. A nudge leaves no record unless
 * another profile used a capability on that processor since the last one: the kernel's memory works
 * on itself. So an idle node writes none, and a busy one at most one for each of the others'
 * (measured on kernels 6.1 and 6.12). Kernels that forget after a second by themselves write one a
 * second and processor. */
#include "config.h"

#include "learn/capability-nudge.h"

#include "learn/cpu-helpers.h"
#include "learn/cpu-list.h"
#include "learn/nudge-label.h"
#include "lib/error.h"
#include "lib/fd.h"
#include "lib/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>

/* The first nudge is what matters: from then on whatever is used is reported once more. The others
 * make it be counted again. */
#define INTERVAL_MS 200
/* A processor that a real-time task keeps busy is not waited for any longer. */
#define SETTLE_MS 2000
#define CPU_DIR   "/sys/devices/system/cpu"

struct AakCapabilityNudge
{
  AakNudgeLabel *label;
  AakCpuHelpers *helpers;
};

/* An alarm timer needs CAP_WAKE_ALARM and does nothing until it is armed; hardly any container has
 * that capability. */
static gboolean
use_capability (void)
{
  g_auto (AakFd) fd = timerfd_create (CLOCK_BOOTTIME_ALARM, TFD_CLOEXEC);
  return fd >= 0;
}

/* The label of the calling thread alone changes (Documentation of attr/current: proc(5)). */
static gboolean
wear_label (void)
{
  static const char *const files[] = { "/proc/thread-self/attr/apparmor/current",
                                       "/proc/thread-self/attr/current" };
  static const char words[] = "changeprofile " AAK_NUDGE_LABEL;
  g_auto (AakFd) fd = -1;
  for (gsize i = 0; fd < 0 && i < G_N_ELEMENTS (files); i++)
    fd = open (files[i], O_WRONLY | O_CLOEXEC);
  return fd >= 0 && write (fd, words, strlen (words)) == (ssize_t) strlen (words);
}

static void
nudge (void)
{
  (void) use_capability ();
}

static const AakCpuTask task = { "aakit-nudge", wear_label, nudge };

static GArray *
read_cpus (const char *name)
{
  g_autofree char *path = g_build_filename (CPU_DIR, name, NULL);
  g_autofree char *text = aak_fs_read_text (path, 65536, NULL);
  return text != NULL ? aak_cpu_list_parse (text) : NULL;
}

static gboolean
check_capability (GError **error)
{
  if (use_capability ())
    return TRUE;
  int saved_errno = errno;
  if (saved_errno != EPERM)
    return aak_error_set_errno (error, saved_errno, "cannot make an alarm timer");
  g_set_error (error, AAK_ERROR, AAK_ERROR_PRIVILEGE,
               "this process has no CAP_WAKE_ALARM, the capability that it would use");
  return FALSE;
}

/* At least one processor was reached. */
static gboolean
check_reach (AakCapabilityNudge *self, guint wanted, GError **error)
{
  int why = 0;
  g_autoptr (GArray) missed = aak_cpu_helpers_missed (self->helpers, &why);
  if (missed->len < wanted)
    return TRUE;
  return aak_error_set_errno (error, why != 0 ? why : ETIME,
                              "no thread of this process could wear the profile " AAK_NUDGE_LABEL);
}

AakCapabilityNudge *
aak_capability_nudge_start (GError **error)
{
  /* A processor that was never there has nothing to forget: `possible` is not needed. */
  g_autoptr (GArray) cpus = read_cpus ("present");
  if (!check_capability (error))
    return NULL;
  if (cpus == NULL)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_IO, "cannot read " CPU_DIR "/present");
      return NULL;
    }
  AakNudgeLabel *label = aak_nudge_label_hold ("/", error);
  if (label == NULL)
    return NULL;
  g_autoptr (AakCapabilityNudge) self = g_new0 (AakCapabilityNudge, 1);
  self->label = label;
  self->helpers = aak_cpu_helpers_start (cpus, &task, INTERVAL_MS);
  aak_cpu_helpers_settle (self->helpers, SETTLE_MS);
  return check_reach (self, cpus->len, error) ? g_steal_pointer (&self) : NULL;
}

static gboolean
contains (const GArray *cpus, guint cpu)
{
  for (guint i = 0; i < cpus->len; i++)
    if (g_array_index (cpus, guint, i) == cpu)
      return TRUE;
  return FALSE;
}

char *
aak_capability_nudge_missed (AakCapabilityNudge *self)
{
  int why;
  g_autoptr (GArray) missed = aak_cpu_helpers_missed (self->helpers, &why);
  g_autoptr (GArray) online = read_cpus ("online");
  for (guint i = missed->len; online != NULL && i > 0; i--)
    if (!contains (online, g_array_index (missed, guint, i - 1)))
      g_array_remove_index (missed, i - 1);
  return missed->len > 0 ? aak_cpu_list_format (missed) : NULL;
}

void
aak_capability_nudge_stop (AakCapabilityNudge *self)
{
  aak_cpu_helpers_stop (self->helpers);
  aak_nudge_label_release (self->label);
  g_free (self);
}
