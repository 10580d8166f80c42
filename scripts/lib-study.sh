# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The numbers of results/STUDY.md, for scripts/tables and scripts/study.  To be sourced;
# it needs temp_folder.

# A record says what a guest or another host has said: in Markdown its words are text,
# whatever is in them.
# shellcheck disable=SC2016,SC2034 # for jq; of scripts/tables, too
tame='walk(if type == "string" and test("[^ -~]|[|<`\\[\\\\]") then
	gsub("[\\x{0}-\\x{1f}\\x{7f}-\\x{9f}\\x{61c}\\x{200e}\\x{200f}\\x{2028}-\\x{202e}\\x{2066}-\\x{2069}]"; "?") |
	gsub("(?<c>[|<`\\[\\\\])"; "\\\(.c)") else . end)'

# study_data FOLDER RECORD...: an object of the records by their names, {"few": [...]}.
# Those that FOLDER has are taken from there.
study_data() {
	local record from made
	# shellcheck disable=SC2154 # by temp_folder
	mkdir -p "$tmp/study"
	for record in "${@:2}"; do
		from=$record
		if [ -n "$1" ] && [ -s "$1/${record##*/}" ]; then from=$1/${record##*/}; fi
		made=$tmp/study/${from//\//,}
		[ -e "$made" ] || jq -c "$tame" "$from" |
			jq -cs --arg name "$(basename "$record" .jsonl)" '{($name): .}' >"$made"
		cat "$made"
	done | jq -cs add
}

# study QUESTION FOLDER RECORD...: the answer and its tables, of the records that FOLDER
# has and else of the committed ones, with marks where that isn't as in these.
study() {
	study_data "${@:2}" >"$tmp/study.new"
	study_data '' "${@:3}" >"$tmp/study.base"
	# Most questions have nothing new, and are asked once.
	! cmp -s "$tmp/study.new" "$tmp/study.base" || echo null >"$tmp/study.base"
	jq -L scripts/tables.jq -rn --arg question "$1" --rawfile steps scripts/study.tsv \
		--slurpfile data "$tmp/study.new" --slurpfile base "$tmp/study.base" \
		-f scripts/tables.jq/study.jq
}
