#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What make install puts where, and what is made of the programs' help: completion and
# manual pages.  Nothing here needs root.

load ../../bench/test/lib.bash

setup_file() {
	load ../../bench/test/lib.bash
	# A place that parts words wrongly shows it.
	export DESTDIR="$BATS_FILE_TMPDIR/a root"
	(cd "$top" && make -s install BUILD="${BUILD:-build}" CC="${CC-}" prefix=/usr \
		DESTDIR="$DESTDIR" >"$BATS_FILE_TMPDIR/said")
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	bats_require_minimum_version 1.5.0
	usr="$BATS_FILE_TMPDIR/a root/usr"
}

# Each program, and each command of it, "epochctl bump".
faces() {
	local program command
	for program in epochbench epochctl epochsnoop epochstat; do
		echo "$program"
		"$build/$program" --help | sed -n '/^  -/q; s/^  \([a-z]*\)  .*/\1/p' |
			while read -r command; do [ "$command" = help ] || echo "$program $command"; done
	done
}

@test "install: programs that run, pages, completion; uninstall leaves nothing" {
	local program
	(cd "$usr" && find . -type f | sort) >found
	for program in bin/epochbench sbin/epochctl sbin/epochstat sbin/epochsnoop; do
		"$usr/$program" --version
		grep -qxF "./$program" found
		grep -qE "^./share/man/man[18]/${program#*/}\.[18]$" found
		grep -qxF "./share/bash-completion/completions/${program#*/}" found
		grep -qxF "./share/zsh/site-functions/_${program#*/}" found
	done
	grep -qxF ./share/doc/fuse-epoch/SCHEMA.md found
	grep -qxF ./share/fuse-epoch/grafana.json found
	grep -qxF ./share/fuse-epoch/prometheus-rules.yml found
	# The unit starts what was installed.
	grep '^ExecStart=/usr/sbin/epochstat ' "$usr/lib/systemd/system/epochstat.service"
	cp -a "$usr" copy
	touch copy/bin/of-somebody-else
	mkdir "another root" && mv copy "another root/usr"
	(cd "$top" && make -s uninstall prefix=/usr DESTDIR="$BATS_TEST_TMPDIR/another root")
	expect left "$(find "another root" -type f)" "another root/usr/bin/of-somebody-else"
	[ ! -e "another root/usr/share/doc/fuse-epoch" ]
	[ ! -e "another root/usr/share/fuse-epoch" ]
}

# What is struck over to be bold, once: col isn't everywhere.
plain() { sed $'s/.\b//g'; }

@test "no message, help or page names a path of the repository" {
	local face words paths='(^|[^a-z./-])(scripts|results|kernel|bench|bpf|build|findings)/[a-z]|make (setup|check|bench|vm)'
	for face in $(faces | tr ' ' :); do
		words=("${face%:*}")
		[[ $face != *:* ]] || words+=("${face#*:}")
		"$build/${words[0]}" "${words[@]:1}" --help >>texts
	done
	[ "$(wc -l <texts)" -gt 300 ]
	for face in epochbench epochctl epochsnoop epochstat; do
		# On the page of records stands which script made them, wherever that was.
		strings -d "$build/$face" | grep -vE '^scripts/(daemons|record|(insns-matrix|regress-insns) -o FILE.jsonl)$' >>texts
	done
	find "$usr/share/man" -type f -exec mandoc -T utf8 {} + | plain >>texts
	run grep -nE "$paths" texts
	[ "$status" = 1 ]
}

# completed WORD...: what bash offers for the last of them, on a line.
completed() {
	bash -c '. "$1"; shift; compopt() { :; }
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); "_$1"
		printf "%s\n" "${COMPREPLY[@]}" | paste -sd " "' - \
		"$usr/share/bash-completion/completions/$1" "$@"
}

@test "bash completes commands, each option, and what may follow" {
	local face words options
	faces >faces
	[ "$(wc -l <faces)" -gt 15 ]
	while read -ra words; do
		options=$(ARGP_HELP_FMT=rmargin=999 "$build/${words[0]}" "${words[@]:1}" --help |
			grep -oE '^ +(-., )*--[a-z0-9-]+' | grep -oE -e '--.*' | paste -sd ' ')
		expect "${words[*]}" "$(completed "${words[@]}" --)" "$options"
	done <faces
	expect commands "$(completed epochctl '')" "list bump expire inval help"
	expect help "$(completed epochbench help r)" "run report"
	expect method "$(completed epochctl inval -m e)" expire_entry
	expect equals "$(completed epochctl inval --method = inval_e)" inval_entry
	expect list "$(completed epochbench run -m epoch,expire)" epoch,expire_entry
	expect all "$(completed epochbench run -c a)" all
	expect table "$(completed epochbench compare -f o)" otava
	mkdir 'a dir' && touch 'a file'
	expect file "$(completed epochbench report 'a f')" "a file"
	expect dir "$(completed epochctl bump a)" "a dir"
	expect nothing "$(completed epochbench run -n 1)" ""
}

# zsh_completes TEXT: what the line is after a tab.
zsh_completes() {
	zsh -f "$BATS_TEST_DIRNAME/complete.zsh" "$usr/share/zsh/site-functions" "$1"
}

@test "zsh completes commands, options and methods" {
	command -v zsh >/dev/null || skip "no zsh here"
	local file
	for file in "$usr"/share/zsh/site-functions/_*; do
		zsh -n "$file"
	done
	expect command "$(zsh_completes 'epochctl bu')" 'epochctl bump '
	expect option "$(zsh_completes 'epochctl bump --dry')" 'epochctl bump --dry-run '
	expect method "$(zsh_completes 'epochctl inval -m exp')" 'epochctl inval -m expire_entry '
	expect list "$(zsh_completes 'epochbench run --case=invalidate,sca')" 'epochbench run --case=invalidate,scale,'
	expect "without operands" "$(zsh_completes 'epochctl list --js')" 'epochctl list --json '
	expect tracer "$(zsh_completes 'epochstat --lis')" 'epochstat --listen='
}

@test "manual pages: nothing for mandoc to complain of, all options in them" {
	command -v mandoc >/dev/null || skip "no mandoc here"
	local page words option
	for page in "$usr"/share/man/man?/*; do
		# Whether others are there is no matter of the page.
		run mandoc -T lint "$page"
		expect "$page" "$(grep -vE 'referenced manual not found|outdated mandoc.db' <<<"$output")" ''
	done
	mandoc -T utf8 "$usr"/share/man/man?/* | plain >pages
	while read -ra words; do
		for option in $(completed "${words[@]}" --); do
			[[ $option == --@(help|usage|version) ]] || grep -qe "$option" pages
		done
	done < <(faces)
}

@test "make dist: what is committed, builds elsewhere, and knows its commit" {
	[ -e "$top/.git" ] || skip "no clone of git"
	git clone -q "$top" clone
	git -C clone -c user.name=a -c user.email=a@b commit -q --allow-empty -m 'a commit'
	touch clone/neglected
	run -0 --separate-stderr clone/scripts/deb --source
	[[ $output == build/fuse-epoch-+([0-9.])~+([0-9]).+([0-9a-f]).tar.xz ]]
	tar -xf "clone/$output"
	rm -rf clone/.git
	cd fuse-epoch-*
	[ ! -e neglected ]
	make -s build/version
	expect version "$(cat build/version)" "$(cat .version)"
	[[ ${output%.tar.xz} == *".$(cat .version)" ]]
}

@test "make deb: packages that lintian likes, with tools that don't need the bench" {
	[ -n "${FULL-}" ] || skip "only with FULL=1, as make check-full has it"
	"$top/scripts/setup" --deb
	git clone -q "$top" clone
	(cd clone && scripts/deb)
	dpkg-deb -c clone/build/deb/fuse-epoch-tools_*.deb | grep -q sbin/epochctl
	run -1 grep epochbench < <(dpkg-deb -c clone/build/deb/fuse-epoch-tools_*.deb)
	dpkg-deb -c clone/build/deb/fuse-epoch-bench_*.deb | grep -q man1/epochbench.1
}

# installs RELEASE: packages that are made there, each alone in a Debian with nothing else.
installs() {
	local part
	[ -n "${FULL-}" ] || skip "only with FULL=1, as make check-full has it"
	[ "$(id -u)" = 0 ] || skip "needs root"
	git clone -q "$top" clone
	(cd clone && scripts/debian-tree --out build/deb "$1" -- make deb)
	mv clone/build/deb clone/packages # where build/ is, only what is made there is seen
	for part in tools bench; do
		(cd clone && scripts/debian-tree --bare "$1" -- \
			scripts/test/installed packages/fuse-epoch-${part}_*.deb)
	done
}

@test "the packages run in a Debian 12 with nothing else in it" {
	installs 12
}

@test "the packages run in a Debian 13 with nothing else in it" {
	installs 13
}
