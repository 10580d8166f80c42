# SPDX-License-Identifier: GPL-2.0-only
# A question of results/STUDY.md: $question, of $data, the records by their names.  What
# isn't as in $base is marked; $steps is scripts/study.tsv.
include "study_lib";

def of_method($method): map(select(.method == $method and .exit == 0));
# Trees of so many names each, with all methods: times, and instructions.
def trees($data): [($data.quick[] | select(.n <= 100000)), $data["invalidate-1M"][]] |
	map(select(.case == "invalidate")) | group_by(.n);
def few($data): $data["names-few"] | group_by(.n);
def unit: if .[0].clock == "ns" then "time" else "insns" end;
def phase($method; $phase): unit as $unit | of_method($method)[0].phases[$phase][if $unit == "time" then "ns" else "insns" end];
def ops($method; $op): of_method($method)[0].phases.total.ops[$op];
def key($text): "\(.[0].n) \(.[0].clock) \($text)";
def cost_of($method; $phase): key("\($method) \($phase)") as $key | unit as $unit | phase($method; $phase) | number($key; $unit);
def count_of($method; $op): key("\($method) \($op)") as $key | ops($method; $op) // [0] | number($key; "count");
# In the same round: they were measured one after the other.
def against($method; $rival): key("\($method) against \($rival)") as $key |
	[phase($method; "total"), phase($rival; "total")] | transpose | map(.[0] / .[1]) | number($key; "ratio");
def tree($n): map(select(.[0].n == $n))[0];

def cost: trees(.) as $t | {
	answer: ["The daemon pays one write, ", ($t[0] | cost_of("epoch"; "notify")), " for ", ($t[0][0].n | names), " names and ",
		($t[-1] | cost_of("epoch"; "notify")), " for ", ($t[-1][0].n | names), ". Who comes first pays for all names that are cached, inside one `stat`: ",
		($t[0] | cost_of("epoch"; "first_touch")), " and ", ($t[-1] | cost_of("epoch"; "first_touch")),
		". Then the daemon is asked for each name again, and forgets each: until all is coherent it takes ",
		($t[0] | against("epoch"; "none")), " and ", ($t[-1] | against("epoch"; "none")), " of a walk of the cached names."],
	tables: [{ head: ["names", "the daemon", "who comes first", "all others", "until coherent", "LOOKUP", "FORGET"],
		rows: [$t[] | [(.[0].n | names), cost_of("epoch"; "notify"), cost_of("epoch"; "first_touch"),
			cost_of("epoch"; "rewalk"), cost_of("epoch"; "total"), count_of("epoch"; "LOOKUP"), count_of("epoch"; "FORGET")]] }] };

# From how many names on, of those that were measured, is it so?
def from_on(is): [range(length) as $i | select(.[$i:] | all(is)) | $i][0] as $i |
	if $i == null then "for no number of names" elif $i == 0 then "for any number of names"
	else "from \(.[$i][0].n | names) names on" end;
def rivals: few(.) as $f | trees(.) as $t |
	def cheaper($rival; $phase): (phase("epoch"; $phase) | median) < (phase($rival; $phase) | median);
	{ answer: ["For the daemon a bump is cheaper than `expire_entry` of each name ", ($f | from_on(cheaper("expire_entry"; "notify"))),
		", and than `inval_entry` ", ($f | from_on(cheaper("inval_entry"; "notify"))), ". All in all it is cheaper than `expire_entry` ",
		($f | from_on(cheaper("expire_entry"; "total"))), ", and than `inval_entry` ", ($f | from_on(cheaper("inval_entry"; "total"))),
		". The last two columns also say which part of the names must have changed for a bump to be less work in all, if the daemon could tell just those: of ",
		($t[-1][0].n | names), " more than ", ($t[-1] | against("epoch"; "inval_entry") | . + { key: "\(.key), share", kind: "share" }), ", beside `inval_entry`. One `inval_entry` of the top directory does what a bump does (a bump takes ",
		($t[-1] | against("epoch"; "inval_entry_top")), " of it), but the daemon pays for it: ", ($t[-1] | cost_of("inval_entry_top"; "notify")), "."],
	tables: [($f, $t) as $trees | { head: ["names", "daemon: bump", "`expire_entry`", "`inval_entry`", "all: bump/expire", "bump/inval"],
		rows: [$trees[] | [(.[0].n | names), cost_of("epoch"; "notify"), cost_of("expire_entry"; "notify"),
			cost_of("inval_entry"; "notify"), against("epoch"; "expire_entry"), against("epoch"; "inval_entry")]] } |
		.head[0] = (if $trees == $f then "names: insns" else "names: time" end)] };

# The cells of the hazards table on one kernel: how many probes find it present.
def fuse: .fuse | split(" ")[0];
def kernel: if .fuse == "" then .kernel else fuse end;
def cases($on; $method; $hazard): map(select(.hazard == $hazard and .method == $method and kernel == $on)) |
	unique_by(.probe) | map(select(.outcome | IN("present", "absent"))) |
	if . == [] then "-" else length as $n | map(select(.outcome == "present")) | length |
		of($n; "\($on) \($method) \($hazard)") end;

def breaks: .hazards as $h | ($h[0] | kernel) as $here |
	[["submount", "mounts below are lost"], ["overlay", "overlays above fail"], ["bound", "bound files fail"],
	 ["watch", "watches end"], ["cwd", "shells inside are lost"], ["numbers", "unchanged files get new numbers"],
	 ["handle", "file handles fail"], ["kept", "open files keep old pages, targets, ACLs"],
	 ["herd", "many who come at once all ask"]] as $rows |
	($h | map(select(.hazard | IN($rows[][0])))) as $h |
	{ answer: ["Where mounts, overlays or bound files stand on it, it mustn't: a bump takes ", ($h | cases($here; "epoch"; "submount") | .key += " answer"),
		" kinds of mount below away and breaks ", ($h | cases($here; "epoch"; "overlay") | .key += " answer"),
		" kinds of names of an overlay above. `expire_entry` breaks ", ($h | cases($here; "expire_entry"; "submount") | .key += " answer"), " and ",
		($h | cases($here; "expire_entry"; "overlay") | .key += " answer"),
		" of these: those where the name leads to another node. But of ", ($h | cases($here; "expire_entry"; "herd") | .key += " answer"),
		" kinds of names each of many who come at once asks after it, and after a bump of ", ($h | cases($here; "epoch"; "herd") | .key += " answer"), "."],
	tables: [{ head: ["in how many cases", "a bump", "asking again", "`expire_entry`", "`inval_entry`", "`inval_inode`"],
		rows: [$rows[] | .[0] as $what | [.[1], ([$here, "epoch"], ["reask", "epoch"], [$here, "expire_entry"],
			[$here, "inval_entry"], [$here, "inval_inode"] | . as [$on, $method] | $h | cases($on; $method; $what))]] }] };

def pages: (.pages | group_by(.method) | sort_by(.[0].method != "none")) as $m |
	def a_second($method; $op): $m[] | select(.[0].method == $method) |
		map((.requests[$op] // 0) / .wall_ns * 1e9) | number("\($method) \($op)"; "count");
	{ answer: ["They go, where the daemon lets the kernel keep them (FOPEN_KEEP_CACHE), although hardly a byte changed: while a `tar` of ",
		($m[0][0].tree.file_cnt | tostring), " files runs again and again, a bump a second leads to ", a_second("epoch"; "READ"),
		" READs a second, `expire_entry` of each name to ", a_second("expire_entry"; "READ"), ", which are of what changed, and without either there are ",
		a_second("none"; "READ"), "."],
	tables: [{ head: ["told once a second", "READs a second", "LOOKUPs", "FORGETs"],
		rows: [$m[] | .[0].method as $method | ["`\($method)`", (("READ", "LOOKUP", "FORGET") as $op | a_second($method; $op))]] }] };

def wrong_per_run($what): map(select(.wrong.what == $what) | .wrong.cnt / .op_cnt);
def wrong_number($method; $what): wrong_per_run($what) | if . == [] then "-" else number("\($method) \($what)"; "count") end;
def numbers: (.["workload-wrong"] | map(select(.wrong)) | group_by(.method) | sort_by(.[0].method != "none")) as $m |
	(.daemons | map(select(.why == null and .numbers.names != null)) | group_by(.name)) as $d |
	($d | map(select(any(.[]; .numbers.changed * 2 >= .numbers.names))) | length) as $changing |
	def what($method; $what): $m[] | select(.[0].method == $method) | wrong_number($method; $what);
	{ answer: ["It loses, and not by time: a program that knows files by number takes unchanged ones for new. Of ",
		($m[0][0].tree.file_cnt | tostring), " files of which none changed `git status` opens ",
		what("epoch"; "opened by git"), " a run and restic reads ", what("epoch"; "read again by restic"),
		"; with `expire_entry` ", what("expire_entry"; "opened by git"), " and ", what("expire_entry"; "read again by restic"),
		". ", ($changing | of($d | length; "file systems that number anew")), " file systems of Debian do so."],
	tables: [{ head: ["", "opened by git", "read by restic", "dumped by tar", "refused by an overlay", "shells lost"],
		rows: [$m[] | .[0].method as $method | ["`\($method)`", wrong_number($method; "opened by git"),
			wrong_number($method; "read again by restic"), wrong_number($method; "dumped again by tar"),
			wrong_number($method; "unreadable through the overlay"),
			wrong_number($method; "nameless to a shell that starts there")]] }] };

def variant: .host.fuse | split(" ")[0];
def shrink: [.vm[] | select(.n == 100000 and .exit == 0 and (.method | startswith("epoch")))] as $r |
	def of_them($v; $m; $p): $r[] | select(variant == $v and .method == $m) | .phases[$p].ns | number("\($v) \($m) \($p)"; "time");
	{ answer: ["The first one no longer pays: ", of_them("hardened"; "epoch"; "first_touch"), " become ",
		of_them("hardened"; "epoch_shrink"; "first_touch"), ". The work isn't less: it moves to a kernel worker (",
		of_them("hardened"; "epoch_shrink"; "reclaim"), "), and a part to the daemon's write (",
		of_them("hardened"; "epoch"; "notify"), " become ", of_them("hardened"; "epoch_shrink"; "notify"),
		" on one CPU). Done inside the write (`epoch_shrink_sync`), the daemon pays all of it (",
		of_them("shrink"; "epoch_shrink_sync"; "notify"), ") and can hang."],
	tables: [{ head: ["fuse.ko, message", "the daemon", "who comes first", "all others", "the worker", "until coherent"],
		rows: [$r[] | select(variant != "reask") | variant as $v | .method as $m | ["\($v), `\($m)`",
			(("notify", "first_touch", "rewalk", "reclaim", "total") as $p | of_them($v; $m; $p))]] }] };

def again: .["reask-insns"] as $r | .["reask-list"] as $l | [.hazards[] | select(.method == "epoch")] as $h |
	def of_them($v; $m; $p): $r[] | select(variant == $v and .method == $m) | .phases[$p].insns | number("\($v) \($m) \($p)"; "insns");
	def forgets_of($v; $m): $r[] | select(variant == $v and .method == $m) | .phases.total.ops.FORGET // [0] | number("\($v) \($m) FORGET"; "count");
	def present($v): $h | map(select(fuse == $v and (.outcome | IN("present", "absent")))) | unique_by(.hazard, .probe) |
		length as $n | map(select(.outcome == "present")) | length | of($n; "\($v) present");
	($r | map(select(.method == "epoch")) | INDEX(variant) | map_values(.phases.total.insns[0])) as $total |
	{ answer: ["A stale name is asked for, and what is still the same node stays, with all that stands on it. The first one pays ",
		of_them("reask"; "epoch"; "first_touch"), " instructions instead of ", of_them("hardened"; "epoch"; "first_touch"),
		", who stats all names after it needs ", ($total.reask / $total.hardened | exact("reask of hardened"; "share")),
		" of before, who lists them first ",
		([$l[] | select(variant == "reask" and .method == ("epoch", "none")) | { (.method): .phases.total.insns[0] }] | add | .epoch / .none | exact("listed"; "ratio")),
		" of what that takes without any bump. Of all cases of all hazards a bump has ", present("reask"), ", and without asking again ", present("hardened"),
		". The price: memory isn't given back any more."],
	tables: [{ head: ["fuse.ko, message", "who tells", "who comes first", "all others", "all of it", "FORGET"],
		rows: [$r[] | select(.method != "none") | variant as $v | .method as $m | ["\($v), `\($m)`",
			of_them($v; $m; "notify"), of_them($v; $m; "first_touch"), of_them($v; $m; "rewalk"),
			of_them($v; $m; "total"), forgets_of($v; $m)]] }] };

# As `epochbench gate` tolerates them, by and large; it is the finer judge.
def insns_number($key): (if .insns > 100000 then .insns / 100 else 8 end) as $more |
	{ $key, kind: "insns", n: 1, value: .insns, from: (.insns - $more), to: (.insns + (.spread_insns // 0) + $more) };
# Instructions of single operations; a column for each fuse.ko.
def operation: if .phase == "notify" then (if .method == "epoch" then "a bump" else "`\(.method)`" end)
	else { hit: "a cached name", miss: "a name that isn't cached", stale: "a stale name",
		first_touch: "who comes first, 256 names" }[.phase] // .phase end;
def insns_table($variants): [.[] | select(.insns and .tracer == "")] as $r |
	{ head: (["instructions of"] + $variants),
	  rows: ["a cached name", "a name that isn't cached", "a stale name", "who comes first, 256 names", "a bump", "`expire_entry`" |
		. as $what | [$what, ($variants[] as $v | [$r[] | select(fuse == $v and operation == $what)][0] // null |
			if . == null then "-" else insns_number("\($v) \($what)") end)]] };
def one($on; $what): [.[] | select(.insns and .tracer == "" and fuse == $on and operation == $what)][0] | insns_number("\($on) \($what)");
def fixes: .insns as $i | .["mainline-operations"] as $m | {
	answer: ["On what is cached nearly nothing: a `stat` of two names takes ", ($i | one("stock"; "a cached name")),
		" instructions without epochs, ", ($i | one("v8"; "a cached name")), " with them, ", ($i | one("hardened"; "a cached name")),
		" with a fix for each hazard and ", ($i | one("reask"; "a cached name")), " with asking again; upstream's ",
		($m | one("7.3/mainline"; "a cached name")), " become ", ($m | one("7.3/reask"; "a cached name")),
		". What asks the daemon pays little, too: ", ($i | one("stock"; "a name that isn't cached")), " become ",
		($i | one("hardened"; "a name that isn't cached")), "."],
	tables: [($i | insns_table(["stock", "v8", "shrink", "hardened", "reask"])),
		($m | insns_table(["7.3/mainline", "7.3/fixes", "7.3/reask"]))] };

# Of a bump alone: what it takes to send it, and to take all names down.
def growth: . as $data |
	[few($data)[] | select(.[0].n >= 20)] as $f |
	([trees($data)[] | of_method("epoch")] + [$data["scale-10M"], $data["scale-links-50M"]]) as $t |
	def each: key("each") as $key | unit as $unit | .[0].n as $n | phase("epoch"; "first_touch") |
		map(. / $n | if $unit == "insns" then round else . end) | number($key; $unit);
	def forgets: key("FORGET") as $key | of_method("epoch")[0].phases | (.total // .first_touch).ops.FORGET | number($key; "count");
	def touch: cost_of("epoch"; "first_touch");
	{ answer: ["The message doesn't grow. What it leaves to who comes first grows with the names that are cached: ", ($f[0] | each), " instructions a name of ",
		($f[0][0].n | names), ", ", ($f[-1] | each), " of ", ($f[-1][0].n | names), "; in time ", ($t[0] | each), " a name of ", ($t[0][0].n | names), ", ",
		($t[-2] | each), " of ", ($t[-2][0].n | names), ", which is ", ($t[-2] | touch), " in one `stat`. ", ($t[-1][0].n | names),
		" names of few inodes take ", ($t[-1] | touch), "."],
	tables: [($f, $t) as $trees | { head: [(if $trees == $f then "names: insns" else "names: time" end), "shape", "the daemon", "who comes first", "of that, a name", "FORGET"],
		rows: [$trees[] | [(.[0].n | names), .[0].shape, cost_of("epoch"; "notify"), touch, each, forgets]] }] };

def kernels: .["insns-kernels"] as $i | .hazards as $h |
	(reduce ($i[1:][].kernel) as $k ([]; if index($k) then . else . + [$k] end)) as $kernels |
	def op($on; $what): [$i[] | select(.insns and .kernel == $on and operation == $what)][0] |
		if . then insns_number("\($on) \($what)") else "-" end;
	def present($on): $h | map(select(.method == "epoch" and kernel == $on and (.outcome | IN("present", "absent")))) |
		unique_by(.hazard, .probe) | length as $n | map(select(.outcome == "present")) | length |
		if $n == 0 then "-" else of($n; "\($on) present") end;
	([$h[] | kernel | select(contains("+test") | not)] | unique | length) as $all |
	{ answer: ["Little. A cached name takes ", op($kernels[0]; "a cached name"), " instructions on ", ($kernels[0] | split("+")[0]), " and ",
		op($kernels[-1]; "a cached name"), " on ", ($kernels[-1] | split("+")[0]), "; the first one pays ",
		op($kernels[1]; "who comes first, 256 names"), " on ", ($kernels[1] | split("+")[0]), " and ",
		op($kernels[-1]; "who comes first, 256 names"), ". Of ",
		($all | exact("kernels"; "count")), " kernels and variants of `fuse.ko` on which the hazards were tried a bump breaks least on ",
		([$h[] | kernel | select(contains("+test") | not)] | unique | map(. as $on | { on: (. | split("+")[0]), cnt: (present($on) | if type == "object" then .value else null end) }) |
			map(select(.cnt)) | (map(.cnt) | min) as $least | map(select(.cnt == $least) | .on) | join(" and ")), "."],
	tables: [{ head: ["kernel", "a cached name", "a stale name", "who comes first", "a bump", "cases of hazards"],
		rows: [$kernels[] as $k | [($k | split("+")[0]), (("a cached name", "a stale name", "who comes first, 256 names", "a bump") as $what |
			op($k; $what)), present($k)]] }] };

def daemons: (.daemons | map(select(.why == null)) | group_by(.name)) as $d |
	def some($what; f): [$d[] | select(any(.[]; f))] | length | of($d | length; $what);
	def kept: [.wire.entry[]?.s];
	def lost: (.overlay.bump // "") | test("^[1-9][0-9]* of ");
	def lost_expired: (.overlay.expire // "") | test("^[1-9][0-9]* of ");
	([.daemons[] | select(.why == null and (.seen.bump | IN("yes", "no")))] | group_by(.name) | length) as $told |
	{ answer: ["Much. ", some("kept longer"; kept | length > 0 and max > 1), " have the kernel keep a name for more than a second; only there is there much to make stale. ",
		some("numbers change"; .numbers.names != null and .numbers.changed * 2 >= .numbers.names), " number anew, and above ",
		some("overlays break"; lost), " an overlay fails."],
	tables: [{ head: ["file systems of Debian", "how many"], rows: [
		["have the kernel keep a name for a second at most", some("short"; kept | length > 0 and max <= 1)],
		["for longer", some("long"; kept | length > 0 and max > 1)],
		["show a change behind them after a bump, of those that don't before", (some("seen"; .seen.bump == "yes") + { total: $told })],
		["don't: the daemon says what it has kept itself", (some("unseen"; .seen.bump == "no") + { total: $told })],
		["give unchanged files other numbers after a bump", some("numbers"; .numbers.names != null and .numbers.changed * 2 >= .numbers.names)],
		["break an overlay above after a bump", some("overlay"; lost)], ["after `expire_entry`", some("overlay expire"; lost_expired)],
		["lose a mount below after a bump", some("mount"; .below.bump == "lost")], ["after `expire_entry`", some("mount expire"; .below.expire == "lost")]] }] };

# bindfs with two overlays above; and a million names without, by scripts/ctl-expire.
def catalogue: .catalogue as $c | (.["ctl-expire"] | map(select(.names == 1000000))) as $e |
	def name($what): "\(.names) \(.command) \($what)";
	def time_in($what; $ns): name($what) as $key | .[$what] | map(. * $ns) | number($key; "time");
	def count_in($what): name($what) as $key | .[$what] | number($key; "count");
	def row($command): $c | map(select(.command == $command)) | max_by(.names);
	def big($command): $e[] | select(.command == $command);
	{ answer: ["A bump is told in ", (row("bump") | time_in("tell_us"; 1000)), " for ", (row("bump").names | names), " names, `epochctl` and all, where `expire_entry` of each takes ",
		(row("expire") | time_in("tell_us"; 1000)), " and `inval_entry` ", (row("inval") | time_in("tell_us"; 1000)), "; for ", (big("bump").names | names), " names, without containers, it is ",
		(big("bump") | time_in("command_ms"; 1000000)), " beside ", (big("expire") | time_in("command_ms"; 1000000)), ". But ", (row("bump").containers | tostring),
		" running containers then refuse ", (row("bump") | count_in("refused_cnt")), " names in all, and go on so until they are started anew; after the other two ",
		(row("expire") | count_in("refused_cnt")), " and ", (row("inval") | count_in("refused_cnt")), ". So with containers on it: `expire_entry`."],
	tables: [{ head: ["names, told by", "telling", "walk below", "in containers", "refused", "old", "refused anew"],
			rows: [$c | sort_by(.names)[] | ["\(.names | names), `\(.command)`", time_in("tell_us"; 1000), time_in("below_us"; 1000), time_in("above_us"; 1000),
				count_in("refused_cnt"), count_in("old_cnt"), count_in("anew_refused_cnt")]] },
		{ head: ["names, no containers, told by", "telling", "of that, the messages", "walk"],
			rows: [$e[] | ["\(.names | names), `\(.command)`", time_in("command_ms"; 1000000), time_in("notify_ns"; 1), time_in("walk_ms"; 1000000)]] }] };

def section($name): if $name == "cost" then cost elif $name == "rivals" then rivals elif $name == "breaks" then breaks
	elif $name == "pages" then pages elif $name == "numbers" then numbers elif $name == "shrink" then shrink
	elif $name == "again" then again elif $name == "fixes" then fixes elif $name == "growth" then growth
	elif $name == "kernels" then kernels elif $name == "daemons" then daemons elif $name == "catalogue" then catalogue
	else error("no question is called \($name)") end;

($data[0] | section($question)) as $now |
($now | page($base[0] // $data[0] | if . == $data[0] then $now else section($question) end | by_key)),
($steps | split("\n")[] | select(startswith("#") | not) | split("\t") | select(length == 4) |
	(.[1] | split("/")[-1] | split(".")[0]) as $name | select($data[0] | has($name)) |
	"- [\($name)](\(.[1] | ltrimstr("results/"))): `\(.[3] | sub("\\{\\}"; "FILE"; "g"))`"),
""
