# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2154 # for the guest's shell; set by the verbs
#
# beside.bash - a program with our libraries, beside itself with the peers'
#
# A real guest has both: ours in the default place, the peers' in /peer/lib, which
# LD_LIBRARY_PATH puts first. The program is the same file.

# In the guest: the command, a script before each run that restores the state, and a
# script for sed that removes known differences from both outputs of both.
_beside='
	dir=/tmp/beside
	rm -rf $dir; mkdir -p $dir/peer $dir/ours
	for whose in peer ours; do
		(eval "$2") </dev/null >/dev/null 2>&1
		[ $whose = ours ] || export LD_LIBRARY_PATH=/peer/lib
		cd $dir/$whose
		cat /tmp/input 2>/dev/null | (cd / && eval "$1") >stdout 2>stderr
		echo $? >status
		unset LD_LIBRARY_PATH
		[ -z "$3" ] || sed -i "$3" stdout stderr
	done
	cd $dir
	if ! diff -r -U 1 peer ours >difference; then
		echo "ours is not as the peers is:"
		exec cat difference
	fi
	cat ours/stdout
	cat ours/stderr >&2
	exit "$(cat ours/status)"'

# Call this after guest_boot.
beside_setup()
{
	[[ ! -d ${GUEST_DIR:-} ]] ||
		_guest_ctl run -i -- sh -c 'cat >/tmp/beside.sh' <<<"$_beside"
}

# Run COMMAND with our libraries and with the peers'. Output and status must be the same.
# Then the test can read them as after guest. -i: both get this function's stdin. -b: run
# SCRIPT before each. -s: apply SED-SCRIPT to both outputs, to remove intended
# differences.
beside() # [-i] [-b SCRIPT] [-s SED-SCRIPT] COMMAND
{
	local before='' differs=''

	peers_needed
	while [[ ${1-} == -* ]]; do
		case $1 in
		-i) guest -i sh -c 'cat >/tmp/input' ;;
		-b) before=$2 && shift ;;
		-s) differs=$2 && shift ;;
		esac
		shift
	done
	guest sh /tmp/beside.sh "$1" "$before" "$differs"
	_guest_command=$1
	if [[ $output == 'ours is not as the peers is:'* ]]; then
		batslib_decorate "$1" <<<"$output" | fail
	fi
}
