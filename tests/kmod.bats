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

headers_needed()
{
	headers=$(echo "${GUEST_CACHE%/cache*}/headers${GUEST_CACHE##*/cache}"/usr/src/linux-headers-*-powerpc64le)
	[ -d "$headers" ] || skip "no headers of the guest's kernel"
}

# For that kernel, whatever make started the tests with.
cross()
{
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL ARCH=powerpc CROSS_COMPILE=powerpc64le-linux-gnu- "$@"
}

@test "no warning of the compiler's, of more of them (W=1), or of sparse" {
	headers_needed
	command -v sparse >/dev/null || skip "sparse is missing"
	cp $module/* "$BATS_TEST_TMPDIR"
	run cross make -s -C "$headers" M="$BATS_TEST_TMPDIR" W=1 C=2 CF=-D__CHECK_ENDIAN__ modules
	echo "$output"
	[ "$status" -eq 0 ]
	! grep -v '^Skipping BTF' <<<"$output" | grep .
}

@test "dkms builds it, by what dkms.conf says" {
	headers_needed
	command -v dkms >/dev/null || skip "dkms is missing"
	[ "$(id -u)" -eq 0 ] || skip "dkms is for root"
	version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' $module/dkms.conf) kernel=${headers##*/linux-headers-}
	mkdir -p "$BATS_TEST_TMPDIR"/{tree,sources}
	cp -r $module "$BATS_TEST_TMPDIR/sources/papr-dt-overlay-$version"
	for action in add build; do
		run cross dkms $action -m papr-dt-overlay -v "$version" -k "$kernel" -a ppc64le \
			--kernelsourcedir "$headers" --dkmstree "$BATS_TEST_TMPDIR/tree" \
			--sourcetree "$BATS_TEST_TMPDIR/sources"
		echo "$output"
		[ "$status" -eq 0 ]
	done
	# what modinfo shows, of a module for another processor
	built=$BATS_TEST_TMPDIR/tree/papr-dt-overlay/$version/$kernel/ppc64le/module/papr-dt-overlay.ko
	tr '\0' '\n' <"$built" | grep -qx "version=$version"
	tr '\0' '\n' <"$built" | grep -q "^vermagic=$kernel "
}
