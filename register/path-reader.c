/* SPDX-License-Identifier: GPL-2.0-or-later
 * One thread at a time. It and the main loop meet when it begins and when it is joined. */
#include "config.h"

#include "register/path-reader.h"

#include "lib/error.h"
#include "lib/fd.h"
#include "register/desired.h"

#include <errno.h>
#include <sys/eventfd.h>

struct AakPathReader
{
  AakCli *cli;
  AakDesiredOptions options;
  GSourceFunc done;
  gpointer data;
  AakFd stop_fd;    /* can be read from the moment on that all shall end */
  GThread *thread;  /* NULL: not busy */
  GSource *told;    /* to call @done */
  AakDesired *read; /* what was read; NULL: */
  GError *why;      /* why it could not be */
};

AakPathReader *
aak_path_reader_new (AakCli *cli, const AakDesiredOptions *options, GSourceFunc done, gpointer data,
                     GError **error)
{
  AakFd stop_fd = eventfd (0, EFD_CLOEXEC);
  if (stop_fd < 0)
    {
      aak_error_set_errno (error, errno, "cannot make an eventfd");
      return NULL;
    }
  AakPathReader *reader = g_new0 (AakPathReader, 1);
  reader->cli = cli;
  reader->options = *options;
  reader->options.stop_fd = stop_fd;
  reader->done = done;
  reader->data = data;
  reader->stop_fd = stop_fd;
  return reader;
}

gboolean
aak_path_reader_busy (const AakPathReader *reader)
{
  return reader->thread != NULL;
}

/* Not as an idle source: whoever keeps the main loop busy with the kernel would keep what was read
 * out. */
static gpointer
run (gpointer data)
{
  AakPathReader *reader = data;
  reader->read = aak_desired_read (reader->cli, &reader->options, NULL, &reader->why);
  g_source_attach (reader->told, NULL);
  return NULL;
}

gboolean
aak_path_reader_begin (AakPathReader *reader, GError **error)
{
  reader->told = g_idle_source_new ();
  g_source_set_priority (reader->told, G_PRIORITY_DEFAULT);
  g_source_set_callback (reader->told, reader->done, reader->data, NULL);
  reader->thread = g_thread_try_new ("read", run, reader, error);
  if (reader->thread == NULL)
    g_clear_pointer (&reader->told, g_source_unref);
  return reader->thread != NULL;
}

AakDesired *
aak_path_reader_end (AakPathReader *reader, GError **error)
{
  g_thread_join (g_steal_pointer (&reader->thread));
  g_source_destroy (reader->told);
  g_clear_pointer (&reader->told, g_source_unref);
  if (reader->why != NULL)
    g_propagate_error (error, g_steal_pointer (&reader->why));
  return g_steal_pointer (&reader->read);
}

void
aak_path_reader_free (AakPathReader *reader)
{
  eventfd_write (reader->stop_fd, 1);
  g_autoptr (GError) ignored = NULL; /* nobody wants to know any more */
  AakDesired *read = reader->thread != NULL ? aak_path_reader_end (reader, &ignored) : NULL;
  g_clear_pointer (&read, aak_desired_unref);
  aak_fd_clear (&reader->stop_fd);
  g_free (reader);
}
