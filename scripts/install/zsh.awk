# SPDX-License-Identifier: GPL-2.0-only
# Completion of zsh for `program', after values.awk.

function quoted(text) {
	gsub(/'/, "'\\''", text)
	return "'" text "'"
}

# As part of a specification of _arguments.
function plain(text) {
	gsub(/[\[\]:\\]/, "\\\\&", text)
	return text
}

function action(what, names, name, many) {
	if (names != "" && many)
		return "{_values -s , " name " " names "}"
	if (names != "")
		return "(" names ")"
	return what == "file" ? "_files" : what == "dir" ? "_files -/" : " "
}

function spec(c, n, indent,    text, rest) {
	text = "[" plain(brief(help[c, n])) "]"
	if (arg[c, n] != "")
		rest = ":" plain(arg[c, n]) ":" action(kind(arg[c, n]), values[c, n],
			"value", arg[c, n] ~ /,\.\.\.$/)
	if (short[c, n] == "")
		printf "%s%s \\\n", indent, quoted(long[c, n] (arg[c, n] == "" ? "" : "=") text rest)
	else
		printf "%s%s{%s,%s}%s \\\n", indent, quoted("(" short[c, n] " " long[c, n] ")"),
			short[c, n] (arg[c, n] == "" ? "" : "+"),
			long[c, n] (arg[c, n] == "" ? "" : "="), quoted(text rest)
}

function all_specs(c, indent,    n) {
	for (n = 1; n <= option_cnt[c]; n++)
		spec(c, n, indent)
}

function operand_spec(c) {
	# A single blank would be in the way of options.
	return quoted("*: :" (operand[c] == "word" ? "()" : action(operand[c], "", "", 0)))
}

function emit(    s, c, n) {
	printf "#compdef %s\n# SPDX-License-Identifier: GPL-2.0-only\n# Of %s --help.\n", program, program
	print "local curcontext=$curcontext state line\ntypeset -A opt_args\n"
	if (!command_cnt) {
		print "_arguments -s \\"
		all_specs("", "\t")
		print "\t" operand_spec("")
		return
	}
	print "_arguments -C -s \\"
	all_specs("", "\t")
	print "\t'1: :->command' '*:: :->rest' && return\n\ncase $state in\ncommand)\n\t_values command \\"
	for (n = 1; n <= command_cnt; n++)
		printf "\t\t%s%s\n", quoted(commands[n] "[" plain(command_help[commands[n]]) "]"),
			n < command_cnt ? " \\" : ""
	print "\t;;\nrest)\n\tcase $line[1] in"
	for (s = 1; s <= seen_cnt; s++) {
		c = seen[s]
		if (c == "")
			continue
		printf "\t%s)\n\t\t_arguments -s \\\n", c
		all_specs(c, "\t\t\t")
		print "\t\t\t" operand_spec(c) "\n\t\t;;"
	}
	printf "\thelp) _values command"
	for (n = 1; n <= command_cnt; n++)
		printf " %s", commands[n]
	print " ;;\n\tesac\n\t;;\nesac"
}
