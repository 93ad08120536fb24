#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim drmgr lsslot
# shellcheck disable=SC2016,SC2154 # scripts for the guest; from bats
# lsslot --summary is the one probe of a partition: what it is, what it has, what earlier runs of
# drmgr left. No lock, no call of firmware.

load ../../guest/verbs
load ../../lib/json

setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on,modern-hotplug-events=off GUEST_PLATFORM=lpar guest_boot \
		-smp 8,maxcpus=16,cores=4,threads=4 -m 1G,slots=4,maxmem=4G \
		-object memory-backend-ram,id=m0,size=1G -device pc-dimm,id=d0,memdev=m0
}

setup()
{
	guest_needed
	[[ ${GUEST_KIND:-real} == sim ]] || skip "the host is another one"
	guest_sh 'drmgr --recover >/dev/null; grep -qs ^nobody /etc/passwd ||
		echo nobody:x:65534:65534::/:/bin/sh >>/etc/passwd; chmod 755 /'
}

teardown()
{
	host x-papr-fault-clear
	assert_no_oops
}

# Members of the last document.
members()
{
	jq -c "[$1]" <<<"$output"
}

@test "the probe: machine, memory, lock, and nothing is left" {
	guest -0 lsslot --summary --json
	assert_json_schema lsslot-summary
	assert_equal "$(members '.platform, .lmb_size, .total_bytes, .no_device, .operation, .can_look, .recovery_needed, .leftovers, .error')" \
		'["powervm",268435456,2147483648,0,null,true,null,[],null]'
	assert_equal "$(members '.kernel, .backend | type')" '["string","string"]'
	[ "${#output}" -lt 3000 ]
	guest -0 lsslot --summary --check
	guest -0 drmgr -c mem -r -q 1
	guest -0 lsslot --summary --json
	assert_equal "$(members .total_bytes)" '[1879048192]'
	guest -0 drmgr -c mem -a -q 1
}

@test "a killed run is incomplete, one in progress is not" {
	guest_sh -0 'for n in $(seq 3 20); do
			[ ! -e /run/drmgr/journal ] || exit 0
			/usr/lib/guest/killat $n drmgr -c cpu -r -q 1 >/dev/null 2>&1
		done; exit 1'
	guest -1 lsslot --summary --check --json
	assert_json_schema lsslot-summary
	assert_equal "$(members '.recovery_needed.state, (.leftovers | length), .operation')" '["incomplete",1,null]'
	# Without descriptors it is unknown, and never complete.
	guest_sh -0 'for name in journal left-1; do
			[ -e /run/drmgr/$name ] || mv /run/drmgr/journal /run/drmgr/$name
			for n in $(seq 3 14) 64; do
				(ulimit -n $n; exec lsslot --summary --check) >/tmp/said 2>&1
				s=$?
				case $s in 1) told=$name ;; 2 | 127) ;; *) echo "$name, $n: status $s"; cat /tmp/said; exit 1 ;; esac
			done
			[ "$told" = $name ] || exit 2
		done'
	guest -0 drmgr --recover
	guest -0 lsslot --summary --check
	# A hook runs while drmgr has the lock.
	guest_sh -0 'umask 022; mkdir -p /etc/drmgr.d/cpu; cd /etc/drmgr.d/cpu
		printf "#!/bin/sh\nlsslot --summary --check --json >/tmp/probe; echo \$? >/tmp/status\n" >probe
		chmod 755 probe; drmgr -c cpu -r -q 1; drmgr -c cpu -a -q 1; rm probe
		[ "$(cat /tmp/status)" = 0 ]; cat /tmp/probe'
	output=${output##*CPU 4$'\n'}
	assert_json_schema lsslot-summary
	assert_regex "$(members '.operation.command')" 'drmgr -c cpu -a -q 1'
}

@test "what cannot be known is null, never empty" {
	guest_sh 'su nobody -s /bin/sh -c "lsslot --summary --json"'
	assert_status 0
	assert_json_schema lsslot-summary
	assert_equal "$(members '.can_look, .operation, .recovery_needed, .leftovers')" '[false,null,null,null]'
	guest_sh -2 'su nobody -s /bin/sh -c "lsslot --summary --check"'
	guest -2 lsslot --summary --check --json --frob
	assert_json_schema lsslot-summary
	assert_equal "$(members '.platform, .kernel, .total_bytes, .can_look, .leftovers')" '[null,null,null,false,null]'
	guest -2 lsslot --check
	assert_stderr 'lsslot: --check needs --summary'
	guest -2 lsslot --summary --check --sysroot /
	assert_stderr 'lsslot: --check is about the runs of this machine: use it without --sysroot'
	guest -0 lsslot --summary --json --sysroot /
	assert_json_schema lsslot-summary
	assert_equal "$(members '.kernel, .backend, .can_look, .leftovers')" '[null,null,false,null]'
}

@test "no firmware is called, and only slots for cards are sensed" {
	host x-papr-trace '{"enable": true}'
	guest -0 lsslot --summary --json
	refute_event X_PAPR_CALL name=get-sensor-state
	guest -0 lsslot --summary --sense --json
	host_wait X_PAPR_CALL name=get-sensor-state
	host x-papr-trace '{"enable": false}'
	assert_equal "$(jq -c '[.types[] | select(.offered != null) | .type]' <<<"$output")" '["pci"]'
}
