/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What an OCI bundle asks the runtime to guard a container with (OCI runtime specification 1.2,
 * config.md and config-linux.md), as far as it tells of security. */
#pragma once

#include "lib/capability-set.h"
#include "lib/container.h"
#include "lib/namespaces.h"

/* A part of the node's file system that is mounted into the container: a hostPath volume, or what a
 * device plugin mounts, which looks the same. */
typedef struct
{
  char *source; /* on the node */
  char *path;   /* in the container */
  gboolean readonly;
} AakHostMount;

typedef struct
{
  guint uid, gid; /* in the container's user namespace */
  AakCapabilitySets sets;
  gboolean no_new_privs;
  char *label;             /* of AppArmor; NULL: none */
  char *selinux_label;     /* NULL: none */
  char *seccomp_action;    /* what a system call meets that its profile does not name
                              ("SCMP_ACT_ERRNO"); NULL: no seccomp profile */
  guint seccomp_calls;     /* that it names */
  guint own_namespaces;    /* that are made for the container: bits (1 << AakNamespace) */
  guint joined_namespaces; /* of another process: the sandbox's, as a rule */
  gboolean readonly_rootfs;
  gboolean masks_paths;    /* hides files of /proc */
  gboolean protects_paths; /* makes files of /proc read-only */
  gboolean writable_sysfs;
  GPtrArray *sysctls;     /* names (char*) in the order of the file */
  GPtrArray *host_mounts; /* AakHostMount, in the order of the file, which is that of mounting */
  char *sandbox;          /* the id of the pod's sandbox; NULL where it is not told */
} AakContainerSecurity;

/* Reads one config.json, of a container or a sandbox. INVALID where it is no JSON object; what is
 * missing in it, or of another type, is as the specification has it by default. @name stands for
 * the file in messages. The caller frees it. */
AakContainerSecurity *aak_container_security_parse (const char *name, GBytes *json,
                                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_container_security_free (AakContainerSecurity *bundle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakContainerSecurity, aak_container_security_free)

/* Reads the bundle of @container; NOT_FOUND where it is gone. */
AakContainerSecurity *aak_container_security_read (const AakContainer *container,
                                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* That of the sandbox of @container, which it names as @bundle says; NULL where it names none, and
 * with an error where that cannot be read. */
AakContainerSecurity *aak_container_security_read_sandbox (const AakContainer *container,
                                                           const AakContainerSecurity *bundle,
                                                           GError **error);

/* TRUE where it has what a runtime gives a privileged container only: nothing of /proc is hidden or
 * protected, and /sys can be written to (containerd, oci/spec_opts.go, WithPrivileged). */
gboolean aak_container_security_is_privileged (const AakContainerSecurity *bundle);

/* The node's namespaces that the container gets, as bits: those that neither @bundle nor, where it
 * joins the sandbox's, @sandbox has one of its own of. NULL: there is none, or it could not be
 * read;
 * *@out_unknown: those that are not known for that. */
guint aak_container_security_host_namespaces (const AakContainerSecurity *bundle,
                                              const AakContainerSecurity *sandbox,
                                              guint *out_unknown);
