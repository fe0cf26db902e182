// SPDX-License-Identifier: GPL-2.0-or-later
// The attacks, each 0 for success or -1 with errno, and what they know of the container they run
// in.

#pragma once

#include <sys/types.h>

typedef struct
{
  pid_t victim;           // a process outside the container, or the container's first one
  const char *config_dir; // the ConfigMap volume
  const char *program;    // the workload's own program file
} AttackTarget;

extern AttackTarget target;

int attack_try_open (const char *path, int flags);
int attack_try_create (const char *path);
int attack_try_rewrite (const char *path);

int attack_shadow_read (void);
int attack_gshadow_read (void);
int attack_shadow_by_proc (void);
int attack_passwd_write (void);
int attack_sbin_create (void);
int attack_etc_create (void);
int attack_config_create (void);
int attack_library_write (void);
int attack_volume_read (void);
int attack_volume_write (void);
int attack_log_truncate (void);
int attack_group_unlink (void);
int attack_dir_create (void);
int attack_program_swap (void);
int attack_shadow_rename (void);
int attack_shadow_link (void);
int attack_shadow_symlink (void);
int attack_chmod_suid (void);
int attack_chown_passwd (void);
int attack_mknod_block (void);
int attack_mount_tmpfs (void);
int attack_mount_bind (void);
int attack_mount_move (void);
int attack_remount_proc (void);
int attack_umount_proc (void);
int attack_pivot (void);
int attack_change_root (void);
int attack_new_mounts (void);
int attack_new_user (void);
int attack_enter_victim (void);
int attack_victim_environ (void);
int attack_victim_memory (void);
int attack_victim_root (void);
int attack_victim_kill (void);
int attack_victim_trace (void);
int attack_raw_socket (void);
int attack_packet_socket (void);
int attack_netlink_socket (void);
int attack_vsock_socket (void);
int attack_low_port (void);
int attack_interface_flags (void);
int attack_sysrq (void);
int attack_kcore_read (void);
int attack_core_pattern (void);
int attack_vm_setting (void);
int attack_sys_write (void);
int attack_syslog_read (void);
int attack_io_ports (void);
int attack_accounting (void);
int attack_reboot_keys (void);
int attack_priority (void);
int attack_module_load (void);
int attack_host_name (void);
int attack_set_time (void);
int attack_raise_limit (void);
int attack_bpf_map (void);
int attack_perf_kernel (void);
int attack_exec_dropped (void);
int attack_exec_memory (void);
int attack_exec_unlearned (void);
