/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Where runtimes listen by default. */
#include "config.h"

#include "lib/runtime-socket.h"

#include <string.h>

static const char *const sockets[] = {
  "/run/containerd/containerd.sock",
  "/run/k3s/containerd/containerd.sock",
  "/run/crio/crio.sock",
  "/run/docker.sock",
};

char *
aak_runtime_socket_in (const char *source, const char *path)
{
  gsize len = strlen (source);
  if (*source != '/')
    return NULL;
  while (len > 0 && source[len - 1] == '/')
    len--;
  gsize path_len = strlen (path);
  while (path_len > 0 && path[path_len - 1] == '/')
    path_len--;
  /* /var/run is a link to /run. */
  if (g_str_has_prefix (source, "/var/run/") || strcmp (source, "/var/run") == 0)
    {
      source += strlen ("/var");
      len -= strlen ("/var");
    }
  for (gsize i = 0; i < G_N_ELEMENTS (sockets); i++)
    if (strncmp (sockets[i], source, len) == 0
        && (sockets[i][len] == '/' || sockets[i][len] == '\0'))
      return g_strdup_printf ("%.*s%s", (int) path_len, path, sockets[i] + len);
  return NULL;
}
