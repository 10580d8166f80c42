# SPDX-License-Identifier: GPL-2.0-only
# zsh -f complete.zsh FOLDER TEXT: prints what the line becomes of TEXT and a tab, with
# the completion functions of FOLDER, in a zsh of its own on a terminal.
zmodload zsh/zpty
zpty shell zsh -f -i
send() { zpty -w shell "$1" }
# What the shell shows until it says that.
await() {
	local line shown=
	while zpty -r shell line; do
		shown+=$line
		[[ $shown != *$1* ]] || break
	done
}
send "PS1= PS2= fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -u -D"
send "setopt no_list_beep no_auto_list; unsetopt zle_bracketed_paste 2>/dev/null; unset zle_bracketed_paste"
# The line as it is then, instead of what it would do.
send 'tell() { zle expand-or-complete; print -r -- "<<$BUFFER>>" >&2; BUFFER=; zle accept-line }'
send "zle -N tell; bindkey '^I' tell; print rea''dy"
await ready
zpty -n -w shell "$2"$'\t'
shown=
while zpty -r shell line; do
	shown+=$line
	[[ $shown != *'<<'*'>>'* ]] || break
done
shown=${shown##*<<}
print -r -- "${shown%%>>*}"
zpty -d shell
