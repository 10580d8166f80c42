# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # the caller's $clang
# To be sourced by scripts/fuzz, in the top folder: what each target begins with.

# shortest COUNT FILE: so many of its lines, the shortest.
shortest() {
	awk '{ print length($0) "\t" $0 }' "$2" | sort -n | cut -f 2- | sed -n "1,$1p"
}

# seed FILE: standard input, as it is.
seed() { cat >"$dir/$1"; }

seeds() { # TARGET DIR
	local dir=$2 results=results/reference file
	case $1 in
	records)
		for file in quick shapes notify threads populate scale-10M vm slower; do
			shortest 2 "$results/$file.jsonl" | seed "$file"
		done
		;;
	compare)
		head -n 3 $results/slower.jsonl | seed session
		shortest 1 $results/vm.jsonl | seed one
		;;
	workload)
		jq -c 'select(.timeline) | .timeline |= (.op_cnt |= .[:100] | .max_ns |= .[:100] |
			.event_ns = 50 * .bin_ns)' $results/workload.jsonl | sed -n 1,2p | seed dips
		shortest 2 $results/workload.jsonl | seed rates
		shortest 2 $results/workload-wrong.jsonl | seed wrong
		;;
	hazards)
		awk 'NR % 350 == 1' $results/hazards.jsonl | seed kernels
		head -n 4 $results/hazards.jsonl | seed one
		;;
	baselines)
		jq -c 'if .versions then {schema, versions: {gcc: "12"}} else
			.functions = {f: (.insns + 1)} end' results/baseline/insns.jsonl |
			awk 'NR % 5 == 1' | seed counts
		{
			cat "$dir/counts"
			echo --
			sed 's/"n":256/"n":256,"spread_insns":3,"upper_insns":999999,"spread_upper_insns":4/' "$dir/counts"
		} | seed sides
		;;
	profiles)
		printf 'op 9 insns 4 of 9 upper 6\nffffffff81000000 4\nop 10 insns 11 of 2 upper 11\n%s\n' \
			"ffffffff81000100 11" | seed none
		printf 'op 255 insns 9 of 1 upper 9\nffffffffa0000000 9\nop 18 insns 6 of 3 upper 7\n%s\n' \
			"ffffffffa0000010 6" | seed epoch
		;;
	symbols)
		printf '%s\n' 'ffffffff81000000 T first' 'ffffffff81000100 t dput.part.0' \
			'ffffffffa0000000 t fuse_lookup	[fuse]' \
			'ffffffffa0001000 t bpf_prog_6deef7357e7b4530_fexit_x	[bpf]' | seed kernel
		printf '%s\n' '555555554000-555555557000 r-xp 00001000 00:02 24 /bin/true' | seed maps
		;;
	elf)
		echo 'int f(void) { return 1; } int g(void) { return f(); }' |
			"$clang" -x c -shared -fPIC -nostdlib -o "$dir/library" - || return
		head -c 900 "$dir/library" | seed cut
		;;
	sizes)
		printf '1k,100k,1.5M' | seed sizes
		printf '10ms' | seed duration
		printf 'umount,total' | seed list
		printf '0.5' | seed real
		;;
	mountinfo)
		printf '%s\n' '21 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw' \
			'30 21 0:40 / /mnt rw shared:5 - fuse.sshfs host:/x rw,user_id=0' \
			'31 30 0:41 / /mnt/a\040b rw - tmpfs none rw' \
			'32 21 0:40 /part /part rw - fuse.sshfs host:/x rw' \
			'33 21 0:42 / /v rw - virtiofs tag rw' | seed mounts
		;;
	fdinfo)
		printf 'pos:\t0\nflags:\t0100002\nmnt_id:\t26\nino:\t12\nfuse_connection:\t41\n' | seed fuse
		;;
	options) # a letter for the command, then an argument a line
		printf 'b-n\n1k,2M\n-m\nepoch,prune\n-c\nall\n-s\nwide\n-r\n3\n--delay\nLOOKUP=10ms' | seed run
		printf 'b--suite\nquick\n--cpus\n0\n--timeout\n5s\n-t\n2' | seed suite
		printf 'c--rate\n5\n--submounts\n2\n--above\noverlay,inside\n-f\njson\nx' | seed report
		printf 'd--phase\ntotal\n-n\n1k\n--fuse\nv8,shrink\n--across\nkernel\n--strict\na\nb' | seed compare
		printf 'e--only\nsubmount\n-m\nepoch\n-n\n1k\n--limit\n300ms' | seed hazards
		printf 'f-w\nfind\n-m\nepoch:changed\n--rate\n1,10\n-d\n1.5\n-r\n2' | seed workload
		printf 'g--side\nbase\n--host\nx\n-o\ny\na' | seed merge
		printf 'i-f\nktap\n--exact\na\nb' | seed gate
		printf 'k--detach-submounts\n-p\n77\n/mnt' | seed bump
		printf 'l-m\ninval_inode\n--limit\n5\n/mnt\na' | seed inval
		printf 'm-p\n77\n-H\n-m\n/mnt\n0.5\n3' | seed epochstat
		printf 'n--min-ms\n0.5\n-b\n-j' | seed epochsnoop
		;;
	http)
		printf 'GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n' | seed get
		printf 'POST /metrics HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc' | seed post
		printf 'HEAD / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n' | seed head
		printf '[::1]:9810' | seed address
		;;
	wire)
		{
			printf '7     read(4<%s>, "\\x2d%s\\x01%s\\x02%s\\x61\\x00", 135168) = 45\n' \
				'\x2f\x64\x65\x76\x2f\x66\x75\x73\x65' '\x00\x00\x00' '\x00\x00\x00' \
				"$(printf '\\x00%.0s' {1..31})"
			printf '8     writev(4<%s>, [{iov_base="\\x90%s\\x02%s", iov_len=16}, {iov_base="\\x02%s"..., iov_len=128}], 2) = 144\n' \
				'\x2f\x64\x65\x76\x2f\x66\x75\x73\x65' "$(printf '\\x00%.0s' {1..7})" \
				"$(printf '\\x00%.0s' {1..7})" "$(printf '\\x00%.0s' {1..127})"
		} | seed lookup
		printf '%s\n' '7 read(4</dev/fuse>,  <unfinished ...>' \
			'8 splice(4</dev/fuse>, NULL, 6<pipe:[8]>, NULL, 135168, 0)   = 42' \
			'8 read(5<pipe:[8]>, "\x2d", 135168) = 42' \
			'7 <... read resumed>"\x2d\x00", 135168) = 45' | seed threads
		;;
	planted) printf '6M' | seed size ;;
	esac
}

# dictionary FILE...: their words, for libFuzzer to put elsewhere; it wants one at least.
dictionary() {
	echo '"none"'
	{ grep -haoE '[A-Za-z_][A-Za-z0-9_/.-]{2,30}' "$@" || :; } | sort | uniq -c | sort -rn |
		awk 'NR <= 150 { print "\"" $2 "\"" }'
}
