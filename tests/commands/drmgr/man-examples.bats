#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim all drmgr lsslot papr-eventd ofpathtool
#
# The manual's examples: each one is run unchanged, in a simulated guest, on a captured
# tree or on this machine, and succeeds. Otherwise a comment in the page, '.\" Not run:
# ...', has the reason. Programs are compiled with the warnings of --enable-werror.

# shellcheck disable=SC2016,SC2154 # scripts for the guest; set by the verbs

load ../../guest/verbs
load ../../lib/cards
load ../../lib/logical
load ../../lib/ofpath

# A partition with all features of the examples, whose kernel leaves processors and memory
# to drmgr.
setup_file()
{
	GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar GUEST_RUN_OPTIONS=--lparcfg \
		GUEST_DT_OVERLAY=yes guest_boot -machine modern-hotplug-events=off \
		-device spapr-vscsi,slot=2 -smp 2,maxcpus=8 -m 4G,slots=8,maxmem=64G
}

setup()
{
	guest_needed
	[[ ${GUEST_KIND:-real} == sim ]] || skip "for the simulated guest"
	cards_setup
	source=${top_srcdir:-$PWD} build=${top_builddir:-$PWD/build}
	flags=$(sed -n 's/^SANITIZERS = //p' "$build/Makefile")
	work=$BATS_TEST_TMPDIR/work
	mkdir "$work"
}

teardown()
{
	[[ -z ${server:-} ]] || { kill "$server" 2>/dev/null || true; }
	cards_teardown
}

# Write the examples of a page to $work: N.commands or N.block, and N.why if it is not
# run. Consecutive lines with .Dl are one example. Lines with .D1 are its output:
# N.output.
take_apart() # PAGE
{
	rm -f "$work"/*.commands "$work"/*.block "$work"/*.output "$work"/*.why
	awk -v dir="$work" '
		function text(s) {
			gsub(/\\\(dq/, "\"", s); gsub(/\\-/, "-", s); gsub(/\\e/, "\\", s)
			return s
		}
		/^\.Sh / { inside = /^\.Sh EXAMPLES/ }
		!inside { next }
		/^\.\\" Not run: / { why = substr($0, 14); next }
		/^\.Bd -literal/ { n++; block = 1; file = dir "/" n ".block"; printf "" >file }
		/^\.Dl / && !again { n++; file = dir "/" n ".commands" }
		/^\.(Bd|Dl) / && why { print why >(dir "/" n ".why"); why = "" }
		/^\.Dl / { print text(substr($0, 5)) >file }
		/^\.D1 / {
			line = text(substr($0, 5))
			if (line ~ /^".*"$/) # keeps several blanks
				line = substr(line, 2, length(line) - 2)
			print line >(dir "/" n ".output")
		}
		{ again = /^\.Dl / }
		/^\.Ed/ { block = 0 }
		block && !/^\.Bd/ { print text($0) >file }
		END { print n + 0 >(dir "/count") }
	' "$source/man/$1"
}

# Plug a card in the first slot, and remove any earlier one.
card_waits()
{
	cards_teardown
	plugged=()
	plug n0 virtio-net-pci 1 "$nic, \"bus\": \"pci.0\""
}

card_works()
{
	card_waits
	guest -0 drmgr -c pci -a -s 0x40000008 -n
}

# Save firmware's events of a card in the format of the kernel, with number 12 and
# without.
events_are_kept()
{
	card_waits
	guest_sh -0 'cd /tmp && dd if=/proc/ppc64/rtas/error_log bs=2052 count=1 of=log status=none &&
		printf "\14\0\0\0" | dd of=log conv=notrunc status=none &&
		mkdir -p /var/log && cp log /var/log/platform && tail -c +5 log >event'
}

# Run the script in a shell in the guest, without the programs of this machine's users.
in_guest() # SCRIPT [STATUS]
{
	guest bash -c "cd /tmp && PATH=/usr/sbin:/usr/bin:/sbin:/bin; set -euo pipefail
		$1"
	assert_status "${2:-0}"
	refute_stderr --partial 'not found'
}

# Compile a complete program, and run it with the libraries in the guest.
program() # FILE [ARGUMENTS...] (its standard input: /tmp/input, if there is one)
{
	# shellcheck disable=SC2086 # options
	"${CC:-cc}" -x c -Wall -Wextra -Werror $flags -I"$source/librtas" -I"$source/libdrmgr" \
		-o "$work/program" "$1" -L"$build/.libs" -Wl,--as-needed -ldrmgr -lrtas -lrtasevent
	guest_sh -0 -i 'cat >/tmp/program && chmod +x /tmp/program' <"$work/program"
	guest_sh -0 '[ -e /tmp/input ] || : >/tmp/input; exec /tmp/program "$@" </tmp/input' "${@:2}"
	assert_stderr ''
}

# Lines with a prompt are commands, other lines are their output.
session() # FILE COMMAND-PREFIX
{
	local prompt=$2 line command='' wanted='' got

	while IFS= read -r line; do
		if [[ $line == "$prompt"* ]]; then
			_session_step
			command=${line#"$prompt"} wanted=''
		else
			wanted+=$line$'\n'
		fi
	done <"$1"
	_session_step
}

_session_step()
{
	[[ $command ]] || return 0
	echo "$prompt$command"
	got=$(cd "$work" && PATH=$work/bin:$PATH bash -euc "$command")
	if [[ $wanted ]]; then
		assert_equal "$got" "${wanted%$'\n'}"
	fi
}

# Start a machine with QMP at $work/qmp; the command line may have more options.
server_started() # COMMAND-LINE
{
	rm -f "$work/qmp"
	(cd "$work" && PATH=$build:$build/drmgr:$PATH exec timeout 60 bash -c "exec $1") \
		<"$work/hold" >"$work/server" 2>&1 3>&- 4>&- &
	server=$!
}

# Send commands of QMP. Each begins and ends with its braces.
qmp_says() # OPTION <COMMANDS
{
	tr '\n' ' ' | sed 's/}} *{/}}\n{/g; s/} *{"execute/}\n{"execute/g' >"$work/commands"
	echo >>"$work/commands"
	run -0 "$build/tests/lib/socket-client" -q "$@" "$work/qmp" <"$work/commands"
	assert_output --partial return
	refute_output --partial '"error"'
}

# The server has no more input, and ends.
server_stopped()
{
	kill "$server"
	exec 9>&-
	rm "$work/hold"
}

# Lines with "->" are commands to the server, lines with "<-" its replies. Blanks may differ.
qmp_dialogue() # FILE
{
	local wanted

	wanted=$(sed -n 's/^<- //p' "$1" | tr -d ' ')
	[[ $wanted ]]
	qmp_says -n < <(sed -n 's/^-> //p' "$1")
	assert_equal "$(grep '^{' <<<"$output" | grep -v '"QMP"' | tr -d ' ')" "$wanted"
}

# Prepare the guest for an example, and run it if its command line is not enough.
example() # PAGE N
{
	local file=$work/$2.commands n

	[[ -e $file ]] || file=$work/$2.block
	case $1:$2 in
	# After the first example, no card waits.
	drmgr.8:[1-4] | papr-json.5:1 | papr-toolkit.7:2)
		card_waits
		in_guest "$(<"$file")"
		[[ $(<"$file") != *'| jq'*linux* ]] ||
			assert_stdout $'0000:00:01.0\neth0'
		;;
	drmgr.8:5)
		host device_add '{"driver": "spapr-pci-host-bridge", "id": "phb1", "index": 1}'
		in_guest "$(<"$file")" 6
		;;
	# Replace PowerVM's name of the slot by that of this machine's adapter.
	drmgr.8:6)
		grep -q 'U9008[^ ]*-C3 ' "$file"
		in_guest "$(sed "s/U9008[^ ]*/'VIO 2'/" "$file")"
		;;
	drmgr.8:7)
		plug_core 2
		plug_core 3
		in_guest "$(<"$file")"
		;;
	# Two of the four exist, and are released.
	papr-json.5:2)
		plug_core 4
		plug_core 5
		in_guest "$(<"$file")" 255
		assert_stdout complete
		;;
	drmgr.8:10)
		plug_memory 0 16
		in_guest "$(<"$file")"
		;;
	drmgr.8:11)
		in_guest "$(<"$file")"
		guest_sh -0 'drmgr -c cpu --until max && drmgr -c mem --until max'
		;;
	drmon.8:*)
		card_waits
		in_guest "$(<"$file")"
		refute_stdout ''
		;;
	lsslot.8:1)
		card_works
		in_guest "$(<"$file")"
		assert_stdout --partial C8
		;;
	# The card is offered until the partition has it.
	lsslot.8:3)
		grep -q -e --sense "$file"
		card_waits
		in_guest "$(<"$file")"
		assert_stdout C8
		;;
	lsslot.8:4 | lsslot.8:5)
		in_guest "$(<"$file")"
		assert_stdout --regexp '^([0-9]+|null)$'
		;;
	papr-json.5:3)
		guest_sh -i 'cat >/tmp/schema' <"$source/data/schema/lsslot-1.json"
		in_guest "$(sed 's|/usr/share/papr-toolkit/schema/lsslot-1.json|/tmp/schema|' "$file")"
		;;
	papr-json.5:4 | rtas-event.1:*)
		events_are_kept
		in_guest "$(<"$file")"
		refute_stdout ''
		;;
	papr-json.5:5)
		in_guest "$(<"$file")" 1
		assert_stdout $'no-such-connector\nList the names with lsslot -c TYPE --json.'
		;;
	papr-dt-overlay.4:1)
		# Write the file that the output of "cat" shows.
		in_guest "$(sed -nE '/^\$ cat card.dts$/,/^\$ dtc/{
				s/^\$ cat (.*)/cat >\1 <<"END"/
				s/^\$ dtc/END\ndtc/
				p
			}' "$file" | sed '$d'
			sed -n '/^\$ dtc/,$s/^\(\$ \)*//p' "$file")"
		;;
	ofpathtool.8:*)
		ofpath_machine qemu
		mkdir -p "$work/bin"
		printf '#!/bin/sh\nexec "%s" --sysroot "%s" "$@"\n' \
			"$(realpath "$build/ofpathtool/ofpathtool")" "$machine" >"$work/bin/ofpathtool"
		chmod +x "$work/bin/ofpathtool"
		session "$file" '# '
		;;
	papr-vmm.1:4 | papr-vmm.1:5) # the second one runs until example 8
		mkfifo "$work/hold"
		exec 9<>"$work/hold"
		server_started "$(<"$file")"
		[[ $2 == 5 ]] || { echo '{"execute": "query-status"}' | qmp_says && server_stopped; }
		;;
	papr-vmm.1:6)
		qmp_dialogue "$file"
		;;
	papr-vmm.1:7)
		grep -q 'attach 4711 ' "$file"
		n=$(pgrep -P "$server")
		wait_until 'timeout 60 "$build/papr-vmm" attach "$n" -- true'
		PATH=$build:$build/drmgr:$PATH run -0 --separate-stderr \
			bash -euo pipefail -c "$(sed "s/4711/$n/" "$file")"
		;;
	papr-vmm.1:8)
		qmp_dialogue "$file"
		server_stopped
		;;
	papr-vmm.1:9)
		PATH=$build:$build/drmgr:$build/eventd:$PATH run -0 --separate-stderr sh "$file" </dev/null
		;;
	papr-vmm.1:* | papr-toolkit.7:1)
		PATH=$build:$build/drmgr:$PATH run -0 --separate-stderr bash -euo pipefail -c "$(<"$file")" </dev/null
		assert_line --regexp '^C(8|16) .*00:0[12].0( (virtio-pci|e1000) eth0)?$'
		;;
	paprvmm.3:1) ;; # run with the next one
	paprvmm.3:2)
		guest_of_blocks "$work/1.block" "$work/2.block"
		;;
	librtasevent.3:* | parse_rtas_event.3:*)
		events_are_kept
		guest_sh 'cp "/tmp/$1" /tmp/input' "$([[ $1 == lib* ]] && echo event || echo log)"
		program "$file"
		refute_stdout ''
		;;
	rtas_platform_dump.3:*)
		host x-papr-dump '{"tag": "0x100000002", "data": "00112233"}'
		program "$file" 0x100000002
		refute_stdout ''
		host x-papr-firmware
		[[ $host_reply == *'"dumps":[]'* ]]
		;;
	rtas_cfg_connector.3:*)
		card_waits
		guest -0 /usr/lib/guest/rtascall set_indicator 9001 0x40000008 1
		program "$file"
		assert_stdout --partial ethernet@
		guest /usr/lib/guest/rtascall set_indicator 9001 0x40000008 0
		;;
	drmgr.3:*)
		card_waits
		program "$file"
		assert_stdout --partial 'C8 0x40000008 empty'
		program "$file" C8
		assert_stdout 'C8: added 0000:00:01.0'
		program "$file"
		assert_stdout --partial 'C8 0x40000008 configured'
		;;
	dr_list_new.3:*)
		program "$file"
		assert_stdout --partial $'CPU 1\nCPU 0'
		;;
	dr_run.3:*)
		card_works
		program "$file"
		assert_stdout --partial 'isolate: set-indicator(9001, 0x40000008, 0)'
		;;
	dr_value_get.3:*)
		card_works
		program "$file"
		assert_stdout 'C8: virtio-pci'
		;;
	dr_type_next.3:*)
		program "$file"
		assert_stdout --partial 'pci: PCI hot-plug slots'
		;;
	dr_sense.3:*)
		card_waits
		program "$file"
		assert_stdout present
		;;
	librtas.3:*)
		card_waits
		program "$file"
		assert_stdout present
		;;
	*.3:*) program "$file" ;;
	*) in_guest "$(<"$file")" ;;
	esac
}

# Compile the blocks as one program, with the memory and the clock that they use.
guest_of_blocks() # FILE...
{
	cat >"$work/vmm.c" - <(cat "$@") <(echo 'papr_vmm_free(vmm); return 0; }') <<-'END'
		#include <err.h>
		#include <stdio.h>
		#include <string.h>
		#include <paprvmm.h>
		static int read_memory(void *priv, uint64_t addr, void *buf, size_t len)
		{
			(void)priv, (void)addr;
			memset(buf, 0, len);
			return 0;
		}
		static int write_memory(void *priv, uint64_t addr, const void *buf, size_t len)
		{
			(void)priv, (void)addr, (void)buf, (void)len;
			return 0;
		}
		static uint64_t clock_ns(void *priv)
		{
			(void)priv;
			return 0;
		}
		int main(void) {
	END
	# shellcheck disable=SC2086 # options
	"${CC:-cc}" -Wall -Wextra -Werror -Wno-declaration-after-statement $flags -I"$source/vmm" \
		-o "$work/vmm" "$work/vmm.c" -L"$build/.libs" -lpaprvmm
	run -0 env LD_LIBRARY_PATH="$build/.libs" "$work/vmm"
	assert_output present
}

examples() # PAGE
{
	local n count

	take_apart "$1"
	count=$(<"$work/count")
	[ "$count" -gt 0 ]
	for ((n = 1; n <= count; n++)); do
		if [[ -e $work/$n.why ]]; then
			echo "$1: example $n is not run: $(<"$work/$n.why")"
		else
			echo "$1: example $n"
			example "$1" "$n"
			[[ ! -e $work/$n.output ]] ||
				assert_stdout --partial "$(<"$work/$n.output")"
		fi
	done
}

@test "drmgr(8)" { examples drmgr.8; }
@test "lsslot(8)" { examples lsslot.8; }
@test "drmon(8)" { examples drmon.8; }
@test "ofpathtool(8)" { examples ofpathtool.8; }
@test "papr-toolkit(7)" { examples papr-toolkit.7; }
@test "papr-json(5)" { examples papr-json.5; }
@test "papr-dt-overlay(4)" { examples papr-dt-overlay.4; }
@test "papr-overlay(8)" { examples papr-overlay.8; }
@test "rtas-event(1)" { examples rtas-event.1; }
@test "papr-vmm(1)" { examples papr-vmm.1; }
@test "paprvmm(3)" { examples paprvmm.3; }
@test "drmgr(3)" { examples drmgr.3; }
@test "dr_list_new(3)" { examples dr_list_new.3; }
@test "dr_read_operation(3)" { examples dr_read_operation.3; }
@test "dr_run(3)" { examples dr_run.3; }
@test "dr_sense(3)" { examples dr_sense.3; }
@test "dr_type_next(3)" { examples dr_type_next.3; }
@test "dr_value_get(3)" { examples dr_value_get.3; }
@test "librtas(3)" { examples librtas.3; }
@test "librtasevent(3)" { examples librtasevent.3; }
@test "parse_rtas_event(3)" { examples parse_rtas_event.3; }
@test "rtas_cfg_connector(3)" { examples rtas_cfg_connector.3; }
@test "rtas_display_msg(3)" { examples rtas_display_msg.3; }
@test "rtas_get_rmo_buffer(3)" { examples rtas_get_rmo_buffer.3; }
@test "rtas_get_sensor(3)" { examples rtas_get_sensor.3; }
@test "rtas_get_sysparm(3)" { examples rtas_get_sysparm.3; }
@test "rtas_get_time(3)" { examples rtas_get_time.3; }
@test "rtas_get_vpd(3)" { examples rtas_get_vpd.3; }
@test "rtas_platform_dump(3)" { examples rtas_platform_dump.3; }

# Commands that restart a service of the machine are not run, only parsed.
@test "drmgr-hooks(8)" {
	take_apart drmgr-hooks.8
	[ "$(<"$work/count")" = 1 ]
	[ -s "$work/1.why" ]
	sh -n "$work/1.block"
	# The phase is wrong: it ends without starting anything.
	PHASE=pre DRC_COUNT=1 run -0 sh "$work/1.block"
}

# It would configure the cards of the other tests.
@test "papr-eventd(8)" {
	examples papr-eventd.8
	guest_sh -0 'kill $(pidof papr-eventd)'
	guest_until '! pidof papr-eventd'
}

@test "each page with examples is tested, and each reason has a text" {
	local page

	for page in "$source"/man/*.[1-9]; do
		take_apart "${page##*/}"
		[[ $(<"$work/count") != 0 ]] || continue
		echo "${page##*/}"
		page=${page##*/}
		grep -qF "@test \"${page%.*}(${page##*.})\"" "$BATS_TEST_FILENAME"
		[ "$(grep -c '^\.\\" Not run: ....' "$source/man/$page")" = "$(find "$work" -name '*.why' | wc -l)" ]
	done
}
