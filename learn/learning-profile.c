/* SPDX-License-Identifier: GPL-2.0-or-later
 * The profile that a pod wears while it is learned from. Measured on kernels 6.1 and 6.12, with and
 * without no_new_privs: with an empty complain profile every exec enters a "//null-" child whose
 * mounts and user namespaces the kernel does not report, and labels multiply without bound. A rule
 * that lets every exec come back to the profile itself keeps one label; `px -> itself` and not
 * `ix`, since ix allows mapping as code too, and then nobody hears of the m that a library needs.
 * A deny is kept in complain mode only where every permission that a request lacks is denied
 * without `audit`: so reads are allowed (and audited) where only writes are denied. */
#include "config.h"

#include "learn/profile-writer.h"

#include "learn/writable.h"

static const char denials[] =
    "  # What the container runtime's default profile denies stays denied.\n"
    "  deny /proc/sysrq-trigger rwklm,\n"
    "  deny /proc/kcore rwklm,\n"
    "  deny /proc/kmem rwklm,\n"
    "  deny /proc/mem rwklm,\n"
    "  audit /proc/sys/** r,\n"
    "  deny /proc/sys/** wkl,\n"
    "  audit /sys/** r,\n"
    "  deny /sys/[^f]*/** wkl,\n"
    "  deny /sys/f[^s]*/** wkl,\n"
    "  deny /sys/fs/[^c]*/** wkl,\n"
    "  deny /sys/kernel/security/** rwklm,\n";

char *
aak_profile_learning_text (const char *label, AakAbi abi)
{
  return g_strdup_printf ("# A learning profile: aakit records what a pod under it does.\n"
                          "abi <abi/%s>,\n\n"
                          "profile %s flags=(complain, attach_disconnected, mediate_deleted) {\n"
                          "  # Whatever is executed stays under this label, and is reported.\n"
                          "  audit /** px -> %s,\n\n"
                          "%s"
                          "}\n",
                          aak_abi_word (abi), label, label, denials);
}
