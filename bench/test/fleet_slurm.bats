#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# scripts/fleet on a cluster: a real Slurm, whose four nodes are this machine.

load lib

# All of the cluster lives in namespaces of its own and ends with their first process:
# nobody else meets its ports, and it makes nothing outside of its folder.
setup_file() {
	local tool
	[ "$(id -u)" = 0 ] || skip "needs root"
	[ "${SANITIZE:-0}" = 0 ] || skip "the libraries of sanitizers can't be brought along"
	for tool in munged slurmctld slurmd srun salloc ip nsenter; do
		PATH=$PATH:/usr/sbin:/sbin command -v $tool >/dev/null || skip "no $tool here"
	done
	(: <>/dev/fuse) 2>/dev/null || skip "/dev/fuse can't be opened here"
	export cluster
	cluster=$(mktemp -d) # bats' own is nobody else's, and the path of a socket is short
	chmod 755 "$cluster"
	make_cluster
	PATH=$PATH:/usr/sbin:/sbin unshare --net --mount --pid --fork --kill-child --mount-proc \
		bash "$cluster/start" >"$cluster/log" 2>&1 3>&- &
	export leader=$! SLURM_CONF=$cluster/slurm.conf
	until_true 100 all_idle || { tail -n 20 "$cluster"/*log >&3; return 1; }
}

teardown_file() {
	[ -z "${leader-}" ] || { kill -KILL "$leader" && wait "$leader"; } 2>/dev/null || :
	[ -z "${cluster-}" ] || rm -rf --one-file-system "$cluster"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	bats_require_minimum_version 1.5.0
}

# In TaskProlog a site says what is in the environment of a task: here, of each node
# another PATH.
make_cluster() {
	mkdir -m 700 "$cluster"/{munge,state,spool}
	mkdir -p "$cluster"/bin/n{1,2,3,4}
	chmod 755 "$cluster/munge"
	head -c 1024 /dev/urandom >"$cluster/munge/key"
	chmod 600 "$cluster/munge/key"
	cat >"$cluster/prolog" <<-PROLOG
		#!/bin/sh
		echo "export PATH=$cluster/bin/\$SLURMD_NODENAME:\$PATH"
	PROLOG
	chmod 755 "$cluster/prolog"
	cat >"$cluster/slurm.conf" <<-CONF
		ClusterName=test
		SlurmctldHost=localhost(127.0.0.1)
		SlurmctldPort=6817
		SlurmUser=root
		AuthType=auth/munge
		AuthInfo=socket=$cluster/munge/socket
		CredType=cred/munge
		StateSaveLocation=$cluster/state
		SlurmdSpoolDir=$cluster/spool/%n
		SlurmctldPidFile=$cluster/slurmctld.pid
		SlurmdPidFile=$cluster/%n.pid
		SlurmctldLogFile=$cluster/slurmctld.log
		SlurmdLogFile=$cluster/%n.log
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		TaskProlog=$cluster/prolog
		SwitchType=switch/none
		MpiDefault=none
		SelectType=select/linear
		SchedulerType=sched/builtin
		ReturnToService=2
		NodeName=n[1-4] NodeHostname=localhost NodeAddr=127.0.0.1 Port=[6821-6824] CPUs=1
		PartitionName=all Nodes=n[1-4] Default=YES State=UP
	CONF
	cat >"$cluster/start" <<-START
		export SLURM_CONF=$cluster/slurm.conf
		ip link set lo up
		ip address add 192.0.2.1/32 dev lo # with none but 127.0.0.1 nothing is resolved
		munged --force --key-file=$cluster/munge/key --socket=$cluster/munge/socket \\
			--pid-file=$cluster/munge/pid --log-file=$cluster/munge/log \\
			--seed-file=$cluster/munge/seed
		slurmctld
		for node in n1 n2 n3 n4; do slurmd -N \$node; done
		sleep infinity &
		wait
	START
}

# in_cluster COMMAND...: as if called on a machine of it.
in_cluster() { nsenter --net="/proc/$leader/ns/net" "$@" 3>&-; }

# inside COMMAND...: as the cluster's own daemons are.
inside() { nsenter --target "$(pgrep -P "$leader")" --net --mount --pid "$@" 3>&-; }

all_idle() { [ "$(in_cluster sinfo -h -t idle -o %D 2>/dev/null)" = 4 ]; }

# on_node NODE PROGRAM: with that, from stdin, in the place of another.
on_node() {
	cat >"$cluster/bin/$1/$2"
	chmod 755 "$cluster/bin/$1/$2"
}

small=(-c invalidate -s wide -n 50 -m none -r 1)

# kept: of which hosts there are records.
kept() { jq -r .host.name all.jsonl | sort -u | paste -sd ' '; }

# What a node still has: a process or a mount that isn't the cluster's own.
left() {
	local pid
	for pid in $(pgrep -f '^[.]/ld --library-path [.]'); do
		[ "/proc/$pid/ns/net" -ef "/proc/$leader/ns/net" ] && return
	done
	grep -E ' /(dev/shm|mnt|tmp) tmpfs rw,.*mode=700|epochbench' "/proc/$(pgrep -P "$leader")/mounts"
}
nothing_left() { ! left; }

@test "an allocation, a record of each node, with its name, whatever the environment wants" {
	export SLURM_LABELIO=1 SLURM_STDINMODE=none SLURM_STDOUTMODE=none SLURM_EXCLUSIVE=user
	run -0 in_cluster "$top/scripts/fleet" --salloc '-N 4' -o all.jsonl -- "${small[@]}"
	[ "$(kept)" = "n1 n2 n3 n4" ]
	[ "$(jq -s 'length == 4 and (map(.run_id) | unique | length) == 1' all.jsonl)" = true ]
	[[ $output == *$'\nHost n3: Linux '* ]]
	[[ $output == *"records of 4 of 4 hosts"* ]]
	until_true 60 all_idle # the allocation has ended
	nothing_left
}

@test "nodes that fail are named and tried again, there; what the others delivered is kept" {
	# Once it fails, once it hangs and is cancelled; n3 is down.
	on_node n2 timeout <<-FAILS
		#!/bin/sh
		PATH=\${PATH#*:}
		[ "\$2" != 9 ] && mkdir $cluster/failed 2>/dev/null && exit 1
		exec timeout "\$@"
	FAILS
	on_node n4 timeout <<-HANGS
		#!/bin/sh
		PATH=\${PATH#*:}
		[ "\$2" != 9 ] && mkdir $cluster/hangs 2>/dev/null && exec sleep 1000
		exec timeout "\$@"
	HANGS
	inside kill -KILL "$(<"$cluster/n3.pid")"
	in_cluster salloc --no-kill -N 4 "$top/scripts/fleet" --srun -o all.jsonl -- "${small[@]}" >said 2>&1 &
	until_true 100 test -d "$cluster/hangs"
	in_cluster scancel "$(in_cluster squeue -hs -w n4 -o %i | grep '[.][0-9]')"
	local status=0
	wait $! || status=$?
	cat said
	[ "$status" = 1 ]
	[ "$(kept)" = "n1 n2 n4" ]
	[ "$(grep -c 'fleet: n2: failed with status 1: trying it again' said)" = 1 ]
	[ "$(grep -c 'fleet: n4: .*: trying it again' said)" = 1 ]
	[ "$(grep -c 'fleet: n3: failed with status [1-9][0-9]*; Slurm calls the node .*: trying it again' said)" = 1 ]
	[ "$(grep -c 'fleet: n[1-4]: [^:]*$' said)" = 1 ]
	grep -q "records of 3 of 4 hosts" said
	rm "$cluster"/bin/n*/*
	PATH=$PATH:/usr/sbin inside slurmd -N n3
	until_true 100 all_idle
}
