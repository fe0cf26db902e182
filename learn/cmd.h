/* SPDX-License-Identifier: GPL-2.0-or-later
 * The verbs of aa-learn. */
#pragma once

#include "lib/cli.h"

int aak_cmd_check (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_events (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_record (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_seccomp (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_report (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_show (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_profile (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_patch (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_merge (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_diff (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_inspect (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_doctor (AakCli *cli, int argc, char **argv, GError **error);
