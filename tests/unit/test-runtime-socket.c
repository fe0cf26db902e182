/* SPDX-License-Identifier: GPL-2.0-or-later
 * Which mounts give a container its runtime's socket, and where. */
#include "lib/runtime-socket.h"

#include <criterion/criterion.h>

Test (runtime_socket, mounts)
{
  static const struct
  {
    const char *source, *path, *socket;
  } rows[] = {
    { "/run/containerd/containerd.sock", "/c.sock", "/c.sock" },
    { "/run/containerd/containerd.sock/", "/c.sock", "/c.sock" },
    { "/run/containerd", "/run/containerd/", "/run/containerd/containerd.sock" },
    { "/var/run", "/host", "/host/containerd/containerd.sock" },
    { "/var/run/docker.sock", "/var/run/docker.sock", "/var/run/docker.sock" },
    { "/run/crio", "/x", "/x/crio.sock" },
    { "/", "/host", "/host/run/containerd/containerd.sock" },
    { "/", "/", "/run/containerd/containerd.sock" },
    { "/run/k3s", "/k", "/k/containerd/containerd.sock" },
    { "/run/containerd/containerd.sock.ttrpc", "/x", NULL },
    { "/run/containerd/io.containerd.grpc.v1.cri", "/x", NULL },
    { "/run/containe", "/x", NULL },
    { "/var/runs", "/x", NULL },
    { "/var", "/x", NULL },
    { "proc", "/proc", NULL },
    { "", "/x", NULL },
    { "/var/lib/kubelet/pods/u/volumes/kubernetes.io~configmap/c", "/etc/c", NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *socket = aak_runtime_socket_in (rows[i].source, rows[i].path);
      cr_expect_eq (g_strcmp0 (socket, rows[i].socket), 0, "%s at %s: %s", rows[i].source,
                    rows[i].path, socket);
    }
}
