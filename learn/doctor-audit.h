/* SPDX-License-Identifier: GPL-2.0-or-later
 * What a node is told about audit records, and what becomes of them (lib/doctor.h). */
#pragma once

#include "lib/doctor.h"

/* audit=0 on the kernel's command line: nothing at all, whatever reads. */
void aak_doctor_audit_switch (AakDoctor *doctor);
/* The rules that are loaded at boot: those that drop AppArmor's records, a limit of records a
 * second, and a kernel that panics where one is lost. Format: auditctl(8). */
void aak_doctor_audit_rules (AakDoctor *doctor);
/* What auditd does with its log. Format: auditd.conf(5). Nothing where it is not installed. */
void aak_doctor_auditd (AakDoctor *doctor);
/* Whether journald takes audit records. Nothing where systemd does not run the node. */
void aak_doctor_journald (AakDoctor *doctor);
/* The running kernel's settings and losses, for who may ask. Nothing where the node is a recording.
 */
void aak_doctor_audit_status (AakDoctor *doctor);
