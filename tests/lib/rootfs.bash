# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# rootfs.bash - captured trees as folders for --sysroot: the file to load
#
# A tree is a text tests/data/rootfs/NAME.tree, a line for each file:
#   s PATH TEXT    a property: the text and a NUL
#   x PATH BYTES   a property: its bytes, hexadecimal, blanks anywhere
#   t PATH TEXT    a file: the text and a line end
#   l PATH TARGET  a link
# Paths of properties begin at "/proc/device-tree/", all other paths at "/".

_rootfs_bytes() # HEXADECIMAL
{
	local digits=${1// /} bytes='' i

	for ((i = 0; i < ${#digits}; i += 2)); do
		bytes+="\\x${digits:i:2}"
	done
	# shellcheck disable=SC2059 # made of bytes alone
	printf "$bytes"
}

_rootfs_text() # DIR FILE
{
	local kind path rest

	while read -r kind path rest; do
		case $kind in
		s | x) path=$1/proc/device-tree/$path ;;
		*) path=$1/$path ;;
		esac
		[[ $kind != [sxtl] || -d ${path%/*} ]] || mkdir -p "${path%/*}"
		case $kind in
		s) printf '%s\0' "$rest" >"$path" ;;
		x) _rootfs_bytes "$rest" >"$path" ;;
		t) printf '%s\n' "$rest" >"$path" ;;
		l) ln -s "$rest" "$path" ;;
		esac
	done <"$2"
}

rootfs_make() # NAME DIR
{
	mkdir -p "$2"
	_rootfs_text "$2" "${top_srcdir:-.}/tests/data/rootfs/$1.tree"
}
