#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The walls between rooms (folders): which room may know which others, and that
# nothing needs itself by way of others.

load lib.bash

# A room, then the others that it may know.  Nobody may know bench/cmd, or a test;
# a test may know all.
rooms='
bench/lib
bench/host bench/lib
bench/inval bench/lib
bench/device bench/lib bench/inval
bench/daemon bench/lib bench/host bench/inval bench/device bench/wire
bench/record bench/lib bench/host
bench/fs bench/lib bench/host bench/inval
bench/report bench/lib bench/record
bench/compare bench/lib bench/record
bench/insn bench/lib bench/record bench/inval
bench/insn/plugin bench/lib
bench/advice bench/lib bench/record bench/inval
bench/html bench/lib bench/record bench/inval bench/report bench/advice bench/insn bench/hazards
bench/run bench/lib bench/host bench/inval bench/daemon bench/record bench/fs bench/report bench/insn bpf
bench/workload bench/lib bench/host bench/inval bench/device bench/daemon bench/record bench/fs
bench/hazards bench/lib bench/host bench/inval kernel/testfs
bench/wire bench/lib
bench/ctl bench/lib bench/host bench/inval bench/device
bench/cmd *
bench/examples
kernel/testfs
bpf bench/lib
'

# sources ROOT: the files that have walls around them.
sources() {
	(cd "$1" && find bench bpf kernel/testfs -name '*.[ch]' \
		-not -path '*/test/*' -not -path 'bpf/cost/*')
}

# includes ROOT: "FILE INCLUDED" for each, both by their paths.
includes() {
	sources "$1" | (cd "$1" && xargs grep -HE '^ *# *include *"') | sed -E '
		s,^(([^:]*)/[^:/]*):[^"]*"([^"/]*)".*,\1 \2/\3,
		s,^([^: ]*):[^"]*"([^"]*)".*,\1 \2,'
}

# uses ROOT BUILD: "FILE USED" where the object of one needs a symbol of the
# other's.  An object whose source is gone doesn't count.
uses() {
	sources "$1" | sed -n 's/\.c$/.o/p' | grep -v '\.bpf\.o$' |
		(cd "$2" && while read -r o; do [ ! -f "$o" ] || echo "$o"; done |
			xargs nm -A -P -g) | awk '
		{ sub(/\.o:$/, ".c", $1) }
		$3 ~ /[Uvw]/ { needs[$1 " " $2]; next }
		{ owners[$2] = owners[$2] " " $1 }
		END {
			for (need in needs) {
				split(need, part, " ")
				cnt = split(owners[part[2]], owner, " ")
				for (i = 1; i <= cnt; i++)
					if (owner[i] != part[1])
						print part[1], owner[i]
			}
		}' | sort -u
}

# breaks: of lines "FILE USED", what goes through a wall.
breaks() {
	awk '
		function room(path) {
			return sub(/\/[^\/]*$/, "", path) ? path : "nowhere"
		}
		NR == FNR {
			known[$1]
			for (i = 2; i <= NF; i++)
				may[$1, $i]
			next
		}
		{ from = room($1); to = room($2) }
		!(from in known) { print $1 " is in no room"; next }
		from == to || (from, to) in may || (from, "*") in may { next }
		{ print $1 " may not know " $2 }' <(echo "$rooms") -
}

# circles: of lines "FILE USED", those that lead back to where they came from.
circles() {
	{ tsort >/dev/null; } 2>&1
}

# between_rooms: "ROOM USED" of lines "FILE USED".
between_rooms() {
	sed -E 's,/[^/ ]+( |$),\1,g' | awk '$1 != $2' | sort -u
}

# at_least COUNT FILE: that many lines, or the test has looked at nothing.
at_least() {
	[ "$(wc -l <"$2")" -ge "$1" ] || {
		echo "only $(wc -l <"$2") found"
		return 1
	}
}

setup_file() {
	export seen=$BATS_FILE_TMPDIR
	includes "$top" >"$seen/includes"
	uses "$top" "$build" >"$seen/uses"
}

@test "no file includes what its room may not know" {
	at_least 500 "$seen/includes"
	run breaks <"$seen/includes"
	expect "breaks of walls" "$output" ""
}

@test "no object uses what its room may not know" {
	at_least 500 "$seen/uses"
	run breaks <"$seen/uses"
	expect "breaks of walls" "$output" ""
}

@test "there is no door in a wall that nobody uses" {
	between_rooms <"$seen/includes" >"$BATS_TEST_TMPDIR/used"
	run awk 'NR == FNR { used[$1, $2]; next }
		{
			for (i = 2; i <= NF; i++)
				if ($i != "*" && !(($1, $i) in used))
					print $1 " needs no " $i
		}' "$BATS_TEST_TMPDIR/used" <(echo "$rooms")
	expect "unused doors" "$output" ""
}

@test "libfuse is known in bench/fs and the examples only" {
	cd "$top"
	run grep -rl --include='*.[ch]' 'include *<fuse' bench bpf kernel
	[[ $output == *bench/fs/synthfs.c* ]]
	expect "who else includes it" "$(grep -vE '^bench/(fs|examples)/' <<<"$output")" ""
}

@test "no objects need one another in a circle" {
	run circles <"$seen/uses"
	expect circles "$output" ""
}

@test "no rooms need one another in a circle" {
	for what in uses includes; do
		between_rooms <"$seen/$what" >"$BATS_TEST_TMPDIR/rooms"
		at_least 20 "$BATS_TEST_TMPDIR/rooms"
		run circles <"$BATS_TEST_TMPDIR/rooms"
		expect "circles in $what" "$output" ""
	done
}

# plant FILE LINE: in a copy.
plant() {
	mkdir -p "$copy/${1%/*}"
	echo "$2" >>"$copy/$1"
}

@test "control: planted includes are red, each of them" {
	copy=$BATS_TEST_TMPDIR/copy
	mkdir "$copy"
	(cd "$top" && sources . | xargs cp --parents -t "$copy")
	plant bench/lib/clock.c '#include "bench/run/bench.h"'
	plant bench/run/case_scale.c '#  include "bench/cmd/cmd.h" /* x */'
	plant kernel/testfs/server.h '#include "bench/lib/clock.h"'
	plant bpf/sample.c '#include "bench/host/param.h"'
	plant bench/report/report.c '#include "../run/case.h"'
	plant bench/inval/inval.c '#include "bench/test/unit/report_fixture.h"'
	plant bench/attic/attic.c '#include "attic.h"'
	run breaks < <(includes "$copy")
	expect "breaks of walls" "$(sort <<<"$output")" "$(sort <<-BREAKS
		bench/lib/clock.c may not know bench/run/bench.h
		bench/run/case_scale.c may not know bench/cmd/cmd.h
		kernel/testfs/server.h may not know bench/lib/clock.h
		bpf/sample.c may not know bench/host/param.h
		bench/report/report.c may not know ../run/case.h
		bench/inval/inval.c may not know bench/test/unit/report_fixture.h
		bench/attic/attic.c is in no room
	BREAKS
	)"
}

@test "control: a planted circle is red, and named" {
	copy=$BATS_TEST_TMPDIR/copy
	mkdir -p "$copy"/bpf "$copy"/kernel/testfs
	plant bench/lib/a.c 'int b(void); int a(void) { return b(); }'
	plant bench/run/b.c 'extern int c; int b(void) { return c; }'
	plant bench/lib/c.c 'int a(void); int c; int d(void) { return a(); }'
	plant bench/lib/e.c 'int d(void); int e(void) { return d(); }'
	for c in "$copy"/bench/*/?.c; do cc -c -o "${c%.c}.o" "$c"; done
	uses "$copy" "$copy" >"$BATS_TEST_TMPDIR/uses"
	expect uses "$(cat "$BATS_TEST_TMPDIR/uses")" "$(printf '%s\n' \
		"bench/lib/a.c bench/run/b.c" "bench/lib/c.c bench/lib/a.c" \
		"bench/lib/e.c bench/lib/c.c" "bench/run/b.c bench/lib/c.c")"
	run circles <"$BATS_TEST_TMPDIR/uses"
	[[ $output == *bench/lib/a.c*bench/run/b.c*bench/lib/c.c* ]]
	[[ $output != *bench/lib/e.c* ]]
	run circles < <(between_rooms <"$BATS_TEST_TMPDIR/uses")
	[[ $output == *bench/lib*bench/run* ]]
	run breaks <"$BATS_TEST_TMPDIR/uses"
	expect "breaks of walls" "$output" \
		"bench/lib/a.c may not know bench/run/b.c"
}
