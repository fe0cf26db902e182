/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What guards a task, and what it may do, as the kernel tells it: capabilities, seccomp,
 * no_new_privs, AppArmor label, ids and namespaces (proc(5)). */
#pragma once

#include "lib/capability-set.h"
#include "lib/namespaces.h"

typedef enum
{
  AAK_SECCOMP_OFF = 0, /* numbers of the kernel (seccomp(2), SECCOMP_MODE_*) */
  AAK_SECCOMP_STRICT = 1,
  AAK_SECCOMP_FILTER = 2,
} AakSeccompMode;

typedef struct
{
  guint uid, gid; /* effective, in the node's user namespace */
  AakCapabilitySets sets;
  gboolean no_new_privs;
  gboolean ended; /* it has exited, and waits for its parent to take notice */
  AakSeccompMode seccomp;
  guint64 filters; /* of seccomp; 0 too where the kernel does not count them (before 5.9) */
} AakTaskStatus;

typedef struct
{
  guint pid;  /* of the thread, in the PID namespace of /proc */
  char *comm; /* any bytes */
  AakTaskStatus status;
  char *label;   /* without the mode; NULL where the kernel has no AppArmor, or it is hidden */
  char *mode;    /* "enforce", NULL where the label has none ("unconfined") */
  char *uid_map; /* /proc/PID/uid_map, each line as "INSIDE OUTSIDE LENGTH" and joined by ", "; NULL
                    where it is not known */
  AakNamespaces namespaces;
} AakTaskSecurity;

/* Reads the text of /proc/PID/status. INVALID where a line that every kernel since 4.10 writes is
 * missing or damaged; @name stands for the file in messages. A comm cannot forge a line: the kernel
 * escapes newlines in it (fs/proc/array.c, proc_task_name), and the first line of a key counts. */
gboolean aak_task_status_parse (const char *name, const char *text, AakTaskStatus *out,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads what @tid, a thread of the process @pid below @root (the leader: @pid itself), is. All of
 * it is of one task, also where its number is used again meanwhile. NOT_FOUND where it is gone. The
 * caller frees it. */
AakTaskSecurity *aak_task_security_read (const char *root, guint pid, guint tid,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aak_task_security_free (AakTaskSecurity *task);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakTaskSecurity, aak_task_security_free)

/* TRUE where @one and @other are the same in all but pid and comm. */
gboolean aak_task_security_equal (const AakTaskSecurity *one, const AakTaskSecurity *other);

/* A hash of what aak_task_security_equal() compares: a GHashFunc. */
guint aak_task_security_hash (gconstpointer task);

/* The user id @task has inside of its own user namespace; G_MAXUINT32 where that has none for it,
 * and the id itself where the mapping is not known. */
guint aak_task_security_inner_uid (const AakTaskSecurity *task);

/* TRUE where the user namespace of @task is the one that @init, process 1, is in; where that is not
 * known, one in which every id is itself. */
gboolean aak_task_security_has_node_ids (const AakTaskSecurity *task, const AakTaskSecurity *init);

/* The threads of the process @pid below @root, the leader first, the others ascending: an array of
 * guint that the caller drops. NULL with an error where they cannot be listed: NOT_FOUND where the
 * process is gone. */
GArray *aak_task_security_threads (const char *root, guint pid,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
