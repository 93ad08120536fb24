#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel module's sources, on the build machine.

# shellcheck disable=SC2154 # from make

bats_require_minimum_version 1.5.0

setup()
{
	cd "${top_srcdir:-.}"
	module=kmod/papr-dt-overlay
}

@test "one version: the package's, the module's, for dkms" {
	version=$(sed -n 's/^AC_INIT(\[papr-toolkit\], \[\(.*\)\])/\1/p' configure.ac)
	grep -qF "MODULE_VERSION(\"$version\")" $module/proc.c
	grep -qF "PACKAGE_VERSION=\"$version\"" $module/dkms.conf
}

# "NAME NUMBER", one a line.
limits()
{
	sed -nE 's/^(#define|\t)\s*(OVERLAY_[A-Z_]+_(MAX|BYTES))\s*(=\s*)?([^,/]*).*/\2 \5/p' "$1" |
		tr -d '()U' | tr -s '[:blank:]' ' ' | sed 's/ $//' | sort
}

@test "one set of limits: the module's and those of wire/overlay.h" {
	[ "$(limits wire/overlay.h | wc -l)" -ge 8 ]
	diff <(limits wire/overlay.h) <(limits $module/overlay.h)
}

@test "no warning of the compiler's, of more of them (W=1), or of sparse" {
	headers=$(echo "${GUEST_CACHE%/cache*}/headers${GUEST_CACHE##*/cache}"/usr/src/linux-headers-*-powerpc64le)
	[ -d "$headers" ] || skip "no headers of the guest's kernel"
	command -v sparse >/dev/null || skip "sparse is missing"
	cp $module/* "$BATS_TEST_TMPDIR"
	run env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$headers" ARCH=powerpc CROSS_COMPILE=powerpc64le-linux-gnu- \
		M="$BATS_TEST_TMPDIR" W=1 C=2 CF=-D__CHECK_ENDIAN__ modules
	echo "$output"
	[ "$status" -eq 0 ]
	! grep -v '^Skipping BTF' <<<"$output" | grep .
}
