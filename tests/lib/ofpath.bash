# SPDX-License-Identifier: GPL-2.0-or-later
# Machines for ofpathtool, and rows of its expected output.

# Make the machine of tests/data/ofpath/NAME.tree, once a file. $machine is its folder.
ofpath_machine() # NAME
{
	machine=$BATS_FILE_TMPDIR/$1
	[ -d "$machine" ] ||
		"${top_srcdir:-.}/tests/data/ofpath/make-tree" \
			"${top_srcdir:-.}/tests/data/ofpath/$1.tree" "$machine"
}

ofpath_programs()
{
	ofpathtool=${top_builddir:-build}/ofpathtool/ofpathtool
	ofpathname=${top_builddir:-build}/ofpathtool/ofpathname
}

# Print the text of a message, in two lines.
ofpath_message() # NUMBER ARGUMENT [PROGRAM]
{
	local indent='            '

	printf '%s: ' "${3:-ofpathname}"
	case $1 in
	E1) printf 'Could not retrieve Open Firmware device path\n%sfor logical device "%s".\n' "$indent" "$2" ;;
	E2) printf '/sys/class of sysfs is needed and is missing\n%sin the captured tree "%s".\n' "$indent" "$2" ;;
	E3) printf 'Could not find sysfs information for logical\n%sdevice "%s".\n' "$indent" "$2" ;;
	E4) printf 'Logical device "%s" does not appear\n%sto be configured.\n' "$2" "$indent" ;;
	E5) printf 'Could not retrieve logical device name for\n%sOpen Firmware path "%s".\n' "$indent" "$2" ;;
	E8) printf 'More than one device fits the\n%sOpen Firmware path "%s".\n' "$indent" "$2" ;;
	esac
}

# Print the rows of NAME.vec with these numbers, as "row <tab> arguments <tab> status
# <tab> output", with the names of QEMU's adapters.
ofpath_rows() # NAME [FIRST LAST]
{
	grep -v '^#' "${top_srcdir:-.}/tests/data/ofpath/$1.vec" |
		awk -F '\t' -v first="${2:-0}" -v last="${3:-999}" '$1 >= first && $1 <= last' |
		ofpath_names
}

# Put the adapters' names into rows.
ofpath_names()
{
	sed 's|{P}|/pci@800000020000000|g; s|{V}|/vdevice/v-scsi@71000003|g'
}

# COMMAND, with the row's arguments, has the row's status and output.
ofpath_check_row() # ROW ARGUMENTS STATUS OUTPUT COMMAND...
{
	local row=$1 wanted=$4 command=("${@:5}") status=0 out err
	local -a args

	eval "args=($2)"
	"${command[@]}" "${args[@]}" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || status=$?
	out=$(<"$BATS_TEST_TMPDIR/out")
	err=$(<"$BATS_TEST_TMPDIR/err")
	echo "$row: $2: $status: $out: $err"
	[ "$status" -eq "$3" ] || return
	case $wanted in
	E?)
		err=$(grep -v '^ofpathname: note: ' <<<"$err")
		[ -z "$out" ] && [ "$err" = "$(ofpath_message "$wanted" "${args[-1]}")" ]
		;;
	aliases) [ -z "$out" ] && [ "$err" = 'No aliases found.' ] ;;
	option) [ -z "$out" ] && [[ $err == "ofpathname: $2: unknown option; see ofpathname --help" ]] ;;
	*) [ "$out" = "$(printf '%b' "$wanted")" ] && [[ -z $err || $err = "ofpathname: note: "* ]] ;;
	esac
}

ofpath_check_rows() # NAME FIRST LAST COMMAND...
{
	local row args rc wanted n=0 bad=0

	while IFS=$'\t' read -r row args rc wanted; do
		ofpath_check_row "$row" "$args" "$rc" "$wanted" "${@:4}" || {
			echo "wanted: $rc: $wanted"
			bad=$((bad + 1))
		}
		n=$((n + 1))
	done < <(ofpath_rows "$1" "$2" "$3")
	echo "$n rows, $bad wrong"
	[ "$n" -gt 0 ] && [ "$bad" -eq 0 ]
}
