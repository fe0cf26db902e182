// SPDX-License-Identifier: GPL-2.0-or-later
// Attacks on name spaces, mounts and other processes, and on what may be executed.

#define _GNU_SOURCE
#include "attack.h"

#include <elf.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *
of_victim (const char *name)
{
  static char path[256];
  snprintf (path, sizeof path, "/proc/%d/%s", (int) target.victim, name);
  return path;
}

int
attack_mount_tmpfs (void)
{
  return mount ("none", "/mnt", "tmpfs", 0, NULL) < 0 ? -1 : umount ("/mnt");
}

int
attack_mount_bind (void)
{
  return mount ("/etc", "/mnt", NULL, MS_BIND, NULL) < 0 ? -1 : umount2 ("/mnt", MNT_DETACH);
}

int
attack_mount_move (void)
{
  if (unshare (CLONE_NEWNS) < 0 || mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
    return -1;
  return mount ("/dev/mqueue", "/mnt", NULL, MS_MOVE, NULL);
}

int
attack_remount_proc (void)
{
  if (mount (NULL, "/proc", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) < 0)
    return -1;
  return mount (NULL, "/proc", NULL, MS_REMOUNT | MS_BIND, NULL);
}

int
attack_umount_proc (void)
{
  return unshare (CLONE_NEWNS) < 0 ? -1 : umount2 ("/proc", MNT_DETACH);
}

int
attack_pivot (void)
{
  if (unshare (CLONE_NEWNS) < 0 || mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
    return -1;
  if (mount ("none", "/mnt", "tmpfs", 0, NULL) < 0 || mkdir ("/mnt/old", 0755) < 0)
    return -1;
  return (int) syscall (SYS_pivot_root, "/mnt", "/mnt/old");
}

int
attack_change_root (void)
{
  return chroot ("/tmp");
}
int
attack_new_mounts (void)
{
  return unshare (CLONE_NEWNS);
}
int
attack_new_user (void)
{
  return unshare (CLONE_NEWUSER);
}

int
attack_enter_victim (void)
{
  int fd = open (of_victim ("ns/uts"), O_RDONLY);
  return fd < 0 ? -1 : setns (fd, CLONE_NEWUTS);
}

int
attack_victim_environ (void)
{
  return attack_try_open (of_victim ("environ"), O_RDONLY);
}
int
attack_victim_memory (void)
{
  return attack_try_open (of_victim ("mem"), O_RDWR);
}
int
attack_victim_root (void)
{
  return attack_try_open (of_victim ("root/etc/hostname"), O_RDONLY);
}
int
attack_victim_kill (void)
{
  return kill (target.victim, SIGURG);
}

int
attack_victim_trace (void)
{
  if (ptrace (PTRACE_SEIZE, target.victim, NULL, NULL) < 0)
    return -1;
  ptrace (PTRACE_DETACH, target.victim, NULL, NULL);
  return 0;
}

// A program that only exits, with 0.
static const struct
{
  Elf64_Ehdr header;
  Elf64_Phdr segment;
  unsigned char code[9];
} dropped = {
  .header = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
              .e_type = ET_EXEC,
              .e_machine = EM_X86_64,
              .e_version = EV_CURRENT,
              .e_entry = 0x400000 + sizeof (Elf64_Ehdr) + sizeof (Elf64_Phdr),
              .e_phoff = sizeof (Elf64_Ehdr),
              .e_ehsize = sizeof (Elf64_Ehdr),
              .e_phentsize = sizeof (Elf64_Phdr),
              .e_phnum = 1 },
  .segment = { .p_type = PT_LOAD,
               .p_flags = PF_R | PF_X,
               .p_vaddr = 0x400000,
               .p_filesz = sizeof (Elf64_Ehdr) + sizeof (Elf64_Phdr) + 9,
               .p_memsz = sizeof (Elf64_Ehdr) + sizeof (Elf64_Phdr) + 9,
               .p_align = 4096 },
  .code = { 0x31, 0xff, 0xb8, 60, 0, 0, 0, 0x0f, 0x05 }, // xor edi, edi; mov eax, exit; syscall
};

int
attack_exec_dropped (void)
{
  const char *path = "/tmp/dropped";
  int fd = open (path, O_CREAT | O_WRONLY | O_CLOEXEC, 0755);
  if (fd < 0 || write (fd, &dropped, sizeof dropped) < 0)
    return -1;
  close (fd);
  return execl (path, path, NULL);
}

int
attack_exec_memory (void)
{
  char *argv[] = { "dropped", NULL };
  int fd = memfd_create ("dropped", MFD_CLOEXEC);
  if (fd < 0 || write (fd, &dropped, sizeof dropped) < 0)
    return -1;
  return (int) syscall (SYS_execveat, fd, "", argv, NULL, AT_EMPTY_PATH);
}

int
attack_exec_unlearned (void)
{
  return execl ("/opt/tools/busybox", "true", NULL);
}
