# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
#
# cards.bash - PCI cards for tests in a guest: plug them, and unplug all of them after a
# test
#
# A test file that loads this has one guest, and each of its tests begins with an empty
# bus. A test file with its own setup_file, setup... calls these functions there.

phb=/pci@800000020000000
nic='"romfile": ""'

setup_file()
{
	guest_boot
}

setup()
{
	cards_setup
}

teardown()
{
	cards_teardown
}

cards_setup()
{
	guest_needed
	declare -gA slot_of=() is_usb_host=()
	plugged=()
}

# Plug a card into slot ADDRESS (hexadecimal SLOT[.FUNCTION]) of the first bus.
plug() # ID DRIVER ADDRESS [JSON-MEMBERS]
{
	local slot=${3%.*} function=0

	[[ $3 != *.* ]] || function=${3#*.}
	host device_add "{\"driver\": \"$2\", \"id\": \"$1\", \"addr\": \"$3\"${4:+, $4}}"
	plugged+=("$1")
	[[ $2 != *xhci* ]] || is_usb_host[$1]=yes
	slot_of[$1]=C$((16#$slot * 8 + function))
}

# Request the card, wait until the guest releases it, and until the host has removed it.
unplug() # ID
{
	host device_del "{\"id\": \"$1\"}"
	guest -0 drmgr -c pci -r -s "${slot_of[$1]}" -n
	host_has_it_back "$1"
	forget "$1"
}

# QEMU 7.2 sends no event when a USB host controller is removed, because the device model
# keeps a reference to itself. For these, read the list of devices.
host_has_it_back() # ID
{
	if [[ -z ${is_usb_host[$1]-} ]]; then
		host_wait DEVICE_DELETED device="$1"
	fi
	host query-pci
	if [[ $host_reply == *"\"qdev_id\":\"$1\""* ]]; then
		batslib_print_kv_single 6 device "$1" |
			batslib_decorate "still in the host" | fail
	fi
}

# Function 1 of a card is plugged in slot 3 as f1, and waits. Plug function 0: both are
# found. Then unplug the card.
function_0_follows()
{
	plug f0 virtio-net-pci 3.0 "$nic, \"multifunction\": true"
	guest -0 drmgr -c pci -a -s C24 -n
	guest ls /sys/bus/pci/devices
	assert_stdout $'0000:00:03.0\n0000:00:03.1'
	guest drmgr -c pci -r -s C24 -n
	guest drmgr -c pci -r -s C25 -n
	host device_del '{"id": "f0"}'
	host_wait DEVICE_DELETED device=f0
	forget f0
	forget f1
}

# The test has removed this card itself.
forget() # ID
{
	local id left=()

	for id in "${plugged[@]}"; do
		[[ $id == "$1" ]] || left+=("$id")
	done
	plugged=("${left[@]}")
}

cards_teardown()
{
	local id

	assert_no_oops
	for ((i = ${#plugged[@]} - 1; i >= 0; i--)); do
		id=${plugged[i]}
		guest drmgr -c pci -r -s "${slot_of[$id]}" -n
		_guest_ctl qmp device_del "{\"id\": \"$id\"}" >/dev/null 2>&1 || true
		host_has_it_back "$id"
	done
}

# Print the values of KEY in the JSON document in $output, one a line. The documents are
# simple enough for this, so jq is not needed.
json_values() # KEY
{
	sed -nE "s/^ *\"$1\": \"?([^\",]*)\"?,?$/\1/p" <<<"$output"
}
