#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: guest debian drmgr lsslot drmon papr-eventd ofpathtool
# The packages for ppc64el in a real guest, installed by dpkg beside the distribution's:
# installed, they do the work, also for the event daemon; removed, the distribution's are
# restored. Each test continues in the state of the one before it.

# shellcheck disable=SC2016,SC2154 # for the guest's shell; set by the verbs

load ../guest/verbs
load ../lib/errd

ours='libpapr-rtas2 libpapr-rtasevent2 libpapr-rtas-dev papr-utils papr-drmon papr-eventd papr-toolkit'

setup_file()
{
	local tree=$BATS_FILE_TMPDIR/tree

	[[ ${GUEST_KIND:-real} == real && -d ${PACKAGES:-/nothing}/first ]] || return 0
	"${top_srcdir:-.}/tests/peers/packages/guest-root" "$GUEST_CACHE" "$PACKAGES/first" "$tree"
	# Programs that the tests need
	mkdir -p "$tree/usr/lib/guest"
	cp -R "$GUEST_OVERLAY/usr/lib/guest/." "$tree/usr/lib/guest"
	export GUEST_OVERLAY=$GUEST_CACHE/more:$tree GUEST_TIMEOUT=600
	guest_boot -m 2G
}

setup()
{
	[[ ${GUEST_KIND:-real} == real ]] || skip 'packages are for real guests'
	[[ -d ${PACKAGES:-/nothing}/first ]] || skip 'there are no packages (make packages-prepare)'
	cards_setup
}

teardown()
{
	[[ -n ${GUEST_DIR:-} ]] || return 0
	cards_teardown
	assert_no_oops
}

state_of() # PACKAGE
{
	guest dpkg-query -W -f '${db:Status-Abbrev}' "$1" >/dev/null
	echo "${output// /}"
}

# In the guest: the checksum of a command.
sum()
{
	guest_sh 'md5sum <"$1"' "$1" >/dev/null
	echo "${output%% *}"
}

# Scripts call /usr/bin/dpkg, because the guest's shell, busybox, has its own dpkg.
@test "before: the guest has the distribution's commands" {
	guest_sh 'drmgr --version; rtas_errd --help 2>&1 | head -1; true'
	refute_stdout --partial papr-toolkit
	[ "$(state_of powerpc-ibm-utils)" = ii ]
	guest dpkg --audit
	assert_stdout ''
	sum /usr/sbin/drmgr >"$BATS_FILE_TMPDIR/drmgr.sum"
	sum /usr/lib/powerpc64le-linux-gnu/librtas.so.2 >"$BATS_FILE_TMPDIR/librtas.sum"
}

@test "installation diverts theirs, which still run" {
	local package

	guest_sh '/usr/bin/dpkg -i /debs/ours/*.deb 2>&1'
	echo "$output"
	assert_status 0
	for package in $ours powerpc-ibm-utils ppc64-diag lsvpd; do
		echo "$package"
		[ "$(state_of "$package")" = ii ]
	done
	guest dpkg --audit
	assert_stdout ''
	guest drmgr --version
	assert_stdout --partial papr-toolkit
	guest lsslot --version
	assert_stdout --partial papr-toolkit
	[ "$(sum /usr/sbin/drmgr.powerpc-ibm-utils)" = "$(<"$BATS_FILE_TMPDIR/drmgr.sum")" ]
	[ "$(sum /usr/lib/powerpc64le-linux-gnu/librtas.so.2)" != "$(<"$BATS_FILE_TMPDIR/librtas.sum")" ]
	guest -0 drmgr.powerpc-ibm-utils -C
	guest_sh -0 'lparstat -i | head -3; nvram --print-config | head -3'
}

@test "drmgr, ofpathtool and man work on a card" {
	plug n0 virtio-net-pci 1 "$nic"
	guest -0 drmgr -c pci -a
	assert_stdout --regexp '^C8 \(0x40000008\): configured .* eth0$'
	guest ofpathname eth0
	assert_stdout "$phb/ethernet@1"
	guest -0 ofpathname.powerpc-ibm-utils -V
	guest drmon --once -c pci
	assert_stdout --regexp 'C8 .*configured'
	guest -0 drmgr -c pci -r -s C8 -n
}

@test "man finds each page by its name" {
	guest_sh -0 'for package in '"$ours"'; do /usr/bin/dpkg -L $package; done | sed -nE "s|^/.*/man[0-9]/([^/]*)\.([0-9])\.gz$|\2 \1|p" |
		sort -u | while read -r section name; do
			man -w "$section" "$name" >/dev/null || echo "none: $section $name"; echo $section $name; done'
	refute_stdout --partial none:
	[ "${#lines[@]}" -gt 100 ]
	guest_sh -0 'man -w 8 drmgr.powerpc-ibm-utils'
}

@test "their event daemon runs ours" {
	guest_sh -0 'rm -f /var/log/drmgr /var/log/platform; rtas_errd'
	guest_until 'pidof rtas_errd'
	plug n1 virtio-net-pci 2 "$nic"
	guest_until 'grep -q "drmgr: -c pci -a -s 0x40000010 -n -d4 -V$" /var/log/drmgr && test -e /sys/class/net/eth0'
	guest_sh -0 'md5sum < /proc/$(pidof rtas_errd)/root/usr/lib/powerpc64le-linux-gnu/librtas.so.2;
		grep -c librtas.so.2 /proc/$(pidof rtas_errd)/maps'
	host device_del '{"id": "n1"}'
	host_has_it_back n1
	forget n1
	guest_sh 'kill $(pidof rtas_errd)'
}

@test "an upgrade of theirs changes the diverted files, not ours" {
	guest_sh -0 '/usr/bin/dpkg -i /debs/newer/*.deb 2>&1'
	guest drmgr --version
	assert_stdout --partial papr-toolkit
	guest drmgr.powerpc-ibm-utils
	assert_stdout 'the newer one'
}

@test "removal restores the distribution's libraries and commands, and leaves none of ours" {
	guest_sh -0 '/usr/bin/dpkg -r papr-toolkit papr-drmon papr-eventd libpapr-rtas-dev && /usr/bin/dpkg --purge papr-utils 2>&1'
	guest drmgr
	assert_stdout 'the newer one'
	# tests/peers/coinstall.bats does this in one step with apt.
	guest_sh -0 '/usr/bin/dpkg -r --force-depends libpapr-rtas2 libpapr-rtasevent2 2>&1'
	guest_sh '/usr/bin/dpkg -i /debs/theirs/librtas2_*.deb /debs/theirs/librtasevent2_*.deb \
		/debs/theirs/powerpc-ibm-utils_*.deb 2>&1'
	echo "$output"
	assert_status 0
	[ "$(sum /usr/sbin/drmgr)" = "$(<"$BATS_FILE_TMPDIR/drmgr.sum")" ]
	[ "$(sum /usr/lib/powerpc64le-linux-gnu/librtas.so.2)" = "$(<"$BATS_FILE_TMPDIR/librtas.sum")" ]
	guest -0 drmgr -C
	guest_sh 'dpkg-divert --list | grep papr; find / -xdev -name "*.powerpc-ibm-utils*" ! -path "/debs/*"; true'
	assert_stdout ''
	guest dpkg --audit
	assert_stdout ''
	guest_sh '/usr/bin/dpkg -l | grep "^i.*papr"; true'
	assert_stdout ''
}
