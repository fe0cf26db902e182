/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as a container's config.json. */
#include "lib/container-security.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) json = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (AakContainer) container = aak_container_parse ("config.json", json, &error);
  g_assert (container == NULL || error == NULL);
  if (container != NULL)
    aak_container_is_of (container, "web");
  g_clear_error (&error);
  g_autoptr (AakContainerSecurity) security =
      aak_container_security_parse ("config.json", json, &error);
  g_assert ((security == NULL) == (error != NULL));
  guint unknown = 0;
  if (security != NULL)
    aak_container_security_host_namespaces (security, security, &unknown);
  return 0;
}
