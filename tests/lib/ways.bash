# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016 # for the guest's shell
#
# ways.bash - drmgr with each file that changes the device tree: its writes, and the
# resulting tree

# tree: print the tree with all bytes. traced: run drmgr. writes: count its writes to a
# file.
ways_shell='
	overlay=/proc/device-tree-overlay ofdt=/proc/ppc64/ofdt dlpar=/sys/kernel/dlpar
	tree() { (cd /proc/device-tree/ && find . -type d | sort && find . -type f | sort | xargs sha256sum); }
	traced() { drmgr --trace "$@" >/tmp/out 2>/tmp/trace || { echo "$*: $?"; grep -v ^trace: /tmp/out /tmp/trace; exit 1; }; }
	writes() { grep -c "^trace: write $1 " /tmp/trace; }
	count() { echo "overlay $(writes $overlay), dlpar $(writes $dlpar), ofdt $(writes $ofdt)"; }
'

# Call this in a guest that has started, before in_guest.
ways_setup() # [MORE-SHELL]
{
	_guest_ctl run -i -- sh -c 'cat >/tmp/in_guest' <<<"$ways_shell${1-}"
}

in_guest() # SCRIPT [ARG...]
{
	guest_sh ". /tmp/in_guest; $1" "${@:2}"
}

# Remove and add by both files, beginning with the current state. Each time the tree is
# the same, and no other file is written to. Print the number of overlays of each: "r 1",
# "a 1".
same_by_both() # DRMGR-OPTION...
{
	in_guest 'tree >/tmp/first
		for way in ofdt overlay; do for what in r a; do
			traced -$what --backend $way "$@"
			tree >/tmp/$way-$what
			case $way-$(count) in
			"ofdt-overlay 0, dlpar 0, ofdt "[1-9]*) ;;
			"overlay-overlay "[1-9]*", dlpar 0, ofdt 0") echo "$what $(writes $overlay)" ;;
			*) echo "$what $way: $(count)" ;;
			esac
		done; done
		for what in r a; do diff /tmp/ofdt-$what /tmp/overlay-$what; done
		diff /tmp/first /tmp/overlay-a' "$@"
	assert_status 0
}
