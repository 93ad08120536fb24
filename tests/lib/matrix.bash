# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # the guest's shell; for, and from, who loads it
#
# matrix.bash - the operations that change a machine, one row each, for tests that disturb
# every one of them: by faults of firmware and kernel, by kills
#
#   matrix_boot MACHINE      boots the guest that its operations need
#   matrix_rows MACHINE      prints their names
#   matrix_row NAME          sets the variables below
#   matrix_each MACHINE ...  boots it, runs a command for rows of it, with each backend
#   matrix_state             prints all that an operation could have changed
#
# Variables of a row. Shell commands are for the guest. They need no command of the host,
# so one boot serves all the rows of a machine, one after another.
#
#   row_machine   qemu: cards, host bridges, cores; lpar: PowerVM's other resources
#   row_before    from the machine as it was started to the state before
#   row_command   drmgr; 0 if it works
#   row_inverse   from the state after to the state before
#   row_home      from the state before to the machine as it was started
#   row_drcs      connectors that are part of it
#   row_chooses   "yes": drmgr chooses the connectors, so they may be others
#   row_repair    to the state before from a partial state
#
# MATRIX_WAY, for example "--backend dlpar", is an option of each drmgr command for cards,
# host bridges and virtual slots.
#
# From the caller of a test: MATRIX_ROWS, only rows of this pattern; MATRIX_BACKEND, only this
# one, such as "overlay"; MATRIX_LOG, a file for the failures.
#
# A row can be repeated: row_command; row_inverse.

# NAME|MACHINE|BEFORE|COMMAND|INVERSE|HOME|CONNECTORS[|REPAIR]; @ is an abbreviation of
# drmgr -c.
: "${MATRIX_WAY=}"
# A few rows: each type of connector, each backend, each way to choose.
matrix_few='@(pci-a|pci-r|pci-R|phb-r|cpu-r|cpu-a-2-whole|mem-a-index|mem-r-3-whole|slot-r|acc)'

_matrix='
pci-a|qemu|@ pci -r -s C8 -n|@ pci -a -s C8 -n|@ pci -r -s C8 -n|@ pci -a -s C8 -n|0x40000008
pci-r|qemu||@ pci -r -s C8 -n|@ pci -a -s C8 -n||0x40000008
pci-R|qemu||@ pci -R -s C8 -n|||0x40000008|@ pci -a -s C8 -n
pci-a-asked|qemu|@ pci -r -s C8 -n|printf "\n\n" >/tmp/enter; @ pci -a -s C8 </tmp/enter|@ pci -r -s C8 -n|@ pci -a -s C8 -n|0x40000008
pci-r-asked|qemu||printf "\n\n" >/tmp/enter; @ pci -r -s C8 </tmp/enter|@ pci -a -s C8 -n||0x40000008
pci-R-asked|qemu||printf "\n\n" >/tmp/enter; @ pci -R -s C8 </tmp/enter|||0x40000008|@ pci -a -s C8 -n
pci-a-all|qemu|@ pci -r -s C8 -n && @ pci -r -s C48 -n|@ pci -a|@ pci -r -s C8 -n && @ pci -r -s C48 -n|@ pci -a|0x40000008 0x40000030 0x40000110|@ pci -r -s C8 -n; @ pci -r -s C48 -n; true
pci-a-functions|qemu|@ pci -r -s C16 -n && @ pci -r -s C17 -n|@ pci -a|@ pci -r -s C16 -n && @ pci -r -s C17 -n|@ pci -a|0x40000010 0x40000011|@ pci -r -s C16 -n; @ pci -r -s C17 -n; true
pci-r-function|qemu||@ pci -r -s C17 -n|@ pci -a -s C17 -n||0x40000010 0x40000011
pci-a-bridge|qemu|@ pci -r -s C48 -n|@ pci -a -s C48 -n|@ pci -r -s C48 -n|@ pci -a -s C48 -n|0x40000030 0x40000110
pci-r-bridge|qemu||@ pci -r -s C48 -n|@ pci -a -s C48 -n||0x40000030 0x40000110
pci-a-behind|qemu|@ pci -r -s C272 -n|@ pci -a -s C272 -n|@ pci -r -s C272 -n|@ pci -a -s C272 -n|0x40000030 0x40000110
phb-a|qemu|@ phb -r -s "PHB 1"|@ phb -a -s "PHB 1"|@ phb -r -s "PHB 1"|@ phb -a -s "PHB 1"|0x20000001 0x40010008
phb-r|qemu||@ phb -r -s "PHB 1"|@ phb -a -s "PHB 1"||0x20000001 0x40010008
phb-a-empty|qemu|@ phb -r -s "PHB 2"|@ phb -a -s "PHB 2"|@ phb -r -s "PHB 2"|@ phb -a -s "PHB 2"|0x20000002
phb-r-empty|qemu||@ phb -r -s "PHB 2"|@ phb -a -s "PHB 2"||0x20000002
cpu-a|qemu|@ cpu -r -s "CPU 1"|@ cpu -a -s "CPU 1"|@ cpu -r -s "CPU 1"|@ cpu -a -s "CPU 1"|0x10000001
cpu-r|qemu||@ cpu -r -s "CPU 1"|@ cpu -a -s "CPU 1"||0x10000001
cpu-a-2|lpar|@ cpu -r -s "CPU 0" && @ cpu -a -s "CPU 0" && @ cpu -r -q 2|@ cpu -a -q 2|@ cpu -r -q 2|@ cpu -a -q 2|0x10000000 0x10000004 0x10000008|for c in 0 4 8; do @ cpu -a -s "CPU $c"; done; @ cpu -r -q 2
cpu-r-2|lpar|@ cpu -r -s "CPU 0" && @ cpu -a -s "CPU 0"|@ cpu -r -q 2|@ cpu -a -q 2||0x10000000 0x10000004 0x10000008|for c in 0 4 8; do @ cpu -a -s "CPU $c"; done; true
cpu-a-2-whole|lpar|@ cpu -r -s "CPU 0" && @ cpu -a -s "CPU 0" && @ cpu -r -q 2|@ cpu -a -q 2 --all-or-nothing|@ cpu -r -q 2|@ cpu -a -q 2|0x10000000 0x10000004 0x10000008|for c in 0 4 8; do @ cpu -a -s "CPU $c"; done; @ cpu -r -q 2
cpu-r-2-whole|lpar|@ cpu -r -s "CPU 0" && @ cpu -a -s "CPU 0"|@ cpu -r -q 2 --all-or-nothing|@ cpu -a -q 2||0x10000000 0x10000004 0x10000008|for c in 0 4 8; do @ cpu -a -s "CPU $c"; done; true
cpu-smt|lpar|@ cpu -a -p smt_threads|@ cpu -r -p smt_threads|@ cpu -a -p smt_threads||0x10000000
cpu-entitlement|lpar||@ cpu -r -p ent_capacity -q 10|@ cpu -a -p ent_capacity -q 10||0x10000000
cpu-weight|lpar||@ cpu -a -p variable_weight -q 10|@ cpu -r -p variable_weight -q 10||0x10000000
mem-a-index|lpar|@ mem -r -s 0x80000005|@ mem -a -s 0x80000005|@ mem -r -s 0x80000005|@ mem -a -s 0x80000005|0x80000005
mem-r-index|lpar||@ mem -r -s 0x80000005|@ mem -a -s 0x80000005||0x80000005
mem-a-name|lpar|@ mem -r -s "LMB 5"|@ mem -a -s "LMB 5"|@ mem -r -s "LMB 5"|@ mem -a -s "LMB 5"|0x80000005
mem-r-name|lpar||@ mem -r -s "LMB 5"|@ mem -a -s "LMB 5"||0x80000005
mem-a-3|lpar|@ mem -r -q 3|@ mem -a -q 3|@ mem -r -q 3|@ mem -a -q 3|0x80000005 0x80000006 0x80000007|for l in 5 6 7; do @ mem -r -s "LMB $l"; done; true
mem-r-3|lpar||@ mem -r -q 3|@ mem -a -q 3||0x80000005 0x80000006 0x80000007|for l in 5 6 7; do @ mem -a -s "LMB $l"; done; true
mem-a-3-whole|lpar|@ mem -r -q 3|@ mem -a -q 3 --all-or-nothing|@ mem -r -q 3|@ mem -a -q 3|0x80000005 0x80000006 0x80000007|for l in 5 6 7; do @ mem -r -s "LMB $l"; done; true
mem-r-3-whole|lpar||@ mem -r -q 3 --all-or-nothing|@ mem -a -q 3||0x80000005 0x80000006 0x80000007|for l in 5 6 7; do @ mem -a -s "LMB $l"; done; true
mem-entitlement|lpar||@ mem -r -p ent_capacity -q 268435456|@ mem -a -p ent_capacity -q 268435456||0x80000004
mem-weight|lpar||@ mem -r -p variable_weight -q 10|@ mem -a -p variable_weight -q 10||0x80000004
slot-a|lpar|@ slot -r -s "VIO 2"|@ slot -a -s "VIO 2"|@ slot -r -s "VIO 2"|@ slot -a -s "VIO 2"|0x30000002
slot-r|lpar||@ slot -r -s "VIO 2"|@ slot -a -s "VIO 2"||0x30000002
slot-a-net|lpar|@ slot -r -s "VIO 5"|@ slot -a -s "VIO 5"|@ slot -r -s "VIO 5"|@ slot -a -s "VIO 5"|0x30000005
slot-r-net|lpar||@ slot -r -s "VIO 5"|@ slot -a -s "VIO 5"||0x30000005
slot-a-pci|lpar|@ slot -r -s "SLOT 258"|@ slot -a -s "SLOT 258"|@ slot -r -s "SLOT 258"|@ slot -a -s "SLOT 258"|0x50000102 0x40010010
slot-r-pci|lpar||@ slot -r -s "SLOT 258"|@ slot -a -s "SLOT 258"||0x50000102 0x40010010
acc|lpar|@ acc -t gzip -q 16|@ acc -t gzip -q 48|@ acc -t gzip -q 16|@ acc -t gzip -q 32|0x80000004
'

matrix_rows() # MACHINE
{
	awk -F'|' -v machine="$1" '$2 == machine { print $1 }' <<<"$_matrix"
}

matrix_row() # NAME
{
	local line

	line=$(grep "^$1|" <<<"$_matrix") || return 1
	line=${line//@ p/drmgr $MATRIX_WAY -c p}
	line=${line//@ slot/drmgr $MATRIX_WAY -c slot}
	line=${line//@/drmgr -c}
	IFS='|' read -r row_name row_machine row_before row_command row_inverse row_home row_drcs \
		row_repair <<<"$line"
	: "${row_before:=true}" "${row_inverse:=true}" "${row_home:=true}" \
		"${row_repair:=$row_inverse}"
	row_chooses=no
	[[ $row_command != *\ -q\ * || $row_command != *drmgr\ -c\ [cm]* ||
		$row_command == *\ -p\ * ]] || row_chooses=yes
}

# Values of GUEST_DT_OVERLAY: the distribution's kernel; with "all", also with the module.
_matrix_kernels() # all|first
{
	echo no
	[[ $1 == first ]] || echo yes
}

# Print the backends for rows of this name: one for each file that this kernel has.
_matrix_ways() # all|first ROW
{
	local is_for_each=yes

	[[ $2 != cpu* && $2 != mem* && $2 != acc ]] || is_for_each=no
	case $1-$GUEST_DT_OVERLAY-$is_for_each in
	*-no-no | first-no-*) echo '' ;;
	all-no-yes)
		echo ''
		[[ ${GUEST_PROFILE:-6.1} == 6.1 ]] || printf '%s\n' '--backend dlpar' '--backend ofdt'
		;;
	*-yes-yes) echo '--backend overlay' ;;
	esac
}

# Boot drmgr's machine, with more options.
matrix_boot() # MACHINE [OPTION...]
{
	case $1 in
	qemu)
		guest_boot -smp 2,maxcpus=4,cores=4,threads=1 \
			-device virtio-net-pci,id=n0,addr=1 \
			-device virtio-net-pci,id=m0,addr=2.0,multifunction=on \
			-device virtio-net-pci,id=m1,addr=2.1 \
			-device pci-bridge,id=br,addr=6,chassis_nr=1 \
			-device virtio-net-pci,id=b1,bus=br,addr=2 \
			-device spapr-pci-host-bridge,id=phb1,index=1 \
			-device virtio-net-pci,id=p1,bus=phb1.0,addr=1 \
			-device spapr-pci-host-bridge,id=phb2,index=2 "${@:2}"
		;;
	lpar)
		GUEST_MACHINE_OPTIONS=x-powervm=on GUEST_PLATFORM=lpar GUEST_RUN_OPTIONS=--lparcfg \
			guest_boot -smp 12,maxcpus=12,cores=3,threads=4 -m 1G,slots=4,maxmem=2G \
			-object memory-backend-ram,id=mem0,size=1G -device pc-dimm,id=d0,memdev=mem0 \
			-device spapr-vscsi,id=s0,slot=2 -device spapr-vlan,id=l0,slot=5 \
			-device spapr-pci-host-bridge,id=phb1,index=1,x-slots=on \
			-device virtio-net-pci,id=c2,bus=phb1.0,addr=2 "${@:2}"
		;;
	esac
}

# Called after the guest has started. A test may define its own.
matrix_booted() { :; }

# Boot the machine with each kernel, set each row whose name matches PATTERN, with each
# backend, and run COMMAND. $socket is the machine's. Between kernels, the file's teardown
# is run. $matrix_wrong is 0, or a failure's status.
matrix_each() # MACHINE all|first PATTERN COMMAND [WORD...]
{
	local name

	matrix_wrong=0
	for GUEST_DT_OVERLAY in $(_matrix_kernels "$2"); do
		export GUEST_DT_OVERLAY
		matrix_boot "$1" -qmp "unix:$socket,server=on,wait=off"
		guest_needed
		matrix_booted
		for name in $(matrix_rows "$1"); do
			# shellcheck disable=SC2053 # patterns
			[[ $name == $3 && $name == ${MATRIX_ROWS:-*} ]] || continue
			while read -r -u 4 MATRIX_WAY; do
				matrix_row "$name"
				"${@:4}" || matrix_wrong=$?
			done 4< <(_matrix_ways "$2" "$name" | grep -e "${MATRIX_BACKEND-}")
		done
		teardown
	done
}

# Run a program of the guest with its words and the row's, and with a connection to the
# machine, whose socket is $socket. Its output goes to standard output, to $said, and to
# the end of MATRIX_LOG if this is the name of a file.
matrix_run() # PROGRAM [WORD...]
{
	local status=0

	said=$BATS_TEST_TMPDIR/said
	# shellcheck disable=SC2086 # words
	"$GUEST_BIN/faults" -c "$socket" "$GUEST_BIN/guestctl" run "$GUEST_DIR" -t 7200 -i -- \
		"/usr/lib/guest/$1" "${@:2}" "$row_name" "$row_before" "$row_command" \
		"$row_inverse" "$row_home" "$row_repair" $row_drcs 2>"$said" || status=$?
	tee -a ${MATRIX_LOG:+"$MATRIX_LOG"} <"$said"
	return $status
}

# Set fault_options to those of faults for the row.
matrix_fault_options()
{
	fault_options=()
	[[ $row_chooses == no ]] || fault_options+=(-a)
	[[ $row_name != cpu-smt ]] || fault_options+=(
		-b 'drmgr -c cpu -r -p smt_threads -s "CPU 0"'
		-b 'drmgr -c cpu -r -p smt_threads -s "CPU 4"')
}

# Print the part of the state that is in the guest, with /usr/lib/guest/seen.
matrix_state()
{
	local drc

	_guest_ctl run -- /usr/lib/guest/seen || return
	for drc in $row_drcs; do
		_guest_ctl qmp x-papr-drc "{\"index\": \"$drc\"}" || return
	done
}
