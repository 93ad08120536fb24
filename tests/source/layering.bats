#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here drmgr drmon ofpathtool papr-vmm
# Includes: a layer may include only lower layers.

bats_require_minimum_version 1.5.0

# The folders of libdrmgr/, and those that each may include: all are in earlier rows.
model='
core
tree core
numa core
impact core
types core
types/pci core impact tree types
types/logical core impact tree types types/pci
types/partition core types
types/cpu core impact tree numa types types/logical types/partition
types/mem core tree numa types types/logical types/partition
types/mobility core tree types types/cpu types/mem
api core impact tree types'
# The folders of the host library, the lowest first. Each uses those before it.
vmm_order=(base state iommu tree events dr memory cpu vio pci rtas powervm firmware machine)
mapfile -t model_folders < <(awk 'NF { print $1 }' <<<"$model")

setup_file()
{
	cd "${top_srcdir:-.}" || return
	arrows >"$BATS_FILE_TMPDIR/arrows"
	[[ -s $BATS_FILE_TMPDIR/arrows ]]
}

setup()
{
	cd "${top_srcdir:-.}"
}

# Print "layer of the file" "layer of the include" "file: include", one a line.
arrows()
{
	local file header from

	grep -rnoE --include='*.[ch]' '^#include "[^"]+"' wire base kern librtas libdrmgr cli drmgr drmon eventd ofpathtool overlay tools vmm |
		while IFS=: read -r file _ header; do
			header=${header#*\"}
			header=${header%\"}
			layer "$file"
			from=$layer
			layer "$header"
			echo "$from $layer $file: $header"
		done
}

# Set $layer: thousands of subshells would be slow.
layer() # FILE
{
	case $1 in
	libdrmgr/drmgr.h) layer=drmgr-api ;;
	libdrmgr/*/*)
		layer=${1#libdrmgr/}
		layer=${layer%/*}
		;;
	drmgr/*) layer=command ;;
	ofpathtool/ofpath.h) layer=path-api ;;
	ofpathtool/main.* | ofpathtool/message.* | ofpathtool/options.* | ofpathtool/report.*)
		layer=path-command ;;
	ofpathtool/*) layer=path ;;
	vmm/paprvmm.h) layer=vmm-api ;;
	vmm/server/* | vmm/sim/* | vmm/kvm/*) layer=papr-vmm ;;
	vmm/*/*)
		layer=${1#vmm/}
		layer=vmm-${layer%%/*}
		;;
	kern/root.* | kern/prop.* | kern/sysfs.* | kern/lock.* | kern/lock_file.* | kern/lock_owner.* | kern/deadline.* | kern/own_file.* | kern/child.* | kern/cleanup.h | kern/text.* | kern/writer.*)
		layer=kernio ;;
	cli/process.* | cli/output_file.*) layer=process ;;
	librtas/librtas.h) layer=rtas-api ;;
	librtas/librtasevent*.h | librtas/ev_sections.inc) layer=event-api ;;
	librtasevent*.h) layer=event-api ;;
	*) layer="${1%%/*}" ;;
	esac
}

# LAYER may include ALLOWED...
only()
{
	local from=$1 bad

	shift
	bad=$(awk -v from="$from" -v allowed=" $* " \
		'$1 == from && !index(allowed, " " $2 " ")' "$BATS_FILE_TMPDIR/arrows")
	echo "$bad"
	[ -z "$bad" ]
}

@test "wire includes only wire" {
	only wire wire
}

@test "base includes nothing, kernel files include wire and base" {
	only base base
	only kernio wire kernio
	only kern wire base kernio kern
	only process process kernio
}

@test "the library includes formats and the kernel's files, no connectors" {
	only librtas wire kernio librtas rtas-api event-api
	only event-api event-api
}

@test "a folder of the model includes lower layers and the folders of its row" {
	local folder allowed

	while read -r folder allowed; do
		read -ra allowed <<<"$allowed"
		only "$folder" wire base kernio kern librtas drmgr-api "$folder" "${allowed[@]}"
	done < <(grep . <<<"$model")
}

@test "the model has a row for each folder, which names only earlier rows" {
	diff <(printf '%s\n' "${model_folders[@]}" | LC_ALL=C sort) \
		<(find libdrmgr -mindepth 2 -name '*.[ch]' -printf '%P\n' | sed 's|/[^/]*$||' | LC_ALL=C sort -u)
	awk '{ for (i = 2; i <= NF; i++) if (!($i in earlier)) { print $1 ": " $i; bad = 1 } }
		{ earlier[$1] } END { exit bad }' <<<"$model"
}

@test "commands include the public library and the common parts only" {
	only command command cli drmgr-api
	only cli cli drmgr-api event-api process kernio kern
	only drmgr-api drmgr-api
}

@test "paths include files, and their command only its own header" {
	only path wire base kernio kern path path-api
	only path-command path-command path-api process cli
	only path-api path-api
}

@test "the screen includes the public library and the common parts only" {
	only drmon drmon cli drmgr-api
}

@test "the event daemon includes the public libraries and the common parts only" {
	only eventd eventd cli process drmgr-api rtas-api event-api
}

@test "tools include the public library and the common parts of commands" {
	only tools tools event-api process cli
}

@test "overlays include formats and the kernel's files only" {
	only overlay overlay wire kernio kern process cli
}

@test "a folder of the host library includes formats and the folders before it" {
	local folder before=()

	for folder in "${vmm_order[@]}"; do
		before+=("vmm-$folder")
		only "vmm-$folder" wire vmm-api "${before[@]}"
	done
	only vmm-api vmm-api
}

@test "each folder of the host library has its place in the order" {
	diff <(printf '%s\n' "${vmm_order[@]}" kvm server sim | LC_ALL=C sort) \
		<(find vmm -mindepth 1 -type d -printf '%P\n' | LC_ALL=C sort)
}

# Declarations can hide a use that no include shows.
@test "a folder of the host library uses symbols of itself and the folders before it" {
	local bad archive=$top_builddir/.libs/libvmm.a

	[ -e "$archive" ] || archive=$top_builddir/libvmm.a
	nm -A "$archive" >"$BATS_TEST_TMPDIR/symbols"
	find "${vmm_order[@]/#/vmm/}" -name '*.c' >"$BATS_TEST_TMPDIR/sources"
	bad=$(awk -v order="${vmm_order[*]}" '
		BEGIN { n = split(order, names, " "); for (i = 1; i <= n; i++) rank[names[i]] = i }
		FILENAME ~ /sources$/ { n = split($0, part, "/"); sub(/\.c$/, "", part[n])
			if (part[n] in folder) print part[n] ".c stands twice"
			folder[part[n]] = part[2]; next }
		{ split($0, part, ":"); object = part[2]; sub(/^libvmm_la-/, "", object); sub(/\.o$/, "", object)
			if (!(object in folder)) next
			if ($(NF - 1) == "U") uses[object " " $NF]
			else if ($(NF - 1) ~ /^[TDBRV]$/) home[$NF] = folder[object]
			seen[folder[object]] }
		END { for (name in rank) if (!(name in seen)) print "no symbols of " name
			for (use in uses) { split(use, part, " ")
				if (part[2] in home && rank[home[part[2]]] > rank[folder[part[1]]])
					print folder[part[1]] "/" part[1] ".c uses " home[part[2]] ": " part[2] } }
		' "$BATS_TEST_TMPDIR/sources" "$BATS_TEST_TMPDIR/symbols")
	echo "$bad"
	[ -z "$bad" ]
}

@test "only the folder machine knows the whole machine" {
	grep -q '^struct papr_vmm {' vmm/machine/papr_vmm.h
	run ! grep -rln --include='*.[ch]' '^struct papr_vmm {' vmm --exclude=papr_vmm.h
	run ! grep -rl --include='*.[ch]' 'machine/papr_vmm\.h' vmm --exclude-dir=machine
}

@test "papr-vmm includes the host library's public header" {
	only papr-vmm wire vmm-api process papr-vmm
}

@test "every header compiles by itself" {
	local header

	for header in wire/*.h base/*.h kern/*.h librtas/*.h libdrmgr/*.h libdrmgr/*/*.h libdrmgr/types/*/*.h cli/*.h drmgr/*.h eventd/*.h ofpathtool/*.h overlay/*.h tools/*.h vmm/*.h vmm/*/*.h; do
		echo "$header"
		gcc -std=gnu11 -D_GNU_SOURCE -I. -fsyntax-only -x c "$header"
	done
}
