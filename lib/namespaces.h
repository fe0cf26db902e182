/* SPDX-License-Identifier: LGPL-2.1-or-later
 * The kinds of namespaces (namespaces(7)). */
#pragma once

#include <glib.h>

typedef enum
{
  AAK_NAMESPACE_CGROUP,
  AAK_NAMESPACE_IPC,
  AAK_NAMESPACE_MOUNT,
  AAK_NAMESPACE_NETWORK,
  AAK_NAMESPACE_PID,
  AAK_NAMESPACE_TIME,
  AAK_NAMESPACE_USER,
  AAK_NAMESPACE_UTS,
  AAK_NAMESPACE_N,
} AakNamespace;

/* Those that a task is in: the inode numbers of /proc/PID/ns; 0 where it is not known. */
typedef struct
{
  guint64 inode[AAK_NAMESPACE_N];
} AakNamespaces;

/* As a bundle calls it ("mount", "network"; OCI runtime specification, config-linux.md). */
const char *aak_namespace_name (AakNamespace kind);
/* The kind that a bundle calls @name; FALSE where there is none of that name. */
gboolean aak_namespace_parse (const char *name, AakNamespace *out_kind);

/* Reads those of the task whose directory in /proc is @dir, an open descriptor. What cannot be
 * read is not known. */
AakNamespaces aak_namespaces_read (int dir);

/* Those that both are in, as bits (1 << kind). What is not known of one of them is not shared. */
guint aak_namespaces_shared (const AakNamespaces *one, const AakNamespaces *other);
