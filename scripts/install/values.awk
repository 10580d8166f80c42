# SPDX-License-Identifier: GPL-2.0-only
# What may follow an option or a command, of the fields of help.awk; for bash.awk and
# zsh.awk, which say emit_option() and emit_end().

BEGIN { FS = OFS = "\t" }

# The names that a help text ends with: "Methods, or all: none, epoch" -> "all none epoch".
function listed(text,    names, head) {
	if (!match(text, /: [a-z0-9_:-]+(, [a-z0-9_:-]+)+$/))
		return ""
	head = substr(text, 1, RSTART - 1)
	names = substr(text, RSTART + 2)
	gsub(/, /, " ", names)
	return (head ~ /, or all|\(all\)/ ? "all " : "") names
}

# What kind of word ARG is: file, dir, or a word of which nothing is known.
function kind(arg) {
	if (arg ~ /^\[?(FILE|PATH|TRACE|RECORDS|PROFILE|SYMBOLS|BASE|NEW)/)
		return "file"
	return arg ~ /^\[?(DIR|MOUNT)/ ? "dir" : "word"
}

# The first sentence of a help text, without the list at its end.
function brief(text) {
	sub(/: [a-z0-9_:-]+(, [a-z0-9_:-]+)+$/, "", text)
	sub(/(;|\.  | \(.*|, as below).*/, "", text)
	return text
}

$2 == "cmd" { commands[++command_cnt] = $3; command_help[$3] = $4 }
$2 == "usage" {
	operands = $3
	sub(/.*\[OPTION\.\.\.\] ?/, "", operands)
	operand[$1] = operand[$1] == "" ? kind(operands) : operand[$1]
	if (operand[$1] == "dir" && operands ~ /PATH/)
		operand[$1] = "file"
	seen[++seen_cnt] = $1
}
$2 == "option" {
	n = ++option_cnt[$1]
	short[$1, n] = $3; long[$1, n] = $4; arg[$1, n] = $5; help[$1, n] = $6
	values[$1, n] = $5 == "" ? "" : listed($6)
}
# "as below": in the first table of names that follows.
$2 == "block" { table = $3 == "Examples:" ? "" : $1 OFS "below" }
$2 == "line" && table != "" && match($3, /^[a-z0-9_]+/) {
	below[$1] = below[$1] (below[$1] == "" ? "" : " ") substr($3, 1, RLENGTH)
}

END {
	for (s = 1; s <= seen_cnt; s++)
		for (n = 1; n <= option_cnt[seen[s]]; n++)
			if (arg[seen[s], n] != "" && help[seen[s], n] ~ /below/)
				values[seen[s], n] = below[seen[s]]
	emit()
}
