#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: packages drmgr lsslot papr-eventd ofpathtool
#
# Our packages and the distribution's for the same processor are installed, upgraded and
# removed in every order, in small temporary systems. Their programs are not run, because
# this machine has another processor. make packages-prepare builds our packages, downloads
# the others and makes the system.

# shellcheck disable=SC2154 # set by bats

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

commands='drmgr lsslot ofpathname'
pages='drmgr lsslot ofpathname'
aside=powerpc-ibm-utils

# A system with the distribution's packages. Tests copy it.
setup_file()
{
	ready || return 0
	export theirs=$BATS_FILE_TMPDIR/theirs ours=$BATS_FILE_TMPDIR/ours
	dpkg-deb -R "$(peer powerpc-ibm-utils)" "$theirs"
	dpkg-deb -R "$(our papr-utils)" "$ours"

	root=$PACKAGES/with-peers
	rm -rf "$root"
	cp -a "$PACKAGES/root" "$root"
	publish "$PACKAGES"/peers/*.deb
	apt install powerpc-ibm-utils:ppc64el ppc64-diag:ppc64el lsvpd:ppc64el bc libfdt1:ppc64el \
		libjson-c5:ppc64el
}

teardown_file()
{
	rm -rf "${PACKAGES:-/nothing}/with-peers"
}

ready()
{
	[[ $(id -u) -eq 0 && -d ${PACKAGES:-/nothing}/root && -d $PACKAGES/first ]]
}

setup()
{
	[ "$(id -u)" -eq 0 ] || skip "a system can be made by root alone"
	ready || skip "nothing is prepared"
	root=$PACKAGES/now.$BATS_TEST_NUMBER
	rm -rf "$root"
	cd "$BATS_TEST_TMPDIR"
}

teardown()
{
	[[ -z ${watcher-} ]] || kill "$watcher" 2>/dev/null || true
	[[ -z ${root-} ]] || rm -rf "$root"
}

system_with_peers()
{
	cp -a "$PACKAGES/with-peers" "$root"
}

# The same without powerpc-ibm-utils; the dependencies of our packages are installed.
system_without_peers()
{
	system_with_peers
	in_root dpkg --purge powerpc-ibm-utils ppc64-diag >/dev/null
	[ ! -e "$root/usr/sbin/drmgr" ]
}

in_root()
{
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C HOME=/root DEBIAN_FRONTEND=noninteractive \
		chroot "$root" "$@" </dev/null
}

# If a test fails, bats shows the output of the last run.
apt()
{
	in_root apt-get -q -y --no-install-recommends -o Dpkg::Use-Pty=0 -o APT::Sandbox::User=root "$@" 2>&1
}

# Make FILE... available to apt.
publish()
{
	cp "$@" "$root/archive"
	(cd "$root/archive" && dpkg-scanpackages -m . >Packages 2>/dev/null)
	apt update
}

install() # DEB...
{
	local file paths=() status=0

	mkdir -p "$root/tmp/debs"
	for file; do
		cp "$file" "$root/tmp/debs"
		paths+=("/tmp/debs/${file##*/}")
	done
	in_root dpkg -i "${paths[@]}" 2>&1 || status=$?
	rm -r "$root/tmp/debs"
	return $status
}

peer() # PACKAGE
{
	echo "$PACKAGES/peers/$1"_*_ppc64el.deb
}

our() # PACKAGE
{
	echo "$PACKAGES/first/$1"_*_ppc64el.deb
}

# Make another version of a package with different commands, and run EDIT on its files.
another() # DEB VERSION [EDIT]
{
	rm -rf another
	dpkg-deb -R "$1" another
	sed -i "s/^Version: .*/Version: $2/" another/DEBIAN/control
	(
		cd another
		for name in usr/sbin/*; do
			[ -L "$name" ] || echo "$2" >>"$name"
		done
		eval "${3-:}"
		find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | xargs -0 md5sum >DEBIAN/md5sums
	)
	dpkg-deb -Znone -b another . >/dev/null
	echo "$PWD/$(dpkg-deb -f "$1" Package)_$2_ppc64el.deb"
}

# Print files, modes, links, sizes and diversions of the system, without the databases and
# caches of dpkg, apt and ldconfig.
contents()
{
	(
		cd "$root"
		find . -path ./var/lib/dpkg -prune -o -path ./var/lib/apt -prune -o -path ./var/cache -prune -o \
			-path ./archive -prune -o -path ./var/log -prune -o -path ./tmp -prune -o \
			-name ld.so.cache -o -type d -printf '%p %m\n' -o -printf '%p %y %m %n %s %l\n' | LC_ALL=C sort
		cat var/lib/dpkg/diversions
	)
}

# Succeed if the commands and pages are those of TREE, diverted (ASIDE) or not.
are() # TREE [ASIDE]
{
	local name file

	for name in $commands; do
		file=$root/usr/sbin/$name${2:+.$2}
		if [[ -L $1/usr/sbin/$name ]]; then
			[ "$(readlink "$file")" = "$(readlink "$1/usr/sbin/$name")" ] || { echo "$file: no link"; return 1; }
		else
			cmp "$file" "$1/usr/sbin/$name" || return 1
		fi
		[ -x "$file" ] || return 1
	done
	for name in $pages; do
		cmp "$root/usr/share/man/man8/$name${2:+.$2}.8.gz" "$1/usr/share/man/man8/$name.8.gz" || return 1
	done
}

nothing_aside()
{
	[ -z "$(find "$root" -name "*.$aside*" ! -path '*/var/lib/dpkg/*')" ]
	run -0 in_root dpkg-divert --list
	refute_output --partial papr
}

clean() # PACKAGE...
{
	run -0 in_root dpkg --verify "$@"
	assert_output ''
	run -0 in_root dpkg --audit
	assert_output ''
}

watch_drmgr()
{
	rm -f stop watched
	(
		polls=0 missing=0
		while [[ ! -e stop ]]; do
			polls=$((polls + 1))
			[[ -x $root/usr/sbin/drmgr ]] || missing=$((missing + 1))
		done
		echo "$polls $missing" >watched
	) &
	watcher=$!
}

# Set $polls and $missing from the watcher's output, "POLLS MISSING".
watched()
{
	touch stop
	wait "$watcher"
	watcher=
	read -r polls missing <watched
	echo "polled $polls times, missing $missing times"
	[ "$polls" -gt 200 ]
}

@test "installation diverts their files, removal restores the system" {
	system_with_peers
	contents >before
	are "$theirs"
	run -0 install "$(our papr-utils)"
	are "$ours"
	are "$theirs" $aside
	clean papr-utils powerpc-ibm-utils
	[ "$(in_root dpkg-divert --listpackage /usr/sbin/drmgr)" = papr-utils ]
	[ "$(in_root dpkg-divert --truename /sbin/lsslot)" = /sbin/lsslot.$aside.usr-is-merged ]

	run -0 in_root dpkg --remove papr-utils
	are "$theirs"
	nothing_aside
	clean powerpc-ibm-utils
	run -0 in_root dpkg --purge papr-utils
	run -0 diff before <(contents)
	# The same in one command.
	run -0 install "$(our papr-utils)"
	run -0 in_root dpkg --purge papr-utils
	run -0 diff before <(contents)
}

@test "an upgrade of their package while it is diverted is restored on removal of ours" {
	local later older next
	local page=usr/share/man/man8/drmgr-hooks.8.gz

	system_with_peers
	# The package of Debian 13 has the page, that of Debian 12 has not.
	older=$(another "$(peer powerpc-ibm-utils)" 1.3.9-1 "rm -f $page")
	mv another older
	later=$(another "$(peer powerpc-ibm-utils)" 1.3.14-1 \
		"echo page | gzip -n >$page")
	mv another later
	next=$(another "$(peer powerpc-ibm-utils)" 1.3.15-1 "rm -f $page")
	mv another next

	run -0 install "$(our papr-utils)"
	run -0 install "$later"
	are "$ours"
	are "$PWD/later" $aside
	cmp "$root/usr/share/man/man8/drmgr-hooks.8.gz" "$ours/usr/share/man/man8/drmgr-hooks.8.gz"
	cmp "$root/usr/share/man/man8/drmgr-hooks.$aside.8.gz" later/usr/share/man/man8/drmgr-hooks.8.gz
	clean papr-utils powerpc-ibm-utils
	# Downgrade it, then upgrade it.
	run -0 install "$older"
	are "$PWD/older" $aside
	[ ! -e "$root/usr/share/man/man8/drmgr-hooks.$aside.8.gz" ]
	run -0 install "$next"
	are "$ours"
	are "$PWD/next" $aside
	run -0 in_root dpkg --purge papr-utils
	are "$PWD/next"
	nothing_aside
	[ ! -e "$root/usr/share/man/man8/drmgr-hooks.8.gz" ]
	clean powerpc-ibm-utils
}

@test "ours is installed first, then theirs; theirs is removed first, then ours" {
	system_without_peers
	contents >before
	run -0 install "$(our papr-utils)"
	contents >ours.contents
	are "$ours"
	run -0 install "$(peer powerpc-ibm-utils)"
	are "$ours"
	are "$theirs" $aside
	clean papr-utils powerpc-ibm-utils
	run -0 in_root dpkg --purge powerpc-ibm-utils
	are "$ours"
	run -0 diff ours.contents <(contents)
	clean papr-utils
	run -0 in_root dpkg --purge papr-utils
	[ ! -e "$root/usr/sbin/drmgr" ]
	nothing_aside
	run -0 diff before <(contents)
}

@test "one run of dpkg removes both" {
	system_without_peers
	contents >before
	run -0 install "$(our papr-utils)" "$(peer powerpc-ibm-utils)"
	run -0 in_root dpkg --purge powerpc-ibm-utils papr-utils
	run -0 diff before <(contents)
	run -0 install "$(peer powerpc-ibm-utils)" "$(our papr-utils)"
	are "$ours"
	are "$theirs" $aside
	run -0 in_root dpkg --purge papr-utils powerpc-ibm-utils
	run -0 diff before <(contents)
}

@test "their files stay diverted when ours is upgraded, downgraded and installed again" {
	local later

	system_with_peers
	later=$(another "$(our papr-utils)" 0.1.1)
	mv another later
	run -0 install "$(our papr-utils)"
	cp "$root/var/lib/dpkg/diversions" diversions
	run -0 install "$later"
	are "$PWD/later"
	are "$theirs" $aside
	run -0 install "$later"
	run -0 install "$(our papr-utils)"
	are "$ours"
	are "$theirs" $aside
	diff diversions "$root/var/lib/dpkg/diversions"
	clean papr-utils powerpc-ibm-utils
}

@test "an installation and an upgrade that fail in the middle change nothing" {
	local clashing

	system_with_peers
	contents >before
	# Unpacking fails at a late file, which another package owns.
	clashing=$(another "$(our papr-utils)" 0.1.1 'mkdir -p usr/bin; echo no >usr/bin/bc')
	mv another clashing
	run -1 install "$clashing"
	assert_output --partial "trying to overwrite '/usr/bin/bc'"
	are "$theirs"
	nothing_aside
	[ "$(stat -c %h "$root/usr/sbin/drmgr")" -eq 1 ]
	run -0 diff before <(contents)
	in_root dpkg --purge papr-utils

	run -0 install "$(our papr-utils)"
	contents >with-ours
	run -1 install "$clashing"
	assert_output --partial "trying to overwrite '/usr/bin/bc'"
	are "$ours"
	are "$theirs" $aside
	run -0 diff with-ours <(contents)
	clean papr-utils powerpc-ibm-utils
}

@test "drmgr always exists during an installation, an upgrade and a failed installation" {
	local later clashing

	system_with_peers
	later=$(another "$(our papr-utils)" 0.1.1)
	clashing=$(another "$(our papr-utils)" 0.1.2 'mkdir -p usr/bin; echo no >usr/bin/bc')
	watch_drmgr
	run -1 install "$clashing"
	run -0 install "$(our papr-utils)"
	run -0 install "$later"
	run -0 install "$(another "$(peer powerpc-ibm-utils)" 1.3.13-1)"
	watched
	[ "$missing" -eq 0 ]
	run -0 in_root dpkg --purge papr-utils
	# The watcher detects a preinst that removes the file.
	run -0 another "$(our papr-utils)" 0.1.3 'sed -i "s/^\t\tln /\t\tmv /" DEBIAN/preinst'
	grep -q '^[[:space:]]*mv ' another/DEBIAN/preinst
	watch_drmgr
	run -0 install "$output"
	watched
	[ "$missing" -gt 0 ]
}

# An upgrade of theirs moves the commands to /sbin. Then remove ours.
moves_to_sbin()
{
	local moved again move

	# shellcheck disable=SC2016 # for another
	move='mkdir sbin; for name in drmgr lsslot ofpathname; do mv usr/sbin/$name sbin; done'
	moved=$(another "$(peer powerpc-ibm-utils)" 1.3.20-1 "$move")
	mv another moved
	again=$(another "$(peer powerpc-ibm-utils)" 1.3.21-1 "$move")
	run -0 install "$(our papr-utils)"
	run -0 install "$moved"
	are "$ours"
	cmp "$root/sbin/drmgr.$aside.usr-is-merged" moved/sbin/drmgr
	clean papr-utils powerpc-ibm-utils
	run -0 install "$again"
	are "$ours"
	clean papr-utils powerpc-ibm-utils
	run -0 in_root dpkg --purge papr-utils
	nothing_aside
	clean powerpc-ibm-utils
	for name in $commands; do
		cmp "$root/sbin/$name" "another/sbin/$name"
	done
}

@test "theirs moves to /sbin, a link to /usr/sbin: ours is not overwritten" {
	system_with_peers
	[ -L "$root/sbin" ]
	moves_to_sbin
}

@test "theirs moves to /sbin, a folder of its own: removal of ours restores it there" {
	system_with_peers
	rm "$root/sbin"
	mkdir "$root/sbin"
	moves_to_sbin
	[ ! -L "$root/sbin" ] && [ ! -e "$root/usr/sbin/drmgr" ]
}

@test "purge removes the last drmgr's log and files in /run, and keeps hooks" {
	system_with_peers
	mkdir -p "$root/etc/drmgr.d/pci"
	echo hook >"$root/etc/drmgr.d/pci/hook"
	run -0 install "$(our papr-utils)"
	mkdir "$root/run/drmgr"
	touch "$root/var/log/drmgr" "$root/var/log/drmgr.0" "$root/run/drmgr/journal"
	run -0 in_root dpkg --remove papr-utils
	[ -e "$root/run/drmgr/journal" ]
	run -0 in_root dpkg --purge papr-utils
	[ -e "$root/var/log/drmgr" ] && [ -e "$root/var/log/drmgr.0" ] && [ ! -e "$root/run/drmgr" ]
	run -0 install "$(our papr-utils)"
	run -0 in_root dpkg --purge ppc64-diag powerpc-ibm-utils
	run -0 in_root dpkg --purge papr-utils
	[ ! -e "$root/var/log/drmgr" ] && [ ! -e "$root/var/log/drmgr.0" ]
	[ -e "$root/etc/drmgr.d/pci/hook" ]
}

is_enabled() # UNIT
{
	[ -L "$root/etc/systemd/system/multi-user.target.wants/$1" ]
}

@test "papr-eventd is enabled beside rtas_errd; purge removes its files, and keeps hooks" {
	local log logs

	system_with_peers
	contents >before
	is_enabled rtas_errd.service
	run -0 install "$(our papr-eventd)"
	is_enabled papr-eventd.service
	is_enabled rtas_errd.service
	clean papr-eventd ppc64-diag
	echo hook >"$root/etc/papr/event.d/hook"
	mkdir "$root/run/papr-eventd"
	logs=("$root"/var/log/{drmgr,drmgr.0,platform,platform.0})
	touch "${logs[@]}"
	run -0 in_root dpkg --purge papr-eventd
	# Other programs write these, too.
	ls "${logs[@]}"
	[ -e "$root/etc/papr/event.d/hook" ]
	rm -r "$root/etc/papr"
	run -0 diff before <(contents)
	run -0 install "$(our papr-eventd)"
	run -0 in_root dpkg --purge ppc64-diag powerpc-ibm-utils papr-eventd
	[ ! -e "$root/etc/papr" ]
	for log in "${logs[@]}"; do
		[ ! -e "$log" ]
	done
}

@test "dpkg --root does not change this machine's files and diversions" {
	local own

	system_with_peers
	own=$(dpkg-divert --list; find /usr/sbin /sbin/ -name 'drmgr*' -o -name 'lsslot*' -o -name 'ofpathname*')
	contents >before
	run -0 dpkg --root="$root" --force-script-chrootless --force-not-root -i "$(our papr-utils)"
	are "$ours"
	are "$theirs" $aside
	run -0 dpkg --root="$root" --force-script-chrootless --purge papr-utils:ppc64el
	are "$theirs"
	run -0 diff before <(contents)
	[ "$own" = "$(dpkg-divert --list; find /usr/sbin /sbin/ -name 'drmgr*' -o -name 'lsslot*' -o -name 'ofpathname*')" ]
}

status_of() # PACKAGE
{
	in_root dpkg-query -W -f '${Status}' "$1" 2>/dev/null
}

@test "apt installs all of ours with papr-toolkit, none of them by itself, and can return to theirs" {
	local package

	system_with_peers
	publish "$PACKAGES"/first/*_ppc64el.deb
	contents >before
	run -0 apt -s dist-upgrade
	refute_output --partial 'Inst '

	run -0 apt install papr-toolkit:ppc64el
	for package in papr-toolkit papr-utils libpapr-rtas2 libpapr-rtasevent2 powerpc-ibm-utils ppc64-diag lsvpd; do
		[ "$(status_of $package:ppc64el)" = 'install ok installed' ] || { echo $package; false; }
	done
	[ "$(status_of librtas2:ppc64el)" != 'install ok installed' ]
	are "$ours"
	run -0 in_root dpkg -S /usr/lib/powerpc64le-linux-gnu/librtas.so.2
	assert_output libpapr-rtas2:ppc64el:\ /usr/lib/powerpc64le-linux-gnu/librtas.so.2
	[ -e "$root/usr/lib/powerpc64le-linux-gnu/librtasevent.so.2" ]
	run -0 apt check

	# apt does not choose a newer version of theirs.
	publish "$(another "$(peer librtas2)" 2.0.7-1)" "$(another "$(peer librtasevent2)" 2.0.7-1)"
	run -0 apt -s dist-upgrade
	refute_output --partial 'Inst '
	refute_output --partial 'Remv '
	rm "$root"/archive/*2.0.7-1*
	publish "$(peer librtas2)"

	run -0 apt install librtas2:ppc64el librtasevent2:ppc64el
	for package in papr-toolkit libpapr-rtas2 libpapr-rtasevent2; do
		[ "$(status_of $package:ppc64el)" != 'install ok installed' ]
	done
	for package in librtas2 librtasevent2 powerpc-ibm-utils ppc64-diag lsvpd; do
		[ "$(status_of $package:ppc64el)" = 'install ok installed' ]
	done
	run -0 apt remove papr-utils:ppc64el
	run -0 in_root dpkg --purge papr-utils libpapr-rtas2:ppc64el libpapr-rtasevent2:ppc64el
	run -0 diff before <(contents)
	run -0 apt check
}

@test "apt replaces their development files with ours" {
	system_with_peers
	run -0 apt install librtas-dev:ppc64el librtasevent-dev:ppc64el
	publish "$PACKAGES"/first/*_ppc64el.deb
	run -0 apt install papr-toolkit:ppc64el libpapr-rtas-dev:ppc64el
	[ "$(status_of libpapr-rtas-dev:ppc64el)" = 'install ok installed' ]
	[ "$(status_of librtas-dev:ppc64el)" != 'install ok installed' ]
	run -0 in_root dpkg -S /usr/include/librtas.h
	assert_output 'libpapr-rtas-dev:ppc64el: /usr/include/librtas.h'
	clean libpapr-rtas-dev:ppc64el
	run -0 apt check
}

@test "our libraries have the distribution's symbols with the same versions" {
	local library

	for library in rtas rtasevent; do
		dpkg-deb -I "$(peer lib${library}2)" symbols >theirs
		dpkg-deb -I "$(our libpapr-${library}2)" symbols >ours
		# Symbols that only our library has create a dependency on ours.
		run bash -c 'diff theirs ours | grep "^[<>]"'
		if [ $library = rtas ]; then
			assert_output ''
		else
			assert_output '> | libpapr-rtasevent2 #MINVER#
>  rtas_get_ibmdiag_scn@Base 0.1.0 1'
		fi
	done
}
