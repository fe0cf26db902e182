/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a recording from a kernel shows while it goes on, in states that no log leads to: a verb
 * for each draws it on the terminal, and stays. */
#include "config.h"

#include "learn/live-block.h"

#include <unistd.h>

#define SECOND  ((gint64) G_USEC_PER_SEC)
#define MINUTES (60 * SECOND)
#define SEEN    60 /* seconds that it can be looked at */

/* An hour and a minute into a recording with these @news, of which the last came @quiet ago. */
static int
draw (AakCli *cli, int argc, char **argv, const AakLiveFigures *figures, const char *const *news,
      gint64 quiet, GError **error)
{
  gint64 now = 61 * MINUTES;
  g_autoptr (AakLiveBlock) block = aak_live_block_new (0);
  if (!aak_cli_parse (cli, (GOptionEntry[]){ { NULL } }, "", "", &argc, &argv, error))
    return 0;
  for (; *news != NULL; news++)
    {
      g_autoptr (AakObservation) access = aak_observation_new (AAK_CLASS_FILE, *news, "");
      access->perms = AAK_PERM_R;
      aak_live_block_add (block, access, now - quiet);
    }
  aak_live_block_draw (block, cli, figures, now);
  sleep (SEEN);
  return 0;
}

static const char *const none[] = { NULL };
static const char *const some[] = {
  "/etc/nginx/nginx.conf",
  "/etc/nginx/conf.d/default.conf",
  "/usr/share/nginx/html/a/long/way/down/to/a/file/that/is/served/"
  "once/a/day/and/whose/name/is/longer/than/the/terminal/is/wide",
  "/run/nginx.pid",
  "/var/log/nginx/\033[31mred\033[m",
  "/proc/42/status",
  NULL
};

static int
waiting (AakCli *cli, int argc, char **argv, GError **error)
{
  AakLiveFigures figures = { .label = "k8s-web", .labels = 1, .rules = G_MAXUINT, .chance = -1 };
  return draw (cli, argc, argv, &figures, none, 0, error);
}

static int
news (AakCli *cli, int argc, char **argv, GError **error)
{
  AakLiveFigures figures = { .label = "k8s-web",
                             .labels = 1,
                             .events = 12345,
                             .accesses = 87,
                             .rules = 54,
                             .chance = 0.0123 };
  return draw (cli, argc, argv, &figures, some, 4 * SECOND, error);
}

static int
losses (AakCli *cli, int argc, char **argv, GError **error)
{
  AakLiveFigures figures = { .label = "k8s-web",
                             .labels = 1,
                             .events = 1234567,
                             .lost = 4096,
                             .accesses = 870,
                             .rules = 154,
                             .chance = 0.0001,
                             .stable_us = 10 * MINUTES };
  return draw (cli, argc, argv, &figures, some, 7 * MINUTES, error);
}

/* Without the capability that tells of losses, and with several pods. */
static int
blind (AakCli *cli, int argc, char **argv, GError **error)
{
  AakLiveFigures figures = { .labels = 3,
                             .events = 99,
                             .blind = TRUE,
                             .accesses = 6,
                             .rules = 6,
                             .chance = -1 };
  return draw (cli, argc, argv, &figures, some, 90 * SECOND, error);
}

static const AakVerb verbs[] = {
  { "waiting", "Nothing was heard yet", waiting },
  { "news", "Something is new", news },
  { "losses", "Records were lost", losses },
  { "blind", "How many were lost is not known", blind },
  { NULL },
};

static const AakProgram program = { .name = "draw-live", .verbs = verbs };

int
main (int argc, char **argv)
{
  return aak_cli_main (&program, argc, argv);
}
