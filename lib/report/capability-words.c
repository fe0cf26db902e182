/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Capabilities in words: for who signs off that a container may have them. */
#include "config.h"

#include "lib/report/capability-words.h"

typedef struct
{
  const char *words;
  gboolean grave;
} Meaning;

/* By number (include/uapi/linux/capability.h). */
static const Meaning meanings[] = {
  { "change the owner of any file", FALSE },
  { "read, write and run files whatever their permissions say", FALSE },
  { "read files and enter directories whatever their permissions say", TRUE },
  { "do with files of others what only their owner may: change modes, times, attributes", FALSE },
  { "keep set-user-ID bits when a file is changed, and set them for other groups", FALSE },
  { "send signals to processes of other users", FALSE },
  { "take on any group, and set the list of groups", FALSE },
  { "take on any user", FALSE },
  { "hand capabilities on, or give them up for what is run later", FALSE },
  { "mark files as immutable or append-only, and take such marks away", FALSE },
  { "bind ports below 1024", FALSE },
  { "send broadcasts (the kernel no longer asks for it)", FALSE },
  { "administer the network: interfaces, routes, firewall rules", TRUE },
  { "use raw sockets: forge packets, and listen to those of others", FALSE },
  { "lock memory, so that it is never swapped out", FALSE },
  { "use System V shared memory and queues of others", FALSE },
  { "load and remove kernel modules", TRUE },
  { "reach hardware by ports and by raw memory", TRUE },
  { "change its root directory, and enter other mount namespaces", FALSE },
  { "read and change the memory of other processes", TRUE },
  { "switch the accounting of processes on and off", FALSE },
  { "administer the system: mount, set the host name, and hundreds of other things", TRUE },
  { "reboot, and load another kernel", TRUE },
  { "raise priorities, and choose processors for any process", FALSE },
  { "go beyond limits and quotas, and use reserved disk space", FALSE },
  { "set the clock", FALSE },
  { "configure and hang up terminals", FALSE },
  { "make device files: then the disks of the node can be opened", FALSE },
  { "set leases on files of others", FALSE },
  { "write records to the audit log", FALSE },
  { "configure the audit system", FALSE },
  { "give files capabilities", FALSE },
  { "override mandatory access control, of modules that ask for it", TRUE },
  { "configure mandatory access control: load and remove AppArmor profiles", TRUE },
  { "read and clear the kernel's log", FALSE },
  { "wake the machine up", FALSE },
  { "keep the machine from sleeping", FALSE },
  { "read the audit log of the whole node", FALSE },
  { "observe the whole system by performance counters", FALSE },
  { "load BPF programs into the kernel", TRUE },
  { "freeze and restore processes", FALSE },
};

const char *
aak_capability_words (guint number)
{
  return number < G_N_ELEMENTS (meanings) ? meanings[number].words : NULL;
}

gboolean
aak_capability_is_grave (guint number)
{
  return number < G_N_ELEMENTS (meanings) && meanings[number].grave;
}
