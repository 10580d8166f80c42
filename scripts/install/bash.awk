# SPDX-License-Identifier: GPL-2.0-only
# Completion of bash for `program', after values.awk.  What it writes needs nothing but
# bash, also not the package bash-completion.

function emit_values(c, n,    name) {
	name = c " " long[c, n]
	if (short[c, n] != "")
		name = name "'|'" c " " short[c, n]
	printf "\t'%s')\n", name
	if (values[c, n] != "")
		printf "\t\twords='%s'%s ;;\n", values[c, n], arg[c, n] ~ /,\.\.\.$/ ? " list=1" : ""
	else
		printf "\t\tkind=%s ;;\n", kind(arg[c, n])
}

function emit(    s, c, n) {
	printf "# SPDX-License-Identifier: GPL-2.0-only\n# Of %s --help.\n", program
	printf "_%s() {\n\tlocal IFS=$' \\t\\n' cur=${COMP_WORDS[COMP_CWORD]} command='' option='' i\n", program
	print "\tlocal words='' list='' kind='' before=''"
	print "\tfor ((i = 1; i < COMP_CWORD; i++)); do"
	if (command_cnt)
		print "\t\t[[ -n $command || ${COMP_WORDS[i]} == -* ]] || command=${COMP_WORDS[i]}"
	print "\t\toption=${COMP_WORDS[i]}\n\tdone"
	print "\t# --option=value is three words, and the last may not have begun."
	print "\tif [[ $cur == = ]]; then\n\t\tcur=''"
	print "\telif [[ $option == = ]]; then\n\t\toption=${COMP_WORDS[COMP_CWORD - 2]}\n\tfi"
	print "\tcase \"$command $option\" in"
	for (s = 1; s <= seen_cnt; s++)
		for (n = 1; n <= option_cnt[c = seen[s]]; n++)
			if (arg[c, n] != "")
				emit_values(c, n)
	print "\tesac"
	print "\tif [[ -z $words$kind ]]; then\n\t\tcase \"$command ${cur:0:1}\" in"
	for (s = 1; s <= seen_cnt; s++) {
		c = seen[s]
		printf "\t\t'%s -') words='", c
		for (n = 1; n <= option_cnt[c]; n++)
			printf "%s%s", (n > 1 ? " " : ""), long[c, n]
		print "' ;;"
		if (c == "" && command_cnt) {
			printf "\t\t' '*|'help '*) words='"
			for (n = 1; n <= command_cnt; n++)
				printf "%s%s", (n > 1 ? " " : ""), commands[n]
			print "' ;;"
		} else {
			printf "\t\t'%s '*) kind=%s ;;\n", c, operand[c]
		}
	}
	print "\t\tesac\n\tfi"
	print "\tCOMPREPLY=()"
	print "\t[[ -z $list || $cur != *,* ]] || before=${cur%,*},"
	print "\tcase \"$kind\" in"
	print "\tfile) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\") ;;"
	print "\tdir) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$cur\") ;;"
	print "\tword) ;;"
	print "\t*) mapfile -t COMPREPLY < <(compgen -P \"$before\" -W \"$words\" -- \"${cur:${#before}}\") ;;"
	print "\tesac\n\t[[ -z $list ]] || compopt -o nospace\n}"
	printf "complete -F _%s %s\n", program, program
}
