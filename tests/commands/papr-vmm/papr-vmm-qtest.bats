#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here-vmm
# papr-vmm's qtest server: QEMU's answers, its own commands, and random lines.

bats_require_minimum_version 1.5.0
load ../../lib/papr-vmm

# The conversation that was recorded with QEMU 7.2.
@test "it answers as QEMU does" {
	local golden=$top/tests/data/golden/talks/qtest.txt

	start -m 1G -S
	sed -n 's/^> //p' "$golden" | "$client" qtest >answers
	diff -u "$golden" <(grep '^> ' "$golden" | paste -d '\n' - answers)
}

@test "hypercalls of PAPR and of ePAPR are called" {
	start -M x-epapr=on
	run qtest 'hcall 0x1234 1 2 3' 'hcall 0xf000 0x40' 'epapr 0x2a0003' 'epapr 0x990001 5'
	assert_line --index 0 --regexp '^OK 0xfffffffffffffffe( 0x[0-9a-f]{16}){6}$'
	assert_line --index 1 --regexp '^OK 0xfffffffffffffffc( 0x[0-9a-f]{16}){6}$'
	assert_line --index 2 --regexp '^OK 0x0000000000000000( 0x[0-9a-f]{16}){7}$'
	assert_line --index 3 --regexp '^OK 0x000000000000000c( 0x[0-9a-f]{16}){7}$'
}

@test "the clock stops while the machine is stopped" {
	start -S -rtc base=2020-01-02T03:04:05,clock=vm
	run qtest 'rtas get-time-of-day 0 0x1000 8 0x2000' 'read 0x2000 32'
	assert_line --index 1 'OK 0x00000000000007e40000000100000002000000030000000400000005'00000000
}

@test "memory ends with RAM, and continues with a module" {
	start -m 1G,slots=2,maxmem=2G
	run qtest 'writel 0x3ffffffc 1' 'writeq 0x3ffffffc 0x1122334455667788' \
		'readq 0x3ffffffc' 'writel 0x40000000 7' 'readl 0x40000000'
	assert_line --index 2 'OK 0x1122334400000000'
	assert_line --index 4 'OK 0x0000000000000000'
	qmp_run object-add '{"qom-type": "memory-backend-ram", "id": "m1", "size": 268435456}'
	qmp_run device_add '{"driver": "pc-dimm", "id": "d1", "memdev": "m1"}'
	run qtest 'writeq 0x3ffffffc 0x1122334455667788' 'readq 0x3ffffffc' 'readl 0x40000000' \
		'writel 0x4ffffffc 9' 'read 0x4ffffffe 4'
	assert_line --index 1 'OK 0x1122334455667788'
	assert_line --index 2 'OK 0x0000000055667788'
	assert_line --index 4 'OK 0x00090000'
	# The contents of the module are lost with it.
	qmp_run device_del '{"id": "d1"}'
	run qtest 'readl 0x40000000'
	assert_output 'OK 0x0000000000000000'
	qmp_run device_add '{"driver": "pc-dimm", "id": "d1", "memdev": "m1"}'
	run qtest 'readl 0x40000000' 'readl 0x3ffffffc'
	assert_line --index 0 'OK 0x0000000000000000'
	assert_line --index 1 'OK 0x0000000011223344'
}

@test "wrong lines are answered FAIL" {
	local line

	start
	while IFS= read -r line; do
		run qtest "$line"
		echo "$line: $output"
		assert_output --regexp '^FAIL .'
	done <<-'LINES'

		frob
		read
		read 1
		read  1 2
		read x 1
		read 0 0
		read 0 -1
		read 0 99999999999
		read 0xfffffffffffffffe 4
		read 0 1 2
		readb
		readb 0x
		write 0 4 ff
		write 0 4 0xf
		write 0 4 0xzz
		write 0 4
		write 0 99999999999 0x
		writeb 0
		writeb 0 x
		memset 0 1
		memset 0 1 256
		memset 0 99999999999 1
		endianness big
		rtas
		rtas x
		rtas x y z u v
		rtas get-time-of-day 0 0 99999999999 0
		hcall
		hcall x
		hcall 1 2 3 4 5 6 7 8 9 10 11
		epapr
		epapr 1 2 3 4 5 6 7 8 9 10
		a b c d e f g h i j k l m n o p q r s t u v w x y z
	LINES
}

# Impossible counts and addresses.
@test "rtas accepts any numbers" {
	start
	run qtest 'rtas get-time-of-day 4294967295 0x1000 4294967295 0x2000' \
		'rtas set-indicator 3 0xfffffffffffffffc 1 0xfffffffffffffffe' \
		'rtas ibm,configure-connector 2 0x1000 1 0x7fffffff' \
		'rtas check-exception 6 0xffffffff00000000 1 0'
	assert_line --index 3 --regexp '^OK [0-9]+$'
}

@test "long lines, half a line and empty lines are handled" {
	start
	run raw qtest 2 < <(printf '%02200000d\nreadb 0\n' 0)
	assert_line --index 0 'FAIL line too long'
	assert_line --index 1 'OK 0x0000000000000000'
	run raw qtest 2 < <(printf 'write 0 1000000 0x%02000000d\nread 0 1\n' 0)
	assert_line --index 0 'OK'
	assert_line --index 1 'OK 0x00'
	run raw qtest 0 50 < <(printf 'readb 0')
	assert_output ''
	run raw qtest 2 < <(printf 'endianness\nreadb\0 0\n\0\n')
	assert_line --index 0 'OK big'
	assert_line --index 1 'FAIL readb takes 1 words'
	head -c 300000 /dev/urandom | raw qtest 1 >/dev/null
	run qtest endianness
	assert_output 'OK big'
}

@test "a client that reads late gets much memory in one answer" {
	start
	run qtest 'memset 0 0x800000 0x5a' 'read 0 0x800000'
	[ "${#lines[1]}" -eq $((5 + 2 * 0x800000)) ]
	for _ in {1..200}; do
		echo 'read 0 0x100000'
	done | "$client" -r qtest -t 500 | wc -c >bytes
	[ "$(<bytes)" -eq $((200 * (2 * 0x100000 + 6))) ]
}

@test "a client that does not read does not block others" {
	start
	for _ in {1..200}; do
		echo 'read 0 0x800000'
	done | "$client" -d -t 300 qtest || :
	run qtest endianness
	assert_output 'OK big'
}

@test "the log has each line" {
	start -qtest-log talk
	qtest 'readb 0'
	qmp_run quit || :
	ended
	run cat talk
	assert_line --index 0 --regexp '^\[I \+[0-9.]+\] OPENED$'
	assert_line --index 1 --regexp '^\[R \+[0-9.]+\] readb 0$'
	assert_line --index 2 --regexp '^\[S \+[0-9.]+\] OK 0x0000000000000000$'
	assert_line --index 3 --regexp '^\[I \+[0-9.]+\] CLOSED$'
}
