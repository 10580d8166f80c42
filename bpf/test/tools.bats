#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What epochstat and epochsnoop say before they trace, and where they can't.
# How they trace is tested in guests (kernel/selftests).

load ../../bench/test/lib.bash

# Where others may run them, too: the build folder may be closed to them.
setup_file() {
	export TOOLS=$BATS_FILE_TMPDIR/tools
	mkdir "$TOOLS"
	cp "$build/epochstat" "$build/epochsnoop" "$TOOLS"
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$TOOLS" "$TOOLS"/*
}

setup() {
	before=$(left)
}

teardown() {
	# Whatever was asked for, and however it ended.
	expect "what is left behind" "$(left)" "$before"
	[ "$status" != 124 ] || { echo "it didn't end"; return 1; }
}

# What a tool could leave: processes, pinned programs.
left() {
	pgrep -f "^$TOOLS" || :
	find /sys/fs/bpf -mindepth 1 2>/dev/null || :
}

# tool [-u] NAME ARGUMENT...: status, output and errors (in $output and
# $errors); -u: as nobody.
tool() {
	local as=()
	if [ "$1" = -u ]; then
		as=(setpriv --reuid 65534 --clear-groups)
		shift
	fi
	local name=$1
	shift
	status=0
	# SIGINT: what traces ends with 0 then, the rest must end by itself.
	output=$(timeout -k 20 -s INT 20 "${as[@]}" "$TOOLS/$name" "$@" \
		2>"$BATS_TEST_TMPDIR/errors") || status=$?
	errors=$(<"$BATS_TEST_TMPDIR/errors")
	echo "$name $*: $status: $errors"
}

may_be_nobody() {
	[ "$(id -u)" = 0 ] && command -v setpriv >/dev/null
}

# refused TEXT NAME ARGUMENT...: status 2, TEXT in what it says, nothing on
# stdout; as nobody, who may not trace, the same.
refused() {
	local text=$1 as
	shift
	for as in '' -u; do
		[ -z "$as" ] || may_be_nobody || continue
		# shellcheck disable=SC2086 # nothing or one option
		tool $as "$@"
		[ "$status" = 2 ]
		[[ $errors == *"$text"* ]]
		[ -z "$output" ]
	done
}

# Skips where tracing works, with $1.
need_refusal() {
	tool epochstat 0.1 1
	[ "$status" != 0 ] || skip "$1"
}

@test "help has examples, for anybody" {
	local name option as examples
	for name in epochstat epochsnoop; do
		for option in --help -h '-?'; do
			for as in '' -u; do
				[ -z "$as" ] || may_be_nobody || continue
				# shellcheck disable=SC2086
				tool $as $name "$option"
				[ "$status" = 0 ]
				[[ $output == *"Usage: $name"* ]]
				# Each of them is of this tool.
				examples=$(sed '1,/^Examples:/d; /^$/,$d' <<<"$output")
				[ "$(wc -l <<<"$examples")" -ge 3 ]
				expect "other lines" \
					"$(grep -vc "^ *$name" <<<"$examples")" 0
				[[ $output == *"Exit status: 0 ok, 1"* ]]
				[ -z "$errors" ]
			done
		done
	done
}

@test "options that there aren't" {
	local name
	for name in epochstat epochsnoop; do
		refused "'--frob'" $name --frob
		refused "'z'" $name -z
		refused "'--mount' requires an argument" $name --mount
		refused "$name --help" $name --frob
	done
	refused "'p'" epochsnoop -p 5 # not its own
}

@test "arguments too many" {
	refused "too many: 'third'" epochstat 1 2 third
	refused "too many: 'first'" epochsnoop first
}

@test "columns that are none, and columns of what is no table" {
	refused "epochstat: no column is called 'frob': there are reval, per s, fresh, " \
		epochstat --columns reval,frob
	refused "--columns is of the table" epochstat -j --columns reval
	refused "--columns is of the table" epochstat --listen 0 --columns reval
}

@test "intervals that are none" {
	local bad
	for bad in 0 -0 0.0 x 1x '' ' ' 1e9 1e99 inf nan 1,5 -1 -0.5; do
		refused "the interval '$bad' is no number from 0.001 to " \
			epochstat -- "$bad"
	done
	refused "'1'" epochstat -1 # an option, to getopt
}

@test "counts that are none" {
	local bad
	for bad in 0 x '' -3 1e9 99999999999 99999999999999999999 inf nan; do
		refused "the count '$bad' is no whole number from 1 to " \
			epochstat -- 1 "$bad"
	done
	refused "the count '1.5' is no whole number" epochstat 1 1.5
	refused "the count '0.5' is no whole number" epochstat 1 0.5
}

@test "PIDs that are none" {
	local bad
	for bad in 0 x '' -1 12a 1e9 99999999999 inf nan; do
		refused "PID '$bad' is no whole number from 1 to " epochstat -p "$bad"
	done
	refused "PID '1.5' is no whole number" epochstat --pid=1.5
}

@test "milliseconds that are none" {
	local bad
	for bad in x '' -1 10ms 1e9 inf nan; do
		refused "'$bad' is no number of milliseconds" \
			epochsnoop --min-ms "$bad"
	done
}

@test "addresses that are none" {
	local bad
	# A weakness of epochstat: who can't trace isn't told.
	tool epochstat --listen bad
	[ "$status" = 2 ]
	[[ $errors == *"'bad'"* ]] ||
		skip "only looked at once it traces, which it can't here"
	for bad in bad '' : :x :70000 70000 -1 ::1:9810 '[::1]' '[::1' '[x]:1' \
		1.2.3:80 1.2.3.4.5:80 127.0.0.1: 127.0.0.1:-1 127.0.0.1:80x \
		99999999999999999999 example.org:80; do
		refused "'$bad' is no ADDR:PORT" epochstat --listen "$bad"
	done
}

@test "a path where no FUSE file system is mounted" {
	local name
	for name in epochstat epochsnoop; do
		refused "no FUSE file system is mounted at /proc " $name -m /proc
		refused "is mounted at / " $name -m /
		refused "is mounted at /nonexistent/x " $name -m /nonexistent/x
		refused "is mounted at $BATS_TEST_TMPDIR " \
			$name -m "$BATS_TEST_TMPDIR"
		refused "is mounted at relative " $name --mount relative
	done
	# Longer than a path can be.
	refused "no FUSE file system" epochstat \
		-m "/$(printf '%*s' 10000 '' | tr ' ' x)"
}

@test "who isn't root is told what to do" {
	may_be_nobody || skip "needs root and setpriv"
	local name
	for name in epochstat epochsnoop; do
		tool -u $name
		[ "$status" = 2 ]
		[[ $errors == "$name: not allowed to load BPF programs: run as root"* ]]
		[ "$(wc -l <<<"$errors")" = 1 ]
		[ -z "$output" ]
	done
	tool -u epochstat --listen 0
	[ "$status" = 2 ]
	[[ $errors == *"run as root"* ]]
}

# Root without the capability is nobody.
@test "root without capabilities is told what to do" {
	may_be_nobody || skip "needs root and setpriv"
	run setpriv --bounding-set=-sys_admin,-bpf,-perfmon --inh-caps=-all \
		"$TOOLS/epochstat" 1 1
	echo "$output"
	[ "$status" = 2 ]
	[[ $output == "epochstat: not allowed to load BPF programs: run with CAP_SYS_ADMIN, which root lacks here (or with CAP_BPF and CAP_PERFMON)" ]]
}

@test "without /sys" {
	may_be_nobody || skip "needs root"
	unshare -m true || skip "needs a mount namespace"
	# Nothing is below it then, as in a chroot.
	run unshare -m sh -c 'mount -t tmpfs none /sys && exec "$0" 1 1' \
		"$TOOLS/epochstat"
	echo "$output"
	[ "$status" = 2 ]
	[[ $output == "epochstat: /sys isn't mounted" ]]
}

@test "a host that refuses tracing: why, and where else" {
	[ "$(id -u)" = 0 ] || skip "needs root: others are refused before"
	need_refusal "this host allows tracing"
	[[ $errors == *"kernel refuses tracing"* || $errors == *"locked down"* ]] ||
		skip "this host can't trace for another reason: $errors"
	local name
	for name in epochstat epochsnoop; do
		tool $name
		[ "$status" = 2 ]
		[[ $errors == "$name: "*"vm of the suite"* ]]
		[ "$(wc -l <<<"$errors")" = 1 ]
		[ -z "$output" ]
		tool $name -j
		[ "$status" = 2 ]
		[ -z "$output" ]
	done
	tool epochstat --listen 0
	[ "$status" = 2 ]
	[ -z "$output" ]
	tool epochstat -v
	[ "$status" = 2 ]
	[[ $errors == *libbpf:* ]]
}

@test "metrics: what the Python client of Prometheus takes" {
	python3 -c 'import prometheus_client.openmetrics.parser' 2>/dev/null ||
		skip "needs the Debian package python3-prometheus-client"
	# No tracing is needed: the unit test prints what it checks.
	"$build/test/trace_stat" --metrics >"$BATS_TEST_TMPDIR/metrics"
	run python3 - "$BATS_TEST_TMPDIR/metrics" <<-'PYTHON'
		import sys
		from prometheus_client.openmetrics import parser
		text = open(sys.argv[1], newline="").read()
		for family in parser.text_string_to_metric_families(text):
		    for sample in family.samples:
		        if sample.labels.get("minor") == "52":
		            assert sample.labels["mountpoint"] == '/mnt/a "b\\c\nd'
		            print(sample.name)
	PYTHON
	[ "$status" = 0 ]
	[[ $output == *fuse_lookups_total*fuse_dentry_revalidate_seconds_bucket* ]]
}
