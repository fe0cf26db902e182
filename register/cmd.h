/* SPDX-License-Identifier: GPL-2.0-or-later
 * The verbs of aa-register. */
#pragma once

#include "lib/cli.h"
#include "lib/lsm.h"

int aak_cmd_apply (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_diff (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_status (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_watch (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_wait (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_rm (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_features (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_doctor (AakCli *cli, int argc, char **argv, GError **error);
