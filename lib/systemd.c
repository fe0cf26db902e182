/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Finding the library and its functions. */
#include "config.h"

#include "lib/systemd.h"

#ifdef HAVE_SYSTEMD

#include "lib/error.h"

#include <dlfcn.h>
#include <string.h>

#define LIBRARY "libsystemd.so.0"

AakSystemd aak_sd;

/* The names of the functions, in the order of AakSystemd. */
#define NAME(name) "sd_" #name,
static const char *const names[] = { AAK_SYSTEMD_FUNCTIONS (NAME) };
#undef NAME

/* Returns NULL, or a text that stays, which says what is missing. */
static const char *
load (void)
{
  void *library = dlopen (LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == NULL)
    return g_intern_string (dlerror ());
  void *functions[G_N_ELEMENTS (names)];
  G_STATIC_ASSERT (sizeof functions == sizeof aak_sd);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      functions[i] = dlsym (library, names[i]);
      if (functions[i] == NULL)
        return g_intern_string (dlerror ());
    }
  memcpy (&aak_sd, functions, sizeof aak_sd);
  return NULL;
}

gboolean
aak_systemd_load (GError **error)
{
  static gsize once;
  static const char *why;
  if (g_once_init_enter (&once))
    {
      why = load ();
      g_once_init_leave (&once, 1);
    }
  if (why == NULL)
    return TRUE;
  g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND, "libsystemd cannot be used: %s", why);
  return FALSE;
}

#endif
