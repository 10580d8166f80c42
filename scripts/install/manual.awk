# SPDX-License-Identifier: GPL-2.0-only
# The fields of help.awk of the commands of a program as sections of its manual page.

BEGIN { FS = "\t" }

# A line of text, not of macros.
function escaped(text) {
	gsub(/\\/, "\\e", text)
	sub(/^[.']/, "\\\\\\&&", text)
	return text
}

# A sentence to a line, none of them long.
function text(what,    parts, n, i, words, m, j, line) {
	n = split(what, parts, /  +/)
	for (i = 1; i <= n; i++) {
		m = split(parts[i], words, " ")
		line = ""
		for (j = 1; j <= m; j++) {
			if (line != "" && length(line " " words[j]) > 78) {
				print escaped(line)
				line = ""
			}
			line = line (line == "" ? "" : " ") words[j]
		}
		print escaped(line)
	}
}

function close_all() {
	if (listing)
		print ".El"
	if (literal)
		print ".Ed"
	listing = literal = 0
}

function flag(name) {
	return "Fl " substr(name, 2)
}

$1 == "" { next }
$2 == "usage" {
	if (last != $1)
		print ".Ss " program " " $1
	last = $1
	sub(/^[^ ]+ /, "", $3)
	print ".Nm\n" escaped($3)
	next
}
$2 == "option" && $4 ~ /^--(help|usage|version)$/ { next }
$2 == "option" {
	if (!listing) {
		close_all()
		print ".Bl -tag -width Ds"
		listing = 1
	}
	printf ".It %s%s%s%s\n", $3 == "" ? "" : flag($3) " , ", flag($4),
		$5 == "" ? "" : " Ns = Ns Ar ", $5
	text($6)
	next
}
$2 == "par" { close_all(); print ".Pp"; text($3) }
$2 == "block" { close_all(); print ".Pp"; text($3); print ".Bd -literal -offset indent"; literal = 1 }
$2 == "line" { print escaped($3) }
END { close_all() }
