#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim guest sanitized drmgr
# The administrator's hooks for slots and host bridges. Hooks for processors and memory
# are in cpu.bats and mem.bats, the rights of a hook in t-hooks.c.

load ../../guest/verbs
load ../../lib/cards

setup_file()
{
	guest_boot -smp 1,maxcpus=2,cores=2,threads=1
}

teardown()
{
	[[ -n ${GUEST_MISSING:-} ]] || guest rm -rf /etc/drmgr.d /tmp/hooked
	cards_teardown
}

# Install a hook that writes its environment to a file.
hook_for() # TYPE
{
	# shellcheck disable=SC2016 # for the guest
	guest_sh -0 'umask 022; mkdir -p "/etc/drmgr.d/$1"; cd "/etc/drmgr.d/$1"
		printf "#!/bin/sh\necho \$DRC_TYPE \$ACTION \$PHASE \$DRC_COUNT \$DRC_INDEX \$DRC_NAME >>/tmp/hooked\n" >note
		chmod 755 note' "$1"
}

noted() # LINES
{
	guest cat /tmp/hooked
	assert_stdout "$1"
	guest rm /tmp/hooked
}

@test "hooks receive the changed slot, by name and by index [io-hook-slots log-2-pci]" {
	hook_for pci
	plug n0 virtio-net-pci 1 "$nic"
	guest -0 drmgr -c pci -a
	noted 'pci add pre 1 0x40000008 C8
pci add post 1 0x40000008 C8'
	guest drmgr -c pci -Q
	guest drmgr -c pci -r -s C8 -n --dry-run
	guest drmgr -c pci -r -s C9 -n --dry-run
	guest -1 test -e /tmp/hooked
	guest -0 drmgr -c pci -r -s C8 -n
	noted 'pci remove pre 1 0x40000008 C8
pci remove post 1 0x40000008 C8'
	guest -255 drmgr -c pci -r -s C9 -n
	noted 'pci remove pre 1 0x40000009 C9
pci remove post 0 0x40000009 C9'
}

# Files that are not executable or not regular are not run. Hooks have exactly these
# variables. (Some shells set PATH for their children.)
@test "only executable files run, with a fixed environment [io-77]" {
	hook_for cpu
	plug_core 1
	guest_until 'test "$(cat /sys/devices/system/cpu/online)" = 0-1'
	# shellcheck disable=SC2016 # for the guest
	guest_sh -0 'cd /etc/drmgr.d/cpu; rm note; umask 022; echo "#!/bin/sh" >02-b; mkdir 03-c
		echo "echo no >>/tmp/hooked" >>02-b
		printf "#!/bin/sh\n{ echo \$0: \$#; pwd; env | grep -vE \"^(PATH|PWD|_|SHLVL|OLDPWD)=\" | sort; } >>/tmp/hooked\n" >01-a
		PATH=$PATH:/bin:/usr/bin; chmod 755 01-a; drmgr -c cpu -r -q 1; s=$?; cat /tmp/hooked; rm -rf 03-c; exit $s'
	assert_stdout --partial '/etc/drmgr.d/cpu/01-a: 0
/
ACTION=remove
DRC_COUNT=1
DRC_TYPE=cpu
PHASE=pre
/etc/drmgr.d/cpu/01-a: 0
/
ACTION=remove
DRC_COUNT=1
DRC_TYPE=cpu
PHASE=post'
	refute_stdout_line no
}

@test "hooks receive several slots, and none" {
	hook_for pci
	guest -0 drmgr -c pci -a
	guest -1 test -e /tmp/hooked
	plug a virtio-net-pci 1 "$nic"
	plug b virtio-net-pci 2 "$nic"
	guest -64 drmgr -c pci -a -q 3
	noted 'pci add pre 3
pci add post 2'
}

@test "hooks receive host bridges [io-hook-phb log-2-phb]" {
	hook_for phb
	host device_add '{"driver": "spapr-pci-host-bridge", "id": "phb1", "index": 1}'
	guest -0 drmgr -c phb -a -s 'PHB 1'
	noted 'phb add pre 1 0x20000001 PHB 1
phb add post 1 0x20000001 PHB 1'
	host device_del '{"id": "phb1"}'
	guest -0 drmgr -c phb -r -s 'PHB 1'
	host_wait DEVICE_DELETED device=phb1
	noted 'phb remove pre 1 0x20000001 PHB 1
phb remove post 1 0x20000001 PHB 1'
	guest -255 drmgr -c phb -a -q 1
	noted 'phb add pre 1
phb add post 0'
}
