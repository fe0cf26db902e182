/* SPDX-License-Identifier: GPL-2.0-or-later
 * What one label was seen to do: the distinct accesses, each with its permissions, its owner
 * evidence, and the runs that saw it. Memory grows with distinct accesses, never with events. */
#pragma once

#include "learn/allow-list.h"
#include "learn/container-facts.h"
#include "learn/event.h"
#include "learn/image-facts.h"
#include "learn/program-facts.h"
#include "learn/run.h"
#include "lib/volumes.h"

/* The bounds of one label: distinct accesses, and the bytes of their names. What is beyond is
 * counted, not kept. */
#define AAK_OBSERVATIONS_MAX       200000
#define AAK_OBSERVATIONS_MAX_BYTES (64u << 20)

/* How often, and between which times (ms since the epoch), one run saw an access. */
typedef struct
{
  guint run; /* index into the runs */
  guint64 count;
  guint64 first;
  guint64 last;
} AakSighting;

/* One distinct access. Its key is child, class, name and detail:
 *   file        name = path,           detail = target of a link, else ""
 *   capability  name = "chown",        detail = "optional" or "": see AAK_ASKED_OPTIONAL
 *   network     name = address family, detail = socket type
 *   signal      name = peer label,     detail = signal
 *   ptrace      name = peer label,     detail = ""
 *   unix        name = socket type,    detail = addr, peer_addr, peer label
 *   mount       name = mount point,    detail = operation (mount, remount, bind, move, propagation,
 *                                               umount, pivot_root), source, fstype, flags
 *   userns      name = "create",       detail = ""
 *   change_profile name = the label,   detail = change_profile, change_onexec, stack or change_hat
 *   rlimit      name = limit,          detail = value
 *   mqueue      name = queue,          detail = "posix" or "sysv"
 *   io_uring    name = operation,      detail = peer label
 *   dbus        name = bus,            detail = path, interface, member, name, peer label
 *   inet        name = address family, detail = type, addr, port, peer_addr, peer_port
 *   syscall     name = architecture,   detail = name of the call; of the label, never of a child
 *   exec        name = child,          detail = path of the program that was executed into it; ""
 * is an exec that no_new_privs kept out of it Several details are one text (learn/access-fields.h).
 * Peer labels are folded (aak_label_fold_peer()). An address is as the kernel writes it: "none", a
 * path, or "@" and an abstract name, in hex where a byte of it is a blank, a quote, or not
 * printable. */
typedef struct
{
  AakClass class;
  char *child; /* of the label, which did it; "" is the label itself */
  char *name;  /* these three lie in the same piece of memory */
  char *detail;
  guint perms;        /* AakPerm bits that were asked for */
  guint shared_perms; /* those of them that were asked for by somebody else than the file's owner */
  GArray *sightings;  /* AakSighting, by run, each run once */
} AakObservation;

/* A capability that the kernel asked for and does without: its record has the info
 * "optional: no audit" (Linux, security/apparmor/capability.c, profile_capable(); only in complain
 * mode). */
#define AAK_ASKED_OPTIONAL "optional"

typedef struct AakObservations AakObservations;

AakObservations *aak_observations_new (const char *label);
void aak_observations_free (AakObservations *observations);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakObservations, aak_observations_free)

const char *aak_observations_label (const AakObservations *observations);
/* What was allowed it by hand. Belongs to @observations. */
AakAllowList *aak_observations_allow_list (const AakObservations *observations);
/* The volumes of its containers, and what patterns would admit of their images. As above. */
AakVolumes *aak_observations_volumes (const AakObservations *observations);
AakImageFacts *aak_observations_image (const AakObservations *observations);
/* How its containers were started, and what the programs gain that were executed in them. As
 * above. */
AakContainerFacts *aak_observations_containers (const AakObservations *observations);
AakProgramFacts *aak_observations_programs (const AakObservations *observations);
/* Adds what @from has of these five. */
void aak_observations_merge_known (AakObservations *observations, const AakObservations *from);

/* From now on tells what children of the label do from what it does itself. "//null-" children do
 * not count: the kernel reports a part of what they do (measured on 6.1: neither sockets nor
 * mounts), and a pod can make as many as it likes. */
void aak_observations_follow_children (AakObservations *observations);

/* From now on keeps the addresses of internet sockets, where the kernel tells them
 * (learn/inet-access.h). */
void aak_observations_keep_addresses (AakObservations *observations);

/* TRUE where a child did one of the accesses. */
gboolean aak_observations_has_children (const AakObservations *observations);

/* Adds a run and returns its index; takes @run. */
guint aak_observations_add_run (AakObservations *observations, AakRun *run);
guint aak_observations_n_runs (const AakObservations *observations);
AakRun *aak_observations_get_run (const AakObservations *observations, guint index);

/* Adds @event to run @run, and returns the access that it is; NULL for what only counts (status and
 * policy events, what no rule can be made of, what is beyond the bounds). *@out_news: it was a
 * new access, or a new permission on a known one. */
AakObservation *aak_observations_add (AakObservations *observations, guint run,
                                      const AakEvent *event, gboolean *out_news);
/* Counts @seen->count more events of run @seen->run that equal an earlier one, which was
 * @observation, but for their times. @denied: that one was refused. */
void aak_observations_add_again (AakObservations *observations, AakObservation *observation,
                                 const AakSighting *seen, gboolean denied);

/* The access with the key of @key, which is added, without permissions and sightings, where it is
 * missing; NULL where it is beyond the bounds. */
AakObservation *aak_observations_get (AakObservations *observations, const AakObservation *key);

/* The access with the key of @key, or NULL. */
AakObservation *aak_observations_find (const AakObservations *observations,
                                       const AakObservation *key);

/* Adds @added, whose key must be missing, and owns it from then on. FALSE where it is beyond the
 * bounds, and stays the caller's. */
gboolean aak_observations_take (AakObservations *observations,
                                AakObservation *added) G_GNUC_WARN_UNUSED_RESULT;

/* Adds what a state says: merges permissions and sightings into the access with this key. Takes
 * nothing. FALSE where it is beyond the bounds, and so was not added. */
gboolean aak_observations_merge (AakObservations *observations, const AakObservation *from);

/* Adds what another part of the same run saw, and empties @from, which is of the same label and,
 * like @observations, of that one run. FALSE where a bound was met, now or before: then it depended
 * on the order of the records what was kept. */
gboolean aak_observations_absorb (AakObservations *observations, AakObservations *from);

/* All accesses in their order (class, name, detail, child; bytewise). The array belongs to the
 * caller, its elements do not. */
GPtrArray *aak_observations_sorted (const AakObservations *observations);
/* The same, and they belong to the array; @observations has none any more. An element may be set to
 * NULL by who takes it. */
GPtrArray *aak_observations_steal (AakObservations *observations);
guint aak_observations_count (const AakObservations *observations);

/* An access of the label itself. */
AakObservation *aak_observation_new (AakClass class, const char *name, const char *detail);
/* One with the key of @key, without permissions and sightings. */
AakObservation *aak_observation_new_like (const AakObservation *key);
void aak_observation_free (AakObservation *observation);
/* The path of the program where @observation is its execution, or NULL. Belongs to @observation. */
const char *aak_observation_program (const AakObservation *observation);
/* How many events all runs saw of it; no more than fit. */
guint64 aak_observation_events (const AakObservation *observation);
/* Orders sightings (AakSighting) by their run. */
int aak_sighting_compare (gconstpointer a, gconstpointer b);
/* What run @run saw of it; NULL where it did not. Valid until the next one is added. */
AakSighting *aak_observation_sighting (const AakObservation *observation, guint run);
/* Adds the sighting of a run that has none yet. */
void aak_observation_insert (AakObservation *observation, const AakSighting *seen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakObservation, aak_observation_free)
