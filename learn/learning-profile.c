/* SPDX-License-Identifier: GPL-2.0-or-later
 * The profile that a pod wears while it is learned from. Measured on kernels 6.1 and 6.12, with and
 * without no_new_privs: with an empty complain profile every exec enters a "//null-" child whose
 * mounts and user namespaces the kernel does not report, and labels multiply without bound. A rule
 * that lets every exec come back to the profile itself keeps one label; `px -> itself` and not
 * `ix`, since ix allows mapping as code too, and then nobody hears of the m that a library needs.
 * A deny is kept in complain mode only where every permission that a request lacks is denied
 * without `audit`: so reads are allowed (and audited) where only writes are denied.
 *
 * Children, where they are asked for, are known beforehand: in a "//null-" child the kernel reports
 * neither sockets nor mounts nor what signals it gets, and a pod can make them without end. What a
 * child executes stays in it, so that there are as many labels as programs, eleven at most
 * (AAK_CHILDREN_MAX). The path of a program wins over the pattern. */
#include "config.h"

#include "learn/profile-writer.h"

#include "learn/child-name.h"
#include "learn/path-pattern.h"
#include "learn/writable.h"

#include <string.h>

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

#define FLAGS "flags=(complain, attach_disconnected, mediate_deleted)"

static void
append_child (GString *out, const char *label, const char *program)
{
  g_autofree char *name = aak_child_name_for (program);
  g_autoptr (GString) pattern = g_string_new (NULL);
  aak_path_pattern_append_literal (pattern, program, strlen (program));
  g_string_append_printf (out,
                          "\n"
                          "  audit \"%s\" cx -> \"%s\",\n"
                          "  profile \"%s\" " FLAGS " {\n"
                          "  audit /** px -> \"%s//%s\",\n"
                          "%s"
                          "  }\n",
                          pattern->str, name, name, label, name, denials);
}

char *
aak_profile_learning_text (const char *label, AakAbi abi, const GPtrArray *programs)
{
  GString *out = g_string_new ("# A learning profile: aakit records what a pod under it does.\n");
  g_string_append_printf (out,
                          "abi <abi/%s>,\n\n"
                          "profile %s " FLAGS " {\n"
                          "  # Whatever is executed stays under this label, and is reported.\n"
                          "  audit /** px -> %s,\n\n"
                          "%s",
                          aak_abi_word (abi), label, label, denials);
  for (guint i = 0; programs != NULL && i < programs->len; i++)
    append_child (out, label, g_ptr_array_index (programs, i));
  g_string_append (out, "}\n");
  return g_string_free (out, FALSE);
}
