#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here-vmm papr-vmm
# Character devices of papr-vmm: -chardev, -serial, -qmp, -mon.

bats_require_minimum_version 1.5.0
load ../../lib/papr-vmm

# Print one character on the machine's terminal.
print_char()
{
	qtest "writel 0x1000 0x$1" 'rtas display-character 1 0x1000 1 0x2000' >/dev/null
}

# Wait for a file that has this content.
until_has()
{
	wait_until '[ "$(cat "$1" 2>/dev/null)" = "$2" ]' "$@"
}

# Print characters on the terminal until a file has one: its client may connect late.
until_prints()
{
	wait_until '[ -s "$1" ] || { print_char 42; false; }' "$1"
}

@test "the terminal is a socket, an inherited descriptor, or standard output" {
	start -serial unix:console,server=on,wait=off
	"$client" -r -t 3000 console </dev/null >text &
	until_prints text
	stop
	wait

	# The default terminal has the lowest unit address.
	exec 4>descriptor
	start -chardev fd,id=c,fd=4 -device spapr-vty,chardev=c,reg=0x30000000
	exec 4>&-
	print_char 43
	until_has descriptor C
	stop

	exec 4>>descriptor
	start -serial fd:4
	exec 4>&-
	print_char 44
	until_has descriptor CD
	stop

	start -serial stdio
	print_char 45
	until_has log E
	stop

	start -nographic -M pseries
	print_char 46
	stop
	[ ! -s log ] # -nodefaults precedes
}

@test "qmp works on standard input and output" {
	cd "$BATS_TEST_TMPDIR"
	printf '%s\n' '{"execute":"qmp_capabilities"}' '{"execute":"query-status"}' '{"execute":"quit"}' >commands
	run bash -c "timeout 60 '$papr_vmm' -qmp stdio <commands"
	assert_success
	assert_line --index 0 --partial '"QMP"'
	assert_line --index 2 --partial '"running"'
	run bash -c "cat commands | timeout 60 '$papr_vmm' -qmp stdio | cat"
	assert_line --index 2 --partial '"running"'
	# Neither closed nor full descriptors disturb.
	run bash -c "timeout 60 '$papr_vmm' -qmp stdio -S <commands >/dev/full"
	run timeout 60 bash -c "exec '$papr_vmm' -qmp unix:q,server=on,wait=off -serial stdio 0<&- 1>&- & p=\$!; \
		'$client' -q q <<<'{\"execute\":\"quit\"}'; wait \$p"
	assert_success
}

@test "an output without a reader is no busy loop" {
	local before after

	cd "$BATS_TEST_TMPDIR"
	mkfifo in out
	exec {input}<>in {output}<>out
	"$papr_vmm" -nodefaults -qmp stdio <in >out 3>&- {input}>&- {output}>&- 2>log &
	machine=$!
	read -r _ <&"$output" # the greeting: both ends are open
	exec {output}>&-
	echo '{"execute":"qmp_capabilities"}' >&"$input"
	read -rt 0.5 <> <(:) || :
	before=$(awk '{ print $14 + $15 }' "/proc/$machine/stat")
	read -rt 0.5 <> <(:) || :
	after=$(awk '{ print $14 + $15 }' "/proc/$machine/stat")
	exec {input}>&-
	[ "$((after - before))" -le 5 ]
}

@test "an inherited socket listens, or is a connection" {
	cd "$BATS_TEST_TMPDIR"
	python3 - "$papr_vmm" <<-'END'
		import os, socket, subprocess, sys
		listener = socket.socket(socket.AF_UNIX)
		listener.bind("s")
		listener.listen()
		a, b = socket.socketpair()
		c, d = socket.socketpair()
		for fd in (listener.fileno(), b.fileno(), d.fileno()):
		    os.set_inheritable(fd, True)
		p = subprocess.Popen([sys.argv[1], "-chardev", f"socket,id=m,fd={listener.fileno()},server=on,wait=off",
		    "-mon", "chardev=m,id=monitor,mode=control", "-chardev", f"socket,id=n,fd={b.fileno()}",
		    "-mon", "chardev=n,mode=control", "-qmp", f"fd:{d.fileno()}"], close_fds=False)
		for s in (a, c, socket.socket(socket.AF_UNIX)):
		    s.settimeout(20)
		    if s not in (a, c):
		        s.connect("s")
		    f = s.makefile("rw")
		    assert "QMP" in f.readline()
		f.write('{"execute":"qmp_capabilities"}{"execute":"quit"}\n')
		f.flush()
		assert p.wait(20) == 0
		assert os.path.exists("s") # it is not papr-vmm's
		q = subprocess.run([sys.argv[1], "-chardev", f"socket,id=m,fd={listener.fileno()}", "-mon", "m,mode=control"],
		    close_fds=False, capture_output=True, text=True, timeout=20)
		assert q.returncode == 125 and "Invalid argument" in q.stderr, q
	END
}

# Row: message, options.
@test "wrong character devices are refused" {
	local message options

	cd "$BATS_TEST_TMPDIR"
	while IFS='|' read -r message options; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr timeout 60 "$papr_vmm" $options </dev/null
		echo "$options: $status, $stderr"
		assert_equal "$status" 125
		assert_equal "$stderr" "papr-vmm: $message"
	done <<-'ROWS'
		-chardev pty,id=x: 'pty' is not a valid char driver; use socket, fd, stdio or null|-chardev pty,id=x
		-chardev null: chardev: no id specified|-chardev null
		-chardev null,id=x: Duplicate ID 'x' for chardev|-chardev null,id=x -chardev null,id=x
		-chardev null,id=x,path=y: Invalid parameter 'path'|-chardev null,id=x,path=y
		-chardev fd,id=x: Parameter 'fd' is missing|-chardev fd,id=x
		-chardev socket,id=x: Parameter 'path' is missing|-chardev socket,id=x
		-chardev socket,id=x,port=1: Invalid parameter 'port'|-chardev socket,id=x,port=1
		-mon: chardev "zz" not found|-mon zz,mode=control
		-mon: Device 'x' is in use|-chardev null,id=x -mon x,mode=control -mon x,mode=control
		-mon x: only QMP is supported; use mode=control|-mon x
		-mon chardev=x,mode=readline: only QMP is supported; use mode=control|-mon chardev=x,mode=readline
		-serial chardev:zz: could not connect serial device to character backend 'chardev:zz'|-serial chardev:zz
		-serial pty: 'pty' is not a valid char driver; use unix:PATH, fd:N, stdio or null|-serial pty
		-qmp foo: 'foo' is not a valid char driver; use unix:PATH, fd:N, stdio or null|-qmp foo
		-serial unix:: UNIX socket path '' is too long or empty|-serial unix:
		-device spapr-vty,chardev=x: Property 'spapr-vty.chardev' can't take value 'x': Device 'x' is in use|-nodefaults -chardev null,id=x -device spapr-vty,chardev=x -device spapr-vty,chardev=x
		-device spapr-vty: chardev property not set|-device spapr-vty
		-device spapr-vty: spapr-vty and spapr-vty devices conflict at address 0x30000000|-chardev null,id=x -chardev null,id=y -device spapr-vty,chardev=x,reg=0x30000000 -device spapr-vty,chardev=y,reg=0x30000000
		-device spapr-vty: spapr-vty and spapr-nvram devices conflict at address 0x71000001|-chardev null,id=x -device spapr-vty,chardev=x,reg=0x71000001
		-device spapr-vty: IRQ 4352 is not free|-chardev null,id=x -device spapr-vty,chardev=x,reg=0x71000100
		-device spapr-vty: Parameter 'reg' expects uint32_t|-chardev null,id=x -device spapr-vty,chardev=x,reg=0x100000000
		compat_monitor0: cannot use stdio by multiple character devices|-serial stdio -qmp stdio
		compat_monitor0: standard input belongs to the command|-qmp stdio run true
		serial0: Bad file descriptor|-serial fd:999
	ROWS
}
