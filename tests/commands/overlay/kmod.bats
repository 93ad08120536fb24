#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: guest debian
# The sources of the kernel module, checked on the build machine.

# shellcheck disable=SC2154 # from make

bats_require_minimum_version 1.5.0

setup()
{
	cd "${top_srcdir:-.}"
	module=kmod/papr-dt-overlay
}

@test "package, module and dkms have one version" {
	version=$(sed -n 's/^AC_INIT(\[papr-toolkit\], \[\([^]]*\)\].*/\1/p' configure.ac)
	grep -qF "MODULE_VERSION(\"$version\")" $module/proc.c
	grep -qF "PACKAGE_VERSION=\"$version\"" $module/dkms.conf
}

# Print "NAME NUMBER", one a line.
limits()
{
	sed -nE 's/^(#define|\t)\s*(OVERLAY_[A-Z_]+_(MAX|BYTES))\s*(=\s*)?([^,/]*).*/\2 \5/p' "$1" |
		tr -d '()U' | tr -s '[:blank:]' ' ' | sed 's/ $//' | sort
}

@test "the module and wire/overlay.h have the same limits" {
	[ "$(limits wire/overlay.h | wc -l)" -ge 8 ]
	diff <(limits wire/overlay.h) <(limits $module/overlay.h)
}

headers_needed()
{
	headers=$(echo "${GUEST_CACHE%/cache*}/headers${GUEST_CACHE##*/cache}"/usr/src/linux-headers-*-powerpc64le*)
	[ -d "$headers" ] || skip "no headers of the guest's kernel"
}

# Use the kernel's compiler, and not the variables of the make that runs the tests.
cross()
{
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL ARCH=powerpc CROSS_COMPILE=powerpc64le-linux-gnu- "$@"
}

sources_needed()
{
	headers_needed
	[ -e "${KMOD_WORK:-}/source/.fetched" ] || skip "no kernel sources (make kmod-prepare)"
}

check_module() # [-m MODULE] CHECK...
{
	local options=()

	[[ $1 != -m ]] || { options=(-m "$2") && shift 2; }
	run build-aux/check-module "${options[@]}" "$headers" "${KMOD_WORK:-none}/source" \
		"$BATS_TEST_TMPDIR/check" "$@"
	echo "$output"
}

@test "the compiler with W=1 and sparse print no warning [ov-sources]" {
	sources_needed
	command -v sparse >/dev/null || skip "sparse is missing"
	check_module compiler sparse
	[ "$status" -eq 0 ]
}

@test "checkpatch --strict has no finding" {
	sources_needed
	check_module checkpatch
	[ "$status" -eq 0 ]
}

@test "checkpatch --strict has no finding in the patches for the kernel" {
	sources_needed
	local patch n=0

	# checkpatch reads a file that git tracks as a source if its name is given.
	for patch in kmod/UPSTREAM/*.patch; do
		run perl "$KMOD_WORK/source/scripts/checkpatch.pl" --no-tree --strict --no-signoff \
			--show-types - <"$patch"
		echo "$patch: $output"
		[ "$status" -eq 0 ]
		grep -q '0 errors, 0 warnings, 0 checks' <<<"$output"
		n=$((n + 1))
	done
	[ "$n" -eq 4 ]
}

@test "coccinelle has no finding: api, free, locks, null" {
	sources_needed
	command -v spatch >/dev/null || skip "coccinelle is missing"
	check_module coccinelle
	[ "$status" -eq 0 ]
}

# Check a copy of the module with this code at the end of blob.c. The check must fail and
# name the file and the reason.
seeded() # CHECK REASON CODE
{
	local copy=$BATS_TEST_TMPDIR/seeded

	rm -rf "$copy"
	cp -r $module "$copy"
	printf '%s\n' '' "$3" >>"$copy/blob.c"
	check_module -m "$copy" "$1"
	[ "$status" -eq 1 ]
	grep -q "blob\.c.*$2" <<<"$output"
}

@test "compiler and sparse find a seeded defect" {
	sources_needed
	command -v sparse >/dev/null || skip "sparse is missing"
	seeded compiler 'no previous prototype' 'int seeded(void) { return 0; }'
	seeded sparse 'incorrect type in return' \
		'u32 seeded(const __be32 *cell); u32 seeded(const __be32 *cell) { return *cell; }'
	# since Linux 7.0, clang checks locks, and sparse does not
	[ ! -e "${headers%-powerpc64le*}-common/include/linux/compiler-context-analysis.h" ] || return 0
	seeded sparse 'context imbalance' '#include <linux/spinlock.h>
int seeded(spinlock_t *lock, int err);
int seeded(spinlock_t *lock, int err) { spin_lock(lock); if (err) return err; spin_unlock(lock); return 0; }'
}

@test "checkpatch finds a seeded defect" {
	sources_needed
	seeded checkpatch SPACING 'static int seeded(int err) { if(err) return err; return 0; }'
}

@test "coccinelle finds a seeded defect with each of its folders" {
	sources_needed
	command -v spatch >/dev/null || skip "coccinelle is missing"
	seeded coccinelle 'kmemdup' 'static void *seeded_api(const void *from, size_t len)
{
	void *to;

	to = kmalloc(len, GFP_KERNEL);
	if (!to)
		return NULL;
	memcpy(to, from, len);
	return to;
}

static int seeded_free(struct entry *e)
{
	kfree(e);
	return e->node;
}

static int seeded_locks(struct mutex *lock, int err)
{
	mutex_lock(lock);
	if (err)
		return err;
	mutex_unlock(lock);
	return 0;
}

static int seeded_null(struct entry *e)
{
	if (!e)
		return e->node;
	return 0;
}'
	grep 'blob\.c.*reference preceded by free' <<<"$output"
	grep 'blob\.c.*preceding lock' <<<"$output"
	grep 'blob\.c.*NULL but dereferenced' <<<"$output"
}

@test "dkms builds the module with dkms.conf" {
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
	# this reads a module for another processor
	built=$BATS_TEST_TMPDIR/tree/papr-dt-overlay/$version/$kernel/ppc64le/module/papr-dt-overlay.ko
	tr '\0' '\n' <"$built" | grep -qx "version=$version"
	tr '\0' '\n' <"$built" | grep -q "^vermagic=$kernel "
}
