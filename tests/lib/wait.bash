# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# wait.bash - wait for a fact, in bats and in the scripts of guests

# Wait until a shell command succeeds, at most 60 seconds. If it does not, print what it was,
# and fail. LIMIT is for facts that need more, such as the boot of an emulated machine (600).
# The command must not block. This function is also for sh, where $SECONDS is not set.
wait_until() # [-t LIMIT] COMMAND [ARG...]
{
	_wait_limit=60
	[ "$1" != -t ] || { _wait_limit=$2 && shift 2; }
	_wait_command=$1 && shift
	_wait_end=$((${SECONDS:-$(date +%s)} + _wait_limit))
	until eval "$_wait_command"; do
		if [ "${SECONDS:-$(date +%s)}" -ge $_wait_end ]; then
			echo "waited $_wait_limit s in vain for: $_wait_command${1+ ($*)}" >&2
			${_wait_gives_up:-return 1}
		fi
		sleep 0.05
	done
}

# For the beginning of a script that calls it: if the fact does not come, the script ends with
# status 110 (ETIMEDOUT).
# shellcheck disable=SC2034 # for files that source this one
wait_in_script=$(declare -f wait_until)$'\n_wait_gives_up="exit 110"\n'
