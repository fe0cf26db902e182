// SPDX-License-Identifier: GPL-2.0-or-later
// Attacks on the kernel: sockets that a service does not need, settings, privileged system calls.

#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/io.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int
try_socket (int family, int type, int protocol)
{
  int fd = socket (family, type, protocol);
  if (fd < 0)
    return -1;
  close (fd);
  return 0;
}

int
attack_raw_socket (void)
{
  return try_socket (AF_INET, SOCK_RAW, IPPROTO_ICMP);
}
int
attack_packet_socket (void)
{
  return try_socket (AF_PACKET, SOCK_RAW, 0x0300);
}
int
attack_netlink_socket (void)
{
  return try_socket (AF_NETLINK, SOCK_RAW, 0);
}
int
attack_vsock_socket (void)
{
  return try_socket (AF_VSOCK, SOCK_STREAM, 0);
}

int
attack_low_port (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (99) };
  int fd = socket (AF_INET, SOCK_STREAM, 0);
  return fd < 0 ? -1 : bind (fd, (struct sockaddr *) &address, sizeof address);
}

int
attack_interface_flags (void)
{
  struct ifreq request = { .ifr_name = "lo" };
  int fd = socket (AF_INET, SOCK_STREAM, 0);
  if (fd < 0 || ioctl (fd, SIOCGIFFLAGS, &request) < 0)
    return -1;
  return ioctl (fd, SIOCSIFFLAGS, &request);
}

int
attack_sysrq (void)
{
  int fd = open ("/proc/sysrq-trigger", O_WRONLY);
  return fd < 0 || write (fd, "h", 1) != 1 ? -1 : 0;
}

int
attack_kcore_read (void)
{
  return attack_try_open ("/proc/kcore", O_RDONLY);
}
int
attack_core_pattern (void)
{
  return attack_try_rewrite ("/proc/sys/kernel/core_pattern");
}
int
attack_vm_setting (void)
{
  return attack_try_rewrite ("/proc/sys/vm/swappiness");
}
int
attack_sys_write (void)
{
  return attack_try_rewrite ("/host-sys/ksm/run");
}
int
attack_io_ports (void)
{
  return iopl (3);
}
int
attack_accounting (void)
{
  return (int) syscall (SYS_acct, NULL);
}
int
attack_reboot_keys (void)
{
  return reboot (RB_DISABLE_CAD);
}
int
attack_priority (void)
{
  return setpriority (PRIO_PROCESS, 0, -5);
}

// The kernel refuses these four bytes only after it has allowed the loading itself.
int
attack_module_load (void)
{
  if (syscall (SYS_init_module, "junk", 4, "") == 0)
    return 0;
  return errno == ENOEXEC ? 0 : -1;
}

int
attack_host_name (void)
{
  char name[65];
  gethostname (name, sizeof name);
  return sethostname (name, strlen (name));
}

int
attack_set_time (void)
{
  struct timespec now;
  clock_gettime (CLOCK_REALTIME, &now);
  return clock_settime (CLOCK_REALTIME, &now);
}

int
attack_raise_limit (void)
{
  struct rlimit limit;
  getrlimit (RLIMIT_MEMLOCK, &limit);
  limit.rlim_max = limit.rlim_max == RLIM_INFINITY ? RLIM_INFINITY : limit.rlim_max + 4096;
  return setrlimit (RLIMIT_MEMLOCK, &limit);
}

int
attack_bpf_map (void)
{
  union bpf_attr attributes = { .map_type = BPF_MAP_TYPE_ARRAY,
                                .key_size = 4,
                                .value_size = 4,
                                .max_entries = 1 };
  return syscall (SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes) < 0 ? -1 : 0;
}

int
attack_perf_kernel (void)
{
  struct perf_event_attr event = { .type = PERF_TYPE_SOFTWARE, .size = sizeof event };
  return syscall (SYS_perf_event_open, &event, 0, -1, -1, 0) < 0 ? -1 : 0;
}

int
attack_syslog_read (void)
{
  char text[256];
  return klogctl (3, text, sizeof text) < 0 ? -1 : 0;
}
