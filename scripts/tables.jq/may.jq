# SPDX-License-Identifier: GPL-2.0-only
# Which method may be used, for README.md: of $which, the first table of hazards in
# Markdown, the rows and the methods that most people ask for.
def plain: gsub("\\\\"; "") | sub("^ +"; "") | sub(" +$"; "");
["inval_inode", "expire_entry", "epoch", "patched", "inval_entry"] as $methods |
["a mount below", "an overlay", "a bound file (containers)", "a shell or git inside",
	"git, tar, cp; the server numbers anew", "NFS, file handles"] as $wanted |
[$which | split("\n")[] | select(startswith("| ")) | split("|")[1:-1] | map(plain)] as $rows |
def named($method): split(", ") | index($method) != null;
# "patched" is what "epoch (reask, 7.3/reask)" says of our patch, where that differs.
def has($method): if $method == "patched" then test("epoch \\([^)]*\\breask") else named($method) end;
def cell($row; $method):
	if $row[1] | has($method) then "fine" elif $row[2] | has($method) then "in some cases"
	elif $method == "patched" then cell($row; "epoch") else "breaks" end;
def title: if . == "patched" then "epoch, with our patch" else gsub("_"; "\\_") end;
"",
"| you have | \($methods | map(title) | join(" | ")) |",
"|---|\($methods | map("---|") | join(""))",
($wanted[] as $name | ($rows[] | select(.[0] == $name)) as $row |
	"| \($name) | \([$methods[] | cell($row; .)] | join(" | ")) |"),
""
