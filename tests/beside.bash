# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2154 # for the guest's shell; set by the verbs
#
# beside.bash - a program with our libraries, beside itself with the peers'
#
# A real guest has both: ours are where every program finds them, the peers' in /peer/lib,
# which LD_LIBRARY_PATH puts first. The program is the same file.

# In the guest: the command; what makes things as before, ahead of each run; a script for
# sed, for what is known to differ, over both outputs of both.
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

# After guest_boot.
beside_setup()
{
	[[ ! -d ${GUEST_DIR:-} ]] ||
		_guest_ctl run -i -- sh -c 'cat >/tmp/beside.sh' <<<"$_beside"
}

# Both must print the same on stdout and stderr, and end the same. What they print is then
# what the test looks at, as after guest. -i: their stdin is this function's; -b: SCRIPT
# goes before each; -s: SED-SCRIPT takes out what differs for a reason.
beside() # [-i] [-b SCRIPT] [-s SED-SCRIPT] COMMAND
{
	local before='' differs=''

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
