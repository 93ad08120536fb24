#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here-sim papr-vmm
# shellcheck disable=SC2016 # the guest's shell
# papr-vmm ctl and ps: commands for the host of a running guest, from outside and inside.

bats_require_minimum_version 1.5.0
load ../lib/sim
load ../lib/json

setup()
{
	sim_setup
	# Inside a guest, papr-vmm is $V. Outside, it is $vmm.
	export V=$GUEST_VMM XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/runtime
	holders=()
	own_folders
	mkdir -m 700 "$XDG_RUNTIME_DIR"
	folder=$XDG_RUNTIME_DIR/papr-vmm
	mkfifo "$BATS_TEST_TMPDIR/hold"
	exec 8<>"$BATS_TEST_TMPDIR/hold"
	guests=()
}

# papr-vmm finds all guests of its user: those in $XDG_RUNTIME_DIR, and those in the folders of
# the runs without it. Make a mount namespace in which the latter are empty, so that a test finds
# only the guests that it started. Its prefix for a command is "${own[@]}".
own_folders()
{
	local hold='echo $$; exec sleep 600' folders=("/tmp/papr-vmm-$(id -u)") hide

	[[ $(id -u) -ne 0 ]] || folders+=(/run/papr-vmm)
	hide='for folder; do mkdir -p -m 700 "$folder" && mount -t tmpfs -o mode=700 none "$folder"; done; '
	if unshare --mount true 2>/dev/null; then
		namespace unshare --mount sh -ec "$hide$hold" sh "${folders[@]}"
		own=(nsenter -t "$holder" --mount)
	else
		# mount(8) works only as root. In a second namespace, the user is no root.
		namespace unshare --map-root-user --mount sh -ec "$hide$hold" sh "${folders[@]}"
		own=(nsenter -t "$holder" --user --mount --preserve-credentials)
		namespace "${own[@]}" unshare --map-user="$(id -u)" --map-group="$(id -g)" sh -c "$hold"
		own+=(nsenter -t "$holder" --user --preserve-credentials)
	fi
	bin=$BATS_TEST_TMPDIR/bin
	mkdir "$bin"
	export GUEST_VMM=$bin/papr-vmm
	vmm=$GUEST_VMM
	printf '#!/bin/sh\nexec %s "$@"\n' "${own[*]@Q} ${V@Q}" >"$vmm"
	chmod 755 "$vmm"
}

# Run a command that makes namespaces, and keeps them until the teardown. Its process is $holder.
namespace() # COMMAND [ARGUMENT...]
{
	local ready

	exec {ready}< <(exec "$@" 3>&-)
	read -r holder <&"$ready"
	exec {ready}<&-
	holders+=("$holder")
}

teardown()
{
	local pid

	for pid in "${guests[@]}"; do
		kill -CONT "$pid" 2>/dev/null || :
		kill -9 "$pid" 2>/dev/null || :
	done
	[[ ${#holders[@]} -eq 0 ]] || kill "${holders[@]}"
}

# Start a guest that lives until end_guests.
guest() # [RUN-OPTION...]
{
	"$vmm" -M pseries -m 512M run "$@" -- cat <"$BATS_TEST_TMPDIR/hold" 3>&- 8>&- &
	pid=$!
	guests+=("$pid")
	replies "$pid"
}

# Wait until the guest that was started last replies.
replies() # [GUEST]
{
	local started=$!

	wait_until '"$vmm" ctl "$@" query-status >/dev/null 2>&1 || ! kill -0 "$started"' "$@"
	kill -0 "$started"
}

# End all guests, in order.
end_guests()
{
	exec 8>&-
	wait "${guests[@]}"
	guests=()
}

ctl() # WORD...
{
	run --separate-stderr timeout 60 "$vmm" ctl "$@" </dev/null
	echo "ctl $*: $status, $output$stderr"
}

# ctl fails with this status and line.
fails() # STATUS LINE WORD...
{
	ctl "${@:3}"
	assert_equal "$status" "$1"
	assert_output ''
	assert_equal "$stderr" "papr-vmm: $2"
}

@test "a command reaches the only guest, one by its name, and one by its process id" {
	guest --name one
	ctl query-name
	assert_success
	assert_output '{ }'
	ctl one query-status
	assert_output '{ "running": true, "status": "running" }'
	ctl "$pid" query-status
	assert_output '{ "running": true, "status": "running" }'
	guest --name two
	fails 125 'ctl: 2 guests are running; give the process id or name of one (papr-vmm ps)' query-name
	ctl two device_add driver=e1000 id=n0 addr=1
	assert_success
	ctl two query-pci
	assert_output --partial '"qdev_id": "n0"'
	ctl one query-pci
	refute_output --partial '"qdev_id": "n0"'
	end_guests
	[ -z "$(ls "$folder")" ]
	fails 125 'ctl: no guest is running; start one with papr-vmm run' query-name
}

@test "values have the type of their argument, or that of JSON" {
	guest
	ctl x-papr-fault call=set-indicator nth=0x2 status=-1
	assert_output '{ "id": 1 }'
	ctl x-papr-fault call=set-indicator,nth=3,rets=[1,,2]
	assert_output '{ "id": 2 }'
	ctl x-papr-fault call=ibm,configure-connector,status=-1,nth=2 rets=[1,2]
	assert_output '{ "id": 3 }'
	fails 1 "x-papr-fault: call ',ibm,x,,y,' does not exist" x-papr-fault call=,ibm,,x,,,,y,,,status=-1
	ctl x-papr-fault call=write:/x hold=on
	assert_output '{ "id": 1073741824 }'
	fails 1 "x-papr-fault: Invalid parameter type for 'nth', expected: integer" \
		x-papr-fault call=set-indicator nth=x status=-1
	fails 1 "x-papr-fault: Invalid parameter type for 'hold', expected: boolean" \
		x-papr-fault call=write:/x hold=maybe
	fails 1 "device_add: Property 'e1000.frob' not found" device_add driver=e1000,frob=true
	fails 1 'device_add: Property '\''e1000.mac'\'' doesn'\''t take value '\''1,2'\''' \
		device_add driver=e1000 mac=1,,2
	# A number that is text for QMP, and an address that is none for JSON
	ctl device_add driver=e1000 addr=03 id=a
	assert_success
	fails 1 "device_del: Invalid parameter type for 'id', expected: string" device_del 'id=[1]' || :
	ctl query-commands
	assert_output --partial '{ "name": "x-papr-fault" }'
	ctl object-add qom-type=memory-backend-ram id=m size=256M
	assert_success
}

# Row: status, message, words.
@test "each wrong word is one line" {
	local code message words

	guest --name one
	while IFS='|' read -r code message words; do
		eval "fails $code '${message//\'/\'\\\'\'}' $words"
	done <<-'ROWS'
		1|nope: The command nope has not been found|nope
		1|device_del: Device 'x' not found|device_del id=x
		1|device_add: Parameter 'driver' is missing|one device_add
		125|ctl: the command is missing, such as query-status|
		125|ctl: the command is missing, such as query-status|a=b
		125|ctl: 1: the command is missing, such as query-status|1
		125|ctl: 4194304: this guest is not running; papr-vmm ps lists guests|4194304 query-name
		125|ctl: 99999999999999999999: this guest is not running; papr-vmm ps lists guests|99999999999999999999 query-name
		125|ctl: no guest has the name two; papr-vmm ps lists guests|two query-name
		125|ctl: no guest has the name ../one; papr-vmm ps lists guests|../one query-name
		125|ctl: no guest has the name /; papr-vmm ps lists guests|/ query-name
		125|ctl: no guest has the name ; papr-vmm ps lists guests|'' query-name
		125|ctl: b: use key=value|one query-name a=1 b
		125|ctl: =1: a parameter has no name|query-name =1
		125|ctl: --frob: unknown option|--frob query-name
		125|--timeout 0: use seconds from 1 to 86400|--timeout 0 query-name
		125|--timeout x: use seconds from 1 to 86400|--timeout=x query-name
	ROWS
	fails 125 "ctl: a="$'\xff'": not UTF-8" query-name "a="$'\xff'
	fails 125 "ctl: "$'\xc0\x80'": not UTF-8" $'\xc0\x80'
}

# Row: name.
@test "a name that is no word is refused before the guest starts" {
	local name

	for name in '' . .. / a/b ../a 1 12a -a _a 'a b' $'a\nb' ä "$(printf 'a%.0s' {1..65})"; do
		run --separate-stderr timeout 60 "$vmm" run "--name=$name" -- echo started
		echo "$name: $status, $stderr"
		assert_equal "$status" 125
		assert_output ''
		assert_equal "$stderr" "papr-vmm: --name $name: use at most 64 letters, digits, and any of ._-, beginning with a letter"
	done
	guest --name "$(printf 'a%.0s' {1..64})"
	guest --name a.-_1
	run --separate-stderr timeout 60 "$vmm" run --name a.-_1 -- echo started
	assert_failure 125
	assert_output ''
	assert_equal "$stderr" 'papr-vmm: --name a.-_1: a running guest has this name'
}

@test "a QMP client does not delay ctl, nor do other clients of ctl" {
	local qmp=$BATS_TEST_TMPDIR/qmp n

	"$vmm" -M pseries -m 512M -qmp "unix:$qmp,server=on,wait=off" run -- cat <"$BATS_TEST_TMPDIR/hold" 3>&- 8>&- &
	guests=($!)
	replies
	# One client holds the QMP socket, and ten hold the one of ctl.
	for ((n = 0; n < 10; n++)); do
		"${own[@]}" "${top_builddir:-build}/tests/lib/socket-client" -r -t 60000 "$qmp" </dev/null >"$BATS_TEST_TMPDIR/client$n" 3>&- &
		guests+=($!)
		qmp=$folder/${guests[0]}.sock
	done
	for ((n = 0; n < 10; n++)); do
		wait_until 'grep -q QMP "$BATS_TEST_TMPDIR/client$n"'
	done
	for ((n = 0; n < 30; n++)); do
		ctl query-status
		assert_success
	done
	kill "${guests[@]:1}"
}

@test "a guest that is stopped, or ends meanwhile, is an error" {
	guest
	kill -STOP "$pid"
	fails 125 'ctl: no reply within 1 seconds' --timeout 1 "$pid" query-status
	"$vmm" ps | grep "^ *$pid "
	# It is killed while ctl waits.
	"$vmm" ctl "$pid" query-status 2>"$BATS_TEST_TMPDIR/said" 3>&- &
	guests+=($!)
	kill -9 "$pid"
	wait "$pid" || :
	status=0
	wait "${guests[1]}" || status=$?
	assert_equal "$status" 125
	grep -q '^papr-vmm: ctl: ' "$BATS_TEST_TMPDIR/said"
	# Its files are there, are ignored, and the next guest removes them.
	[ -S "$folder/$pid.sock" ] && [ -e "$folder/$pid.json" ]
	fails 125 "ctl: $pid: this guest is not running; papr-vmm ps lists guests" "$pid" query-status
	run "$vmm" ps
	assert_output 'PID  NAME  MACHINE  COMMAND'
	run "$vmm" run -- true
	[ -z "$(ls "$folder")" ]
}

@test "quit replies before it ends the guest" {
	guest
	ctl quit
	assert_success
	assert_output '{ }'
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 123 ] # the command did not end
}

@test "ps lists guests, as a table and as JSON" {
	run "$vmm" ps
	assert_output 'PID  NAME  MACHINE  COMMAND'
	"$vmm" -M pseries-7.2 run --name web -- sh -c $'cat #\n\e[2J' $'\xff"' <"$BATS_TEST_TMPDIR/hold" 3>&- 8>&- &
	guests=($!)
	replies web
	run "$vmm" ps
	assert_line --index 1 --regexp "^ *${guests[0]}  web   pseries-7.2  sh -c cat #  \[2J \?\"\$"
	run "$vmm" ps --json
	assert_json_schema vmm-ps
	assert_equal "$(jq -c '.guests | map(del(.pid))' <<<"$output")" \
		'[{"name":"web","machine":"pseries-7.2","command":["sh","-c","cat #\n\u001b[2J","?\""]}]'
	# An error has a document, too.
	run --separate-stderr "$vmm" ps --frob --json
	assert_failure 125
	assert_json_schema vmm-ps
	assert_equal "$stderr" 'papr-vmm: ps: --frob: unknown option'
	# A folder that is found twice is read once.
	[[ $(id -u) -eq 0 ]] || return 0
	XDG_RUNTIME_DIR=/run
	guest --name one
	run "$vmm" ps
	assert_equal "${#lines[@]}" 2
	ctl query-status
	assert_output '{ "running": true, "status": "running" }'
}

@test "the socket is the user's alone; another user, and strange folders, are refused" {
	umask 000
	guest
	assert_equal "$(stat -c %a "$folder" "$folder/$pid.sock" "$folder/$pid.json" | paste -sd' ')" '700 600 600'
	if [[ $(id -u) -eq 0 ]]; then
		end_guests
		XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/other
		folder=$XDG_RUNTIME_DIR/papr-vmm
		mkdir "$XDG_RUNTIME_DIR"
		open_to_all "$XDG_RUNTIME_DIR"
		GUEST_VMM=$V open_programs "${top_builddir:-build}/tests/lib/socket-client"
		other=(setpriv --reuid 65534 --regid 65534 --clear-groups)
		exec 8<>"$BATS_TEST_TMPDIR/hold"
		guest
		run --separate-stderr "${own[@]}" "${other[@]}" "$open_vmm" ctl "$pid" query-status
		assert_failure 125
		assert_equal "$stderr" "papr-vmm: ctl: $pid: this guest is not running; papr-vmm ps lists guests"
		# Even if the folder and the socket are open to all
		chmod 755 "$folder"
		chmod 777 "$folder/$pid.sock"
		run "${own[@]}" "${other[@]}" "$opened/socket-client" -r -t 300 "$folder/$pid.sock" <<<'{"execute":"qmp_capabilities"}'
		[ "$status" -lt 126 ]
		refute_output --partial QMP
	fi
	# A folder that others may use is not used.
	chmod 777 "$folder"
	run --separate-stderr timeout 60 env XDG_RUNTIME_DIR="$XDG_RUNTIME_DIR" "$vmm" ps
	assert_success
	refute_output --partial "$pid"
	# Without another one, a run with a name says which.
	"${own[@]}" chmod 755 "/tmp/papr-vmm-$(id -u)"
	[[ $(id -u) -ne 0 ]] || "${own[@]}" chmod 755 /run/papr-vmm
	run --separate-stderr timeout 60 env XDG_RUNTIME_DIR="$XDG_RUNTIME_DIR" "$vmm" -m 512M run --name named -- true
	assert_failure 125
	assert_equal "$stderr" "papr-vmm: --name named: /tmp/papr-vmm-$(id -u): it is another user's, or others may use it; remove it, or set XDG_RUNTIME_DIR to a folder of yours"
}

@test "a long path, no folder, and a link instead of it" {
	local long=$BATS_TEST_TMPDIR/runtime

	while ((${#long} < 300)); do
		long+=/0123456789012345678901234567890123456789
	done
	mkdir -p "$long"
	XDG_RUNTIME_DIR=$long guest --name far
	XDG_RUNTIME_DIR=$long ctl far query-status
	assert_success
	[ -S "$long/papr-vmm/$pid.sock" ]
	mkdir "$BATS_TEST_TMPDIR/elsewhere" "$BATS_TEST_TMPDIR/other"
	ln -s "$BATS_TEST_TMPDIR/elsewhere" "$BATS_TEST_TMPDIR/other/papr-vmm"
	for XDG_RUNTIME_DIR in /nonexistent relative "$BATS_TEST_TMPDIR/hold" "$BATS_TEST_TMPDIR/other"; do
		run --separate-stderr timeout 60 "$vmm" -m 512M run -- echo works
		assert_success
		assert_output works
		assert_equal "$stderr" ''
	done
	[ -z "$(ls "$BATS_TEST_TMPDIR/elsewhere")" ]
}

@test "the guest controls its host only with --ctl" {
	run --separate-stderr timeout 60 "$vmm" -M pseries -m 512M run --name a -- "$V" ctl query-status
	assert_failure 125
	assert_equal "$stderr" 'papr-vmm: ctl: this guest has no access to its host; start it with papr-vmm run --ctl'
	run_options=(--ctl --name a)
	sim '"$V" ctl query-status; "$V" ctl device_add driver=e1000 addr=1 id=n0; "$V" ctl device_add driver=nope; echo $?
		dd if=$E bs=4096 count=1 2>/dev/null | wc -l >/dev/null; ls -l /run/papr-vmm | grep -c srw-------'
	assert_success
	answers '{ "running": true, "status": "running" }' '{ }' 1 1
	assert_equal "$stderr" "papr-vmm: device_add: 'nope' is not a valid device model name"
}

@test "a guest without --ctl cannot use the sockets that it sees" {
	local qmp=$BATS_TEST_TMPDIR/qmp

	export CLIENT=${top_builddir:-build}/tests/lib/socket-client
	machine+=(-qmp "unix:$qmp,server=on,wait=off")
	export qmp
	sim 'for s in "$qmp" "$XDG_RUNTIME_DIR"/papr-vmm/*.sock; do
			[ -S "$s" ] && echo seen
			echo "{\"execute\":\"qmp_capabilities\"}" | "$CLIENT" -r -t 300 "$s" 2>/dev/null
		done
		"$V" ctl query-status
		"$V" ps'
	refute_output --partial QMP
	assert_line 'PID  NAME  MACHINE  COMMAND'
	# The computer's folder as it is, which no overlay covers
	[[ $(id -u) -eq 0 ]] || return 0
	mkdir "$BATS_TEST_TMPDIR/a,b"
	XDG_RUNTIME_DIR="$BATS_TEST_TMPDIR/a,b"
	"${own[@]}" mount -t tmpfs none "$XDG_RUNTIME_DIR" || skip 'cannot mount'
	machine+=(-qmp "unix:$BATS_TEST_TMPDIR/a,,b/qmp,server=on,wait=off")
	sim 'for s in "$XDG_RUNTIME_DIR"/papr-vmm/*.sock "$XDG_RUNTIME_DIR"/qmp; do
			[ -S "$s" ] && echo seen
			echo "{\"execute\":\"qmp_capabilities\"}{\"execute\":\"quit\"}" | "$CLIENT" -r -t 300 "$s"
		done
		true'
	[ "$(grep -cx seen <<<"$output")" -eq 2 ]
	refute_output --partial QMP
}

@test "with --ctl, the guest can neither name files of this computer nor end papr-vmm" {
	local command file=$BATS_TEST_TMPDIR/file

	echo secret >"$file"
	export file
	machine=(-M pseries,x-powervm=on -m 512M)
	run_options=(--ctl)
	sim 'for c in quit "dumpdtb filename=$file" "x-papr-save path=$file" "x-papr-load path=$file" \
			"x-papr-dump tag=1 path=$file"; do
			"$V" ctl $c
			echo $?
		done
		"$V" ctl x-papr-dump tag=1 data=00
		exit 3'
	assert_equal "$status" 3
	answers 1 1 1 1 1 '{ }'
	assert_equal "$(grep -c 'is not permitted to the guest$' <<<"$stderr")" 5
	[ "$(<"$file")" = secret ]
	# From outside, all of them are permitted.
	guest
	ctl dumpdtb "filename=$BATS_TEST_TMPDIR/tree"
	assert_success
	[ -s "$BATS_TEST_TMPDIR/tree" ]
}

@test "the script of papr-vmm(1) works, and fails if the card does not come" {
	local script=$BATS_TEST_TMPDIR/script build=${top_builddir:-build}

	# shellcheck disable=SC2154 # from make
	awk '/^#!\/bin\/sh/ { on = 1 } on && /^\.Ed/ { exit } on' "${top_srcdir:-.}/man/papr-vmm.1" | sed 's/\\e/\\/g' >"$script"
	[ "$(grep -c . "$script")" -gt 25 ]
	PATH=$bin:$build:$build/drmgr:$build/eventd:$PATH run --separate-stderr timeout 100 sh "$script" 3>&-
	echo "$output"
	echo "$stderr"
	assert_success
	assert_line 'C16 (0x40000010): configured 0000:00:02.0 e1000 eth1'
	# It has ended everything.
	run "$vmm" ps
	assert_output 'PID  NAME  MACHINE  COMMAND'
	# Without the daemon, the card is not configured.
	sed -i -e 's/papr-eventd --foreground/sleep 60/' -e 's/-lt 300/-lt 10/' "$script"
	PATH=$bin:$build:$build/drmgr:$build/eventd:$PATH run --separate-stderr timeout 100 sh "$script" 3>&-
	assert_failure 1
	assert_equal "${stderr_lines[-1]}" 'timed out: inside test -e /sys/bus/pci/devices/0000:00:01.0'
}

@test "a hostile guest with --ctl: many clients, noise, no reading" {
	export CLIENT=${top_builddir:-build}/tests/lib/socket-client
	run_options=(--ctl --name h)
	sim 's=/run/papr-vmm/host.sock
		i=0
		while [ $i -lt 40 ]; do
			head -c 1000000 /dev/zero | "$CLIENT" -d -t 60000 "$s" >/dev/null 2>&1 &
			i=$((i + 1))
		done
		head -c 100000 /dev/urandom | "$CLIENT" -r -t 200 "$s" >/dev/null 2>&1
		exit 5'
	assert_equal "$status" 5
	# The host's own client is served meanwhile.
	"$vmm" -m 512M run --ctl --name h -- sh -c 'i=0; while [ $i -lt 40 ]; do head -c 1000000 /dev/zero | "$CLIENT" -d -t 60000 /run/papr-vmm/host.sock >/dev/null 2>&1 & i=$((i + 1)); done; exec cat' \
		<"$BATS_TEST_TMPDIR/hold" 3>&- 8>&- &
	guests=($!)
	replies h
	for _ in 1 2 3 4 5; do
		ctl h query-status
		assert_success
	done
}

@test "the socket of --ctl works again after a reset" {
	run_options=(--ctl)
	sim '"$V" ctl x-papr-drc index=0x40000000 >/dev/null || exit 8
		if "$V" ctl query-pci | grep -q n0; then exit 4; fi
		"$V" ctl device_add driver=e1000 id=n0 >/dev/null
		"$RAW" restart
		exit 9'
	assert_equal "$status" 4
}
