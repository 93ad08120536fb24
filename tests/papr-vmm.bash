# SPDX-License-Identifier: GPL-2.0-or-later
# For tests of papr-vmm: a machine with its sockets, and words with it.

bats_load_library bats-support
bats_load_library bats-assert

top=$(realpath "${top_srcdir:-.}")
build=$(realpath "${top_builddir:-build}")
papr_vmm=$build/papr-vmm
client=$build/tests/socket-client

# start [OPTION]...: a machine in the background, in the test's own folder.
start()
{
	cd "$BATS_TEST_TMPDIR" || return
	"$papr_vmm" -M pseries -nodefaults -display none -qmp unix:qmp,server=on,wait=off \
		-qtest unix:qtest,server=on,wait=off "$@" 3>&- >log 2>&1 &
	machine=$!
}

# Waits for it to end by itself; with its exit status.
ended()
{
	wait "$machine"
}

# Ends it.
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

# A moment, without a process for it.
pause()
{
	read -rt 0.02 <> <(:) || :
}

# Lines on standard input, each with what comes of it; keys are sorted, times left out.
qmp()
{
	"$client" -q qmp
}

# qmp_run COMMAND [ARGUMENTS]: what comes of one of them.
qmp_run()
{
	echo "{\"execute\": \"$1\"${2:+, \"arguments\": $2}}" | qmp | tail -n +2
}

# What during() says to it: a first command, and a last one when COMMAND... has run.
around()
{
	echo '{"execute": "query-name"}'
	until grep -q '"return"' "$1"; do
		pause
	done
	"${@:2}" >/dev/null
	echo '{"execute": "query-name"}'
}

# during COMMAND...: what comes while it runs.
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

# raw SOCKET [MS]: bytes as they are, and what comes until so long a silence.
raw()
{
	"$client" -r -t "${2:-200}" "$1" | tr -d '\r'
}
