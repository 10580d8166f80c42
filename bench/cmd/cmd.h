/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cmd.h - the subcommands, as bench/lib/options.h has them.
 */
#ifndef FUSE_EPOCH_CMD_CMD_H
#define FUSE_EPOCH_CMD_CMD_H

int cmd_list(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_hazards(int argc, char **argv);
int cmd_workload(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_profile(int argc, char **argv);
int cmd_gate(int argc, char **argv);
int cmd_wire(int argc, char **argv);

#endif
