#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The sockets of papr-vmm's networks: -netdev stream and dgram. The states and replies are
# those of QEMU 10.0.

bats_require_minimum_version 1.5.0
load papr-vmm

# other [OPTION]...: start a second machine, in the folder "other".
other()
{
	mkdir -p other
	(
		cd other || exit
		exec "$papr_vmm" -M none -nodefaults -qmp unix:qmp,server=on,wait=off "$@"
	) 3>&- >other/log 2>&1 &
	other=$!
}

stop_other()
{
	kill "$other"
	wait "$other"
	other=
}

teardown()
{
	for process in ${machine:-} ${other:-} ${peer:-}; do
		kill "$process" 2>/dev/null || :
	done
}

# Print "info network", a line for each network.
networks() # [FOLDER]
{
	(cd "${1:-.}" && qmp_run human-monitor-command '{"command-line": "info network"}') |
		sed 's/^{ "return": "\(.*\)" }$/\1/; s/\\r\\n/\n/g' | sed '/^$/d; s,\\/,/,g'
}

# Wait until "info network" is this.
reaches() # TEXT [FOLDER]
{
	local tries

	for ((tries = 0; tries < 200; tries++)); do
		[ "$(networks "${2:-.}")" != "$1" ] || return 0
		pause
	done
	assert_equal "$(networks "${2:-.}")" "$1"
}

# Wait until "info network" begins with this.
begins() # TEXT [FOLDER]
{
	local tries

	for ((tries = 0; tries < 200; tries++)); do
		[[ $(networks "${2:-.}") != "$1"* ]] || return 0
		pause
	done
	assert_equal "$(networks "${2:-.}")" "$1..."
}

# The lines of until_said(): queries, until the messages in "said" contain the text
query_until() # TEXT COMMAND...
{
	local tries

	echo '{"execute": "query-name"}'
	until grep -q '"return"' said; do
		pause
	done
	"${@:2}" >/dev/null
	for ((tries = 0; tries < 200; tries++)); do
		! grep -q "$1" said || return 0
		echo '{"execute": "query-name"}'
		pause
	done
}

# Run the command, and print all messages until one contains the text.
until_said() # TEXT COMMAND...
{
	: >said
	# shellcheck disable=SC2094 # meant: the one waits for what the other says
	qmp < <(query_until "$@") >said
	cat said
}

# Print a port that nothing listens at.
free_port()
{
	local port

	while port=$((20000 + RANDOM % 12000)); do
		(: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
	done
	echo "$port"
}

# Print the processor time of the machine, in ticks.
ticks()
{
	awk '{ print $14 + $15 }' "/proc/$machine/stat"
}

# Fail if the machine is busy for more than a tenth of half a second.
assert_idle()
{
	local before

	before=$(ticks)
	read -rt 0.5 <> <(:) || :
	[ "$(($(ticks) - before))" -le 5 ]
}

@test "a stream connects two machines by a unix socket" {
	start -netdev stream,id=s,server=on,addr.type=unix,addr.path=net
	reaches 's: index=0,type=stream,listening'
	other -netdev stream,id=c,server=off,addr.type=unix,addr.path=../net
	reaches 's: index=0,type=stream,unix:net'
	reaches 'c: index=0,type=stream,unix:net' other
	stop_other
	reaches 's: index=0,type=stream,listening'
	[ -S net ]
	stop
	[ ! -e net ]
}

@test "a stream connects two machines by a name without a file" {
	local name=papr-vmm-$$-$RANDOM

	start -netdev "stream,id=s,server=on,addr.type=unix,addr.path=$name,addr.abstract=on"
	reaches 's: index=0,type=stream,listening'
	other -netdev "stream,id=c,addr.type=unix,addr.path=$name,addr.abstract=on"
	reaches "s: index=0,type=stream,unix:$name"
	reaches "c: index=0,type=stream,unix:$name" other
	[ ! -e "$name" ]
}

@test "a stream connects two machines by TCP" {
	local port

	port=$(free_port)
	start -netdev "stream,id=s,server=on,addr.type=inet,addr.host=127.0.0.1,addr.port=$port"
	reaches 's: index=0,type=stream,listening'
	other -netdev "stream,id=c,addr.type=inet,addr.host=localhost,addr.ipv4=on,addr.ipv6=off,addr.port=$port"
	reaches "c: index=0,type=stream,tcp:127.0.0.1:$port" other
	begins 's: index=0,type=stream,tcp:127.0.0.1:'
}

@test "a stream connects two machines by IPv6" {
	local port

	grep -qs . /proc/net/if_inet6 || skip 'no IPv6'
	port=$(free_port)
	start -netdev "stream,id=s,server=on,addr.type=inet,addr.host=::1,addr.port=$port,addr.ipv6=on,addr.ipv4=off"
	reaches 's: index=0,type=stream,listening'
	other -netdev "stream,id=c,addr.type=inet,addr.host=::1,addr.port=$port"
	reaches "c: index=0,type=stream,tcp:::1:$port" other
	begins 's: index=0,type=stream,tcp:::1:'
}

@test "a stream uses an inherited socket" {
	local port

	port=$(free_port)
	start -netdev "stream,id=s,server=on,addr.type=inet,addr.host=127.0.0.1,addr.port=$port"
	reaches 's: index=0,type=stream,listening'
	exec {inherited}<>"/dev/tcp/127.0.0.1/$port"
	other -netdev "stream,id=c,addr.type=fd,addr.str=$inherited" \
		-netdev stream,id=no,addr.type=fd,addr.str=0 \
		-netdev stream,id=x,addr.type=fd,addr.str=zz </dev/null
	exec {inherited}>&-
	reaches "c: index=0,type=stream,tcp:127.0.0.1:$port
no: index=0,type=stream,error: File descriptor '0' is not a socket
x: index=0,type=stream,error: Unable to parse FD number zz" other
	stop_other
	reaches 's: index=0,type=stream,listening'
}

@test "a client connects again after some time" {
	start -netdev stream,id=c,addr.type=unix,addr.path=net,reconnect-ms=100
	reaches 'c: index=0,type=stream,connecting'
	assert_idle
	other -netdev stream,id=s,server=on,addr.type=unix,addr.path=../net
	reaches 'c: index=0,type=stream,unix:../net'
	run until_said NETDEV_STREAM_DISCONNECTED kill "$other"
	assert_output --partial '"data": { "netdev-id": "c" }, "event": "NETDEV_STREAM_DISCONNECTED"'
	wait "$other"
	reaches 'c: index=0,type=stream,connecting'
	other -netdev stream,id=s,server=on,addr.type=unix,addr.path=../net
	reaches 'c: index=0,type=stream,unix:../net'
}

@test "events report connections and their ends" {
	start -netdev stream,id=s,server=on,addr.type=unix,addr.path=net
	reaches 's: index=0,type=stream,listening'
	run until_said NETDEV_STREAM_DISCONNECTED eval '"$client" -r net </dev/null'
	assert_output --partial '"data": { "addr": { "path": "net", "type": "unix" }, "netdev-id": "s" }, "event": "NETDEV_STREAM_CONNECTED"'
	assert_output --partial '"data": { "netdev-id": "s" }, "event": "NETDEV_STREAM_DISCONNECTED"'
}

@test "packets are dropped, and too large ones end the connection" {
	start -netdev stream,id=s,server=on,addr.type=unix,addr.path=net
	reaches 's: index=0,type=stream,listening'
	{
		printf '\0\0\0\4abcd\0\0\0\0\0\1\0\0'
		head -c 65536 /dev/zero
		printf '\0\1\20\0'
		head -c 69632 /dev/zero
		printf '\0\0'
	} >packets
	"$client" -d net <packets &
	peer=$!
	reaches 's: index=0,type=stream,unix:net'
	assert_idle
	kill "$peer"
	reaches 's: index=0,type=stream,listening'
	refute grep -q oversized log
	{
		printf '\377\377\377\377'
		head -c 69633 /dev/zero
	} >packets
	"$client" -d net <packets || : # it can be disconnected while it sends
	reaches 's: index=0,type=stream,listening'
	grep -q 'oversized packet received' log
}

@test "a second client waits, and many clients in turn are served" {
	start -netdev stream,id=s,server=on,addr.type=unix,addr.path=net
	reaches 's: index=0,type=stream,listening'
	"$client" -d net </dev/null &
	peer=$!
	reaches 's: index=0,type=stream,unix:net'
	other -netdev stream,id=c,addr.type=unix,addr.path=../net
	begins 'c: index=0,type=stream,unix:' other
	assert_idle
	kill "$peer"
	stop_other
	for _ in {1..50}; do
		head -c 100 /dev/urandom | "$client" -r -t 0 net >/dev/null || :
	done
	reaches 's: index=0,type=stream,listening'
	assert_idle
}

# QMP's netdev_add succeeds: the attempt is made later.
@test "a stream that fails shows the reason" {
	start -netdev stream,id=a,addr.type=unix,addr.path=no \
		-netdev stream,id=b,addr.type=inet,addr.host=127.0.0.1,addr.port=1 \
		-netdev stream,id=c,server=on,addr.type=unix,addr.path=no/net \
		-netdev stream,id=d,server=on,addr.type=inet,addr.host=127.0.0.1,addr.port=zz \
		-netdev stream,id=e,addr.type=vsock,addr.cid=1,addr.port=1 \
		-netdev stream,id=f,addr.type=inet,addr.host=,addr.port=1,addr.ipv4=off,addr.ipv6=off \
		-netdev "stream,id=g,server=on,addr.type=unix,addr.path=$(printf '%0109d' 0)" \
		-netdev stream,id=h,server=on,addr.type=inet,addr.host=,addr.port=1,addr.keep-alive=on
	reaches "a: index=0,type=stream,error: Failed to connect to 'no': No such file or directory
b: index=0,type=stream,error: Failed to connect to '127.0.0.1:1': Connection refused
c: index=0,type=stream,error: Failed to bind socket to no/net: No such file or directory
d: index=0,type=stream,error: address resolution failed for 127.0.0.1:zz: Servname not supported for ai_socktype
e: index=0,type=stream,error: socket family AF_VSOCK unsupported
f: index=0,type=stream,error: Cannot disable IPv4 and IPv6 at same time
g: index=0,type=stream,error: UNIX socket path '$(printf '%0109d' 0)' is too long
h: index=0,type=stream,error: keep-alive option is not supported for passive sockets"
}

@test "a socket is replaced, and no other file is" {
	cd "$BATS_TEST_TMPDIR"
	echo precious >file
	start -netdev stream,id=a,server=on,addr.type=unix,addr.path=net \
		-netdev stream,id=b,server=on,addr.type=unix,addr.path=net \
		-netdev stream,id=c,server=on,addr.type=unix,addr.path=file
	reaches 'a: index=0,type=stream,listening
b: index=0,type=stream,listening
c: index=0,type=stream,error: Failed to bind socket to file: Address already in use'
	qmp_run netdev_del '{"id": "a"}'
	[ -S net ] # it is that of b
	qmp_run netdev_del '{"id": "b"}'
	[ ! -e net ]
	assert_equal "$(cat file)" precious
}

@test "datagrams have two sockets" {
	local here there

	here=$(free_port) there=$(free_port)
	start -netdev "dgram,id=a,local.type=inet,local.host=127.0.0.1,local.port=$here,remote.type=inet,remote.host=localhost,remote.port=$there" \
		-netdev dgram,id=b,local.type=unix,local.path=one,remote.type=unix,remote.path=two
	reaches "a: index=0,type=dgram,udp=127.0.0.1:$here/127.0.0.1:$there
b: index=0,type=dgram,udp=one:two"
	for _ in {1..20}; do
		head -c 1400 /dev/urandom >"/dev/udp/127.0.0.1/$here"
	done
	assert_idle
	[ -S one ]
	stop
	[ ! -e one ]
}

@test "datagrams come from a multicast group" {
	start -netdev dgram,id=m,remote.type=inet,remote.host=230.0.0.1,remote.port=1234 \
		-netdev dgram,id=n,remote.type=inet,remote.host=230.0.0.1,remote.port=1234,local.type=inet,local.host=127.0.0.1,local.port=0
	reaches 'm: index=0,type=dgram,mcast=230.0.0.1:1234
n: index=0,type=dgram,mcast=230.0.0.1:1234'
}

# Start a machine that inherits this socket of the shell, for the network f.
start_inheriting() # /dev/PROTOCOL/HOST/PORT
{
	exec {inherited}<>"$1"
	start -netdev "dgram,id=f,local.type=fd,local.str=$inherited"
	exec {inherited}>&-
	reaches "f: index=0,type=dgram,fd=$inherited inet"
}

@test "datagrams come from an inherited socket" {
	start_inheriting "/dev/udp/127.0.0.1/$(free_port)"
	assert_idle
}

@test "only an inherited socket is taken over, and only once" {
	start_inheriting "/dev/udp/127.0.0.1/$(free_port)"
	run qmp_run netdev_add "{\"type\": \"dgram\", \"id\": \"g\", \"local\": {\"type\": \"fd\", \"str\": \"$inherited\"}}"
	assert_output --partial "Can't use file descriptor $inherited: Bad file descriptor"
	[ -S "/proc/$machine/fd/$inherited" ]
	run qmp_run netdev_add "{\"type\": \"stream\", \"id\": \"s\", \"addr\": {\"type\": \"fd\", \"str\": \"$inherited\"}, \"server\": false}"
	assert_line '{ "return": { } }'
	reaches "f: index=0,type=dgram,fd=$inherited inet
s: index=0,type=stream,error: File descriptor '$inherited' is not a socket"
	[ -S "/proc/$machine/fd/$inherited" ]
}

# A stream as the socket of datagrams: its end is not read for ever.
@test "the end of an inherited stream is no busy loop" {
	local port

	port=$(free_port)
	cd "$BATS_TEST_TMPDIR"
	other -netdev "stream,id=s,server=on,addr.type=inet,addr.host=127.0.0.1,addr.port=$port"
	reaches 's: index=0,type=stream,listening' other
	start_inheriting "/dev/tcp/127.0.0.1/$port"
	stop_other
	assert_idle
}

# As long as /etc/hosts is a pipe without a writer, no name is resolved.
@test "a name that is being resolved stops nothing" {
	local slow='"addr": {"type": "inet", "host": "slow.example", "port": "0"}'
	local failed='error: address resolution failed for slow.example:0: Name or service not known'

	[ "$(id -u)" -eq 0 ] || skip "only root can have another /etc/hosts"
	cd "$BATS_TEST_TMPDIR"
	mkfifo hosts
	echo 'hosts: files' >switch
	cat >with-hosts <<-END
		#!/bin/sh
		exec unshare -m sh -c 'mount --bind hosts /etc/hosts && mount --bind switch /etc/nsswitch.conf &&
			exec "\$0" "\$@"' '$papr_vmm' "\$@"
	END
	chmod +x with-hosts
	papr_vmm=$PWD/with-hosts start
	qmp_run netdev_add "{\"type\": \"stream\", \"id\": \"s\", \"server\": true, $slow}"
	reaches 's: index=0,type=stream,'
	: >hosts
	reaches "s: index=0,type=stream,$failed"
	qmp_run netdev_add "{\"type\": \"stream\", \"id\": \"c\", $slow}"
	reaches "s: index=0,type=stream,$failed
c: index=0,type=stream,connecting"
	qmp_run netdev_del '{"id": "c"}'
	: >hosts # the lookup ends, without a network
	reaches "s: index=0,type=stream,$failed"
	assert_idle
	stop
}

@test "networks that are added later resolve names, too" {
	start
	qmp_run netdev_add '{"type": "stream", "id": "s", "server": true, "addr": {"type": "inet", "host": "localhost", "port": "0"}}'
	reaches 's: index=0,type=stream,listening'
	qmp_run netdev_del '{"id": "s"}'
	reaches ''
}

@test "with -daemonize, a relative path begins where the program was started" {
	cd "$BATS_TEST_TMPDIR"
	other -netdev stream,id=s,server=on,addr.type=unix,addr.path=net
	reaches 's: index=0,type=stream,listening' other
	"$papr_vmm" -M none -nodefaults -daemonize -pidfile pid -qmp unix:qmp,server=on,wait=off \
		-netdev stream,id=c,addr.type=unix,addr.path=other/net
	machine=$(cat pid)
	reaches 'c: index=0,type=stream,unix:net'
}

# Row: reply, arguments of netdev_add. "ok" is an empty reply.
@test "wrong networks are refused" {
	local reply arguments

	start -netdev stream,id=s,server=on,addr.type=unix,addr.path=net
	while IFS='|' read -r reply arguments; do
		run qmp_run netdev_add "$arguments"
		echo "$arguments: $output"
		if [ "$reply" = ok ]; then
			assert_line '{ "return": { } }'
		else
			assert_output --partial "\"desc\": \"$reply\""
		fi
	done <<-'ROWS'
		Parameter 'id' expects an identifier|{"type": "user", "id": "a b"}
		Parameter 'id' expects an identifier|{"type": "user", "id": ""}
		Duplicate ID 's'|{"type": "stream", "id": "s", "addr": {"type": "fd", "str": "0"}}
		Parameter 'addr' is missing|{"type": "stream", "id": "x"}
		Parameter 'addr.type' is missing|{"type": "stream", "id": "x", "addr": {"host": "::1"}}
		Parameter 'addr.type' does not accept value 'zz'|{"type": "stream", "id": "x", "addr": {"type": "zz"}}
		Parameter 'addr.host' is missing|{"type": "stream", "id": "x", "addr": {"type": "inet", "port": "1"}}
		Parameter 'addr.port' is missing|{"type": "stream", "id": "x", "addr": {"type": "inet", "host": ""}}
		Parameter 'addr.path' is missing|{"type": "stream", "id": "x", "addr": {"type": "unix"}}
		Parameter 'addr.str' is missing|{"type": "stream", "id": "x", "addr": {"type": "fd"}}
		Parameter 'addr.str' is unexpected|{"type": "stream", "id": "x", "addr": {"type": "unix", "path": "p", "str": "1"}}
		Parameter 'addr.zz' is unexpected|{"type": "stream", "id": "x", "addr": {"type": "unix", "path": "p", "zz": [1]}}
		Parameter 'zz' is unexpected|{"type": "stream", "id": "x", "addr": {"type": "unix", "path": "p"}, "zz": {}}
		Parameter 'local' is unexpected|{"type": "stream", "id": "x", "addr": {"type": "unix", "path": "p"}, "local": {"type": "fd"}}
		Invalid parameter type for 'addr', expected: object|{"type": "stream", "id": "x", "addr": "unix:p"}
		Invalid parameter type for 'addr.port', expected: string|{"type": "stream", "id": "x", "addr": {"type": "inet", "host": "", "port": 1}}
		Invalid parameter type for 'addr.ipv4', expected: boolean|{"type": "stream", "id": "x", "addr": {"type": "inet", "host": "", "port": "1", "ipv4": "on"}}
		Invalid parameter type for 'addr.path', expected: string|{"type": "stream", "id": "x", "addr": {"type": "unix", "path": {"a": "b"}}}
		Invalid parameter type for 'addr.to', expected: integer|{"type": "stream", "id": "x", "addr": {"type": "inet", "host": "", "port": "1", "to": "2"}}
		Parameter 'addr.to' expects uint16_t|{"type": "stream", "id": "x", "addr": {"type": "inet", "host": "", "port": "1", "to": 65536}}
		Invalid parameter type for 'server', expected: boolean|{"type": "stream", "id": "x", "addr": {"type": "unix", "path": "p"}, "server": "on"}
		Invalid parameter type for 'reconnect', expected: integer|{"type": "stream", "id": "x", "addr": {"type": "unix", "path": "p"}, "reconnect": true}
		Parameter 'reconnect' expects integer|{"type": "stream", "id": "x", "addr": {"type": "unix", "path": "p"}, "reconnect": -1}
		'reconnect' and 'reconnect-ms' are mutually exclusive|{"type": "stream", "id": "x", "addr": {"type": "unix", "path": "p"}, "reconnect": 1, "reconnect-ms": 1}
		'reconnect' and 'reconnect-ms' options are incompatible with socket in server mode|{"type": "stream", "id": "x", "addr": {"type": "unix", "path": "p"}, "server": true, "reconnect": 1}
		dgram requires local= parameter|{"type": "dgram", "id": "x"}
		dgram requires local= parameter|{"type": "dgram", "id": "x", "remote": {"type": "unix", "path": "p"}}
		don't set remote with local.fd|{"type": "dgram", "id": "x", "local": {"type": "fd", "str": "0"}, "remote": {"type": "unix", "path": "p"}}
		remote and local types must be the same|{"type": "dgram", "id": "x", "local": {"type": "unix", "path": "q"}, "remote": {"type": "inet", "host": "", "port": "1"}}
		type=inet or type=unix requires remote parameter|{"type": "dgram", "id": "x", "local": {"type": "unix", "path": "q"}}
		only support inet or fd type for local|{"type": "dgram", "id": "x", "local": {"type": "unix", "path": "q"}, "remote": {"type": "inet", "host": "230.0.0.1", "port": "1"}}
		only support inet or fd type for local|{"type": "dgram", "id": "x", "local": {"type": "vsock", "cid": "1", "port": "1"}, "remote": {"type": "vsock", "cid": "1", "port": "1"}}
		localaddr 'zz' is not a valid IPv4 address|{"type": "dgram", "id": "x", "local": {"type": "inet", "host": "zz", "port": "1"}, "remote": {"type": "inet", "host": "230.0.0.1", "port": "1"}}
		host address '1.2.3.4.5' is not a valid IPv4 address|{"type": "dgram", "id": "x", "remote": {"type": "inet", "host": "1.2.3.4.5", "port": "1"}}
		port number '65536' is invalid|{"type": "dgram", "id": "x", "remote": {"type": "inet", "host": "127.0.0.1", "port": "65536"}}
		can't bind ip=192.0.2.1 to socket: Cannot assign requested address|{"type": "dgram", "id": "x", "local": {"type": "inet", "host": "192.0.2.1", "port": "0"}, "remote": {"type": "inet", "host": "127.0.0.1", "port": "1"}}
		can't bind unix=no/q to socket: No such file or directory|{"type": "dgram", "id": "x", "local": {"type": "unix", "path": "no/q"}, "remote": {"type": "unix", "path": "p"}}
		File descriptor named 'zz' has not been found|{"type": "dgram", "id": "x", "local": {"type": "fd", "str": "zz"}}
		Invalid file descriptor number '1z'|{"type": "dgram", "id": "x", "local": {"type": "fd", "str": "1z"}}
		x: Can't use file descriptor 0: Socket operation on non-socket|{"type": "dgram", "id": "x", "local": {"type": "fd", "str": "0"}}
		x: Can't use file descriptor 999: Bad file descriptor|{"type": "dgram", "id": "x", "local": {"type": "fd", "str": "999"}}
		ok|{"type": "stream", "id": "x", "addr": {"type": "unix", "path": "no"}}
	ROWS
	reaches "s: index=0,type=stream,listening
x: index=0,type=stream,error: Failed to connect to 'no': No such file or directory"
}

# Row: message, option.
@test "wrong networks are refused at start" {
	local message option

	while IFS='|' read -r message option; do
		run --separate-stderr timeout 10 "$papr_vmm" -netdev "$option" </dev/null
		echo "$option: $status, $stderr"
		assert_equal "$status" 125
		assert_equal "$stderr" "papr-vmm: -netdev $message"
	done <<-'ROWS'
		stream: Parameter 'addr' is missing|stream,id=x
		stream: Parameter 'server' expects 'on' or 'off'|stream,id=x,addr.type=unix,addr.path=p,server=maybe
		stream: Parameter 'reconnect' expects integer|stream,id=x,addr.type=unix,addr.path=p,reconnect=soon
		stream: Invalid parameter type for 'addr', expected: object|stream,id=x,addr=p
		stream: Parameter 'port' is unexpected|stream,id=x,addr.type=unix,addr.path=p,port=1
		dgram: Invalid file descriptor number 'zz'|dgram,id=x,local.type=fd,local.str=zz
		{"type": "stream", "id": "x", "addr": 1}: Invalid parameter type for 'addr', expected: object|{"type": "stream", "id": "x", "addr": 1}
	ROWS
}

@test "a network in use follows its card" {
	start -netdev user,id=u -netdev stream,id=s,server=on,addr.type=unix,addr.path=net \
		-device virtio-net-pci,netdev=s,id=nic
	reaches 'u: index=0,type=user,
nic: index=0,type=nic,
 \\ s: index=0,type=stream,listening'
	run qmp_run device_add '{"driver": "virtio-net-pci", "netdev": "s"}'
	assert_output --partial "can't take value 's', it's in use"
}
