#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim long drmgr lsslot
# Large machines, in counts: the calls of a command grow linearly with its objects, and
# its memory stays small. Time is not measured here; make bench does this.

load ../../guest/verbs

KIB_MAX=65536

teardown()
{
	machine_ends
}

machine_ends()
{
	guest_down
	rm -rf "${GUEST_DIR:-/nowhere}"
}

# The first 1 GiB is boot memory. This guest owns all other LMBs.
machine() # LMBS CORES PHBS [OPTION...]
{
	local options=(-m "1G,slots=4,maxmem=$(($1 / 4))G" -smp "$2") phb

	for ((phb = 1; phb < $3; phb++)); do
		options+=(-device "spapr-pci-host-bridge,index=$phb")
	done
	options+=(-object "memory-backend-ram,id=m,size=$(($1 / 4 - 1))G" -device 'pc-dimm,memdev=m')
	guest_boot "${options[@]}" "${@:4}"
	guest_needed
}

# Count the requests of a command: $opens, $rtas, $calls and $kib.
count() # COMMAND...
{
	local status_of

	guest -0 -t 300 /usr/lib/guest/counts "$@"
	read -r _ opens _ _ _ rtas _ calls _ kib _ status_of <<<"$output"
	assert_equal "$status_of" 0
	((kib < KIB_MAX))
}

listings='lsslot -c mem
lsslot -c mem --json
lsslot -c mem -s 0x80000010
lsslot -c cpu
lsslot -c cpu --json
lsslot -c cpu -b
lsslot -c pci
lsslot -c pci --json
lsslot -c pci -s C8
lsslot -c slot --json
lsslot -c phb
lsslot -c phb --json
drmgr -c cpu -Q --json
drmgr -c mem -Q --json
drmgr -c pci -Q --json'

count_lists() # NAME-OF-ARRAY
{
	local -n into=$1
	local command

	while read -r -a command; do
		count "${command[@]}"
		# shellcheck disable=SC2034 # the caller's
		into["${command[*]}"]=$opens
	done <<<"$listings"
}

@test "lists: the number of opened files for each core, host bridge and LMB is limited" {
	local -A small=() large=() limit=()
	local command

	machine 1024 64 2
	count_lists small
	machine_ends
	machine 4096 192 6
	count_lists large

	# Of each of 128 cores: its index, its threads and their Linux numbers; documents
	# also have its node and location code. Of each of 4 host bridges: the properties
	# of its slots.
	while read -r command; do
		case $command in
		*cpu*json) limit[$command]=$((5 * 128)) ;;
		*cpu*) limit[$command]=$((3 * 128)) ;;
		*-c\ phb*) limit[$command]=$((9 * 4)) ;;
		*-c\ pci* | *-c\ slot*) limit[$command]=$((7 * 4)) ;;
		# LMBs are in one property; host bridges are listed too
		*) limit[$command]=4 ;;
		esac
	done <<<"$listings"
	while read -r command; do
		echo "$command: ${small[$command]} ${large[$command]}, ${limit[$command]} more"
		((large[$command] - small[$command] <= limit[$command]))
	done <<<"$listings"
}

@test "65,536 LMBs, 1,024 cores, 4,096 slots are listed in little memory" {
	machine 65536 1024 16
	local command

	while read -r -a command; do
		count "${command[@]}"
	done <<<"$listings"
	guest_sh 'lsslot -c mem | grep -c "DRC Index"; lsslot -c cpu | grep -c ^CPU; lsslot -c pci | grep -c ^C[0-9]
		lsslot -c phb | grep -c "^PHB [0-9]"; lsslot -c mem --json | grep -c "\"type\": \"mem\","'
	assert_stdout $'65532\n1024\n4096\n16\n65537'
}

@test "lists of occupied slots: each card needs the same number of calls" {
	local -a cost=()
	local cards slot function address options

	for cards in 32 64 128; do
		options=()
		for ((slot = 1; slot <= cards / 8; slot++)); do
			for function in 0 1 2 3 4 5 6 7; do
				printf -v address '%x.%x' "$slot" "$function"
				options+=(-device "virtio-rng-pci,addr=$address,multifunction=on")
			done
		done
		machine 1024 1 1 "${options[@]}"
		count lsslot -c pci
		cost+=("$calls")
		machine_ends
	done
	echo "${cost[@]}"
	((cost[1] > cost[0] && cost[2] - cost[1] <= 2 * (cost[1] - cost[0]) + 16))
}

# The tables of both machines have the same size, so no calls need to be excluded.
@test "a card by each kind of name: with 187 cards about the same calls as with 4 [io-72-few]" {
	local -a few=() many=() options=() commands=('lsslot -c pci -s' 'lsslot -s' 'drmgr -c pci -Q -s')
	local cards slot function address name command i

	for cards in 4 187; do
		options=(-device virtio-net-pci,addr=1
			-drive if=none,id=d,file=/dev/null,format=raw -device virtio-blk-pci,addr=2,drive=d)
		for ((slot = 3, i = 2; i < cards; slot++)); do
			for ((function = 0; function < 8 && i < cards; function++, i++)); do
				printf -v address '%x.%x' "$slot" "$function"
				options+=(-device "virtio-rng-pci,addr=$address,multifunction=on")
			done
		done
		machine 1024 1 1 "${options[@]}"
		guest_sh 'ls -d /sys/bus/pci/devices/*:* | wc -l'
		assert_stdout "$cards"
		# an empty slot, too
		for name in 0x40000010 C16 C248 0000:00:02.0 eth0 vda; do
			for command in "${commands[@]}"; do
				# shellcheck disable=SC2086 # words
				count $command "$name"
				if ((cards == 4)); then few+=("$calls"); else many+=("$calls"); fi
			done
		done
		machine_ends
	done
	echo "${few[*]}, ${many[*]}"
	for i in "${!few[@]}"; do
		((many[i] * 10 <= few[i] * 12))
	done
}

# Twice as many objects cost twice as much, plus at most a twentieth. Each costs at most
# LIMIT, regardless of the number of other objects.
assert_linear() # LIMIT N COST-OF-N COST-OF-2N COST-OF-4N
{
	echo "$*"
	(($4 > $3 && ($5 - $4) * 10 <= ($4 - $3) * 21 && $5 - $3 <= 3 * $2 * $1))
}

@test "cores are removed and added: each needs the same number of calls" {
	local -a removed=() added=() asked=()
	local n

	machine 1024 256 1
	for n in 50 100 200; do
		count drmgr -c cpu -r -q "$n"
		removed+=("$calls")
		count drmgr -c cpu -a -q "$n"
		added+=("$calls")
		asked+=("$rtas")
		((rtas <= 3 * n))
	done
	# 16 of them: the kernel's write has a process of its own.
	assert_linear 50 50 "${removed[@]}"
	assert_linear 60 50 "${added[@]}"
	assert_linear 3 50 "${asked[@]}"
}

@test "memory is added and removed: each LMB needs the same number of calls, up to 1,024" {
	local -a added=() removed=() asked=()
	local n

	GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar \
		guest_boot -machine modern-hotplug-events=off -m 1G,slots=4,maxmem=16T
	host object-add '{"qom-type": "memory-backend-ram", "id": "m", "size": 549755813888}'
	host device_add '{"driver": "pc-dimm", "id": "d", "memdev": "m"}'
	for n in 256 512 1024; do
		count drmgr -c mem -a -q "$n"
		added+=("$calls")
		asked+=("$rtas")
		((rtas <= n))
	done
	for n in 256 512 1024; do
		count drmgr -c mem -r -q "$n"
		removed+=("$calls")
		((rtas <= n)) # has firmware got it again?
	done
	assert_linear 4 256 "${added[@]}"
	assert_linear 1 256 "${asked[@]}"
	assert_linear 4 256 "${removed[@]}"
}

@test "a card in one of 4,096 slots: the same number of firmware's calls as in one of 256" {
	local -a few=() many=()
	local phbs operation

	for phbs in 1 16; do
		machine 1024 1 "$phbs" -device virtio-net-pci,bus=pci.0,addr=1
		for operation in -r -a; do
			count drmgr -c pci "$operation" -s C8 -n
			if ((phbs == 1)); then few+=("$rtas" "$calls"); else many+=("$rtas" "$calls"); fi
		done
		machine_ends
	done
	echo "${few[*]}, ${many[*]}"
	((many[0] == few[0] && many[2] == few[2]))
	# For each of 15 host bridges, the properties of its slots, and little more; a
	# card's own properties are read twice.
	((many[1] - few[1] <= 15 * 100 && many[3] - few[3] <= 15 * 100))
}
