# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2154 # the guest's shell; set by run
# For tests of the simulated guest's kernel: run each script in its own guest.

bats_load_library bats-support
bats_load_library bats-assert
wait_file=$(dirname "${BASH_SOURCE[0]}")/wait.sh
# shellcheck source-path=SCRIPTDIR source=wait.sh
source "$wait_file"
# For a script that calls wait_until.
sim_wait=$(<"$wait_file")$'\n_wait_gives_up="exit 99"\n'

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

# Run a script in its own guest. w FILE TEXT: one write; r FILE BYTES: one read. It can call
# wait_until (wait.sh).
sim() # SCRIPT
{
	[[ $1 != *wait_until* ]] || set -- "$sim_wait$1"
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
