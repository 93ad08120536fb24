#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here-sim papr-vmm
# shellcheck disable=SC2016 # other shells
# papr-vmm run: the caller's files are as they are outside, also beside a mount, and never changed.

bats_require_minimum_version 1.5.0
load ../lib/sim

setup()
{
	place=/srv/papr-run-files.$$ # below a layer's root
	sim_setup
	[[ $(id -u) -eq 0 ]] || skip 'only root mounts'
	cd "$BATS_TEST_TMPDIR" && mkdir app app/mounted && cd app || return
}

teardown()
{
	[[ -z ${pid:-} ]] || kill "$pid" 2>/dev/null || true
	rm -rf "$place" "$place.outside"
}

# Run a script in a guest, where something is mounted inside the current folder.
beside() # SCRIPT [ARGUMENT...]
{
	run --separate-stderr unshare -m --propagation private sh -c '
		mount -t tmpfs none mounted && echo inside >mounted/file && exec "$@"' sh \
		timeout 60 "$GUEST_VMM" -m 512M run -- sh -c "$1" sh "${@:2}"
	echo "$output"
	echo "stderr: $stderr"
}

# All that a program sees of the files here, except in the mount.
facts()
{
	find . -path ./mounted -prune -o -type d -printf '%p %m %U %G %T@\n' \
		-o -printf '%p %y %i %n %m %U %G %s %b %T@ %l\n' | sort
	python3 -c 'import os
for name in sorted(os.listdir(".")):
    if name != "mounted":
        for key in os.listxattr(name, follow_symlinks=False):
            print(name, key, os.getxattr(name, key, follow_symlinks=False))'
	find . -type f -readable ! -path './mounted/*' -exec sha256sum {} + | sort
}

# Files of 20 kinds
files()
{
	echo text >plain
	: >empty
	truncate -s 3000000 sparse
	head -c 2000000 /dev/urandom >large
	printf '#!/bin/sh\necho ran\n' >program && chmod 755 program
	echo none >secret && chmod 0 secret
	echo set >setuid && chmod 4755 setuid
	echo read >read-only && chmod 444 read-only
	echo 1 >linked && ln linked linked-2 && mkdir dir && ln linked dir/linked-3
	ln -s plain relative && ln -s /etc/passwd absolute && ln -s nothing dangling
	mkfifo fifo
	mknod device c 1 3
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
	echo old >old && touch -d '1971-02-03 04:05:06.789012345' old
	echo new >new && touch -d '2099-12-31 23:59:59.999999999' new
	echo owned >owned && chown 1:2 owned
	echo attributes >attributes && python3 -c 'import os; os.setxattr("attributes", "user.note", b"beside")'
	mkdir sticky && chmod 1777 sticky && touch -d '2001-01-01' sticky
	: >"$(printf 'blank line\nend')"
	: >"$(printf '%0255d' 0)"
}

@test "20 kinds of files beside a mount are as outside, and a guest cannot change them" {
	local before

	files
	before=$(facts)
	beside "$(declare -f facts); facts"
	assert_success
	assert_equal "$stderr" ''
	assert_equal "$output" "$before"
	beside '
		for f in *; do
			[ "$f" = mounted ] || chmod 600 "$f" 2>/dev/null
			! [ -f "$f" ] || echo changed >>"$f"
		done
		rm dir/linked-3 linked && mv plain sticky/moved && mkdir made && echo more >made/file
		cat mounted/file linked-2 sticky/moved made/file large | wc -c'
	assert_success
	answers 2000051
	assert_equal "$(facts)" "$before"
}

@test "make decides as outside" {
	local line

	printf 'prog: main.c\n\tcp main.c prog\n' >Makefile
	: >main.c
	: >prog
	for line in '2021 2020 1' '2020 2021 0'; do
		# shellcheck disable=SC2086 # words
		set -- $line
		touch -d "$1-01-01" main.c && touch -d "$2-01-01" prog
		beside 'make -q'
		assert_equal "$status" "$3"
	done
	# A job server that is a FIFO is not in the guest.
	mkfifo jobs
	exec 5<>jobs
	MAKEFLAGS="-j3 --jobserver-auth=fifo:$PWD/jobs --no-print-directory" beside 'echo "$MAKEFLAGS"; make -q'
	exec 5<&-
	assert_equal "$status" 0
	assert_output --regexp '^-j3 +--no-print-directory$'
}

@test "files that change outside meanwhile are as they are then" {
	mkdir go
	echo one >file
	echo before >replaced
	unshare -m --propagation private sh -c 'mount -t tmpfs none mounted && exec "$@"' sh \
		timeout 200 "$GUEST_VMM" -m 512M run -- sh -c "$wait_in_script"'
			cat file replaced
			wait_until "ls go | grep -q on"
			wait_until "grep two file && grep after replaced"
			cat late/file' >out 2>&1 </dev/null &
	wait_until '[[ $(cat out) == *before* ]]'
	echo two >file
	rm replaced && echo after >new && mv new replaced
	mkdir late && echo late >late/file
	: >go/on
	wait $!
	run cat out
	answers one before two after late
}

@test "a hostile tree: links that turn, kinds that change, a thousand files at once" {
	local outside

	seq 1100 | split -l 1 -a 4 - many-
	echo 1 >kind
	(while [[ -e kind || -e kind.2 ]]; do
		for make in 'mkfifo' 'ln -s /dev/zero' 'mkdir' 'echo plain >'; do
			eval "$make kind.2" && rm -rf kind && mv kind.2 kind
		done
	done) 2>/dev/null &
	outside=$!
	beside '
		ulimit -n 2048
		exec python3 -c "
import os
names = [n for n in os.listdir(chr(46)) if n.startswith(\"many-\")]
files = [open(n) for n in names]
print(len(files), sum(int(f.read()) for f in files))
for i in range(2000):
    try:
        fd = os.open(\"kind\", os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        continue
    try:
        os.read(fd, 10)
    except OSError:
        pass
    os.close(fd)
"'
	kill "$outside"
	assert_success
	answers "1100 $((1100 * 1101 / 2))"
	assert_equal "$stderr" ''
}

# Run a script outside and in a guest as an ordinary user, who has another group and a /dev/fuse.
as_user() # FOLDER SCRIPT
{
	local wrap='mount --bind "$0" /dev/fuse && cd "$1" && { [ ! -e mount ] || { mount --bind . . && cd "$PWD"; }; } && shift &&
		exec setpriv --reuid 61234 --regid 61234 --groups 64321 "$@"'

	rm -rf "$place.outside" && cp -a "$place" "$place.outside"
	run unshare -m --propagation private sh -c "$wrap" "$fuse" "$place.outside/$1" sh -c "$2"
	echo "outside: $output"
	assert_success
	run unshare -m --propagation private sh -c "$wrap" "$fuse" "$place/$1" timeout 60 "${open_vmm:?}" -m 512M run -- sh -c "$2"
	echo "guest: $output"
	assert_success
}

@test "what an ordinary user can write outside, he can write in the guest" {
	local before dir fuse=$PWD/fuse

	mknod -m 666 "$fuse" c 10 229
	open_programs
	mkdir -p "$place" && cd "$place" || return
	mkdir -p dept/own/sub dept/only dept/open dept/mounted group mine/sub deep/a/b deep/a/c
	touch dept/own/sub/file group/file dept/only/file mine/sub/file dept/mounted/mount
	chown -R 61234:61234 dept/own dept/only/file dept/mounted mine deep/a/b
	chown -R 61234:64321 group && chgrp 64321 mine/sub/file && chmod 664 mine/sub/file
	chown 0:64321 deep/a && chmod 770 deep/a && chmod 2775 group && chmod 1777 dept/open
	: >deep/a/file && chgrp 64321 deep/a/file && chmod 660 deep/a/file
	before=$(find . -printf '%p %y %m %U %G %T@\n' | sort)
	for dir in dept/own/sub group; do
		as_user $dir 'echo more >>file && mv file other && mkdir made && echo 1 >made/file && rm -r made other'
	done
	as_user dept/only 'echo more >>file && [ "$(cat file)" = more ]'
	as_user dept/open 'echo made >"$(mktemp -p .)"'
	as_user dept/mounted 'echo made >new'
	as_user mine 'echo more >>sub/file && touch sub/new'
	as_user deep 'cd a && echo more >>file && ln -s b link && echo made >link/new'
	as_user deep/a/c 'cd .. && echo more >>file'
	# Another one than the current folder
	as_user mine 'cd ../dept/own/sub && echo more >>file && cd ../../../group && touch new'
	assert_equal "$(find . -printf '%p %y %m %U %G %T@\n' | sort)" "$before"
}

@test "files of two file systems are two files" {
	run --separate-stderr unshare -m --propagation private sh -c '
		mount -t tmpfs none mounted && cd mounted && mkdir x y && mount -t tmpfs x x && mount -t tmpfs y y &&
			echo one >x/file && echo two >y/file && ln y/file y/linked && mkdir x/in y/in &&
			mount -t tmpfs in x/in && mount -t tmpfs in y/in || exit # so x and y are no layers
		[ "$(stat -c %i x/file)" = "$(stat -c %i y/file)" ] || echo the trap is not set
		"$1" -m 512M run -- sh -c "$2" && cat x/file y/file' sh "$(realpath "$GUEST_VMM")" '
		[ x/file -ef y/file ] || echo differ
		[ y/file -ef y/linked ] && echo linked
		[ "$(ls -i y/file)" = "$(stat -c "%i %n" y/file)" ] && echo listed
		cmp -s x/file y/file || echo differ
		tar -cf - x y | tar -xOf -
		cp x/file y/file && cat y/file'
	echo "$output$stderr"
	assert_success
	answers differ linked listed differ one two one one two
}

# Files that are opened again by name, when others needed their descriptors
@test "a program that holds many files does not keep others from theirs" {
	mkdir go
	seq 200 | split -l 1 -a 3 -d - many-
	echo secret >secret && chmod 600 secret
	(
		ulimit -n 256
		unshare -m --propagation private sh -c 'mount -t tmpfs none mounted && exec "$@"' sh \
			timeout 100 "$GUEST_VMM" -m 512M run -- sh -c "$wait_in_script"'
				cat >/run/hold.py <<"END"
import glob, os, sys
files = [os.open(n, os.O_RDONLY) for n in sorted(glob.glob("many-*"))]
print("held", flush=True)
sys.stdin.readline()
if len(sys.argv) > 1:
    for fd in files:
        try:
            n = int(os.read(fd, 10))
        except OSError as error:
            n = error.strerror
        if n != 1 + files.index(fd):
            print(files.index(fd), n)
END
				mkfifo /run/end /run/never && exec 5<>/run/end 6<>/run/never
				python3 /run/hold.py check </run/end >/run/check & check=$!
				wait_until "grep -q held /run/check"
				for i in 1 2 3; do
					python3 /run/hold.py </run/never >/run/held$i &
					wait_until "grep -q held /run/held$i"
				done
				cat secret && ls | wc -l && /bin/echo held
				wait_until "ls go | grep -q on"
				echo >/run/end && wait $check && cat /run/check' >out 2>&1 </dev/null
	) &
	pid=$!
	wait_until 'grep -q "^held" out'
	mv many-000 moved
	echo other >many-001.new && mv many-001.new many-001
	: >go/on
	wait "$pid"
	run cat out
	answers secret 204 held held '0 Stale file handle' '1 Stale file handle'
}

@test "the current folder must exist in the guest" {
	local dir=/run/papr-run-files.$$

	mkdir "$dir"
	cd "$dir" || return
	run --separate-stderr timeout 60 "$GUEST_VMM" -m 512M run -- pwd
	rmdir "$dir"
	assert_equal "$status" 125
	assert_equal "$output" ''
	assert_equal "$stderr" "papr-vmm: the guest has no folder $dir: No such file or directory"
}

@test "NixOS and Guix: programs in /run/current-system and /run/wrappers" {
	run --separate-stderr unshare -m --propagation private sh -c '
		mount -t tmpfs none /run && mkdir -p /run/wrappers/bin system/bin /run/other &&
			cp /bin/echo /run/wrappers/bin/wrapped && cp /bin/echo system/bin/mine &&
			ln -s "$PWD/system" /run/current-system && cp /bin/true /run/other/real || exit
		PATH=/run/wrappers/bin:/run/current-system/bin
		"$1" -m 512M run -- mine found && "$1" -m 512M run -- wrapped too || exit
		PATH=/run/other "$1" doctor' sh "$(realpath "$GUEST_VMM")"
	echo "$output$stderr"
	assert_equal "$status" 1
	assert_line found
	assert_line too
	assert_line --partial 'it has its own directories there, so programs in /run/other are not found'
}

@test "a root on two overlays: all files can be changed in the guest" {
	run --separate-stderr unshare -m --propagation private sh -c '
		mkdir low up work root two && mount -t tmpfs none work && mkdir work/1 work/2 work/3 work/4 &&
		mount -t overlay o1 -o lowerdir=/,upperdir=work/1,workdir=work/2 root &&
		mount -t overlay o2 -o lowerdir=root,upperdir=work/3,workdir=work/4 two || exit
		for d in proc sys dev; do mount --rbind /$d two/$d || exit; done
		cd two && mkdir old && pivot_root . old && cd / && umount -l old &&
			"$1" -m 512M run -- sh -c "echo 1 >/tmp/made && echo 2 >/etc/made && cat /tmp/made /etc/made"' sh \
		"$(realpath "$GUEST_VMM")"
	echo "$output$stderr"
	assert_success
	answers 1 2
	refute [ -e /etc/made ]
}

# The current folder is not what its path names: the command does not start in another one.
nowhere() # ACTION...
{
	run -125 --separate-stderr unshare -m --propagation private sh -c \
		"mkdir gone && cd gone && $1"' && shift && exec "$@"' sh "${@:2}"
	assert_equal "${stderr##*$'\n'}" 'papr-vmm: the guest does not have the current folder: No such file or directory'
	[[ -z $output ]]
	rm -rf gone
}

@test "the current folder is gone" {
	local start=(timeout 60 "$GUEST_VMM" -m 512M run -- touch here) action

	"$GUEST_VMM" -m 512M run -- sleep 100 3>&- &
	pid=$!
	wait_until '"$GUEST_VMM" attach $pid -- true 2>/dev/null'
	for action in 'rmdir ../gone' 'rmdir ../gone && mkdir ../gone' 'mount -t tmpfs none ../gone' \
		'mv ../gone ../other && rmdir ../other' 'mkdir in && mount -t tmpfs t . && cd ../gone && umount -l .'; do
		nowhere "$action" - "${start[@]}"
		nowhere "$action" - timeout 60 "$GUEST_VMM" attach "$pid" -- touch here
	done
	kill "$pid"
	wait || true
}

@test "the process that serves the files is killed" {
	"$GUEST_VMM" -m 512M run -- sh -c 'sleep 100; true' 2>said 3>&- &
	pid=$!
	wait_until '"$GUEST_VMM" attach $pid -- true 2>/dev/null'
	pkill -KILL -x mirror -P "$(pgrep -P "$pid" -x init)"
	status=0
	wait "$pid" || status=$?
	assert_equal "$status" 125
	assert_equal "$(<said)" "papr-vmm: the process that serves this computer's files has ended: No such process"
}

@test "without overlays, a message says that files cannot be changed" {
	: >here
	run --separate-stderr strace -f -qq -o /dev/null -P /sys/root -e trace=mount -e inject=mount:error=EINVAL:when=1..2 \
		"$GUEST_VMM" -m 512M run -- sh -c '[ -e here ] && ! echo >here && echo >/run/made && echo >/var/tmp/made'
	echo "$output$stderr"
	assert_success
	assert_equal "${stderr%%$'\n'*}" 'papr-vmm: files cannot be changed in the guest: overlays: Invalid argument'
}
