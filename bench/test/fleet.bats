#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# scripts/fleet: real ssh, to servers of our own on loopback addresses; and a made one,
# for hosts that are odd in a way.

load lib

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	bats_require_minimum_version 1.5.0
}

# Two servers for the time of a command, which has the port in $port.  Where they
# look for keys nobody outside sees ours; but what is unmounted outside isn't held.
with_hosts() {
	[ "$(id -u)" = 0 ] || skip "needs root"
	[ "${SANITIZE:-0}" = 0 ] || skip "the libraries of sanitizers can't be brought along"
	local tool
	for tool in dropbear dropbearkey ssh; do
		command -v $tool >/dev/null || skip "no $tool here"
	done
	dropbearkey -t ed25519 -f hostkey >/dev/null
	ssh-keygen -q -t ed25519 -N "" -f id
	port=$((20000 + BASHPID % 10000))
	# shellcheck disable=SC2016 # for the shell inside
	unshare -m --propagation slave sh -c '
		mkdir -p ~/.ssh && mount -t tmpfs -o mode=700 none ~/.ssh &&
			cp id.pub ~/.ssh/authorized_keys && chmod 600 ~/.ssh/authorized_keys &&
			exec dropbear -F -E -s -P pid -r hostkey \
				-p 127.0.0.1:$0 -p 127.0.0.2:$0' $port 2>log 3>&- &
	server=$!
	local tries=0
	until (: >/dev/tcp/127.0.0.2/$port) 2>/dev/null; do
		sleep 0.1
		[ $((tries += 1)) -lt 100 ] || { cat log; return 1; }
	done
	ssh="-p $port -i $PWD/id -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
}

teardown() {
	[ -z "${server-}" ] || kill "$server"
}

fleet() { "$top/scripts/fleet" --ssh "$ssh" -o all.jsonl "$@" 3>&-; }

@test "the records of two hosts, in one report" {
	[ -c /dev/fuse ] || skip "needs /dev/fuse"
	with_hosts
	fleet root@127.0.0.1 root@127.0.0.2 -- -n 23 -m none,inval_entry -r 2 >out
	[ "$(jq -r '[.host.name, .method, .exit] | join(" ")' all.jsonl | sort)" = \
		"root@127.0.0.1 inval_entry 0
root@127.0.0.1 none 0
root@127.0.0.2 inval_entry 0
root@127.0.0.2 none 0" ]
	[ "$(jq -s 'map(.run_id) | unique | length' all.jsonl)" = 1 ]
	grep -q '^Host root@127.0.0.2: Linux ' out
	grep -q '^root@127.0.0.1  *inval_entry ' out
}

@test "a host that can't be reached is named, the other one's records are kept" {
	[ -c /dev/fuse ] || skip "needs /dev/fuse"
	with_hosts
	run -1 fleet root@127.0.0.1 root@127.0.0.9 -- -n 23 -m none -r 1
	[[ $output == *"127.0.0.9: ssh can't get there"* ]]
	[[ $output == *"records of 1 of 2 hosts"* ]]
	[ "$(jq -r .host.name all.jsonl)" = root@127.0.0.1 ]
}

@test "what epochbench refuses there is a failure, and leaves nothing" {
	with_hosts
	run -1 fleet root@127.0.0.1 -- -n 0
	[[ $output == *"out of range"* ]]
	[[ $output == *"failed with status 2"* ]]
	[ ! -e all.jsonl ]
	no_bundle
}

# The run on the host, which is this machine: that of our bundle, not of others.
there() { pgrep -f "^[.]/ld --library-path [.] [.]/epochbench run -o records -n $names " >/dev/null; }
gone() { ! there; }
no_bundle() { [ "$(find /tmp -maxdepth 1 -name 'fuse-epoch-fleet.*' -newer id | wc -l)" = 0 ]; }

# Nothing of a run that was stopped may stay: no process, folder or mount.  Mounts are
# those that the servers see; those of another run that goes on are its own.
expect_left_nothing() {
	local pid
	until_true 10 gone
	until_true 10 no_bundle
	for pid in $(grep -oP '^epochbench:\K[0-9]+' "/proc/$server/mounts"); do
		[ -e "/proc/$pid" ] || { echo "the mount of $pid is left"; return 1; }
	done
}

@test "a host that takes too long is given up, and stops, too" {
	[ -c /dev/fuse ] || skip "needs /dev/fuse"
	with_hosts
	names=$((20000 + BASHPID % 1000))
	run -1 fleet --limit 2 root@127.0.0.1 -- -n $names -m none -r 1000
	[[ $output == *"given up after 2 s"* ]]
	gone
	expect_left_nothing
	run -2 fleet --limit soon root@127.0.0.1
}

@test "who is stopped, or loses the connection, leaves nothing running on the hosts" {
	[ -c /dev/fuse ] || skip "needs /dev/fuse"
	with_hosts
	local which
	for which in fleet ssh; do
		names=$((20000 + RANDOM % 1000))
		"$top/scripts/fleet" --ssh "$ssh" -o all.jsonl --retries 0 root@127.0.0.1 -- \
			-n $names -m none -r 1000 >said 2>&1 3>&- &
		local fleet=$!
		until_true 20 there
		case $which in
		fleet) kill -TERM $fleet ;;
		ssh) pkill -KILL -f "^ssh .*$PWD/id " ;;
		esac
		status=0
		wait $fleet || status=$?
		[ "$status" = "$([ $which = fleet ] && echo 130 || echo 1)" ]
		expect_left_nothing
	done
}

@test "bad usage" {
	run -2 "$top/scripts/fleet"
	run -2 "$top/scripts/fleet" 'a; reboot'
	[[ $output == *"is no host"* ]]
	run -2 "$top/scripts/fleet" a b a
	[[ $output == *"twice"* ]]
}

# An ssh that does what sshd does, on this machine: it starts the login shell with the
# command, by the functions of the file `hosts', called as the hosts are.
make_ssh() {
	[ "$(id -u)" = 0 ] || skip "needs root"
	[ "${SANITIZE:-0}" = 0 ] || skip "the libraries of sanitizers can't be brought along"
	need_mount
	mkdir -p bin
	cat >bin/ssh <<-'SSH'
		#!/bin/bash
		while [[ $1 == -* ]]; do [ "$1" != -o ] || shift; shift; done
		host=$1
		shift
		here=${0%/*}
		. "$here/../hosts"
		cd /
		"$host" "$*"
	SSH
	chmod +x bin/ssh
	PATH=$PWD/bin:$PATH
	cat >hosts
}

small=(-c invalidate -s wide -n 50 -m none -r 1)

# kept: of which hosts there are records.
kept() { jq -r .host.name all.jsonl | sort -u | paste -sd ' '; }

@test "what each host delivered is kept, whatever others did, and each is judged by name" {
	make_ssh <<-'HOSTS'
		good() { bash -c "$1"; }
		greets() { printf 'Welcome \e[31m to this host'; bash -c "$1"; }
		breaks() { bash -c "$1" | head -c 700; return 255; }
		babbles() { bash -c "$1" | sed 's/^{.*/{"schema": "mine"}/'; }
		deaf() { echo "This account is not available."; return 1; }
	HOSTS
	run -1 "$top/scripts/fleet" -o all.jsonl good greets breaks babbles deaf -- "${small[@]}"
	[ "$(kept)" = "good greets" ]
	[[ $output == *"fleet: greets: its shell prints at login, before what it was asked for: Welcome ?[31m to this host"* ]]
	[[ $output == *"fleet: breaks: the connection broke (status 255): 0 records came whole"* ]]
	[[ $output == *"fleet: babbles: its records can't be used (above)"* ]]
	[[ $output == *"fleet: deaf: failed with status 1, and said: This account is not available."* ]]
	[[ $output == *"records of 2 of 5 hosts"* ]]
	[[ $output != *"fleet: good:"* ]]
}

@test "of a connection that breaks, the records that came whole are kept" {
	make_ssh <<-'HOSTS'
		breaks() { bash -c "$1" | sed '/none/q'; return 255; }
	HOSTS
	run -1 "$top/scripts/fleet" -o all.jsonl breaks -- -c invalidate -s wide -n 50 \
		-m none,inval_entry -r 1
	[[ $output == *"the connection broke (status 255): 1 records came whole"* ]]
	[ "$(jq -r .method all.jsonl)" = none ]
}

# Where root logs in with it, sshd calls each of them so.
@test "whatever shell root has there, and whatever is in a word" {
	make_ssh <<-'HOSTS'
		dash() { command dash -c "$1"; }
		busybox() { command busybox sh -c "$1"; }
		fish() { command fish -c "$1"; }
		tcsh() { command tcsh -c "$1"; }
		zsh() { command zsh -c "$1"; }
	HOSTS
	local shell shells=() odd=$'it\'s "a" \\ \\\\ $HOME `id` !x *\nline'
	for shell in dash busybox fish tcsh zsh; do
		! command -v $shell >/dev/null || shells+=("$shell")
	done
	[ ${#shells[@]} -ge 1 ]
	run -0 "$top/scripts/fleet" -o all.jsonl "${shells[@]}" -- "${small[@]}"
	[ "$(kept)" = "$(printf '%s\n' "${shells[@]}" | sort | paste -sd ' ')" ]
	# It comes as it is: epochbench says so.
	run -1 "$top/scripts/fleet" -o none.jsonl "${shells[@]}" -- "$odd"
	[ "$(grep -cF "it's \"a\"" <<<"$output")" -ge ${#shells[@]} ]
	[ "$(grep -cF '\\ $HOME `id` !x *' <<<"$output")" -ge ${#shells[@]} ]
}

# What isn't root's there gets a namespace of users; where there is none, it is refused.
@test "no folder there must take programs or gets files, also if all is killed; a user can, too" {
	make_ssh <<-'HOSTS'
		apart() { # its /tmp and /dev/shm take none
			unshare -m sh -c '
				mount -t tmpfs -o noexec none /dev/shm && mount -t tmpfs -o noexec none /tmp && eval "$1"
				status=$?
				find /tmp /dev/shm -mindepth 1 >&2
				exit $status' sh "$1"
		}
		noexec() { TMPDIR="$here/../data copy" apart "$1"; }
		user() { apart "setpriv --reuid=65534 --regid=65534 --clear-groups $1"; }
		killed() { apart "timeout -s KILL 1 $1"; }
		confined() { PATH=$here/../confined:$PATH; bash -c "$1"; }
	HOSTS
	local users=(user)
	setpriv --reuid=65534 --regid=65534 --clear-groups unshare -Urm true || users=()
	mkdir data "data copy" confined
	printf '#!/bin/sh\nexit 1\n' >confined/unshare
	chmod +x confined/unshare
	touch data/precious
	run -0 "$top/scripts/fleet" -o "-all its.jsonl" noexec "${users[@]}" -- "${small[@]}"
	[[ $output != */dev/shm/* && $output != */tmp/* ]]
	[ "$(jq -r .host.name "./-all its.jsonl" | sort | paste -sd ' ')" = "noexec${users:+ user}" ]
	run -1 "$top/scripts/fleet" --retries 0 killed confined -- -n 10k -m none -r 1000
	[[ $output == *"fleet: killed: failed with status 137"* ]]
	[[ $output == *"confined"$'\t'"it mounts file systems: this needs root there, or namespaces of users"* ]]
	[[ $output != */dev/shm/* && $output != */tmp/fuse* ]]
	[ -e data/precious ]
	[ "$(ls -A)" = "$(printf '%s\n' '-all its.jsonl' bin confined data 'data copy' hosts | sort)" ] || ls -A
}

@test "who fails is tried again, so often, and the more of what came is kept" {
	make_ssh <<-'HOSTS'
		second() { [ -e "$here/../was" ] && bash -c "$1" || { touch "$here/../was"; return 255; }; }
		worse() { bash -c "$1" | { [ -e "$here/../$host" ] && sed '/begin/q' || sed '/none/q'; }; touch "$here/../$host"; return 255; }
		never() { echo x >>"$here/../never"; return 1; }
		refuses() { echo x >>"$here/../refuses"; return 2; }
	HOSTS
	run -1 "$top/scripts/fleet" -o all.jsonl --retries 2 second worse never refuses -- "${small[@]}"
	[[ $output == *"fleet: second: ssh can't get there: try ssh  second true: trying it again"* ]]
	[ "$(grep -c '^fleet: second:' <<<"$output")" = 1 ]
	[ "$(kept)" = "second worse" ]
	[ "$(wc -l <never)" = 3 ]
	[ "$(wc -l <refuses)" = 1 ]
	run -2 "$top/scripts/fleet" --retries often a
}

@test "who can't keep what came in its place keeps it elsewhere, and says where" {
	make_ssh <<-'HOSTS'
		good() { bash -c "$1"; }
	HOSTS
	mkdir tmp
	export TMPDIR=$PWD/tmp
	run -1 "$top/scripts/fleet" -o /dev/full good -- "${small[@]}"
	[[ $output == *"cannot write /dev/full: what belongs there is in $PWD/tmp/kept-by-fleet."* ]]
	jq -es 'length == 1' tmp/kept-by-fleet.*
	[ -c /dev/full ]
	[ "$(ls -A tmp | wc -l)" = 1 ]
	mkfifo fifo
	cat fifo >all.jsonl 3>&- &
	run -0 "$top/scripts/fleet" -o fifo good -- "${small[@]}"
	wait
	[ -p fifo ] && [ "$(kept)" = good ]
}

# A cluster of so many nodes as the words of --nodelist have; each delivers its file.
make_slurm() {
	[ "${SANITIZE:-0}" = 0 ] || skip "the libraries of sanitizers can't be brought along"
	mkdir bin
	cat >bin/srun <<-'SRUN'
		#!/bin/bash
		for word; do [[ $word != --nodelist=* ]] || node=${word#*=}; done
		read -r _ _ mark _ # set -- 'MARK' ...
		printf '%s\n' "${mark//\'/} begin"
		cat "${0%/*}/../nodes/$node"
		printf '%s\n' "${mark//\'/} end"
	SRUN
	printf '#!/bin/sh\ncat "${0%%/*}/../names"\n' >bin/scontrol
	cp bin/scontrol bin/salloc
	cp bin/scontrol bin/sinfo
	chmod +x bin/*
	PATH=$PWD/bin:$PATH
}

@test "200 nodes: a record of each variant of each arrives, is merged as it was, and reported" {
	local each='[.case, .method, .shape, .populate, .n, .host.name, .start_ns] | tostring'
	make_slurm
	mkdir nodes
	printf 'node%03d\n' {1..200} >names
	# Those of `make bench`, each node's a bit later.
	jq -c --rawfile names names '($names / "\n")[:-1] as $all | . as $r | range(200) as $i |
			$r | .run_id += "\($i)" | .host.name = $all[$i] | .start_ns[]? += $i' \
		"$top/results/reference/quick.jsonl" >sent
	awk -F '"name":"' '{ split($2, name, "\""); print >("nodes/" name[1]) }' sent
	SLURM_JOB_ID=1 "$top/scripts/fleet" --srun -o all.jsonl 'node[001-200]' >out 3>&-
	cmp <(jq -r "$each" sent | sort) <(jq -r "$each" all.jsonl | sort)
	[ "$(jq -r .run_id all.jsonl | sort -u | wc -l)" = 1 ]
	[ "$(grep -o '^Host node[0-9]*: Linux' out | sort -u | wc -l)" = 200 ]
	[ "$(grep -c '^node200  *epoch ' out)" -ge 1 ]
}
