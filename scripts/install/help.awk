# SPDX-License-Identifier: GPL-2.0-only
# What a program's --help says, as lines of fields that a tab parts, each begun by
# COMMAND (-v command=RUN; empty for the program itself):
#	usage  SYNOPSIS                   cmd    NAME  HELP
#	option -x  --long  ARG  HELP      par    a paragraph
#	block  a title, or ""             line   a line of it, as it is
# The help must be unfolded: ARGP_HELP_FMT=rmargin=9999 (scripts/completion).

BEGIN { FS = "\n"; OFS = "\t" }

function out(kind, text) { print command, kind, text }

function option(line,    names, short, long, arg, text) {
	match(line, /^ +(-[a-z0-9?A-Z], )*(--[a-z0-9-]+)?/)
	names = substr(line, 1, RLENGTH)
	text = substr(line, RLENGTH + 1)
	short = match(names, /-[a-zA-Z0-9]/) && names !~ /^ +--/ ? substr(names, RSTART, 2) : ""
	long = match(names, /--[a-z0-9-]+/) ? substr(names, RSTART) : ""
	if (match(text, /^(=[^ ]+|\[=[A-Z]+\])/)) { # the latter needs no argument
		arg = substr(text, 1, RLENGTH)
		gsub(/^\[?=|\]$/, "", arg)
		text = substr(text, RLENGTH + 1)
	}
	sub(/^ +/, "", text)
	held = command OFS "option" OFS short OFS long OFS arg OFS text
	if (text != "")
		flush()
}

function flush() {
	if (held != "")
		print held
	held = ""
}

held != "" { sub(/^ +/, ""); held = held $0; flush(); next }
/^Usage: / || /^ +or: / { sub(/^(Usage| +or): /, ""); out("usage", $0); next }
/^ +(-[a-zA-Z0-9?], )*--[a-z]/ { option($0); block = 0; next }
/^Mandatory or optional arguments to long/ { next }
/^$/ { block = 0; next }
/^  / && !block && !optioned && command == "" && commands != "no" {
	match($0, /^  [a-z]+ +/)
	name = substr($0, 3, RLENGTH - 2)
	sub(/ +$/, "", name)
	if (RLENGTH > 0) {
		print command, "cmd", name, substr($0, RLENGTH + 1)
		next
	}
}
/:$/ { out("block", $0); block = 1; commands = "no"; next }
block && /^  / { out("line", substr($0, 3)); next }
{ block = 0; commands = commands == "" ? "yes" : commands; out("par", $0) }
