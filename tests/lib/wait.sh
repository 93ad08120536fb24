# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# wait.sh - wait for a fact, in bats and in the scripts of guest_sh

# Wait until a shell command succeeds, at most 60 seconds. If it does not, print what it was,
# and fail; a script of guest_sh ends with status 99. LIMIT is for facts that need more, such
# as the boot of an emulated machine (600). The command must not block.
wait_until() # [-t LIMIT] COMMAND [ARG...]
{
	_wait_limit=60
	[ "$1" != -t ] || { _wait_limit=$2 && shift 2; }
	_wait_command=$1 && shift
	_wait_end=$(($(date +%s) + _wait_limit))
	until eval "$_wait_command"; do
		if [ "$(date +%s)" -ge $_wait_end ]; then
			echo "waited $_wait_limit s in vain for: $_wait_command${1+ ($*)}" >&2
			${_wait_gives_up:-return 1}
		fi
		sleep 0.05
	done
}
