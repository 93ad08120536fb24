# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# verbs.bash - whole commands in a guest, from bats: the file to load
#
# A test uses "guest" for its guest and "host" for its machine, and is the same for each
# kind of guest. One guest serves all tests of a file:
#
#   load guest/verbs
#   setup_file() { guest_boot; }
#
# The functions setup, teardown and teardown_file are below. A file that needs more has its
# own.
#
# The verbs read these variables (make sets them; without them, tests are skipped):
#
#   GUEST_KIND      real (default): QEMU; sim: papr-vmm; kvm: papr-vmm -accel kvm, in QEMU.
#                   Other kinds are refused
#   GUEST_KVM_STAGE tree with papr-vmm, for KVM; default: the first of GUEST_OVERLAY
#   GUEST_KVM_CPUS  processors of the machine that has KVM; 1
#   GUEST_BIN       folder of guestctl
#   GUEST_AGENT     the agent, built for the guest
#   GUEST_CACHE     folder that fetch has filled
#   GUEST_OVERLAY   trees for the guest's root, "make install DESTDIR=" each; a:b:c
#   GUEST_FIRMWARE  slof (default) or vof, which boots three times as fast
#   GUEST_QEMU      qemu-system-ppc64
#   GUEST_CONSOLE   terminal of the kernel's messages; hvc0
#   GUEST_KERNEL_OPTIONS  more for the kernel's command line
#   GUEST_LOCKDOWN  lockdown of the kernel: integrity, confidentiality
#   GUEST_TIMEOUT   limit of a command in the guest, in seconds; 300
#   GUEST_VMM       papr-vmm, for simulated guests, which need no agent, cache and overlay
#   GUEST_SIM_AGENT the agent, built for this machine
#   GUEST_STAGE     tree for the simulated guest's root
#   GUEST_PROFILE   the simulated kernel: 6.1 (default), 6.12 (its firmware has the older form
#                   of the property of memory), current
#   GUEST_PLATFORM  the platform that its kernel reports: qemu (default), lpar
#   GUEST_RUN_OPTIONS  more for the simulated kernel: "--lparcfg"
#   GUEST_DT_OVERLAY   yes: it has /proc/device-tree-overlay, of the module papr-dt-overlay
#   GUEST_LOGS      folder for the logs of each file's guest; without it, they are deleted

# shellcheck disable=SC2034,SC2153 # variables for the test, and from make

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

_guest_verbs=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source-path=SCRIPTDIR source=../lib/json.bash
source "$_guest_verbs/../lib/json.bash"
# shellcheck source-path=SCRIPTDIR source=../lib/wait.bash
source "$_guest_verbs/../lib/wait.bash"
# The command line of the last verb, for messages.
_guest_command=
# The test for which guest_needed has found all that it needs.
_guest_suffices=

setup()
{
	guest_needed
}

teardown()
{
	assert_no_oops
}

teardown_file()
{
	guest_down
}

_guest_ctl()
{
	"$GUEST_BIN/guestctl" "$1" "$GUEST_DIR" "${@:2}"
}

# The same for a simulated guest. It needs namespaces, FUSE and seccomp's notifications,
# so run a command in a small one.
_guest_sim_missing()
{
	local answer

	if [[ ! -x ${GUEST_BIN:-}/guestctl ]]; then
		echo "GUEST_BIN has no guestctl"
	elif [[ ! -x ${GUEST_VMM:-} ]]; then
		echo "GUEST_VMM is no papr-vmm"
	elif [[ ! -x ${GUEST_SIM_AGENT:-} || ! -d ${GUEST_STAGE:-} ]]; then
		echo "GUEST_SIM_AGENT or GUEST_STAGE is missing"
	elif ! answer=$("$GUEST_VMM" -M pseries -m 512M run -- true 2>&1); then
		echo "no simulated guest here: $answer"
	fi
}

# Print the reason why there can be no guest, or nothing.
_guest_missing()
{
	local program=${GUEST_QEMU:-qemu-system-ppc64} overlays overlay

	if [[ ${GUEST_KIND:-real} == sim ]]; then
		_guest_sim_missing
	elif [[ ${GUEST_KIND:-real} != @(real|kvm) ]]; then
		echo "no guest of the kind $GUEST_KIND"
	elif [[ ! -x ${GUEST_BIN:-}/guestctl ]]; then
		echo "GUEST_BIN has no guestctl"
	elif [[ ! -e ${GUEST_AGENT:-} ]]; then
		echo "GUEST_AGENT is no agent for the guest"
	elif [[ ! -e ${GUEST_CACHE:-}/fetched ]]; then
		echo "GUEST_CACHE has no guest (see tests/guest/fetch)"
	elif ! command -v "$program" >/dev/null; then
		echo "$program is missing"
	else
		# cache/more and cache/storage, of which a big-endian guest has neither.
		IFS=: read -r -a overlays <<<"${GUEST_OVERLAY:-}"
		for overlay in "${overlays[@]}"; do
			[[ -d $overlay ]] || { echo "there is no $overlay" && return; }
		done
	fi
}

# Boot a guest for this file, with more options for its machine in QEMU's syntax.
guest_boot() # [OPTION...]
{
	local missing

	# Bats cannot skip here. Each test skips in its first verb.
	missing=$(_guest_missing)
	if [[ -n $missing ]]; then
		export GUEST_MISSING=$missing
		return 0
	fi
	export GUEST_DIR=$BATS_FILE_TMPDIR/guest
	"$_guest_verbs/boot" "$GUEST_DIR" "$BATS_ROOT_PID" "$@"
	[[ ${GUEST_KIND:-real} != real || ${GUEST_DT_OVERLAY:-} != yes ]] ||
		_guest_ctl run -- modprobe papr-dt-overlay
}

# Print the reason why this guest has no programs of the peers, or nothing.
_guest_lacks_peers()
{
	if [[ ${GUEST_KIND:-real} == sim ]]; then
		echo "a simulated guest has no peers"
	elif [[ -e ${GUEST_CACHE:-}/fetched && ! -e $GUEST_CACHE/root/usr/sbin/drmgr ]]; then
		echo "the distribution has no peers for this processor"
	fi
}

# Print what this test needs and this guest lacks. This is done before the test begins,
# which would otherwise stop in the middle. The peers' programs are for one processor
# only. Only root's guests have users other than root.
_guest_lacks()
{
	local text

	text=$(declare -f "${BATS_TEST_NAME:-none}") || return 0
	if [[ $text == */peer/* ]]; then
		_guest_lacks_peers
	elif [[ ${GUEST_KIND:-real} == sim && $text == *'su nobody'* && $(id -u) -ne 0 ]]; then
		echo "only root's simulated guest has other users"
	fi
}

# Skip the test if there can be no guest. The verbs do so too.
guest_needed()
{
	local lacks

	[[ -z ${GUEST_MISSING:-} ]] || skip "$GUEST_MISSING"
	[[ $_guest_suffices != "${BATS_TEST_NAME:-none}" ]] || return 0
	lacks=$(_guest_lacks)
	[[ -z $lacks ]] || skip "$lacks"
	_guest_suffices=${BATS_TEST_NAME:-none}
}

# Skip the test, too, if the guest does not have the peers' programs. For tests that do not
# name their folder.
peers_needed()
{
	local lacks

	lacks=$(_guest_lacks_peers)
	[[ -z $lacks ]] || skip "$lacks"
	guest_needed
}

guest_down()
{
	local logs

	[[ -d ${GUEST_DIR:-} ]] || return 0
	_guest_ctl stop
	if [[ -n ${GUEST_LOGS:-} ]]; then
		logs=$GUEST_LOGS/$(basename "$BATS_TEST_FILENAME" .bats)
		[[ ${GUEST_KIND:-real} == real ]] || logs+=-$GUEST_KIND${GUEST_PROFILE:+-$GUEST_PROFILE}
		mkdir -p "$logs"
		cp "$GUEST_DIR"/*.log "$logs"
	fi
}

# If a test fails, bats shows its output: so print each command, its output and its
# status, also for lines that test something else.
_guest_transcript()
{
	local out=${output:0:20000} err=${stderr:0:20000} end=$'\n'

	echo "\$ $_guest_command"
	[[ -z $out ]] || echo "stdout: ${out//$end/${end}stdout: }"
	[[ -z $err ]] || echo "stderr: ${err//$end/${end}stderr: }"
	echo "status: $status"
}

# Read a file into a variable, without its NULs and the LFs at its end. A process for this
# would be most of the time of many tests.
_guest_read() # VARIABLE FILE
{
	local -n _text=$1
	local parts=()

	mapfile -d '' parts <"$2"
	printf -v _text %s "${parts[@]}"
	while [[ $_text == *$'\n' ]]; do _text=${_text%$'\n'}; done
}

# Like run --separate-stderr, but without warnings about NULs.
_guest_capture() # COMMAND...
{
	local out=${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}/guest-stdout
	local err=${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}/guest-stderr

	status=0 output='' stderr=''
	"$@" >"$out" 2>"$err" || status=$?
	_guest_read output "$out"
	_guest_read stderr "$err"
	IFS=$'\n' read -d '' -r -a lines <<<"$output" || true
	IFS=$'\n' read -d '' -r -a stderr_lines <<<"$stderr" || true
	_guest_transcript
}

# If one of our commands was run with --json, its output must follow its schema, unless a
# signal has killed the command or it was not found.
_guest_check_document() # COMMAND...
{
	local lines=()

	[[ ${1##*/} == @(drmgr|lsslot|ofpathtool|papr-eventd|papr-overlay|rtas-event) && " $* " == *' --json'@(=lines|)' '* ]] || return 0
	[[ " $* " != *\ --@(help|version)\ * && ! $status =~ ^1[2-5][0-9]$ ]] || return 0
	[[ " $* " != *' --json=lines '* ]] || lines=(--lines)
	assert_json_schema "${lines[@]}" ''
}

# Run a command in the guest, and succeed with any status, or only with -STATUS. The test
# reads $status, $output (stdout), $lines, $stderr and $stderr_lines. -i: with our stdin.
# -t: its time limit.
guest() # [-STATUS] [-i] [-t SECONDS] COMMAND...
{
	local options=(-t "${GUEST_TIMEOUT:-300}") expected=

	guest_needed
	while [[ ${1-} == -* ]]; do
		case $1 in
		-[0-9]*) expected=${1#-} ;;
		-i) options+=(-i) ;;
		-t) options+=(-t "$2") && shift ;;
		*) echo "guest: $1?" && return 1 ;;
		esac
		shift
	done
	_guest_command=$*
	_guest_capture _guest_ctl run "${options[@]}" -- "$@"
	_guest_check_document "$@"
	[[ -z $expected ]] || assert_status "$expected"
}

# The same for a script. Its arguments are $1... It can call wait_until (lib/wait.bash); a fact
# that does not come fails the test.
guest_sh() # [-STATUS] [-i] [-t SECONDS] SCRIPT [ARG...]
{
	local options=()

	while [[ ${1-} == -* ]]; do
		options+=("$1")
		[[ $1 != -t ]] || { options+=("$2") && shift; }
		shift
	done
	[[ $1 != *wait_until* ]] || set -- "$wait_in_script$1" "${@:2}"
	guest "${options[@]}" sh -c "$1" sh "${@:2}"
	[[ $1 != *wait_until* || $status -ne 110 ]] || fail 'a fact did not come'
}

# Repeat a script in the guest until it succeeds, as wait_until does. $output is its last
# output. For changes without an event.
guest_until() # SCRIPT [ARG...]
{
	# shellcheck disable=SC2016 # for the guest
	guest_sh 'trap "cat /tmp/until" EXIT; try=$1; shift
		wait_until "{ $try
		} >/tmp/until 2>&1" "$@"' "$@"
	assert_status 0
}

# Run a command on the machine (QMP). $host_reply is the reply. Variables of the last
# command in the guest are kept. A refusal fails the test. If the machine does not have
# one of our own commands (x-papr-*), the test is skipped.
host() # COMMAND [ARGUMENTS-AS-JSON]
{
	guest_needed
	if host_reply=$(_guest_ctl qmp "$@" 2>&1); then
		return 0
	fi
	if [[ $1 == x-papr-* && $host_reply == CommandNotFound:* ]]; then
		skip "this machine has no $1"
	fi
	batslib_print_kv_single 8 request "$*" reply "$host_reply" |
		batslib_decorate "the machine refused" | fail
}

# QEMU 10.0 aborts when a core that the guest has released is unplugged.
cores_can_go()
{
	[[ ${GUEST_KIND:-real} == real ]] || return 0
	host query-version
	[[ ! $host_reply =~ \"major\":\ *10[,}] || ! $host_reply =~ \"minor\":\ *0[,}] ]]
}

needs_cores_that_go()
{
	cores_can_go || skip "QEMU 10.0 aborts when a core is unplugged"
}

# Plug a core of the machine's own type, with the name "cNUMBER".
plug_core() # NUMBER
{
	local type

	needs_cores_that_go
	host query-hotpluggable-cpus
	[[ $host_reply =~ \"type\":\ *\"([^\"]*)\" ]] || fail "no type of a core: $host_reply"
	type=${BASH_REMATCH[1]}
	host device_add "{\"driver\": \"$type\", \"id\": \"c$1\", \"core-id\": $1}"
}

# Fail unless the machine refuses. $host_reply is "Class: text".
refute_host() # COMMAND [ARGUMENTS-AS-JSON]
{
	guest_needed
	if host_reply=$(_guest_ctl qmp "$@" 2>&1); then
		batslib_print_kv_single 8 request "$*" reply "$host_reply" |
			batslib_decorate "the machine did not refuse" | fail
	fi
}

# Wait for an event that no earlier host_wait has returned. $host_reply is the event.
host_wait() # [-t SECONDS] EVENT [KEY=VALUE...]
{
	guest_needed
	if ! host_reply=$(_guest_ctl wait "$@" 2>&1); then
		batslib_print_kv_single 8 event "$*" reply "$host_reply" |
			batslib_decorate "the event did not come" | fail
	fi
}

# Fail if the event has arrived.
refute_event() # EVENT [KEY=VALUE...]
{
	guest_needed
	if host_reply=$(_guest_ctl wait -t 0 "$@" 2>&1); then
		batslib_print_kv_single 8 event "$*" reply "$host_reply" |
			batslib_decorate "the event came" | fail
	fi
}

# Wait until the guest runs commands again, after a reset or a pause.
guest_ready() # [SECONDS]
{
	guest_needed
	_guest_ctl ping -t "${1:-600}"
}

assert_status() # STATUS
{
	if [[ $status -ne $1 ]]; then
		batslib_print_kv_single_or_multi 8 command "$_guest_command" \
			expected "$1" status "$status" stdout "$output" stderr "$stderr" |
			batslib_decorate "exit status differs" | fail
	fi
}

# The arguments are those of assert_output and assert_line.
assert_stdout()
{
	assert_output "$@"
}

refute_stdout()
{
	refute_output "$@"
}

assert_stdout_line()
{
	assert_line "$@"
}

refute_stdout_line()
{
	refute_line "$@"
}

assert_stderr()
{
	local output=$stderr

	assert_output "$@"
}

refute_stderr()
{
	local output=$stderr

	refute_output "$@"
}

assert_stderr_line()
{
	local output=$stderr lines=("${stderr_lines[@]}")

	assert_line "$@"
}

refute_stderr_line()
{
	local output=$stderr lines=("${stderr_lines[@]}")

	refute_line "$@"
}

_guest_has_node() # PATH
{
	guest_needed
	_guest_ctl run -- test -e "/proc/device-tree${1%/}"
}

# PATH begins with a slash. It is a node or a property of the guest's device tree.
assert_node() # PATH
{
	if ! _guest_has_node "$1"; then
		batslib_print_kv_single 4 path "$1" |
			batslib_decorate "not in the device tree" | fail
	fi
}

refute_node() # PATH
{
	local found=0

	_guest_has_node "$1" || found=$?
	# A failure to answer does not prove that it is missing.
	if [[ $found -ne 1 ]]; then
		batslib_print_kv_single 6 path "$1" status "$found" |
			batslib_decorate "in the device tree" | fail
	fi
}

# Fail if the guest's kernel has printed an error since the last call.
assert_no_oops()
{
	local text

	[[ -d ${GUEST_DIR:-} ]] || return 0
	if text=$(_guest_ctl oops); then
		batslib_decorate "the kernel complained" <<<"$text" | fail
	fi
}
