# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# ofpath-slof.bash - QEMU's firmware, SLOF: machines without a kernel, and programs that it
# boots

# shellcheck disable=SC2016,SC2154 # for wait_until; set by the caller

# Print a program that prints "booted: NAME". NAME has at most 7 letters. -r: it then returns
# to the firmware.
slof_program() # [-r] NAME
{
	local work=$BATS_FILE_TMPDIR/slof-program options=()

	[ "$1" != -r ] || { options=(--defsym returns=1) && shift; }
	printf '\t.balign 8\nword:\t.ascii "booted: %-7s\\n"\n' "$1" >"$work.s"
	powerpc64le-linux-gnu-as -a32 -mbig -mregnames "${options[@]}" -o "$work.o" \
		"${top_srcdir:-.}/tests/guest/boot-word.S" "$work.s"
	powerpc64le-linux-gnu-ld -m elf32ppc -EB -N --no-warn-rwx-segments -Ttext=0x200000 \
		-o "$work" "$work.o"
	cat "$work"
}

# Start the machine without a kernel. Standard input is its keyboard, $console its screen.
slof_start() # PROM-ENV OPTION...
{
	console=$BATS_TEST_TMPDIR/console
	# The output of an earlier machine must not match.
	: >"$console"
	# A command in the background has its function's input only on demand.
	"${GUEST_QEMU:-qemu-system-ppc64}" <&0 \
		-M pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off \
		-cpu power9 -accel tcg -nodefaults -display none -m 512 -serial stdio \
		"${@:2}" -prom-env "$1" >"$console" 2>&1 3>&- &
	slof_pid=$!
}

# Start it with a keyboard, and wait for the prompt.
slof_prompt() # OPTION...
{
	mkfifo "$BATS_TEST_TMPDIR/keyboard"
	exec 7<>"$BATS_TEST_TMPDIR/keyboard"
	slof_start 'auto-boot?=false' "$@" <"$BATS_TEST_TMPDIR/keyboard" 7>&-
	slof_shows '^0 > '
}

# Type a line at the prompt, and wait for the next one.
slof_type() # TEXT
{
	local prompts

	prompts=$(grep -caE '^[0-9a-f]+ > ' "$console")
	printf '%s\r' "$1" >&7
	slof_shows '^[0-9a-f]+ > ' $((prompts + 1))
}

# Wait until the console has COUNT lines with PATTERN, at most ten minutes.
slof_shows() # PATTERN [COUNT]
{
	wait_until -t 600 '[ "$(grep -caE "$1" "$console")" -ge "$2" ] || ! kill -0 "$slof_pid"' "$1" "${2:-1}" || true
	tr -d '\0\r' <"$console" | tail -n 5
	[ "$(grep -caE "$1" "$console")" -ge "${2:-1}" ]
}

# End the machine. For teardown, too.
slof_stop()
{
	[ -n "${slof_pid:-}" ] || return 0
	exec 7>&-
	kill "$slof_pid" 2>/dev/null || true
	wait "$slof_pid" || true
	slof_pid=
}
