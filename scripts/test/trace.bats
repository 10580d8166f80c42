#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What the tracer's tools say of a known workload, in a guest where programs may trace.

load ../../bench/test/lib.bash

setup() {
	bats_require_minimum_version 1.5.0
	cd "$top" || return
	[ "${SANITIZE:-0}" = 0 ] || skip "a guest gets the plain program"
	[[ -x $build/epochstat && -x $bench ]] || skip "needs epochstat and epochbench"
	seen=$BATS_TEST_TMPDIR/seen
}

# numbers FILE: of the lines of a table, its first columns and no mount; a unit is a power.
numbers() {
	awk '$1 ~ /^[0-9]/ { for (i = 1; i < NF; i++) {
			power["k"] = 1e3; power["M"] = 1e6
			scale = substr($i, length($i))
			if ($i ~ /^[0-9.]+[kM]?$/)
				printf "%.0f ", $i * (scale in power ? power[scale] : 1)
		} print "" }' "$1"
}

@test "epochstat: in each interval hits and misses add up, and over all what was done" {
	# The probe bumps, the warm-up bumps, and so does what is measured: 1000 names.
	# shellcheck disable=SC2016 # for the guest's shell
	"$top/scripts/vm" --fuse v8 --smp 1 --limit 200 --with "$build/epochstat" \
		--with "$bench" -- env "B=$build" sh -c '
		for form in "" "--columns reval,fresh,epoch,bump,torn"; do
			rm -f /tmp/err # of the one before, which was tracing, too
			$B/epochstat $form 0.3 >/tmp/stat 2>/tmp/err & stat=$!
			until grep -qs "tracing FUSE" /tmp/err; do sleep 0.1; done
			$B/epochbench run -n 1k -m epoch -r 1 >/tmp/bench 2>&1 || cat /tmp/bench
			kill $stat
			wait $stat
			cat /tmp/stat
			echo end
		done' >"$seen"
	# All columns: reval, per s, then eight kinds; bump is the 14th, torn the 18th.
	sed '/^end/,$d' "$seen" >"$seen.all"
	[ "$(numbers "$seen.all" | wc -l)" -ge 2 ]
	numbers "$seen.all" | awk '{ sum = 0; for (i = 3; i <= 10; i++) sum += $i
		epoch += $5; bump += $14; torn += $18 }
		sum != $1 { print "line " NR ": " $0; bad = 1 }
		END { print epoch, bump, torn; exit bad || epoch != 2 || bump != 3 || torn != 2000 }'
	# Some: reval, fresh, epoch, the rest, bump, torn.
	sed '1,/^end/d' "$seen" >"$seen.some"
	grep -x '  reval  fresh  epoch   rest   bump   torn  mount' "$seen.some"
	numbers "$seen.some" | awk '{ epoch += $3; bump += $5; torn += $6 }
		$2 + $3 + $4 != $1 { print "line " NR ": " $0; bad = 1 }
		END { print epoch, bump, torn; exit bad || epoch != 2 || bump != 3 || torn != 2000 }'
}

@test "trace-demo: a dozen lines, and who paid is who was seen" {
	[ -x "$build/epochsnoop" ] || skip "needs epochsnoop"
	BUILD=$build "$top/scripts/trace-demo" >"$seen" 2>"$seen.err" ||
		{ cat "$seen" "$seen.err"; return 1; }
	cat "$seen"
	[ "$(wc -l <"$seen")" -le 12 ]
	# On a busy machine the mount may be gone before it is looked at.
	grep -E ' bump .*  epoch 1 -> 2, by epochbench\[[0-9]+\]$' "$seen"
	grep -E ' cascade .* stalled .*, 10000 dentries died, by the bump to 2 ' "$seen"
	# reval, fresh, epoch, the rest, look, forget, bump, torn: of each mount, and in all
	sed -n '/^ *reval /,/^#/p' "$seen" >"$seen.stat"
	numbers "$seen.stat" | awk '{ for (i = 3; i <= 8; i++) sum[i] += $i }
		END { got = sum[3] " " sum[4] " " sum[5] " " sum[6] " " sum[7] " " sum[8]
		print NR, got; exit NR != 3 || got != "2 0 20000 40001 3 20000" }'
	grep -x 'method  *notify  first touch  re-walk  *total  LOOKUP' "$seen"
	grep -E '^epoch .* 10001$' "$seen"
}

@test "on Debian 12's own kernel it counts as elsewhere; of 5.10 it says that it is too old" {
	[ -n "${FULL-}" ] || skip "only with FULL=1, as make check-full has it"
	mapfile -t tests < <(printf '%s\n' bpf/test/test_*.c | sed 's,.*/test_,,; s,\.c$,,')
	BUILD=$build scripts/selftest --kernel debian:6.1 "${tests[@]}"
	scripts/fetch-kernel 5.10 >/dev/null || skip "no 5.10 any more"
	run -2 scripts/vm --kernel debian:5.10 --with "$build/epochstat" -- "$build/epochstat" 1 1
	[[ $output == *"this kernel (5.10."*") is too old: it lacks "*", which came with Linux 5.19" ]]
}
