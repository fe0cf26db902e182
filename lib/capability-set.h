/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Sets of capabilities (capabilities(7)), as processes hold them and bundles name them. */
#pragma once

#include <glib.h>

/* Bit N is capability N. */
typedef guint64 AakCapabilitySet;

/* The five of a task (capabilities(7), "Thread capability sets"). */
typedef struct
{
  AakCapabilitySet effective, permitted, inheritable, bounding, ambient;
} AakCapabilitySets;

/* What containerd gives a container that asks for nothing (oci/spec.go, defaultUnixCaps). */
#define AAK_CAPABILITY_SET_DEFAULT G_GUINT64_CONSTANT (0xa80425fb)

gboolean aak_capability_sets_equal (const AakCapabilitySets *one, const AakCapabilitySets *other);

/* All that is in any set of @sets. */
AakCapabilitySet aak_capability_sets_reach (const AakCapabilitySets *sets);

/* Adds to each set of @into the same one of @from. */
void aak_capability_sets_add (AakCapabilitySets *into, const AakCapabilitySets *from);

/* Reads a set as /proc/PID/status has it: hexadecimal digits, 16 at most. FALSE for anything
 * else. */
gboolean aak_capability_set_parse (const char *hex, AakCapabilitySet *out);

/* The number of a capability as an OCI bundle calls it, "CAP_CHOWN" in any case and with or without
 * its prefix, or by its number, "41". FALSE for anything else. */
gboolean aak_capability_number (const char *name, guint *out_number);

/* "chown"; of one that has no name here its number, "41". The caller frees it. */
char *aak_capability_name (guint number);

/* How many are in @set. */
guint aak_capability_set_size (AakCapabilitySet set);

/* The names of @set (char*) by number; the caller drops them. */
GPtrArray *aak_capability_set_names (AakCapabilitySet set);

/* The same with a blank between them: "chown kill"; "" of an empty set. The caller frees it. */
char *aak_capability_set_text (AakCapabilitySet set);
