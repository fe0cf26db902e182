// SPDX-License-Identifier: GPL-2.0-or-later
// Attacks on files: secrets, programs, configuration, other volumes, logs.

#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

AttackTarget target;

int
attack_try_open (const char *path, int flags)
{
  int fd = open (path, flags | O_CLOEXEC, 0644);
  if (fd < 0)
    return -1;
  close (fd);
  return 0;
}

int
attack_try_create (const char *path)
{
  if (attack_try_open (path, O_CREAT | O_WRONLY) < 0)
    return -1;
  return unlink (path);
}

// Writes a kernel setting's own value into it.
int
attack_try_rewrite (const char *path)
{
  char value[256];
  int out = open (path, O_WRONLY);
  int in = out < 0 ? -1 : open (path, O_RDONLY);
  if (in < 0)
    return -1;
  ssize_t size = read (in, value, sizeof value);
  return size > 0 && write (out, value, size) == size ? 0 : -1;
}

int
attack_shadow_read (void)
{
  return attack_try_open ("/etc/shadow", O_RDONLY);
}
int
attack_gshadow_read (void)
{
  return attack_try_open ("/etc/gshadow", O_RDONLY);
}
int
attack_shadow_by_proc (void)
{
  return attack_try_open ("/proc/self/root/etc/shadow", O_RDONLY);
}
int
attack_passwd_write (void)
{
  return attack_try_open ("/etc/passwd", O_WRONLY | O_APPEND);
}
int
attack_sbin_create (void)
{
  return attack_try_create ("/usr/sbin/x");
}
int
attack_etc_create (void)
{
  return attack_try_create ("/etc/evil");
}

int
attack_config_create (void)
{
  char path[256];
  snprintf (path, sizeof path, "%s/evil.conf", target.config_dir);
  return attack_try_create (path);
}

int
attack_library_write (void)
{
  return attack_try_open ("/etc/ld.so.cache", O_WRONLY);
}
int
attack_volume_read (void)
{
  return attack_try_open ("/other-volume/secret", O_RDONLY);
}
int
attack_volume_write (void)
{
  return attack_try_create ("/other-volume/x");
}
int
attack_log_truncate (void)
{
  return truncate ("/var/log/other/app.log", 0);
}
int
attack_group_unlink (void)
{
  return unlink ("/etc/group");
}
int
attack_dir_create (void)
{
  return mkdir ("/evil", 0755) < 0 ? -1 : rmdir ("/evil");
}

int
attack_program_swap (void)
{
  if (rename (target.program, "/tmp/swapped") < 0)
    return -1;
  return rename ("/tmp/swapped", target.program);
}

int
attack_shadow_rename (void)
{
  return rename ("/etc/shadow", "/etc/shadow.x") < 0 ? -1 : rename ("/etc/shadow.x", "/etc/shadow");
}

int
attack_shadow_link (void)
{
  return link ("/etc/shadow", "/tmp/linked") < 0 ? -1 : unlink ("/tmp/linked");
}

int
attack_shadow_symlink (void)
{
  if (symlink ("/etc/shadow", "/tmp/pointer") < 0 || attack_try_open ("/tmp/pointer", O_RDONLY) < 0)
    return -1;
  return unlink ("/tmp/pointer");
}

int
attack_chmod_suid (void)
{
  return chmod (target.program, 04755) < 0 ? -1 : chmod (target.program, 0755);
}
int
attack_chown_passwd (void)
{
  return chown ("/etc/passwd", 33, 33) < 0 ? -1 : chown ("/etc/passwd", 0, 0);
}

int
attack_mknod_block (void)
{
  return mknod ("/tmp/disk", S_IFBLK | 0600, makedev (254, 0)) < 0 ? -1 : unlink ("/tmp/disk");
}
