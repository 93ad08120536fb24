#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: packages drmgr lsslot drmon papr-eventd papr-vmm
# The RPM packages of build-aux/rpms: contents, dependencies, and a system in which they
# are installed and erased beside powerpc-utils, librtas and ppc64-diag.

bats_require_minimum_version 1.5.0

load ../lib/rpms

# One build for all tests.
setup_file()
{
	[[ -z $(rpms_missing) ]] || return 0
	# Do not use variables of the make that runs the tests.
	unset MAKEFLAGS MFLAGS MAKELEVEL
	build_ours && build_peers && build_upgrade && make_base
}

setup()
{
	local missing

	missing=$(rpms_missing)
	[[ -z $missing ]] || skip "$missing"
	ours=$BATS_FILE_TMPDIR/ours
	root=$BATS_TEST_TMPDIR/root
	cp -a "$BATS_FILE_TMPDIR/base" "$root"
	version=$(sed -n 's/^AC_INIT(\[papr-toolkit\], \[\([^]]*\)\].*/\1/p' "$rpms_sources/configure.ac")
}

@test "project, spec file and example have one version" {
	for spec in "$rpms_sources"/packaging/rpm/*.spec*; do
		[ "$(sed -n 's/^Version:\t*//p' "$spec")" = "$version" ]
		sed -n '/^%changelog/,$p' "$spec" | sed -n 2p | grep -qF -- "- $version-1"
	done
}

# Print files, requirements and provides; libraries by soname only, because the versions
# of symbols come from the C library. The number of libfuse3 is N: it is 3 on Debian 12, and
# 4 on later releases.
facts() # RPM
{
	rpm -qp --queryformat '[%{FILEMODES:perms} %{FILEUSERNAME} %{FILENAMES} %{FILELINKTOS}\n]' "$1" |
		sed 's/ *$//'
	for kind in requires provides conflicts obsoletes recommends suggests; do
		rpm -qp --$kind "$1" | grep -v '^rpmlib(' |
			sed -E "s/^((lib|ld)[^(]*\.so[^(]*)\(.*/\1/; s/(libfuse3\.so)\..*/\1.N/; s/ +$//; s/^/$kind /"
	done | LC_ALL=C sort -u
}

@test "each package has the files and relations of tests/peers/rpms" {
	diff <(cd "$rpms_sources/tests/peers/rpms" && ls -- *.facts) \
		<(rpm -qp --queryformat '%{NAME}.facts\n' "$ours"/*[!c].rpm | LC_ALL=C sort)
	for package in "$ours"/*[!c].rpm; do
		name=$(rpm -qp --queryformat '%{NAME}' "$package")
		echo "--- tests/peers/rpms/$name.facts"
		diff "$rpms_sources/tests/peers/rpms/$name.facts" <(facts "$package" | sed "s/$version/VERSION/g")
	done
}

@test "each program has its page in the same package" {
	for package in "$ours"/papr-{utils,eventd,vmm}-[0-9]*.rpm; do
		rpm -qlp "$package" >"$BATS_TEST_TMPDIR/list"
		mapfile -t programs < <(sed -nE 's,^/usr/(s?bin|libexec/papr)/,,p' "$BATS_TEST_TMPDIR/list")
		[ "${#programs[@]}" -ge 1 ]
		for program in "${programs[@]}"; do
			echo "$program"
			grep -qE "^/usr/share/man/man[18]/$program\.[18](papr)?\.gz$" "$BATS_TEST_TMPDIR/list"
		done
	done
}

@test "programs require libraries by soname, ours or the peers'" {
	rpm -qp --provides "$ours"/papr-librtas-[0-9]*.rpm >"$BATS_TEST_TMPDIR/provides"
	grep -qxF 'librtas.so.2()(64bit)' "$BATS_TEST_TMPDIR/provides"
	grep -qxF 'librtasevent.so.2()(64bit)' "$BATS_TEST_TMPDIR/provides"
	# the peers' libraries do not provide versions of symbols
	[ -z "$(rpm -qp --requires "$ours"/*.ppc64le.rpm | grep '^librtas[^(]*(.)')" ]
	# the provided level is that of the .pc files
	level=$(sed -n 's/^AC_SUBST(\[LIBRTAS_LEVEL\], \[\(.*\)\])/\1/p' "$rpms_sources/configure.ac")
	[ -n "$level" ]
	grep -qxF "librtas = $level" "$BATS_TEST_TMPDIR/provides"
	rpm -qp --provides "$ours"/papr-librtas-devel-*.rpm |
		grep -qxF "pkgconfig(librtasevent) = $level"
}

@test "programs and libraries have their processor, hardening, no search path, no build folder" {
	mkdir "$BATS_TEST_TMPDIR/files"
	cd "$BATS_TEST_TMPDIR/files"
	for package in "$ours"/papr-{librtas,utils,eventd,vmm}-[0-9]*.rpm; do
		rpm2cpio "$package" | cpio --quiet -id
	done
	mapfile -t files < <(find . -type f \( -path './usr/*bin/*' -o -path '*/papr/[!d]*' -o -name '*.so.*' \)
		echo ./usr/libexec/papr/drmgr)
	[ "${#files[@]}" -eq 10 ]
	for file in "${files[@]}"; do
		echo "$file"
		header=$(readelf -Wh "$file") dynamic=$(readelf -Wd "$file")
		case $file in
		*vmm*) grep -q 'Machine: .*X86-64' <<<"$header" ;;
		*) grep -q 'Machine: .*PowerPC64' <<<"$header" && grep -q 'Data: .*little' <<<"$header" ;;
		esac
		grep -q 'Type: *DYN' <<<"$header"
		grep -q 'Flags:.*NOW' <<<"$dynamic"
		readelf -Wl "$file" | grep -q GNU_RELRO
		[ -z "$(grep -E 'RPATH|RUNPATH' <<<"$dynamic")" ]
		[ -z "$(grep -aF "$BATS_FILE_TMPDIR" "$file")" ]
	done
}

@test "rpmlint reports no errors and no warnings" {
	cp "$rpms_sources/packaging/rpm/papr-toolkit.spec" "$BATS_TEST_TMPDIR"
	# the example's macros are those of other distributions
	cp "$rpms_sources/packaging/rpm/papr-dt-overlay-kmp.spec.example" \
		"$BATS_TEST_TMPDIR/papr-dt-overlay.spec"
	printf '%s\n' '%kernel_module_package_buildreqs kernel-devel' '%kernel_module_package %{nil}' \
		'%flavors_to_build default' '%kernel_source() /usr/src/linux' >"$BATS_TEST_TMPDIR/.rpmmacros"
	HOME=$BATS_TEST_TMPDIR run rpmlint --config "$rpms_sources/packaging/rpm/rpmlint.toml" "$ours"/*.rpm \
		"$BATS_TEST_TMPDIR"/*.spec
	echo "$output"
	[ "$status" -eq 0 ]
	grep -q '12 packages and 2 specfiles checked; 0 errors, 0 warnings' <<<"$output"
}

@test "SUSE and Fedora can use the spec file" {
	spec=$rpms_sources/packaging/rpm/papr-toolkit.spec
	run rpmspec -q --target ppc64le-linux --define 'suse_version 1600' --provides "$spec"
	grep -q '^librtas2 = ' <<<"$output"
	run rpmspec -q --target ppc64le-linux --define 'suse_version 1600' --conflicts "$spec"
	grep -qx 'librtas2' <<<"$output"
	run rpmspec -q --target ppc64le-linux --define 'fedora 43' --requires "$spec"
	[ "$status" -eq 0 ]
	[ -z "$(grep ldconfig <<<"$output")" ]
	# with the host's side on Power, and without the module
	run rpmspec -q --target ppc64le-linux --with vmm --without dkms --queryformat '%{NAME}\n' "$spec"
	grep -qx papr-vmm <<<"$output"
	grep -qx papr-utils <<<"$output"
	[ -z "$(grep dkms <<<"$output")" ]
}

@test "papr-drmon is installed beside the drmgr that it runs" {
	run -1 rpm_in -U "$(package ours papr-drmon)"
	[[ $output == *papr-utils* ]]
	install ours papr-utils papr-drmon
	[ "$(readlink "$root/usr/sbin/drmon")" = ../libexec/papr/drmon ]
	[ -x "$root/usr/libexec/papr/drmon" ] && [ -x "$root/usr/libexec/papr/drmgr" ]
	rpm_in -e papr-drmon papr-utils
	[ ! -e "$root/usr/libexec/papr" ]
}

@test "papr-eventd is installed beside rtas_errd; systemd enables, restarts and disables only it" {
	install 1.3.13 powerpc-utils-core ppc64-diag-rtas
	names_of_root >"$BATS_TEST_TMPDIR/before"
	install ours papr-eventd
	[ -d "$root/etc/papr/event.d" ]
	install upgrade papr-eventd
	rpm_in -e papr-eventd
	diff - "$root/etc/called" <<-EOF
		systemctl --no-reload preset papr-eventd.service
		systemctl try-restart papr-eventd.service
		systemctl --no-reload disable --now papr-eventd.service
	EOF
	diff "$BATS_TEST_TMPDIR/before" <(names_of_root)
	verify_is_clean
}

@test "papr-utils is installed beside powerpc-utils, and changes none of its files" {
	install 1.3.13 powerpc-utils-core powerpc-utils
	install ours papr-utils
	names_are 1.3.13 -
	verify_is_clean
	rpm_in -e papr-utils
	names_are 1.3.13 -
	verify_is_clean
}

@test "peer first, then ours; both upgraded; ours erased: the newest peer is restored" {
	install 1.3.10 powerpc-utils-core powerpc-utils
	names_of_root >"$BATS_TEST_TMPDIR/before"
	install ours papr-utils papr-utils-default
	names_are ours 1.3.10
	only_links_differ 6
	install 1.3.13 powerpc-utils-core powerpc-utils
	names_are ours 1.3.13
	only_links_differ 7
	install upgrade papr-utils papr-utils-default
	names_are ours 1.3.13
	rpm_in -q papr-utils-default | grep -q '\.2\.noarch$'
	# and an older one again
	rpm_in -U --oldpackage "$(package 1.3.10 powerpc-utils-core)" "$(package 1.3.10 powerpc-utils)"
	names_are ours 1.3.10
	rpm_in -e papr-utils-default papr-utils
	names_are 1.3.10 -
	verify_is_clean
	diff "$BATS_TEST_TMPDIR/before" <(names_of_root)
}

@test "ours first, then the peer; the peer erased and installed; then ours" {
	names_of_root >"$BATS_TEST_TMPDIR/before"
	install ours papr-utils papr-utils-default
	names_are ours -
	verify_is_clean
	install 1.3.10 powerpc-utils-core powerpc-utils
	names_are ours 1.3.10
	rpm_in -e powerpc-utils powerpc-utils-core
	names_are ours -
	verify_is_clean
	install 1.3.13 powerpc-utils-core
	names_are ours 1.3.13
	rpm_in -e powerpc-utils-core
	rpm_in -e papr-utils-default
	names_are - -
	verify_is_clean
	rpm_in -e papr-utils
	diff "$BATS_TEST_TMPDIR/before" <(names_of_root)
}

@test "both installed in one transaction; ours erased, then the peer" {
	names_of_root >"$BATS_TEST_TMPDIR/before"
	rpm_in -U "$(package 1.3.10 powerpc-utils-core)" "$(package ours papr-utils)" \
		"$(package ours papr-utils-default)"
	names_are ours 1.3.10
	rpm_in -e papr-utils-default
	names_are 1.3.10 -
	verify_is_clean
	rpm_in -e papr-utils powerpc-utils-core
	diff "$BATS_TEST_TMPDIR/before" <(names_of_root)
}

@test "both erased in one transaction in either order: nothing remains" {
	names_of_root >"$BATS_TEST_TMPDIR/before"
	for order in "-powerpc-utils-core -papr-utils-default" "-papr-utils-default -powerpc-utils-core"; do
		for first in ours 1.3.13; do
			[ $first = ours ] || install 1.3.13 powerpc-utils-core
			install ours papr-utils papr-utils-default
			[ $first != ours ] || install 1.3.13 powerpc-utils-core
			names_are ours 1.3.13
			# shellcheck disable=SC2086 # two
			transaction $order -papr-utils
			names_are - -
			diff "$BATS_TEST_TMPDIR/before" <(names_of_root)
		done
	done
}

@test "ours erased and the peer upgraded in one transaction; ours upgraded with the peer" {
	install 1.3.10 powerpc-utils-core
	install ours papr-utils papr-utils-default
	transaction "+$(package 1.3.13 powerpc-utils-core)" -papr-utils-default
	names_are 1.3.13 -
	verify_is_clean

	install ours papr-utils-default
	names_are ours 1.3.13
	rpm_in -e powerpc-utils-core
	install 1.3.10 powerpc-utils-core
	rpm_in -U "$(package 1.3.13 powerpc-utils-core)" "$(package upgrade papr-utils)" \
		"$(package upgrade papr-utils-default)"
	names_are ours 1.3.13
	rpm_in -e papr-utils-default
	names_are 1.3.13 -
	verify_is_clean
}

@test "an older peer with lsslot in another package: one is erased, lsslot moves" {
	install 1.3.7 powerpc-utils-core powerpc-utils
	install ours papr-utils papr-utils-default
	names_are ours 1.3.7
	# only the files of the erased package are removed
	rpm_in -e powerpc-utils
	[ "$(whose "$root/usr/sbin/lsslot.powerpc-utils" -)" = - ]
	[ "$(whose "$root/usr/sbin/drmgr.powerpc-utils" -)" = 1.3.7 ]
	[ "$(whose "$root/usr/sbin/lsslot" ../libexec/papr/lsslot)" = ours ]
	install 1.3.7 powerpc-utils
	names_are ours 1.3.7
	install 1.3.10 powerpc-utils-core powerpc-utils
	names_are ours 1.3.10
	rpm_in -e papr-utils-default
	names_are 1.3.10 -
	verify_is_clean
}

@test "/usr/sbin is a link to /usr/bin" {
	mv "$root"/usr/sbin/* "$root/usr/bin"
	rmdir "$root/usr/sbin"
	ln -s bin "$root/usr/sbin"
	names_of_root >"$BATS_TEST_TMPDIR/before"
	install 1.3.10 powerpc-utils-core
	install ours papr-utils papr-utils-default
	names_are ours 1.3.10
	install 1.3.13 powerpc-utils-core
	names_are ours 1.3.13
	rpm_in -e papr-utils-default
	names_are 1.3.13 -
	rpm_in -e powerpc-utils-core papr-utils
	diff "$BATS_TEST_TMPDIR/before" <(names_of_root)
}

@test "installed without documentation: pages stay the peer's" {
	install 1.3.10 powerpc-utils-core
	rpm_in -U --excludedocs "$(package ours papr-utils)" "$(package ours papr-utils-default)"
	[ "$(whose "$root/usr/sbin/drmgr" ../libexec/papr/drmgr)" = ours ]
	[ "$(whose "$root/usr/share/man/man8/drmgr.8.gz" -)" = 1.3.10 ]
	rpm_in -e papr-utils-default papr-utils
	names_are 1.3.10 -
	verify_is_clean
}

@test "a link of the administrator's is kept, also when ours are erased" {
	install 1.3.10 powerpc-utils-core
	rm "$root/usr/sbin/drmgr"
	ln -s /opt/drmgr "$root/usr/sbin/drmgr"
	install ours papr-utils papr-utils-default
	[ "$(readlink "$root/usr/sbin/drmgr")" = /opt/drmgr ]
	[ "$(whose "$root/usr/sbin/lsslot" ../libexec/papr/lsslot)" = ours ]
	rpm_in -e papr-utils-default
	[ "$(readlink "$root/usr/sbin/drmgr")" = /opt/drmgr ]
	[ "$(whose "$root/usr/sbin/lsslot" -)" = 1.3.10 ]
}

@test "librtas: either ours or the peer's, swapped in one transaction, both ways" {
	install 1.3.10 librtas-devel powerpc-utils-core ppc64-diag-rtas
	run install ours papr-librtas
	[ "$status" -ne 0 ]
	[[ $output == *"librtas conflicts with papr-librtas"* ]]
	verify_is_clean

	transaction "+$(package ours papr-librtas)" "+$(package ours papr-librtas-devel)" \
		-librtas -librtas-devel
	grep -qx 'systemctl try-restart rtas_errd.service' "$root/etc/called"
	[ "$(rpm_in -q --whatprovides librtas)" = "papr-librtas-$version-1.ppc64le" ]
	verify_is_clean
	# the event daemon needs one of them
	run rpm_in -e papr-librtas-devel papr-librtas
	[ "$status" -ne 0 ]
	[[ $output == *"librtas.so.2()(64bit) is needed by"* ]]
	run install 1.3.13 librtas
	[ "$status" -ne 0 ]

	rm "$root/etc/called"
	transaction "+$(package 1.3.13 librtas)" "+$(package 1.3.13 librtas-devel)" \
		-papr-librtas -papr-librtas-devel
	grep -qx 'systemctl try-restart rtas_errd.service' "$root/etc/called"
	verify_is_clean
}

@test "papr-utils needs librtasevent, the peer's or ours" {
	install ours papr-utils
	rpm_in -e papr-utils
	rpm_in -e librtas
	run install ours papr-utils
	[ "$status" -ne 0 ]
	[[ $output == *"librtasevent.so.2()(64bit) is needed by papr-utils"* ]]
	install ours papr-librtas papr-utils
	verify_is_clean
}

@test "dkms adds, builds and installs; upgrades; removes" {
	install ours papr-dt-overlay-dkms
	diff - "$root/etc/called" <<-EOF
		dkms add -m papr-dt-overlay -v $version --rpm_safe_upgrade
		dkms build -m papr-dt-overlay -v $version
		dkms install -m papr-dt-overlay -v $version
	EOF
	grep -qxF "PACKAGE_VERSION=\"$version\"" "$root/usr/src/papr-dt-overlay-$version/dkms.conf"
	install upgrade papr-dt-overlay-dkms
	rm "$root/etc/called"
	rpm_in -e papr-dt-overlay-dkms
	diff - "$root/etc/called" <<-EOF
		dkms remove -m papr-dt-overlay -v $version --all --rpm_safe_upgrade
	EOF
	[ ! -e "$root/usr/src/papr-dt-overlay-$version" ]
	verify_is_clean
}

@test "build-aux/rpms reports an error in one line" {
	run "$rpms_sources/build-aux/rpms" "$BATS_TEST_TMPDIR/out" /nonexistent.tar.xz
	[ "$status" -eq 1 ]
	[ "$output" = "rpms: /nonexistent.tar.xz: cannot be read" ]
	run "$rpms_sources/build-aux/rpms"
	[ "$status" -eq 2 ]
	echo "not one" >"$BATS_TEST_TMPDIR/not.tar.xz"
	run --separate-stderr "$rpms_sources/build-aux/rpms" -w "${top_builddir:-build}/guest" \
		"$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/not.tar.xz"
	echo "$stderr"
	[ "$status" -eq 1 ]
	[ "$(tail -n 1 <<<"$stderr")" = "rpms: the build of the partition's side failed" ]
	[ -z "$(ls "$BATS_TEST_TMPDIR/out")" ]
}
