# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the caller's variables, as said here
# Sourced, after lib.sh, by what fetches from Debian.

# debian_uri LABEL: where apt here has that from.
debian_uri() {
	# shellcheck disable=SC2016 # for apt to expand
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
		'Origin: Debian' "Label: $1" 2>/dev/null | head -n 1
}

# Sets uri to the mirror of this machine's release, as apt knows it, security to that
# of updates for it (or to nothing), and keyring to Debian's: no host's name is in any
# of our files.
debian_mirror() {
	uri=$(debian_uri Debian)
	security=$(debian_uri Debian-Security)
	keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -n "$uri" ] || die 1 "apt knows no Debian mirror here: run apt-get update"
	[ -r "$keyring" ] || die 1 "no $keyring: apt-get install debian-archive-keyring"
}
