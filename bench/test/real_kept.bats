#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What real programs hold of a FUSE file system: watches that end although all is still
# there, and ACLs that stay although they have changed.

load real.bash

# watches_end HOW...: of the watches of inotifywait on files.
watches_end() {
	rm -f events
	touch sentinel
	inotifywait -m -e delete_self --format '%e %w' sentinel mnt/d{1..40}/file \
		>events 2>said 3>&- &
	pids+=($!)
	until_true 10 grep -q 'Watches established' said
	tell "$@"
	walk
	# Events come in their order: no more will come before this one.
	rm sentinel
	until_true 10 grep -q 'DELETE_SELF sentinel' events
	kill "${pids[-1]}"
	ended "${pids[-1]}"
	found=$(grep -c 'DELETE_SELF mnt/' events || :)
}

@test "inotifywait: archivemount says that files have no names" {
	need inotify-tools inotifywait
	need archivemount archivemount
	plant
	tar -C source -cf source.tar .
	archivemount -f -o "$hour,readonly" source.tar mnt >log 2>&1 3>&- &
	pids+=($!)
	until_true 10 mounted "$dir/mnt"
	need_both
	[ "$(stat -c %h mnt/d1/file)" = 0 ] || skip "this one (1) says that they have"
	none watches_end nothing
	none watches_end expire
	some watches_end bump
	some watches_end inval # inval_entry
}

@test "inotifywait: with sshfs and bindfs watches last, and go on" {
	need inotify-tools inotifywait
	plant
	serve_sshfs
	need_both
	none watches_end bump
	touch sentinel
	inotifywait -m -e attrib --format %w mnt/d{1..40}/file >events 2>said 3>&- &
	pids+=($!)
	until_true 10 grep -q 'Watches established' said
	works bump mnt
	chmod 600 mnt/d{1..40}/file
	until_true 10 grep -q mnt/d40/file events
	expect "events" "$(sort -u events | wc -l)" 40
	kill "${pids[-1]}"
	ended "${pids[-1]}"
	unmount
	serve
	none watches_end bump
}

# old_acls HOW...: ACLs that are read as they were, of files that are open.
old_acls() {
	setfacl -m u:12345:r source/d*/file
	works inval -m inval_inode mnt d{1..40}/file
	# Not we ourselves: where there is a write-back cache, each process that ends with
	# such a descriptor has attributes asked for again.
	talk perl -e 'for (@ARGV) { open my $f, "<", $_ or die; push @open, $f }
		$| = 1; print "open\n"; <STDIN>' mnt/d{1..40}/file
	hear
	expect "their holder" "$said" open
	expect "read at first" "$(acls r--)" 40
	setfacl -m u:12345:rw source/d*/file
	tell "$@"
	walk
	found=$(acls r--)
	end_talk
}

# acls PERMISSIONS: how many say that of the user.
acls() {
	getfacl -ncp mnt/d{1..40}/file | grep -c "^user:12345:$1" || :
}

@test "fuse-overlayfs: ACLs of open files" {
	need acl setfacl
	need fuse-overlayfs fuse-overlayfs
	plant
	setfacl -m u:12345:r source/d1/file || skip "no ACLs below $dir"
	fuse-overlayfs -f -o "lowerdir=$dir/source,timeout=3600" mnt >log 2>&1 3>&- &
	pids+=($!)
	until_true 10 mounted "$dir/mnt"
	need_both
	some old_acls nothing
	some old_acls bump
	some old_acls inval # inval_entry
	none old_acls expire
	none old_acls inval -m inval_inode
}

# lost_folder HOW...: whether a program can't be told in which folder it is, while the
# daemon hasn't answered somebody else yet.
lost_folder() {
	# Nothing else that it does may ask the daemon, as shells and git do.
	talk perl -MPOSIX=getcwd -e 'chdir "mnt/d1" and $| = 1 and print "in\n";
		print getcwd() // "lost: $!", "\n" while <STDIN>'
	hear
	expect "the folder" "$said" in
	tell "$@"
	# Bump has made the root's attributes stale: that isn't what it shall wait for.
	stat mnt >/dev/null
	# Another name each time: the kernel would know that it is missing.
	hang stat "mnt/d1/absent$((++absent_cnt))"
	go_on
	hear
	kill -CONT "$daemon"
	ended "$waiter"
	# shellcheck disable=SC2034 # for some, and none
	case $said in
	"$dir/mnt/d1") found=0 ;;
	"lost: No such file or directory") found=1 ;;
	*) expect "the folder" "$said" "" ;;
	esac
	# Once that is answered, all is well.
	go_on
	hear
	expect "the folder" "$said" "$dir/mnt/d1"
	end_talk
}

@test "perl: getcwd() in a folder that somebody else is looking up" {
	absent_cnt=0
	plant
	serve
	need_both
	none lost_folder nothing
	none lost_folder expire
	some lost_folder bump
	some lost_folder inval # inval_entry
}
