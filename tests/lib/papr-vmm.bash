# SPDX-License-Identifier: GPL-2.0-or-later
# For tests of papr-vmm: a machine with its sockets, and conversations with it.

bats_load_library bats-support
bats_load_library bats-assert
# shellcheck source-path=SCRIPTDIR source=wait.bash
source "$(dirname "${BASH_SOURCE[0]}")/wait.bash"

top=$(realpath "${top_srcdir:-.}")
build=$(realpath "${top_builddir:-build}")
papr_vmm=$build/papr-vmm
client=$build/tests/lib/socket-client

# start [OPTION]...: start a machine in the background, in the test's own folder.
start()
{
	cd "$BATS_TEST_TMPDIR" || return
	"$papr_vmm" -M pseries -nodefaults -display none -qmp unix:qmp,server=on,wait=off \
		-qtest unix:qtest,server=on,wait=off "$@" 3>&- >log 2>&1 &
	machine=$!
}

# Wait until the machine ends by itself, and return its exit status.
ended()
{
	wait "$machine"
}

# End the machine.
stop()
{
	kill "$machine"
	wait "$machine"
	machine=
}

teardown()
{
	[ -z "${machine:-}" ] || kill "$machine" 2>/dev/null || :
}

# Send the lines of standard input, and print the answer of each, keys sorted, without
# times.
qmp()
{
	"$client" -q qmp
}

# qmp_run COMMAND [ARGUMENTS]: send one command, and print its answer.
qmp_run()
{
	echo "{\"execute\": \"$1\"${2:+, \"arguments\": $2}}" | qmp | tail -n +2
}

# The conversation of during(): a first command, and a last one after COMMAND...
around()
{
	echo '{"execute": "query-name"}'
	# shellcheck disable=SC2016 # for wait_until
	wait_until 'grep -q "\"return\"" "$1"' "$1" || return
	"${@:2}" >/dev/null
	echo '{"execute": "query-name"}'
}

# during COMMAND...: print the messages that arrive while COMMAND runs.
during()
{
	: >said
	# shellcheck disable=SC2094 # meant: the one waits for what the other says
	qmp < <(around said "$@") >said
	cat said
}

qtest()
{
	printf '%s\n' "$@" | "$client" qtest
}

# raw SOCKET LINES [MS]: send bytes, and print the answer until it has LINES lines, and for
# MS milliseconds no more.
raw()
{
	"$client" -r -l "$2" -t "${3:-200}" "$1" | tr -d '\r'
}
