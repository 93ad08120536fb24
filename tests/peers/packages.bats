#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: packages papr-eventd papr-vmm
#
# The Debian packages: contents, dependencies, build flags, and equal packages from
# another build. make packages-prepare has built them.

# shellcheck disable=SC2154 # set by bats

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert
load ../lib/abi

setup()
{
	source=$(cd "${top_srcdir:-.}" && pwd)
	packages=${PACKAGES:-/nothing}
	first=$packages/first second=$packages/second
	cd "$BATS_TEST_TMPDIR"
}

needs_packages()
{
	[[ -d $first && -d $second ]] || skip "nothing is prepared"
	version=$(dpkg-parsechangelog -l "$source/debian/changelog" -S Version)
	this=$(dpkg --print-architecture)
}

# The packages of both architectures, without the debug packages.
all_packages()
{
	find "$first" -name '*.deb' ! -name '*-dbgsym_*' | LC_ALL=C sort
}

deb() # NAME ARCH
{
	echo "$first/$1_${version}_$2.deb"
}

# Remove the names of architectures, which differ. Units are in /lib on Debian 12.
neutral()
{
	sed -E 's/(x86_64|powerpc64le|aarch64)-linux-gnu/TRIPLET/g; s,\./lib/systemd/,./usr/lib/systemd/,'
}

# Print each file of a package, without folders: "mode path" or "link path -> target".
files_of() # DEB
{
	dpkg-deb --fsys-tarfile "$1" | tar tv --numeric-owner | LC_ALL=C sort -k6 | neutral |
		awk '/^d/ { next } $2 != "0/0" { print "owner", $2 }
			/^l/ { $1 = "link" } { print $1, substr($0, index($0, " ./") + 2) }'
}

@test "project and packages have one version" {
	run -0 dpkg-parsechangelog -l "$source/debian/changelog" -S Version
	local version=$output
	grep -qF "AC_INIT([papr-toolkit], [$version]," "$source/configure.ac"
	grep -qF "MODULE_VERSION(\"$version\")" "$source/kmod/papr-dt-overlay/proc.c"
	for spec in "$source"/packaging/rpm/*.spec*; do
		[ "$(sed -n 's/^Version:[[:space:]]*//p' "$spec")" = "$version" ]
	done
}

# Or all of them say that there is no release yet.
@test "ChangeLog and packages have the date of the release" {
	local date

	date=$(sed -n '1s/.*(\(.*\))$/\1/p' "$source/ChangeLog")
	run -0 dpkg-parsechangelog -l "$source/debian/changelog" -S Version
	[ "$(head -n 1 "$source/ChangeLog")" = "papr-toolkit $output ($date)" ]
	run -0 dpkg-parsechangelog -l "$source/debian/changelog" -S Distribution
	if [ "$date" = "not yet released" ]; then
		assert_output UNRELEASED
		return
	fi
	assert_output unstable
	run -0 dpkg-parsechangelog -l "$source/debian/changelog" -S Timestamp
	[ "$(date -u -d "@$output" +%F)" = "$date" ]
	for spec in "$source"/packaging/rpm/*.spec*; do
		grep -q "^\* $(LC_ALL=C date -u -d "$date" '+%a %b %d %Y') " "$spec"
	done
}

@test "the tarball has all of debian/" {
	needs_packages
	tar tf "$first/papr-toolkit_$version.tar.xz" | sed -n 's,^[^/]*/\(debian/.*[^/]\)$,\1,p' |
		LC_ALL=C sort >there
	grep -qx debian/control there
	run -0 diff there <(cd "$source" && find debian -type f | LC_ALL=C sort)
	run -0 diff <(grep -v Makemodule.am there) \
		<(sed -n 's,^\t\(debian/[^ ]*\).*,\1,p' "$source/debian/Makemodule.am" | LC_ALL=C sort)
}

@test "quickstart packages: usage errors and unwritable folders are refused" {
	local arguments

	for arguments in packages 'packages a b'; do
		# shellcheck disable=SC2086 # some
		run -2 --separate-stderr "$source/quickstart" $arguments
		[[ -z $output && $stderr = 'quickstart: '*'; see ./quickstart --help' ]]
	done
	touch file
	for arguments in "$PWD/file" "$PWD/file/below" /proc /proc/below; do
		run -1 --separate-stderr "$source/quickstart" packages "$arguments"
		[[ -z $output && $stderr = "quickstart: $arguments: cannot "*" this directory" ]]
		[ "${#stderr_lines[@]}" -eq 1 ]
	done
}

@test "the script that builds them refuses bad usage and files in place of folders" {
	run -2 --separate-stderr "$source/build-aux/debs" a b
	[[ -z $output && $stderr = *BUILD* ]]
	run -1 --separate-stderr "$source/build-aux/debs" /nothing work out
	[ "$stderr" = 'debs: /nothing: not a configured build tree; run configure there' ]
	run -1 --separate-stderr "$source/build-aux/debs" "$(dirname "$packages")" work out s390x
	[[ $stderr = "debs: s390x: not "* ]] && [ "${#stderr_lines[@]}" -eq 1 ]
	[ ! -e work ] && [ ! -e out ]
}

@test "the expected packages exist" {
	needs_packages
	run -0 diff <({
		for name in libpaprvmm-dev libpaprvmm1 libpaprvmm1-dbgsym papr-vmm papr-vmm-dbgsym; do
			echo "${name}_${version}_$this.deb"
			echo "${name}_${version}_ppc64el.deb"
		done
		for name in libdrmgr-dev libdrmgr0 libdrmgr0-dbgsym libpapr-rtas-dev libpapr-rtas2 libpapr-rtas2-dbgsym libpapr-rtasevent2 \
			libpapr-rtasevent2-dbgsym papr-drmon papr-drmon-dbgsym papr-eventd papr-eventd-dbgsym papr-toolkit \
			papr-utils papr-utils-dbgsym; do
			echo "${name}_${version}_ppc64el.deb"
		done
		echo "papr-dt-overlay-dkms_${version}_all.deb"
	} | LC_ALL=C sort -u) <(cd "$first" && printf '%s\n' *.deb | LC_ALL=C sort)
}

@test "each package has its files" {
	local file name

	needs_packages
	while read -r file; do
		name=$(dpkg-deb -f "$file" Package)
		grep -q "^$name: " "$source/tests/peers/packages/contents" || { echo "$name is not listed"; false; }
		run -0 diff <(sed -n "s/^$name: //p" "$source/tests/peers/packages/contents") <(files_of "$file")
	done < <(all_packages)
}

# The versions of dkms and of the release's libraries, and its name of libfuse3, are not
# compared.
without_release()
{
	sed -E 's/\<(dkms|lib(c6|fdt1|fuse3|json-c5|ncurses6|seccomp2|tinfo6))(-[0-9]+)? \([^)]*\)/\1/g'
}

@test "each package has its dependencies, provides and replaces" {
	local file name

	needs_packages
	while read -r file; do
		name=$(dpkg-deb -f "$file" Package)
		run -0 diff <(sed -n "/^Package: $name\$/,/^\$/p" "$source/tests/peers/packages/fields" | grep .) \
			<(dpkg-deb -f "$file" Package Section Priority Multi-Arch Depends Recommends Suggests \
				Enhances Conflicts Breaks Replaces Provides | without_release)
	done < <(all_packages)
}

@test "lintian has no finding in sources and packages" {
	local changes

	needs_packages
	for changes in "$first"/*.changes; do
		run -0 --separate-stderr lintian --info --display-info --pedantic \
			--suppress-tags newer-standards-version "$changes"
		assert_output ''
	done
}

# Print facts of an ELF file: "machine type ...", one word each.
elf() # FILE
{
	readelf -W -h -l -d -n -S "$1" 2>/dev/null | awk '
		/^ +Machine:/ { machine = $2 }
		/^ +Type:/ { type = $2 }
		/GNU_RELRO/ { words["relro"] }
		/GNU_STACK/ && $7 == "RW" { words["stack"] }
		/\((RPATH|RUNPATH)\)/ { words["rpath"] }
		/BIND_NOW|FLAGS_1.*NOW/ { words["now"] }
		/FLAGS_1.*PIE/ { words["pie"] }
		/TEXTREL/ { words["textrel"] }
		/Build ID:/ && length($NF) == 40 { words["id"] }
		/ \.(symtab|debug_info) / { words["unstripped"] }
		END {
			line = machine " " type
			n = split("relro stack now id pie rpath textrel unstripped", order, " ")
			for (i = 1; i <= n; i++)
				if (order[i] in words)
					line = line " " order[i]
			print line
		}'
}

@test "each program and library has its machine, hardening, no paths, and a debug package" {
	local file arch machine path expected id count=0

	needs_packages
	while read -r file; do
		rm -rf x
		dpkg-deb -x "$file" x
		arch=$(dpkg-deb -f "$file" Architecture)
		case $arch in
		ppc64el) machine=PowerPC64 ;;
		amd64) machine=Advanced ;;
		*) machine=$(elf /bin/true | cut -d' ' -f1) ;;
		esac
		while read -r path; do
			[ "$(head -c 4 "$path" | tail -c 3 | tr -d '\0')" = ELF ] || continue
			count=$((count + 1))
			expected="$machine DYN relro stack now id"
			[[ $path = *.so.* ]] || expected+=" pie"
			echo "$path"
			run -0 elf "$path"
			assert_output "$expected"
			id=$(readelf -n "$path" | sed -n 's/.*Build ID: //p')
			dpkg-deb -c "$first/$(dpkg-deb -f "$file" Package)-dbgsym_${version}_$arch.deb" |
				grep "/${id:0:2}/${id:2}.debug\$" >/dev/null
		done < <(find x -type f)
	done < <(all_packages)
	# Four commands, three libraries; for this machine also papr-vmm and its library.
	[ "$count" -ge $([[ $this = ppc64el ]] && echo 9 || echo 11) ]
}

@test "the symbols are those of librtas 2.0.4, with its package and versions" {
	local library file

	needs_packages
	for library in librtas librtasevent; do
		file=$(deb "libpapr-${library#lib}2" ppc64el)
		run -0 dpkg-deb -I "$file" symbols
		[ "${lines[0]}" = "$library.so.2 ${library}2 #MINVER#" ]
		run -0 diff <(sed 's/.* //' "$source/tests/source/abi/$library.symbols" | LC_ALL=C sort) \
			<(sed -n 's/^ \(.*\)@Base \(1\.3\|1\.4\|2\.0\)\.[0-9]*$/\1/p' <<<"$output" | LC_ALL=C sort)
		run -0 dpkg-deb -I "$file" shlibs
		assert_output "$library 2 ${library}2 (>= 2.0.6)"
		# Each symbol of the library is listed.
		dpkg-deb -R "$file" "$library"
		mkdir -p debian
		cp "$source/debian/control" "$source/debian/changelog" debian
		run -0 env DEB_HOST_ARCH=ppc64el dpkg-gensymbols -c4 -v2.0.6 -P"$library" \
			-p"libpapr-${library#lib}2" -I"$source/debian/libpapr-${library#lib}2.symbols" -Oout
		assert_output ''
	done
	[ "$(cat "$source"/tests/source/abi/librtas.symbols | wc -l)" -eq 39 ]
	[ "$(cat "$source"/tests/source/abi/librtasevent.symbols | wc -l)" -eq 79 ]
}

# needs PROGRAM: dependencies that a package with a program gets from our libraries.
needs_of()
{
	local compiler

	mapfile -t variables < <("$source/build-aux/cross-configure" powerpc64le "$packages/one/sysroot" --variables)
	read -r -a compiler < <(printf '%s\n' "${variables[@]}" | sed -n 's/^CC=//p')
	"${compiler[@]}" -Werror -x c -o program - -Idev/usr/include -Ldev/usr/lib/powerpc64le-linux-gnu \
		-Lrtas/usr/lib/powerpc64le-linux-gnu -Levent/usr/lib/powerpc64le-linux-gnu -lrtasevent -lrtas
	# Link with the packages' libraries, and with the sysroot's C library.
	env DEB_HOST_ARCH=ppc64el dpkg-shlibdeps -O -Srtas -Sevent \
		--admindir="$packages/one/sysroot/var/lib/dpkg" \
		-l"$packages/one/sysroot/lib/powerpc64le-linux-gnu" program 2>errors | sed 's/shlibs:Depends=//'
	grep -v 'binaries to analyze' errors || true
}

@test "programs linked with the libraries depend on either package, unless they need ours" {
	needs_packages
	mkdir -p debian
	cp "$source/debian/control" "$source/debian/changelog" debian
	dpkg-deb -R "$(deb libpapr-rtas2 ppc64el)" rtas
	dpkg-deb -R "$(deb libpapr-rtasevent2 ppc64el)" event
	dpkg-deb -x "$(deb libpapr-rtas-dev ppc64el)" dev
	ln -sf "$PWD"/rtas/usr/lib/*/librtas.so.2.* dev/usr/lib/powerpc64le-linux-gnu/
	ln -sf "$PWD"/event/usr/lib/*/librtasevent.so.2.* dev/usr/lib/powerpc64le-linux-gnu/

	run -0 needs_of <<-'EOF'
		#include <librtas.h>
		#include <librtasevent.h>
		int main(void) { return rtas_set_debug(0) || cleanup_rtas_event(parse_rtas_event(0, 0)); }
	EOF
	assert_output 'libc6 (>= 2.34), librtas2 (>= 1.3.6), librtasevent2 (>= 1.3.6)'
	run -0 needs_of <<-'EOF'
		#include <librtas.h>
		int main(void) { return rtas_physical_attestation(0, 0, 0, 0); }
	EOF
	assert_output 'libc6 (>= 2.34), librtas2 (>= 2.0.3)'
	run -0 needs_of <<-'EOF'
		#include <librtasevent.h>
		int main(void) { return !rtas_get_ibmdiag_scn(0); }
	EOF
	assert_output 'libc6 (>= 2.34), libpapr-rtasevent2 (>= 0.1.0), librtasevent2 (>= 1.3.6)'
}

@test "another build in another folder, time zone, locale, umask, speed gives the same packages" {
	local file count=0

	needs_packages
	for file in "$second"/*.deb; do
		cmp "$file" "$first/${file##*/}"
		count=$((count + 1))
	done
	# All packages but those that exist only for this machine.
	[ "$count" -eq "$(find "$first" -name '*_ppc64el.deb' -o -name '*_all.deb' | wc -l)" ]
}

@test "the module's package has no placeholder, and dkms builds it for Power only" {
	needs_packages
	dpkg-deb -R "$(deb papr-dt-overlay-dkms all)" x
	run ! grep -r 'MODULE_VERSION#' x
	[ -z "$(find x -name '*#*')" ]
	grep -qx "DKMS_VERSION=$version" x/DEBIAN/postinst
	run -0 diff -r "$source/kmod/papr-dt-overlay" "x/usr/src/papr-dt-overlay-$version"

	command -v dkms >/dev/null || skip "dkms is missing"
	[ "$(id -u)" -eq 0 ] || skip "dkms is for root"
	[ "$this" != ppc64el ] || skip "this is one"
	mkdir tree
	run -0 dkms add -m papr-dt-overlay -v "$version" --dkmstree "$PWD/tree" --sourcetree "$PWD/x/usr/src"
	run -77 dkms build -m papr-dt-overlay -v "$version" -k 6.1.0-test --kernelsourcedir /tmp \
		--dkmstree "$PWD/tree" --sourcetree "$PWD/x/usr/src"
	assert_output --partial BUILD_EXCLUSIVE
}

@test "preinst and postrm have one list, and tests of installed packages exist" {
	local name lists

	lists=$(grep -hE '^(commands|pages)=' "$source"/debian/papr-utils.{preinst,postrm} | sort | uniq -c)
	[ "$(awk '{ print $1 }' <<<"$lists")" = $'2\n2' ]
	while read -r name; do
		[ -x "$source/debian/tests/$name" ]
	done < <(sed -n 's/^Tests: //p' "$source/debian/tests/control")
}
