/* SPDX-License-Identifier: LGPL-2.1-or-later
 * What more than one program wants to know of a node (lib/doctor.h). */
#pragma once

#include "lib/doctor.h"

/* AppArmor is on, its files are there, its feature set can be read, and which one it is. */
void aak_doctor_apparmor (AakDoctor *doctor);
/* The module's parameters do not silence, soften or lock it, and hashes can be had. Other users
 * than root may not read most of them. */
void aak_doctor_parameters (AakDoctor *doctor);
/* What unprivileged user namespaces are held to. */
void aak_doctor_userns (AakDoctor *doctor);
/* apparmor_parser is where the container runtimes look for it. */
void aak_doctor_runtime_parser (AakDoctor *doctor);
/* The apparmor_parser that this program runs can compile: its version, and the includes that it
 * needs. */
void aak_doctor_compiler (AakDoctor *doctor);
/* This process may load policy. Nothing where the node is a recording. */
void aak_doctor_privileges (AakDoctor *doctor);
/* AppArmor runs, and no other security module takes its place in /proc/PID/attr. */
void aak_doctor_order (AakDoctor *doctor);
/* Control groups, by which a container's tasks are told. */
void aak_doctor_cgroups (AakDoctor *doctor);
/* containerd was started after the file by which it takes AppArmor for present was there: it looks
 * once (pkg/apparmor). Nothing where it does not run as a service of systemd's. */
void aak_doctor_runtime_stale (AakDoctor *doctor);
/* Who else has profiles in the kernel, by their names. */
void aak_doctor_others (AakDoctor *doctor);
