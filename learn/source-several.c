/* SPDX-License-Identifier: GPL-2.0-or-later
 * Several sources of the running kernel's records at once: what one of them misses another may
 * have, and what several have counts once. */
#include "config.h"

#include "learn/source.h"

#include "learn/duplicates.h"
#include "lib/error.h"
#include "lib/fd.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

typedef struct
{
  AakSource *source;
  gboolean gone; /* it ended or failed, and what came since it has not */
} Member;

typedef struct
{
  AakSource base;
  AakSourceClass class; /* with a name of its own */
  char *name;
  Member members[AAK_DUPLICATES_SOURCES];
  guint count;
  guint current; /* gave the last record */
  AakDuplicates *duplicates;
  AakFd epoll;
} SeveralSource;

/* --- records --------------------------------------------------------------------------------- */

static guint
count_living (const SeveralSource *self)
{
  guint living = 0;
  for (guint i = 0; i < self->count; i++)
    living += !self->members[i].gone;
  return living;
}

/* One of them is gone: the others go on, and the account forgets it. */
static void
lose (SeveralSource *self, Member *member, const char *why)
{
  member->gone = TRUE;
  epoll_ctl (self->epoll, EPOLL_CTL_DEL, aak_source_fd (member->source), NULL);
  g_autofree char *before = self->base.notice;
  self->base.notice = g_strdup_printf ("%s%ssource %s is gone (%s): going on without it",
                                       before != NULL ? before : "", before != NULL ? "; " : "",
                                       aak_source_name (member->source), why);
}

/* The current member's next new record. */
static AakSourceStatus
next_of_current (SeveralSource *self, AakSourceRecord *out, GError **error)
{
  Member *member = &self->members[self->current];
  GError *local = NULL;
  AakSourceStatus status;
  if (member->gone)
    return AAK_SOURCE_AGAIN;
  do
    status = aak_source_next (member->source, out, &local);
  while (status == AAK_SOURCE_RECORD
         && !aak_duplicates_is_new (self->duplicates, self->current, out));
  if (status == AAK_SOURCE_RECORD || status == AAK_SOURCE_AGAIN)
    return status;
  if (count_living (self) > 1)
    {
      lose (self, member, local != NULL ? local->message : "it ended");
      g_clear_error (&local);
      return AAK_SOURCE_AGAIN;
    }
  if (local != NULL)
    g_propagate_error (error, local);
  return status;
}

/* One member is read until it has nothing for now, then the next: AGAIN once none had anything. */
static AakSourceStatus
several_next (AakSource *source, AakSourceRecord *out, GError **error)
{
  SeveralSource *self = (SeveralSource *) source;
  for (guint tried = 0; tried < self->count; tried++)
    {
      AakSourceStatus status = next_of_current (self, out, error);
      if (status != AAK_SOURCE_AGAIN)
        return status;
      self->current = (self->current + 1) % self->count;
    }
  return AAK_SOURCE_AGAIN;
}

/* --- the account ----------------------------------------------------------------------------- */

/* What @member itself missed of the records that the kernel gave out; those that the kernel dropped
 * before that are missing in all. */
static AakAccount
own_losses (const Member *member)
{
  AakAccount losses = *aak_source_account (member->source);
  if (member->source->control != NULL)
    losses.backlog = 0;
  losses.blind |= member->gone;
  return losses;
}

static gboolean
is_better (const AakAccount *a, const AakAccount *b)
{
  if (a->blind != b->blind)
    return !a->blind;
  if ((a->unsized == 0) != (b->unsized == 0))
    return a->unsized == 0;
  return aak_account_lost (a) < aak_account_lost (b);
}

/* A record is lost where every source lost it; that is at most what the best of them lost, and so
 * much is counted. */
static void
several_refresh (AakSource *source)
{
  SeveralSource *self = (SeveralSource *) source;
  AakAccount *account = &self->base.account;
  AakAccount best = { 0 };
  guint64 dropped = 0;
  for (guint i = 0; i < self->count; i++)
    {
      AakAccount losses = own_losses (&self->members[i]);
      if (i == 0 || is_better (&losses, &best))
        best = losses;
      if (self->members[i].source->control != NULL)
        dropped = MAX (dropped, self->members[i].source->account.backlog);
    }
  account->backlog = dropped + best.backlog;
  account->overrun = best.overrun;
  account->unsized = best.unsized + (self->base.gap != NULL ? 1 : 0);
  account->blind = best.blind;
}

/* --- the rest -------------------------------------------------------------------------------- */

static int
several_fd (const AakSource *source)
{
  return ((const SeveralSource *) source)->epoll;
}

static char *
several_position (const AakSource *source)
{
  const SeveralSource *self = (const SeveralSource *) source;
  return aak_source_position (self->members[self->current].source);
}

/* Those that can give again what came since a position: the others begin anew. */
static gboolean
keeps_history (const AakSource *source)
{
  const char *name = aak_source_name (source);
  return strcmp (name, "audit-log") == 0 || strcmp (name, "journald") == 0;
}

/* Where each stands, and what it has still to give that others gave. Where that is too much, it
 * misses records for good: then the position says only that there was one. */
static void
several_mark (AakSource *source, AakPosition *out)
{
  SeveralSource *self = (SeveralSource *) source;
  gboolean known = TRUE;
  out->seed = aak_duplicates_seed (self->duplicates);
  for (guint i = 0; i < self->count && known; i++)
    {
      AakPosition *member = aak_source_mark (self->members[i].source);
      if (keeps_history (self->members[i].source))
        known = aak_duplicates_ahead (self->duplicates, i, AAK_POSITION_MAX_AHEAD, member->ahead);
      g_ptr_array_add (out->members, member);
    }
  if (!known)
    g_ptr_array_set_size (out->members, 0);
}

/* A record that is on its way to one of them counts once another has it. */
static const char *
several_unsettled (AakSource *source)
{
  SeveralSource *self = (SeveralSource *) source;
  const char *why = NULL;
  for (guint i = 0; i < self->count; i++)
    if (!self->members[i].gone && (why = aak_source_unsettled (self->members[i].source)) == NULL)
      return NULL;
  return why;
}

static void
several_close (AakSource *source)
{
  SeveralSource *self = (SeveralSource *) source;
  for (guint i = self->count; i > 0; i--)
    aak_source_close (self->members[i - 1].source);
  aak_duplicates_free (self->duplicates);
  aak_fd_clear (&self->epoll);
  g_free (self->base.gap);
  g_free (self->base.notice);
  g_free (self->name);
  g_free (self);
}

static const AakSourceClass several_class = {
  .next = several_next,
  .fd = several_fd,
  .refresh = several_refresh,
  .position = several_position,
  .mark = several_mark,
  .unsettled = several_unsettled,
  .close = several_close,
};

static gboolean
watch_all (SeveralSource *self)
{
  self->epoll = epoll_create1 (EPOLL_CLOEXEC);
  for (guint i = 0; self->epoll >= 0 && i < self->count; i++)
    {
      struct epoll_event event = { .events = EPOLLIN };
      int fd = aak_source_fd (self->members[i].source);
      if (fd < 0 || epoll_ctl (self->epoll, EPOLL_CTL_ADD, fd, &event) < 0)
        return FALSE;
    }
  return self->epoll >= 0;
}

/* A gap is what is a gap in all of them. */
static void
go_on (SeveralSource *self, const AakPosition *from)
{
  g_autoptr (GPtrArray) ahead = g_ptr_array_new ();
  const char *why = from->members->len == self->count
                        ? NULL
                        : "one of the sources lacked so many records that no position was kept";
  for (guint i = 0; i < from->members->len; i++)
    g_ptr_array_add (ahead, ((AakPosition *) g_ptr_array_index (from->members, i))->ahead);
  aak_duplicates_restore (self->duplicates, from->seed, ahead);
  for (guint i = 0; i < self->count && from->members->len == self->count; i++)
    {
      const AakSource *source = self->members[i].source;
      if (keeps_history (source) && source->gap == NULL)
        return;
      why = source->gap != NULL ? source->gap : why;
    }
  self->base.gap = g_strdup (why != NULL ? why : "none of the sources keeps a history");
}

AakSource *
aak_source_several_new (GPtrArray *sources, const AakPosition *from, GError **error)
{
  SeveralSource *self = g_new0 (SeveralSource, 1);
  g_autoptr (GString) name = g_string_new (NULL);
  self->count = MIN (sources->len, AAK_DUPLICATES_SOURCES);
  for (guint i = 0; i < self->count; i++)
    {
      self->members[i].source = g_ptr_array_index (sources, i);
      g_string_append_printf (name, "%s%s", i > 0 ? "+" : "",
                              aak_source_name (self->members[i].source));
    }
  g_ptr_array_set_free_func (sources, NULL);
  g_ptr_array_set_size (sources, 0);
  self->name = g_string_free (g_steal_pointer (&name), FALSE);
  self->class = several_class;
  self->class.name = self->name;
  self->base.class = &self->class;
  self->duplicates = aak_duplicates_new ();
  if (from != NULL)
    go_on (self, from);
  if (watch_all (self))
    return &self->base;
  aak_error_set_errno (error, errno, "cannot wait for %s", self->name);
  several_close (&self->base);
  return NULL;
}
