/* SPDX-License-Identifier: GPL-2.0-or-later
 * System calls that a seccomp profile is to refuse, each with arguments that do no harm, in a child
 * of its own: "calls" prints a line "NAME ERRNO" for each, or "NAME killed"; "calls wait" waits to
 * be ended. */
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define BAD (-1L)
#define X32 0x40000000L

/* Without a filter none of them is refused with EPERM or ENOSYS to a process with all capabilities:
 * their arguments are no good. */
static const struct
{
  const char *name;
  long number;
  long args[5];
} calls[] = {
  { "add_key", SYS_add_key, { 0, 0, 0, 0, 0 } },
  { "bpf", SYS_bpf, { BAD, 0, 0 } },
  { "clone3", SYS_clone3, { 0, 0 } },
  { "clone-user", SYS_clone, { CLONE_NEWUSER | CLONE_FS | SIGCHLD, 0, 0, 0, 0 } },
  { "fsopen", SYS_fsopen, { 0, BAD } },
  { "init_module", SYS_init_module, { 0, 0, 0 } },
  { "io_uring_setup", SYS_io_uring_setup, { 0, 0 } },
  { "kexec_load", SYS_kexec_load, { 0, 1000, 0, 0 } },
  { "keyctl", SYS_keyctl, { BAD, 0, 0, 0, 0 } },
  { "mount", SYS_mount, { 0, 0, 0, 0, 0 } },
  { "open_by_handle_at", SYS_open_by_handle_at, { BAD, 0, 0 } },
  { "perf_event_open", SYS_perf_event_open, { 0, 0, 0, BAD, 0 } },
  { "pivot_root", SYS_pivot_root, { 0, 0 } },
  { "process_vm_readv", SYS_process_vm_readv, { 0, 0, 0, 0, 0 } },
  { "ptrace", SYS_ptrace, { 0x4206, 0, 0, 0 } },
  { "reboot", SYS_reboot, { 0, 0, 0, 0 } },
  { "setns", SYS_setns, { BAD, 0 } },
  { "swapon", SYS_swapon, { 0, 0 } },
  { "unshare", SYS_unshare, { 1 } },
  { "userfaultfd", SYS_userfaultfd, { BAD } },
};

static long
call (long number, const long *args)
{
  return syscall (number, args[0], args[1], args[2], args[3], args[4]);
}

/* getpid and exit_group of a 32-bit program. */
static void
call_ia32 (void)
{
  long result = 20;
  __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
  result = 252;
  __asm__ volatile("int $0x80" : "+a"(result) : "b"(0L) : "memory", "r8", "r9", "r10", "r11");
}

static void
tell (const char *name, int status)
{
  if (WIFSIGNALED (status))
    printf ("%s killed\n", name);
  else
    printf ("%s %d\n", name, WEXITSTATUS (status));
}

/* Runs call @i, or what is beyond them, in a child. */
static int
try_one (size_t i)
{
  const size_t n = sizeof calls / sizeof *calls;
  const char *name = i < n ? calls[i].name : i == n ? "x32" : "ia32";
  int status = 0;
  fflush (stdout);
  pid_t child = fork ();
  if (child == 0)
    {
      errno = 0;
      if (i < n)
        call (calls[i].number, calls[i].args);
      else if (i == n)
        syscall (X32 | SYS_getpid);
      else
        call_ia32 ();
      _exit (errno);
    }
  if (child < 0 || waitpid (child, &status, 0) != child)
    return -1;
  tell (name, status);
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc > 1 && strcmp (argv[1], "wait") == 0)
    pause ();
  for (size_t i = 0; i < sizeof calls / sizeof *calls + 2; i++)
    if (try_one (i) < 0)
      return 1;
  return 0;
}
