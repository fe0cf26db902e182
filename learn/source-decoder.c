/* SPDX-License-Identifier: GPL-2.0-or-later
 * Reads a file and decompresses it as it goes, in memory that does not depend on the file. */
#include "config.h"

#include "learn/source-decoder.h"

#include "learn/source-method.h"
#include "lib/error.h"
#include "lib/fd.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>

#define INPUT_BYTES 65536

struct AakSourceDecoder
{
  AakFd fd;
  int wake_fd;                   /* -1: @fd never waits */
  const AakSourceMethod *method; /* NULL: plain */
  gpointer state;                /* the method's */
  gboolean inside;               /* of a compressed stream */
  gboolean at_end;               /* of the file */
  gboolean begun;                /* something was given */
  GError *failed;                /* given once what came before is given */
  gsize start;                   /* of what is not used yet, in input */
  gsize filled;
  guint8 input[INPUT_BYTES];
};

/* Waits for bytes; FALSE where it was woken instead. An error shows when they are read. */
static gboolean
wait_for_bytes (const AakSourceDecoder *decoder)
{
  struct pollfd fds[2] = { { .fd = decoder->fd, .events = POLLIN },
                           { .fd = decoder->wake_fd, .events = POLLIN } };
  int ready;
  do
    ready = poll (fds, 2, -1);
  while (ready < 0 && errno == EINTR);
  return ready < 0 || fds[1].revents == 0;
}

static gssize
read_fd (AakSourceDecoder *decoder, void *buffer, gsize len, GError **error)
{
  ssize_t n = 0;
  if (decoder->wake_fd >= 0 && !wait_for_bytes (decoder))
    {
      decoder->at_end = TRUE;
      return 0;
    }
  do
    n = read (decoder->fd, buffer, len);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    aak_error_set_errno (error, errno, "cannot read");
  decoder->at_end = n == 0;
  return n;
}

/* Has some input where the file is not at its end; FALSE with an error. */
static gboolean
refill (AakSourceDecoder *decoder, GError **error)
{
  if (decoder->start < decoder->filled || decoder->at_end)
    return TRUE;
  gssize n = read_fd (decoder, decoder->input, sizeof decoder->input, error);
  decoder->start = 0;
  decoder->filled = n > 0 ? (gsize) n : 0;
  return n >= 0;
}

/* Streams may be followed by others, and by NULs that pad the file. */
static gboolean
begin_stream (AakSourceDecoder *decoder)
{
  while (decoder->start < decoder->filled && decoder->input[decoder->start] == 0)
    decoder->start++;
  decoder->inside = decoder->start < decoder->filled;
  return decoder->inside;
}

static gboolean
explain (const AakSourceDecoder *decoder, AakSourceStep step, GError **error)
{
  const char *name = decoder->method->name;
  switch (step)
    {
    case AAK_SOURCE_STEP_MORE:
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "the %s data ends early", name);
      break;
    case AAK_SOURCE_STEP_MEMBER:
      return TRUE;
    case AAK_SOURCE_STEP_DAMAGED:
      g_set_error (error, AAK_ERROR, AAK_ERROR_INVALID, "the %s data is damaged", name);
      break;
    case AAK_SOURCE_STEP_TOO_LARGE:
      g_set_error (error, AAK_ERROR, AAK_ERROR_TOO_LARGE,
                   "the %s data needs more than %d MiB of memory to decompress", name,
                   AAK_SOURCE_METHOD_MEMORY >> 20);
      break;
    }
  return FALSE;
}

/* One step; the bytes that it gave. Sets decoder->failed where no further step can be made. */
static gsize
step (AakSourceDecoder *decoder, char *buffer, gsize len)
{
  gsize had = decoder->filled - decoder->start;
  AakSourceChunk chunk = { decoder->input + decoder->start, had, (guint8 *) buffer, len };
  AakSourceStep result = decoder->method->step (decoder->state, &chunk);
  decoder->start = decoder->filled - chunk.in_len;
  decoder->inside = result != AAK_SOURCE_STEP_MEMBER;
  gboolean stuck = chunk.out_len == len && chunk.in_len == had && (had > 0 || decoder->at_end);
  if (result == AAK_SOURCE_STEP_DAMAGED || result == AAK_SOURCE_STEP_TOO_LARGE
      || (result == AAK_SOURCE_STEP_MORE && stuck))
    explain (decoder, result, &decoder->failed);
  return len - chunk.out_len;
}

static gssize
read_compressed (AakSourceDecoder *decoder, char *buffer, gsize len, GError **error)
{
  while (decoder->failed == NULL)
    {
      if (!refill (decoder, error))
        return -1;
      if (!decoder->inside && !begin_stream (decoder))
        {
          if (decoder->at_end)
            return 0;
          continue;
        }
      gsize given = step (decoder, buffer, len);
      if (given > 0)
        return (gssize) given;
    }
  g_propagate_error (error, g_error_copy (decoder->failed));
  return -1;
}

static gssize
read_content (AakSourceDecoder *decoder, char *buffer, gsize len, GError **error)
{
  if (decoder->method != NULL)
    return read_compressed (decoder, buffer, len, error);
  gsize left = MIN (decoder->filled - decoder->start, len);
  if (left == 0)
    return decoder->at_end ? 0 : read_fd (decoder, buffer, len, error);
  memcpy (buffer, decoder->input + decoder->start, left);
  decoder->start += left;
  return (gssize) left;
}

/* What keeps messages of any program with their newlines, so that a line of one looks like a line
 * of the file: it would forge records of the kernel's. */
static const struct
{
  char magic[7];
  const char *what;
} refused[] = {
  { "LPKSHH", "is a file of the journal: read its directory by --source journald=DIR" },
  { "__CURS", "is the journal as journalctl -o export writes it: read the journal's own directory "
              "by --source journald=DIR" },
};

static gboolean
check_content (const char *content, gsize len, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    if (len >= AAK_SOURCE_MAGIC_MAX
        && memcmp (content, refused[i].magic, AAK_SOURCE_MAGIC_MAX) == 0)
      {
        g_set_error_literal (error, AAK_ERROR, AAK_ERROR_INVALID, refused[i].what);
        return FALSE;
      }
  return TRUE;
}

gssize
aak_source_decoder_read (AakSourceDecoder *decoder, char *buffer, gsize len, GError **error)
{
  gssize n = read_content (decoder, buffer, len, error);
  if (n > 0 && !decoder->begun && !check_content (buffer, (gsize) n, error))
    return -1;
  decoder->begun = TRUE;
  return n;
}

/* Enough of the file to know what it is; a pipe may give it in pieces. */
static gboolean
peek (AakSourceDecoder *decoder, GError **error)
{
  while (decoder->filled < AAK_SOURCE_MAGIC_MAX && !decoder->at_end)
    {
      gssize n = read_fd (decoder, decoder->input + decoder->filled,
                          AAK_SOURCE_MAGIC_MAX - decoder->filled, error);
      if (n < 0)
        return FALSE;
      decoder->filled += (gsize) n;
    }
  return TRUE;
}

AakSourceDecoder *
aak_source_decoder_new (int fd, int wake_fd, GError **error)
{
  g_autoptr (AakSourceDecoder) decoder = g_new0 (AakSourceDecoder, 1);
  struct stat st;
  decoder->fd = fd;
  decoder->wake_fd = fstat (fd, &st) == 0 && S_ISREG (st.st_mode) ? -1 : wake_fd;
  if (!peek (decoder, error))
    return NULL;
  const AakSourceMethod *method = aak_source_method_find (decoder->input, decoder->filled);
  if (method != NULL && method->new == NULL)
    {
      g_set_error (error, AAK_ERROR, AAK_ERROR_NOT_FOUND,
                   "is compressed by %s, which this aakit was built without: decompress it first",
                   method->name);
      return NULL;
    }
  decoder->method = method;
  decoder->state = method != NULL ? method->new () : NULL;
  return g_steal_pointer (&decoder);
}

gboolean
aak_source_decoder_is_plain (const AakSourceDecoder *decoder)
{
  return decoder->begun && decoder->method == NULL && decoder->start == decoder->filled
         && decoder->failed == NULL;
}

void
aak_source_decoder_free (AakSourceDecoder *decoder)
{
  if (decoder->state != NULL)
    decoder->method->free (decoder->state);
  g_clear_error (&decoder->failed);
  aak_fd_clear (&decoder->fd);
  g_free (decoder);
}
