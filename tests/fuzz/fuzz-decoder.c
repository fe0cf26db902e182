/* SPDX-License-Identifier: GPL-2.0-or-later
 * Any bytes as a log file, plain or compressed: read to its end or to its damage, in bounded memory
 * and in pieces of any size. What is plain comes out as it went in, unless it is the journal's. */
#include "learn/source-decoder.h"
#include "learn/source-method.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define GIVEN_MAX (256 * 1024) /* of what a bomb gives, no more is asked for */

/* A file that holds @data, read from its beginning. */
static int
open_file (const uint8_t *data, size_t size)
{
  static int fd = -1;
  if (fd < 0)
    fd = memfd_create ("fuzz", MFD_CLOEXEC);
  g_assert (ftruncate (fd, 0) == 0 && pwrite (fd, data, size, 0) == (ssize_t) size);
  g_assert (lseek (fd, 0, SEEK_SET) == 0);
  return dup (fd);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static char buffer[65536];
  g_autoptr (GError) error = NULL;
  AakSourceDecoder *decoder = aak_source_decoder_new (open_file (data, size), -1, &error);
  g_assert ((decoder == NULL) == (error != NULL));
  if (decoder == NULL)
    return 0;
  gboolean journal =
      size >= 6 && (memcmp (data, "LPKSHH", 6) == 0 || memcmp (data, "__CURS", 6) == 0);
  gboolean plain = aak_source_method_find (data, size) == NULL;
  gsize room = size > 0 && data[size - 1] % 2 != 0 ? sizeof buffer : 100, given = 0;
  gssize n = 0;
  while (given < GIVEN_MAX && (n = aak_source_decoder_read (decoder, buffer, room, &error)) > 0)
    {
      g_assert ((gsize) n <= room && (!plain || given + (gsize) n <= size));
      g_assert (!plain || memcmp (buffer, data + given, (gsize) n) == 0);
      given += (gsize) n;
    }
  g_assert ((n < 0) == (error != NULL));
  g_assert (!plain || given >= GIVEN_MAX || (journal ? n < 0 : n == 0 && given == size));
  aak_source_decoder_free (decoder);
  return 0;
}
