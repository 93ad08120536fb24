# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2154 # the guest's shell; set by run
# For tests of the simulated guest's kernel: run each script in its own guest.

bats_load_library bats-support
bats_load_library bats-assert
# shellcheck source-path=SCRIPTDIR source=wait.bash
source "$(dirname "${BASH_SOURCE[0]}")/wait.bash"

setup_file()
{
	if [[ ! -x ${GUEST_VMM:-} || ! -d ${GUEST_STAGE:-} ]]; then
		export SIM_MISSING='GUEST_VMM and GUEST_STAGE are not set'
	elif ! SIM_MISSING=$("$GUEST_VMM" -M pseries -m 512M run -- true 2>&1); then
		export SIM_MISSING="no simulated guest here: $SIM_MISSING"
	else
		unset SIM_MISSING
	fi
}

sim_setup()
{
	[[ -z ${SIM_MISSING:-} ]] || skip "$SIM_MISSING"
	export RAW=$GUEST_STAGE/usr/lib/guest/rawcall OVERLAY=$GUEST_STAGE/usr/lib/guest/overlay
	machine=(-M pseries -cpu power9 -m 1G)
	run_options=()
}

# Let every user pass the folders above this one.
open_to_all() # FOLDER
{
	local at=$1

	while [[ $at != / ]]; do
		[[ $at == /tmp ]] || chmod a+x "$at"
		at=$(dirname "$at")
	done
}

# Copy papr-vmm and other programs to a folder, $opened, for a test that runs them as another
# user: the build can be in a folder that only root may enter. $open_vmm is this papr-vmm.
open_programs() # [PROGRAM...]
{
	local libraries

	opened=$BATS_TEST_TMPDIR/opened
	open_vmm=$opened/papr-vmm
	libraries=$opened/.libs
	mkdir -p "$libraries"
	cp -R "${GUEST_VMM%/*}"/.libs/{papr-vmm,libpaprvmm.so*} "$libraries"
	[[ $# -eq 0 ]] || cp "$@" "$opened"
	printf '#!/bin/sh\nLD_LIBRARY_PATH="%s" exec "%s/papr-vmm" "$@"\n' "$libraries" "$libraries" >"$open_vmm"
	chmod a+x "$open_vmm"
	open_to_all "$libraries"
}

# Run a script in its own guest. w FILE TEXT: one write; r FILE BYTES: one read. It can call
# wait_until (wait.bash).
sim() # SCRIPT
{
	[[ $1 != *wait_until* ]] || set -- "$wait_in_script$1"
	run --separate-stderr timeout 100 "$GUEST_VMM" "${machine[@]}" run "${run_options[@]}" -- sh -c '
		w() { "$RAW" write "$@"; }
		wb() { file=$1; shift; printf "$@" | "$RAW" write "$file"; }
		r() { "$RAW" read "$@"; }
		O=/proc/ppc64/ofdt D=/sys/kernel/dlpar C=/sys/bus/pci/slots/control
		S=/sys/bus/pci/slots E=/proc/ppc64/rtas/error_log T=/proc/device-tree
		nic=0000:00:01.0 P=/sys/bus/pci/devices
		'"$1"
	echo "$output"
	echo "stderr: $stderr"
}

# The output of the script has exactly these lines.
answers() # LINE...
{
	assert_equal "$output" "$(printf '%s\n' "$@")"
}
