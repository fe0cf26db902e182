/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What a page tells of profiles, as data: the programs fill it, lib/report/page.h writes it.
 *
 * Texts are UTF-8: names that others chose were escaped (lib/escape.h), or are rules, whose own
 * escapes keep them in ASCII. */
#pragma once

#include "lib/json.h"
#include "lib/mode.h"
#include "lib/policy/score.h"
#include "lib/report/tree-map.h"

#define AAK_REPORT_N_CAPABILITIES 41 /* checkpoint_restore, of Linux 5.9, is the last */
#define AAK_REPORT_MAX_SEEN       25 /* of a rule; what is beyond is counted */

/* An access that a rule stands for. */
typedef struct
{
  char *what;
  guint64 events;
  guint64 first, last; /* ms since the epoch */
} AakReportSeen;

typedef struct
{
  const char *class; /* "file", "capability", ...; static */
  char *text;        /* as the profile has it */
  char *name;        /* what it is about: a path or its pattern, a capability, a family */
  char *detail;      /* the rest of that: the type of a socket, a signal; "" is none */
  guint access;      /* of files: AAK_REPORT_READ, WRITE, EXEC */
  gboolean owner;    /* of files: of those only that are the task's own */
  gboolean widened;  /* it stands for more than what was seen */
  const char
      *standing;  /* "active", "review", "unwritable", "unmediated", "implied", "deny"; static */
  char *reason;   /* why it waits for review, or cannot be written; NULL: neither */
  char *allow;    /* the command that allows it; NULL: there is none */
  char *remark;   /* what widened it, and what that admits; NULL: nothing */
  char *place;    /* where it stands, or which record was its first; NULL: not known */
  guint accesses; /* 0: it rests on no observation */
  guint64 events;
  guint64 first, last; /* ms since the epoch */
  GArray *runs;        /* guint: the numbers of the runs that saw it, from 1 */
  GPtrArray *seen;     /* AakReportSeen: the first of what it stands for */
} AakReportRule;

/* A recording. */
typedef struct
{
  char *node;
  char *source;
  char *verdict; /* what it lost, in words */
  guint64 start; /* ms since the epoch */
  guint64 events;
  gboolean complete;
  GPtrArray *pods; /* char* */
} AakReportRun;

typedef struct
{
  gboolean allowed; /* by the profile */
  gboolean held;    /* by a container, as far as that is known */
  gboolean used;
  gboolean review; /* used, and nobody allowed it */
  guint64 events;
} AakReportCapability;

typedef enum
{
  AAK_REPORT_EXEC_STAYS,
  AAK_REPORT_EXEC_CHANGES, /* to another profile */
  AAK_REPORT_EXEC_LEAVES,  /* runs without confinement */
  AAK_REPORT_EXEC_REFUSED,
} AakReportExecKind;

typedef struct
{
  char *from;    /* label */
  char *program; /* a path, or a pattern */
  char *to;      /* label; "" where it is not known, or refused */
  AakReportExecKind kind;
  guint64 events; /* 0: not seen */
} AakReportExec;

typedef struct
{
  char *machine;
  char *name;
  guint64 events;
} AakReportCall;

/* So many rules were there after so many events. */
typedef struct
{
  guint64 events;
  guint rules;
} AakReportPoint;

typedef struct
{
  gboolean known;
  GArray *points;       /* AakReportPoint, both members grow */
  GArray *marks;        /* guint64: after how many events each run began */
  guint64 events;       /* all */
  guint accesses;       /* distinct ones */
  guint runs;           /* that saw one */
  guint once;           /* accesses that were met once only */
  gboolean enough;      /* the chance means something */
  double chance;        /* that the next event is new, 0 to 1 */
  double low, high;     /* of its interval of 95 % */
  guint64 since_events; /* after the last new rule */
  guint64 since_ms;     /* recorded time */
} AakReportGrowth;

/* What two profiles do differently. */
typedef struct
{
  char *heading;
  char *explanation;
  GPtrArray *wider;    /* char*: rules */
  GPtrArray *narrower; /* the same */
  GPtrArray *remarks;  /* char* */
  char *wider_means;   /* what a line of each stands for */
  char *narrower_means;
} AakReportChange;

/* A file that the page is about. */
typedef struct
{
  char *what;   /* "Learned state" */
  char *name;   /* of the file, or the command that prints it */
  char *digest; /* of its bytes, in hex */
} AakReportFile;

/* All of one profile. */
typedef struct
{
  char *label;
  GPtrArray *files;     /* AakReportFile: what all of this is about */
  const char *mode;     /* static; NULL: not known */
  char *unmade;         /* why there is no compiled policy to ask; NULL: there is */
  char *asked;          /* for what the policy was compiled; NULL */
  gboolean learned;     /* there are observations */
  gboolean rules_known; /* @rules are all that there are */
  GPtrArray *rules;     /* AakReportRule */
  GPtrArray *judged;   /* AakReportRule: what the profile allows, where it is not of @rules; NULL */
  GPtrArray *runs;     /* AakReportRun */
  gboolean held_known; /* which capabilities the containers hold */
  gboolean allowed_known; /* which capabilities the profile allows */
  AakReportCapability capabilities[AAK_REPORT_N_CAPABILITIES];
  GPtrArray *execs; /* AakReportExec */
  GPtrArray *calls; /* AakReportCall */
  AakReportGrowth growth;
  AakScore *score;    /* NULL: not known */
  AakTreeMap *tree;   /* NULL: there is none */
  char *tree_source;  /* what the tree shows, a sentence; NULL */
  GPtrArray *changes; /* AakReportChange */
  GPtrArray *denied;  /* char*: what was seen and the profile denies; NULL: not asked */
} AakReportPart;

AakReportPart *aak_report_part_new (const char *label);
void aak_report_part_free (AakReportPart *part);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AakReportPart, aak_report_part_free)

/* An empty one, which the array that it is put into owns; or @part, where it is added to that.
 * @class, @standing: static. */
AakReportRule *aak_report_rule_new (const char *class, const char *standing);
AakReportRule *aak_report_add_rule (AakReportPart *part, const char *class, const char *standing);
AakReportRun *aak_report_add_run (AakReportPart *part);
AakReportChange *aak_report_add_change (AakReportPart *part, const char *heading);
/* What changed since the older state or profile in the file @path. */
AakReportChange *aak_report_add_change_since (AakReportPart *part, const char *path);
/* Adds what is copied; of @bytes the digest. */
void aak_report_add_file (AakReportPart *part, const char *what, const char *name, GBytes *bytes);
void aak_report_add_exec (AakReportPart *part, const AakReportExec *exec);
void aak_report_add_call (AakReportPart *part, const char *machine, const char *name,
                          guint64 events);
void aak_report_rule_add_seen (AakReportRule *rule, const char *what, guint64 events, guint64 first,
                               guint64 last);

/* An array for rules, which it owns. */
GPtrArray *aak_report_rules_new (void);
/* What the profile that the page is about allows: its rules. Owned by @part. */
const GPtrArray *aak_report_allowed (const AakReportPart *part);

/* "is active": it is in force. */
gboolean aak_report_rule_is_active (const AakReportRule *rule);
guint aak_report_count (const AakReportPart *part, const char *standing);
