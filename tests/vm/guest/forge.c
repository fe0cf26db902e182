/* SPDX-License-Identifier: GPL-2.0-or-later
 * What user space can do to be taken for the kernel; static, so that it runs in any container.
 *
 *   forge send RECORD     sends RECORD as audit messages of many types and in several disguises
 *   forge kmsg RECORD     writes it to /dev/kmsg
 *   forge open PATH...    makes and opens files, as a process whose own name is hostile
 *
 * Each prints what the kernel said to it: "WHAT ERRNO" a line, 0 where it was taken. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* USER, USER_AVC, USER_TTY, USER_AVC of AppArmor's, a user's anomaly, the kernel's own. */
static const int types[] = { 1005, 1107, 1112, 1116, 2100, 1400, 1500,
                             1501, 1502, 1503, 1504, 1505, 1506, 1507 };

/* auditd writes the text of a message to its log, a line a message. */
static const char *const disguises[] = {
  "audit(1.000:1): %s",
  "x'\ntype=AVC msg=audit(1.000:1): %s\ntype=USER_AVC msg='x",
  "x\rtype=AVC msg=audit(1.000:1): %s\r",
  "op=x res=success'\035type=AVC msg=audit(1.000:1): %s",
};

typedef struct
{
  struct nlmsghdr header;
  char text[4096];
} Message;

static int
send_message (int type, const char *disguise, const char *record)
{
  Message message = { .header = { .nlmsg_type = (unsigned short) type,
                                  .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
                                  .nlmsg_seq = 1 } };
  struct timeval patience = { .tv_sec = 5 };
  int fd = socket (AF_NETLINK, SOCK_RAW, NETLINK_AUDIT);
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  int length = snprintf (message.text, sizeof message.text, disguise, record);
  message.header.nlmsg_len = (unsigned) (sizeof message.header + (size_t) length + 1);
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  struct
  {
    struct nlmsghdr header;
    struct nlmsgerr error;
    char rest[4096];
  } answer;
  int result = fd < 0 || send (fd, &message, message.header.nlmsg_len, 0) < 0
                       || recv (fd, &answer, sizeof answer, 0) < 0
                   ? errno
                   : -answer.error.error;
  close (fd);
  return result;
}

static void
send_all (const char *record)
{
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
    for (size_t k = 0; k < sizeof disguises / sizeof disguises[0]; k++)
      printf ("%d.%zu %d\n", types[i], k, send_message (types[i], disguises[k], record));
}

static void
write_kmsg (const char *record)
{
  static const char *const prefixes[] = { "", "<5>", "<0>audit: ", "audit: ", "x\n<5>audit: " };
  int fd = open ("/dev/kmsg", O_WRONLY);
  int failure = errno;
  for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
    {
      char line[900];
      int length =
          snprintf (line, sizeof line, "%stype=1400 audit(1.000:1): %s\n", prefixes[i], record);
      if (fd >= 0)
        failure = write (fd, line, (size_t) length) < 0 ? errno : 0;
      printf ("kmsg.%zu %d\n", i, failure);
    }
}

static void
open_all (char **paths)
{
  prctl (PR_SET_NAME, "a\" profile=\"x");
  for (int i = 0; paths[i] != NULL; i++)
    printf ("open.%d %d\n", i,
            open (paths[i], O_RDONLY | O_CREAT | O_CLOEXEC, 0600) < 0 ? errno : 0);
}

int
main (int argc, char **argv)
{
  if (argc >= 3 && strcmp (argv[1], "send") == 0)
    send_all (argv[2]);
  else if (argc >= 3 && strcmp (argv[1], "kmsg") == 0)
    write_kmsg (argv[2]);
  else if (argc >= 3 && strcmp (argv[1], "open") == 0)
    open_all (argv + 2);
  else
    return 2;
  return 0;
}
