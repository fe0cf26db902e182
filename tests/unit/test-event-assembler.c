/* SPDX-License-Identifier: GPL-2.0-or-later
 * Records of one event come together however they are mixed with others, late ones are not waited
 * for, and nothing that they say changes the event itself. */
#include "learn/event-assembler.h"

#include <criterion/criterion.h>
#include <string.h>

#define AT(serial)      " msg=audit(1.000:" #serial "): "
#define AVC(serial)     "type=AVC" AT (serial) "apparmor=\"ALLOWED\""
#define SYSCALL(serial) "type=SYSCALL" AT (serial) "syscall=2"
#define TITLE(serial)   "type=PROCTITLE" AT (serial) "proctitle=\"t\""
#define END(serial)     "type=EOE" AT (serial)

#define MAX_LINES 12

static void
collect (const char *line, gpointer user_data)
{
  GString *all = user_data;
  g_string_append_printf (all, "%s\n", line);
}

/* An AVC line is the event {"e":SERIAL}. */
static void
take (AakEventAssembler *assembler, const char *line, gint64 now)
{
  AakSourceRecord raw = { 0, line, strlen (line) };
  AakCompanion companion;
  g_autofree char *json = NULL;
  if (strstr (line, "type=AVC") != NULL && aak_companion_parse (&raw, &companion))
    json = g_strdup_printf ("{\"e\":%" G_GUINT64_FORMAT "}", companion.key.serial);
  else if (strstr (line, "type=AVC") != NULL)
    json = g_strdup ("{\"e\":\"?\"}");
  aak_event_assembler_take (assembler, &raw, json, now);
}

static const struct
{
  const char *lines[MAX_LINES];
  const char *want;
} streams[] = {
  /* before, after, among others, and none */
  { { AVC (1), SYSCALL (1), TITLE (1) },
    "{\"e\":1,\"syscall\":{\"syscall\":2},\"proctitle\":\"t\"}\n" },
  { { SYSCALL (1), TITLE (1), AVC (1) },
    "{\"e\":1,\"syscall\":{\"syscall\":2},\"proctitle\":\"t\"}\n" },
  { { AVC (1), AVC (2), SYSCALL (2), SYSCALL (1), TITLE (2), END (2), TITLE (1), AVC (3) },
    "{\"e\":1,\"syscall\":{\"syscall\":2},\"proctitle\":\"t\"}\n"
    "{\"e\":2,\"syscall\":{\"syscall\":2},\"proctitle\":\"t\"}\n{\"e\":3}\n" },
  { { AVC (1), AVC (1), SYSCALL (1), END (1) },
    "{\"e\":1,\"syscall\":{\"syscall\":2}}\n{\"e\":1,\"syscall\":{\"syscall\":2}}\n" },
  { { AVC (3), AVC (1), AVC (2) }, "{\"e\":3}\n{\"e\":1}\n{\"e\":2}\n" },
  { { AVC (1), END (1), SYSCALL (1) }, "{\"e\":1}\n" },
  { { SYSCALL (1), TITLE (1) }, "" },
  /* of another node, and of another second */
  { { "node=a " AVC (1), "node=b " SYSCALL (1), "node=a " END (1) }, "{\"e\":1}\n" },
  { { "node=a " AVC (1), "node=a " SYSCALL (1) }, "{\"e\":1,\"syscall\":{\"syscall\":2}}\n" },
  { { AVC (1), "node=a " SYSCALL (1) }, "{\"e\":1}\n" },
  { { AVC (1), "type=SYSCALL msg=audit(1.001:1): syscall=2" }, "{\"e\":1}\n" },
  /* the same place in the window */
  { { AVC (1), SYSCALL (1), AVC (257), SYSCALL (257) },
    "{\"e\":1,\"syscall\":{\"syscall\":2}}\n{\"e\":257,\"syscall\":{\"syscall\":2}}\n" },
  /* all that a companion says */
  { { AVC (1),
      "type=SYSCALL" AT (
          1) "arch=c000003e syscall=257 success=no exit=-13 a0=3 a1=7ff comm=6120620A exe=\"/b\" tty=(none) ses=4294967295 subj=k8s-web (enforce) key=\"forged\"",
      "type=CWD" AT (1) "cwd=2F612062",
      "type=PATH" AT (
          1) "item=0 name=\"/a\" inode=7 dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0\x1dOUID=\"root\" OGID=\"root\"",
      "type=PATH" AT (1) "item=1 name=(null) nametype=PARENT",
      "type=EXECVE" AT (1) "argc=3 a0=\"sh\" a1=\"7\" a2=6563686F2022",
      "type=PROCTITLE" AT (1) "proctitle=7368002D63" },
    "{\"e\":1,\"syscall\":{\"arch\":\"c000003e\",\"syscall\":257,\"success\":\"no\",\"exit\":-13,\"a0\":\"3\",\"a1\":\"7ff\",\"comm\":\"a b\\\\x0a\",\"exe\":\"/b\",\"tty\":\"(none)\",\"ses\":4294967295,\"subj\":\"k8s-web\"},"
    "\"execve\":{\"argc\":3,\"a0\":\"sh\",\"a1\":\"7\",\"a2\":\"echo \\\"\"},\"cwd\":\"/a b\","
    "\"paths\":[{\"item\":0,\"name\":\"/a\",\"inode\":7,\"dev\":\"08:01\",\"mode\":\"0100644\",\"ouid\":0,\"ogid\":0,\"rdev\":\"00:00\",\"nametype\":\"NORMAL\",\"cap_fp\":0},{\"item\":1,\"nametype\":\"PARENT\"}],"
    "\"proctitle\":\"sh\\\\x00-c\"}\n" },
  /* damage, and what is twice */
  { { AVC (1), "type=PATH" AT (1) "item=0", "type=PATH" AT (1) "item=1",
      "type=PATH" AT (1) "item=0", END (1) },
    "{\"e\":1,\"paths\":[{\"item\":0},{\"item\":1}]}\n" },
  { { AVC (1), SYSCALL (1), "type=SYSCALL" AT (1) "syscall=3", END (1) },
    "{\"e\":1,\"syscall\":{\"syscall\":2}}\n" },
  { { AVC (1), "type=CWD" AT (1) "profile=\"x\"", "type=PATH" AT (1) "item=0 name=\"/a ouid=0",
      "type=PROCTITLE" AT (1) "" },
    "{\"e\":1,\"cwd\":null,\"paths\":[{\"item\":0}],\"proctitle\":null}\n" },
  /* what user space sends says nothing */
  { { AVC (1), "type=USER" AT (1) "pid=1 msg='type=SYSCALL" AT (1) "syscall=2'",
      "type=USER_CMD" AT (1) "cwd=\"/\" cmd=6C73", "type=TRUSTED_APP" AT (1) "syscall=2",
      "type=UNKNOWN[1300]" AT (1) "syscall=2", "type=SYSCALLX" AT (1) "syscall=2",
      " type=SYSCALL" AT (1) "syscall=2", "node=type=SYSCALL" AT (1) "syscall=2",
      "type=SYSCALL audit(1.000:1): syscall=2", "type=SYSCALL msg=audit(1.000:1) syscall=2" },
    "{\"e\":1}\n" },
  { { AVC (1), "May 26 12:00:00 h kernel: type=SYSCALL" AT (1) "syscall=2",
      "[    1.2] audit: type=1300 audit(1.000:1): syscall=2" },
    "{\"e\":1}\n" },
  /* a text without a group keeps its place */
  { { AVC (1), "x type=AVC", SYSCALL (1) },
    "{\"e\":1,\"syscall\":{\"syscall\":2}}\n{\"e\":\"?\"}\n" },
};

Test (event_assembler, streams)
{
  for (gsize i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      g_autoptr (GString) got = g_string_new (NULL);
      g_autoptr (AakEventAssembler) assembler = aak_event_assembler_new (TRUE, collect, got);
      for (gsize k = 0; k < MAX_LINES && streams[i].lines[k] != NULL; k++)
        take (assembler, streams[i].lines[k], 0);
      aak_event_assembler_flush (assembler);
      cr_expect_str_eq (got->str, streams[i].want, "stream %zu:\n  got  %s\n  want %s", i, got->str,
                        streams[i].want);
    }
}

/* Audit messages are told by their number. */
Test (event_assembler, messages)
{
  static const char event[] = "audit(1.000:1): apparmor=\"ALLOWED\"";
  static const char call[] = "audit(1.000:1): syscall=2";
  for (guint type = 1; type < 2200; type++)
    {
      g_autoptr (GString) got = g_string_new (NULL);
      g_autoptr (AakEventAssembler) assembler = aak_event_assembler_new (TRUE, collect, got);
      AakSourceRecord avc = { 1400, event, strlen (event) }, other = { type, call, strlen (call) };
      aak_event_assembler_take (assembler, &avc, "{\"e\":1}", 0);
      aak_event_assembler_take (assembler, &other, NULL, 0);
      aak_event_assembler_flush (assembler);
      gboolean adds = type == 1300 || type == 1302 || type == 1307 || type == 1309 || type == 1327;
      cr_expect_eq (strcmp (got->str, "{\"e\":1}\n") != 0, adds, "type %u: %s", type, got->str);
    }
}

/* Live, an event waits for half a second at most, and only where companions were seen. */
Test (event_assembler, a_live_stream_is_never_late)
{
  g_autoptr (GString) got = g_string_new (NULL);
  g_autoptr (AakEventAssembler) assembler = aak_event_assembler_new (FALSE, collect, got);
  take (assembler, AVC (1), 1000000);
  cr_expect_str_eq (got->str, "{\"e\":1}\n", "none was seen: %s", got->str);
  cr_expect_eq (aak_event_assembler_expire (assembler, 1000000), -1);
  take (assembler, SYSCALL (2), 1000000);
  take (assembler, AVC (3), 2000000);
  take (assembler, AVC (4), 2000000);
  take (assembler, TITLE (4), 2100000);
  cr_expect_str_eq (got->str, "{\"e\":1}\n", "the first waits, and the second behind it");
  int left = aak_event_assembler_expire (assembler, 2100000);
  cr_expect (left > 300 && left < 500, "%d", left);
  cr_expect_eq (aak_event_assembler_expire (assembler, 2500000), -1);
  cr_expect_str_eq (got->str, "{\"e\":1}\n{\"e\":3}\n{\"e\":4,\"proctitle\":\"t\"}\n");
}

/* Without a clock it is the number of records that ends the wait; in a stream without companions
 * there is soon none. */
Test (event_assembler, patience_ends)
{
  g_autoptr (GString) got = g_string_new (NULL);
  g_autoptr (AakEventAssembler) assembler = aak_event_assembler_new (TRUE, collect, got);
  take (assembler, AVC (1), 0);
  for (int i = 0; i < 300; i++)
    take (assembler, "type=USER" AT (9) "x", 0);
  cr_expect_str_eq (got->str, "{\"e\":1}\n", "no companion at all");
  take (assembler, AVC (2), 0);
  cr_expect_str_eq (got->str, "{\"e\":1}\n{\"e\":2}\n", "a calm stream");
  take (assembler, SYSCALL (3), 0);
  take (assembler, AVC (4), 0);
  for (int i = 0; i < 500; i++)
    take (assembler, i % 100 == 0 ? SYSCALL (3) : "type=USER" AT (9) "x", 0);
  cr_expect_str_eq (got->str, "{\"e\":1}\n{\"e\":2}\n", "it waits");
  for (int i = 0; i < 20; i++)
    take (assembler, "type=USER" AT (9) "x", 0);
  cr_expect_str_eq (got->str, "{\"e\":1}\n{\"e\":2}\n{\"e\":4}\n", "and not for ever");
}

/* A flood of companions of one event is cut off. */
Test (event_assembler, memory_is_bounded)
{
  g_autoptr (GString) got = g_string_new (NULL);
  g_autoptr (AakEventAssembler) assembler = aak_event_assembler_new (TRUE, collect, got);
  g_autofree char *name = g_strnfill (8000, 'x');
  take (assembler, AVC (1), 0);
  for (int i = 0; i < 200; i++)
    {
      g_autofree char *path = g_strdup_printf ("type=PATH" AT (1) "item=%d name=\"%s\"", i, name);
      take (assembler, path, 0);
    }
  aak_event_assembler_flush (assembler);
  cr_expect (got->len > 50000 && got->len < 70000, "%zu", got->len);
}
