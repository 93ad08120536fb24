#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# fdtoverlay leaves a reference of the base tree without its node
#
# device-tree-compiler 1.6.1 (Debian 12) and 1.7.2 (Debian 13). The overlay gives a label to a
# node that the base has, and refers to it, as overlays for cameras and displays do for
# endpoints. libfdt 1.6.1 writes the overlay's handle over the handle of the base's node: a
# reference to it in the base keeps the old number, which no node has any more. The tool
# reports success. libfdt 1.7.2 keeps the handle of the base, and changes the references of
# the overlay.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Print the node's handle, a reference to it in the base, and one in the overlay.
numbers() # SUITE VERSION
{
	local debs=$work/$1 cache=$work/cache-$1

	"$(dirname "$0")/../build-aux/foreign-debs" -s "$1" unpack amd64 "$cache" "$debs" \
		device-tree-compiler libfdt1 libyaml-0-2 libc6 >&2
	ls "$cache"/debs/*/"device-tree-compiler/device-tree-compiler_$2"_*.deb >/dev/null
	run()
	{
		local loader

		loader=$(find "$debs" -name ld-linux-x86-64.so.2 | sed 1q)
		"$loader" --library-path "$debs/usr/lib/x86_64-linux-gnu:$debs/lib/x86_64-linux-gnu" \
			"$debs/usr/bin/$1" "${@:2}"
	}
	run dtc -@ -q -o "$work/base" <<'S'
/dts-v1/;
/ { bus { port: port { }; }; user { ref = <&port>; }; };
S
	run dtc -@ -q -o "$work/overlay" <<'S'
/dts-v1/;
/plugin/;
&{/bus} { own: port { }; new { ref = <&own>; }; };
S
	run fdtoverlay -i "$work/base" -o "$work/result" "$work/overlay"
	echo "$1 $2: $(run fdtget "$work/result" /bus/port phandle) $(
		run fdtget "$work/result" /user ref) $(run fdtget "$work/result" /bus/new ref)"
}

diff <(numbers bookworm 1.6.1-4+b1 && numbers trixie 1.7.2-2+b1) - <<'S' && echo "as stated"
bookworm 1.6.1-4+b1: 2 1 2
trixie 1.7.2-2+b1: 1 1 1
S
