#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Character devices of papr-vmm: -chardev, -serial, -monitor, -mon, and query-chardev.

bats_require_minimum_version 1.5.0
load papr-vmm

# Print one character on the machine's terminal.
print_char()
{
	qtest "writel 0x1000 0x$1" 'rtas display-character 1 0x1000 1 0x2000' >/dev/null
}

hmp()
{
	qmp_run human-monitor-command "{\"command-line\": \"$1\"}"
}

# Wait for a file that has this content.
until_has()
{
	until [ "$(cat "$1" 2>/dev/null)" = "$2" ]; do
		pause
	done
}

@test "query-chardev lists all devices, as QEMU names them" {
	start -chardev pty,id=p -chardev socket,path=so,server=on,wait=off,id=s -chardev file,path=fi,id=f \
		-chardev null,id=n -chardev socket,host=localhost,port=0,server=on,wait=off,id=t \
		-serial chardev:p -monitor unix:mon,server,nowait -parallel null
	run qmp_run query-chardev
	assert_output --partial '{ "filename": "file", "frontend-open": false, "label": "f" }'
	assert_output --partial '{ "filename": "null", "frontend-open": false, "label": "n" }'
	assert_output --partial '{ "filename": "null", "frontend-open": false, "label": "parallel0" }'
	assert_output --partial '{ "filename": "unix:qmp,server=on", "frontend-open": true, "label": "compat_monitor0" }'
	assert_output --partial '{ "filename": "disconnected:unix:mon,server=on", "frontend-open": true, "label": "compat_monitor1" }'
	assert_output --partial '{ "filename": "disconnected:unix:so,server=on", "frontend-open": false, "label": "s" }'
	assert_output --regexp '"disconnected:tcp:127.0.0.1:[1-9][0-9]*,server=on", "frontend-open": false, "label": "t"'
	assert_output --regexp '"pty:/dev/pts/[0-9]+", "frontend-open": true, "label": "p"'
	[ -e fi ] && [ -S so ]
	run cat log
	assert_output --regexp '^char device redirected to /dev/pts/[0-9]+ \(label p\)$'
	stop
	[ ! -e so ] && [ ! -e mon ]
}

@test "the terminal is a socket, a pty, a file, or standard output" {
	local pty port

	start -serial unix:console,server=on,wait=off
	"$client" -r -t 3000 console </dev/null >text &
	until hmp 'info chardev' | grep -q 'serial0: filename=unix:console'; do
		pause
	done
	print_char 42
	until_has text B
	stop
	wait

	# The default terminal has the lowest unit address.
	start -chardev pty,id=c -device spapr-vty,chardev=c,reg=0x30000000
	pty=$(hmp 'info chardev' | grep -oE '/dev/pts/[0-9]+')
	print_char 43
	run timeout 10 head -c 1 "$pty"
	assert_output C
	stop

	echo before >file
	start -chardev file,id=c,path=file,append=on -serial chardev:c
	print_char 44
	until_has file "before"$'\n'D
	stop

	start -serial tcp:localhost:0,server=on,wait=off
	port=$(hmp 'info chardev' | sed -nE 's/.*tcp:127.0.0.1:([0-9]+).*/\1/p')
	exec 4<>"/dev/tcp/127.0.0.1/$port"
	until hmp 'info chardev' | grep -q 'serial0: filename=tcp:.*<->'; do
		pause
	done
	print_char 45
	read -rt 10 -N 1 character <&4
	assert_equal "$character" E
	exec 4>&-
	stop

	start -nographic -M pseries
	print_char 46
	stop
	[ ! -s log ] # -nodefaults precedes
}

@test "qmp and the monitor work on standard input and output" {
	cd "$BATS_TEST_TMPDIR"
	printf '%s\n' '{"execute":"qmp_capabilities"}' '{"execute":"query-status"}' '{"execute":"quit"}' >commands
	run bash -c "timeout 20 '$papr_vmm' -qmp stdio <commands"
	assert_success
	assert_line --index 0 --partial '"QMP"'
	assert_line --index 2 --partial '"running"'
	run bash -c "cat commands | timeout 20 '$papr_vmm' -qmp stdio | cat"
	assert_line --index 2 --partial '"running"'
	run bash -c "printf 'info status\\r\\ninfo name\\nq\\n' | timeout 20 '$papr_vmm' -S -name here -monitor stdio | tr -d '\\r'"
	assert_success
	assert_line --index 0 --regexp "^QEMU [0-9.]+ monitor - type 'help' for more information$"
	assert_line --index 1 '(qemu) VM status: paused (prelaunch)'
	assert_line --index 2 '(qemu) here'
	# Neither closed nor full descriptors disturb.
	run bash -c "timeout 20 '$papr_vmm' -qmp stdio -S <commands >/dev/full"
	run timeout 20 bash -c "exec '$papr_vmm' -qmp unix:q,server=on,wait=off -serial stdio 0<&- 1>&- & p=\$!; \
		'$client' -q q <<<'{\"execute\":\"quit\"}'; wait \$p"
	assert_success
}

@test "an output without a reader is no busy loop" {
	local before after

	cd "$BATS_TEST_TMPDIR"
	mkfifo in out
	exec {input}<>in {output}<>out
	"$papr_vmm" -M none -nodefaults -monitor stdio <in >out \
		3>&- {input}>&- {output}>&- 2>log &
	machine=$!
	read -r _ <&"$output" # the greeting: both ends are open
	exec {output}>&-
	echo 'info status' >&"$input"
	read -rt 0.5 <> <(:) || :
	before=$(awk '{ print $14 + $15 }' "/proc/$machine/stat")
	read -rt 0.5 <> <(:) || :
	after=$(awk '{ print $14 + $15 }' "/proc/$machine/stat")
	exec {input}>&-
	[ "$((after - before))" -le 5 ]
}

@test "a monitor of -mon is for people, or with mode=control for programs" {
	start -chardev socket,id=m,path=m,server=on,wait=off -mon m \
		-chardev socket,id=c,path=c,server=on,wait=off -mon chardev=c,id=x,mode=control,pretty=off
	run raw m 2 <<<'info status'
	assert_line --index 1 --partial 'VM status: running'
	run "$client" -q c <<<'{"execute": "query-name"}'
	assert_output --partial '"return"'
}

@test "chardev-add takes no descriptor of the program itself" {
	local fd

	start
	for fd in "/proc/$machine/fd/"*; do
		fd=${fd##*/}
		run qmp_run chardev-add "{\"id\": \"x\", \"backend\": {\"type\": \"socket\", \"data\": {\"addr\": {\"type\": \"fd\", \"data\": {\"str\": \"$fd\"}}}}}"
		assert_output --partial '"error"'
	done
	run qmp_run query-name
	assert_output '{ "return": { } }'
}

@test "an inherited socket listens, or is a connection" {
	cd "$BATS_TEST_TMPDIR"
	python3 - "$papr_vmm" <<-'END'
		import socket, subprocess, sys
		listener = socket.socket(socket.AF_UNIX)
		listener.bind("s")
		listener.listen()
		a, b = socket.socketpair()
		for fd in (listener.fileno(), b.fileno()):
		    import os
		    os.set_inheritable(fd, True)
		p = subprocess.Popen([sys.argv[1], "-chardev", f"socket,id=m,fd={listener.fileno()},server=on,wait=off",
		    "-mon", "chardev=m,id=monitor,mode=control", "-chardev", f"socket,id=n,fd={b.fileno()}",
		    "-mon", "chardev=n,mode=control"], close_fds=False)
		for s in (a, socket.socket(socket.AF_UNIX)):
		    s.settimeout(20)
		    if s is not a:
		        s.connect("s")
		    f = s.makefile("rw")
		    assert "QMP" in f.readline()
		f.write('{"execute":"qmp_capabilities"}{"execute":"quit"}\n')
		f.flush()
		assert p.wait(20) == 0
		assert os.path.exists("s") # it is not papr-vmm's
		q = subprocess.run([sys.argv[1], "-chardev", f"socket,id=m,fd={listener.fileno()}", "-mon", "m"],
		    close_fds=False, capture_output=True, text=True, timeout=20)
		assert q.returncode == 125 and "Invalid argument" in q.stderr, q
	END
}

@test "devices are added and removed later" {
	start -chardev null,id=n -serial null
	run qmp <<-'END'
		{"execute": "chardev-add", "arguments": {"id": "n", "backend": {"type": "null", "data": {}}}}
		{"execute": "chardev-add", "arguments": {"id": "a", "backend": {"type": "null", "data": {}}}}
		{"execute": "chardev-add", "arguments": {"id": "p", "backend": {"type": "pty", "data": {}}}}
		{"execute": "chardev-add", "arguments": {"id": "s", "backend": {"type": "socket", "data": {"addr": {"type": "unix", "data": {"path": "added"}}}}}}
		{"execute": "chardev-add", "arguments": {"id": "f", "backend": {"type": "file", "data": {"out": "no/such"}}}}
		{"execute": "chardev-add", "arguments": {"id": "z", "backend": {"type": "zz", "data": {}}}}
		{"execute": "chardev-add", "arguments": {"id": "z", "backend": {}}}
		{"execute": "chardev-add", "arguments": {"id": "z", "backend": 3}}
		{"execute": "chardev-remove", "arguments": {"id": "zz"}}
		{"execute": "chardev-remove", "arguments": {"id": "serial0"}}
		{"execute": "chardev-remove", "arguments": {"id": "a"}}
		{"execute": "chardev-remove", "arguments": {"id": "a"}}
	END
	assert_line --partial "Chardev with id 'n' already exists"
	assert_line --regexp '"pty": "/dev/pts/[0-9]+"'
	assert_line --partial 'no/such: No such file or directory'
	assert_line --partial "'zz' is not a valid char driver name"
	assert_line --partial "Parameter 'backend.type' is missing"
	assert_line --partial "Chardev 'zz' not found"
	assert_line --partial "Chardev 'serial0' is busy"
	assert_line --partial "Chardev 'a' not found"
	[ -S added ]
	run qmp_run query-chardev
	assert_output --partial '"disconnected:unix:added,server=on"'
	refute_output --partial '"label": "a"'
	qmp_run chardev-remove '{"id": "s"}'
	[ ! -e added ]
}

@test "the monitor prints numa, pci and others as QEMU does" {
	start -m 1G,slots=2,maxmem=4G -smp 2,threads=2,maxcpus=4 -device virtio-net-pci,id=n0,addr=3 \
		-object memory-backend-ram,id=m,size=256M -device pc-dimm,memdev=m,id=d0
	run hmp 'info numa'
	assert_output --partial '1 nodes\r\nnode 0 cpus: 0 1\r\nnode 0 size: 1280 MB\r\nnode 0 plugged: 256 MB\r\n'
	run hmp 'info pci'
	assert_output --partial '  Bus  0, device   3, function 0:\r\n    Ethernet controller: PCI device 1af4:1000\r\n      PCI subsystem 1af4:0001\r\n      IRQ 0, pin A\r\n      BAR0: I/O at 0xffffffffffffffff [0x001e].\r\n'
	assert_output --partial '      id \"n0\"\r\n'
	run hmp 'info memory_size_summary'
	assert_output --partial 'base memory: 1073741824\r\nplugged memory: 268435456\r\n'
	run hmp 'info foo'
	assert_output --partial "unknown command: 'info foo'\\r\\n"
	run hmp ' foo  '
	assert_output --partial "unknown command: 'foo'\\r\\n"
	run hmp 'device_add zz'
	assert_output --partial "Error: 'zz' is not a valid device model name"
	run hmp 'device_add virtio-rng-pci,id=r,addr=7'
	assert_output '{ "return": "" }'
	run hmp 'info pci'
	assert_output --partial 'id \"r\"'
	run hmp stop
	run hmp 'info status'
	assert_output --partial 'VM status: paused\r\n'
	run hmp help
	assert_output --partial 'info [subcommand] -- show information'
	run hmp info
	assert_output --partial 'info numa  -- '
	run hmp ''
	assert_output '{ "return": "" }'
}

# Row: message, options.
@test "wrong character devices are refused" {
	local message options

	cd "$BATS_TEST_TMPDIR"
	while IFS='|' read -r message options; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr timeout 10 "$papr_vmm" $options </dev/null
		echo "$options: $status, $stderr"
		assert_equal "$status" 125
		assert_equal "$stderr" "papr-vmm: $message"
	done <<-'ROWS'
		-chardev foo,id=x: 'foo' is not a valid char driver name|-chardev foo,id=x
		-chardev udp,id=x: 'udp' is not supported; use socket, pty, stdio, file or null|-chardev udp,id=x
		-chardev null: chardev: no id specified|-chardev null
		-chardev null,id=x: Duplicate ID 'x' for chardev|-chardev null,id=x -chardev null,id=x
		-chardev null,id=x,foo=1: Invalid parameter 'foo'|-chardev null,id=x,foo=1
		-chardev file,id=x: chardev: file: no filename given|-chardev file,id=x
		-chardev socket,id=x,port=1,host=example.org: host 'example.org' is not supported, only 'localhost'|-chardev socket,id=x,port=1,host=example.org
		-chardev socket,id=x,port=65536: '65536' is not a port|-chardev socket,id=x,port=65536
		-chardev socket,id=x,path=y,telnet=on: mux, telnet and websocket are not supported|-chardev socket,id=x,path=y,telnet=on
		-mon: chardev "zz" not found|-mon zz
		-mon: Device 'x' is in use|-chardev null,id=x -mon x -mon x
		-mon chardev=x,mode=zz: Parameter 'mode' does not accept value 'zz'|-mon chardev=x,mode=zz
		-serial chardev:zz: could not connect serial device to character backend 'chardev:zz'|-serial chardev:zz
		-serial foo: 'foo' is not a valid char driver; use unix:PATH, pty, stdio, file:PATH or null|-serial foo
		-monitor foo: 'foo' is not a valid char driver; use unix:PATH, pty, stdio, file:PATH or null|-monitor foo
		-serial unix:: UNIX socket path '' is too long or empty|-serial unix:
		-serial tcp:x: 'x' is no HOST:PORT|-serial tcp:x
		-device spapr-vty,chardev=x: Property 'spapr-vty.chardev' can't take value 'x': Device 'x' is in use|-nodefaults -chardev null,id=x -device spapr-vty,chardev=x -device spapr-vty,chardev=x
		-device spapr-vty: chardev property not set|-device spapr-vty
		-device spapr-vty: spapr-vty and spapr-vty devices conflict at address 0x30000000|-chardev null,id=x -chardev null,id=y -device spapr-vty,chardev=x,reg=0x30000000 -device spapr-vty,chardev=y,reg=0x30000000
		-device spapr-vty: spapr-vty and spapr-nvram devices conflict at address 0x71000001|-chardev null,id=x -device spapr-vty,chardev=x,reg=0x71000001
		-device spapr-vty: IRQ 4352 is not free|-chardev null,id=x -device spapr-vty,chardev=x,reg=0x71000100
		-device spapr-vty: Parameter 'reg' expects uint32_t|-chardev null,id=x -device spapr-vty,chardev=x,reg=0x100000000
		compat_monitor0: cannot use stdio by multiple character devices|-serial stdio -monitor stdio
		compat_monitor0: TCP has no access control, and only a terminal without a guest can use it; use unix:PATH|-qmp tcp:localhost:1
		serial0: TCP has no access control, and only a terminal without a guest can use it; use unix:PATH|-serial tcp::1 run true
		compat_monitor0: standard input belongs to the command|-monitor stdio run true
		no/such: No such file or directory|-serial file:no/such
	ROWS
}
