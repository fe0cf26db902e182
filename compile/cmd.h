/* SPDX-License-Identifier: GPL-2.0-or-later
 * The verbs of aa-compile. */
#pragma once

#include "lib/cli.h"

int aak_cmd_build (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_check (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_configmap (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_diff (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_doctor (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_features (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_query (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_report (AakCli *cli, int argc, char **argv, GError **error);
int aak_cmd_score (AakCli *cli, int argc, char **argv, GError **error);
