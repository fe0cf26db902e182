// SPDX-License-Identifier: GPL-2.0-or-later
// What an intruder in a container tries. One attack a child process, named in its comm, so that the
// kernel's records can be told apart; each undoes what it did, because a control run lets all of
// them succeed.
//
//   attack run VICTIM CONFIG-DIR PROGRAM [NAME...]   prints "NAME ERRNO" a line (0: the attack
//   succeeded) attack hold | stubborn | scrub                   helper processes, see main()

#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  const char *name; // at most 15 bytes: it becomes the comm
  int (*run) (void);
} Attack;

static const Attack attacks[] = {
  { "shadow-read", attack_shadow_read },
  { "gshadow-read", attack_gshadow_read },
  { "shadow-by-proc", attack_shadow_by_proc },
  { "shadow-rename", attack_shadow_rename },
  { "shadow-link", attack_shadow_link },
  { "shadow-symlink", attack_shadow_symlink },
  { "passwd-write", attack_passwd_write },
  { "passwd-chown", attack_chown_passwd },
  { "group-unlink", attack_group_unlink },
  { "sbin-create", attack_sbin_create },
  { "etc-create", attack_etc_create },
  { "config-create", attack_config_create },
  { "library-write", attack_library_write },
  { "program-swap", attack_program_swap },
  { "program-suid", attack_chmod_suid },
  { "volume-read", attack_volume_read },
  { "volume-write", attack_volume_write },
  { "log-truncate", attack_log_truncate },
  { "dir-create", attack_dir_create },
  { "mknod-block", attack_mknod_block },
  { "mount-tmpfs", attack_mount_tmpfs },
  { "mount-bind", attack_mount_bind },
  { "mount-move", attack_mount_move },
  { "remount-proc", attack_remount_proc },
  { "umount-proc", attack_umount_proc },
  { "pivot-root", attack_pivot },
  { "chroot", attack_change_root },
  { "unshare-mounts", attack_new_mounts },
  { "unshare-user", attack_new_user },
  { "setns", attack_enter_victim },
  { "victim-environ", attack_victim_environ },
  { "victim-memory", attack_victim_memory },
  { "victim-root", attack_victim_root },
  { "victim-kill", attack_victim_kill },
  { "victim-trace", attack_victim_trace },
  { "raw-socket", attack_raw_socket },
  { "packet-socket", attack_packet_socket },
  { "netlink-socket", attack_netlink_socket },
  { "vsock-socket", attack_vsock_socket },
  { "low-port", attack_low_port },
  { "iface-flags", attack_interface_flags },
  { "sysrq", attack_sysrq },
  { "kcore-read", attack_kcore_read },
  { "core-pattern", attack_core_pattern },
  { "vm-setting", attack_vm_setting },
  { "sys-write", attack_sys_write },
  { "syslog-read", attack_syslog_read },
  { "io-ports", attack_io_ports },
  { "accounting", attack_accounting },
  { "reboot-keys", attack_reboot_keys },
  { "priority", attack_priority },
  { "module-load", attack_module_load },
  { "host-name", attack_host_name },
  { "set-time", attack_set_time },
  { "raise-limit", attack_raise_limit },
  { "bpf-map", attack_bpf_map },
  { "perf-kernel", attack_perf_kernel },
  { "exec-dropped", attack_exec_dropped },
  { "exec-memory", attack_exec_memory },
  { "exec-unlearned", attack_exec_unlearned },
};

// Runs one attack in a child; returns its errno, 0 for success, 255 for a crash.
static int
run_attack (const Attack *attack)
{
  pid_t child = fork ();
  if (child == 0)
    {
      prctl (PR_SET_NAME, attack->name);
      usleep (150000); // the scrubber makes the kernel forget which capabilities it has logged
      errno = 0;
      _exit (attack->run () == 0 ? 0 : errno);
    }
  int status = 0;
  waitpid (child, &status, 0);
  return WIFEXITED (status) ? WEXITSTATUS (status) : 255;
}

static int
wanted (const char *name, char **names)
{
  if (*names == NULL)
    return 1;
  for (; *names != NULL; names++)
    if (strcmp (name, *names) == 0)
      return 1;
  return 0;
}

static int
run_all (char **argv)
{
  target = (AttackTarget){ .victim = atoi (argv[2]), .config_dir = argv[3], .program = argv[4] };
  for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++)
    if (wanted (attacks[i].name, argv + 5))
      {
        printf ("%s %d\n", attacks[i].name, run_attack (&attacks[i]));
        fflush (stdout);
      }
  return 0;
}

// The kernel logs a denied capability once per CPU until another profile uses one: this does, on
// every CPU.
static int
scrub (void)
{
  long count = sysconf (_SC_NPROCESSORS_ONLN);
  for (int round = 0; round < 6000; round++)
    {
      cpu_set_t one;
      CPU_ZERO (&one);
      CPU_SET (round % count, &one);
      sched_setaffinity (0, sizeof one, &one);
      sethostname ("scrub", 5);
      usleep (15000);
    }
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc >= 5 && strcmp (argv[1], "run") == 0)
    return run_all (argv);
  if (argc == 2 && strcmp (argv[1], "scrub") == 0)
    return scrub ();
  if (argc == 2 && strcmp (argv[1], "stubborn") == 0)
    signal (SIGTERM, SIG_IGN);
  else if (argc != 2 || strcmp (argv[1], "hold") != 0)
    return 2;
  signal (SIGURG, SIG_IGN);
  for (;;)
    pause ();
}
