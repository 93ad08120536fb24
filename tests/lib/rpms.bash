# SPDX-License-Identifier: GPL-2.0-or-later
# Our RPM packages, replacements for their neighbours, and roots to install them in.

rpms_sources=$(cd "${top_srcdir:-.}" && pwd)

# Print the reason why they cannot be tested here, or nothing.
rpms_missing()
{
	local program

	for program in rpmbuild rpmlint powerpc64le-linux-gnu-gcc; do
		command -v $program >/dev/null || echo "$program is missing"
	done
	[[ $(uname -m) == x86_64 ]] || echo "build-aux/rpms is for x86_64"
	as_root true 2>/dev/null || echo "neither root nor user namespaces"
}

# rpm changes the root directory of scriptlets, and the owners of files.
as_root()
{
	if [[ $(id -u) -eq 0 ]]; then
		"$@"
	else
		unshare --map-root-user "$@"
	fi
}

# pack FOLDER SPEC [rpmbuild-options...]: build a package that needs no compiler.
pack()
{
	local folder=$1 spec=$2

	shift 2
	mkdir -p "$BATS_FILE_TMPDIR/pack/SOURCES"
	rpmbuild -bb --nodeps --define "_topdir $BATS_FILE_TMPDIR/pack" \
		--define "_rpmdir $folder" --define "_rpmfilename %%{NAME}.rpm" \
		--define "debug_package %{nil}" "$@" "$spec" >"$folder.log" 2>&1 || {
		tail -n 20 "$folder.log" >&2
		return 1
	}
}

build_ours()
{
	mkdir -p "$BATS_FILE_TMPDIR/a"
	TMPDIR=$BATS_FILE_TMPDIR/a "$rpms_sources/build-aux/rpms" -w "${top_builddir:-build}/guest" \
		"$BATS_FILE_TMPDIR/ours"
	rpm2cpio "$BATS_FILE_TMPDIR"/ours/*.src.rpm |
		(cd "$BATS_FILE_TMPDIR/a" && cpio --quiet -id '*.tar.xz')
}

# Build the same packages in another folder, in another environment.
build_again()
{
	mkdir -p "$BATS_FILE_TMPDIR/some/other/folder"
	(umask 077 && TMPDIR=$BATS_FILE_TMPDIR/some/other/folder TZ=Pacific/Auckland \
		"$rpms_sources/build-aux/rpms" -w "${top_builddir:-build}/guest" \
		"$BATS_FILE_TMPDIR/again" "$BATS_FILE_TMPDIR"/a/*.tar.xz)
}

# Make the same packages of the next release, as far as scriptlets differ.
build_upgrade()
{
	cp "$BATS_FILE_TMPDIR"/a/*.tar.xz "$BATS_FILE_TMPDIR/pack/SOURCES"
	pack "$BATS_FILE_TMPDIR/upgrade" "$rpms_sources/packaging/rpm/papr-toolkit.spec" \
		--target ppc64le-linux --without check --define "dist .2" \
		--define "_libdir /usr/lib64" --define "configure :" --define "make_build :" \
		--define "make_install $rpms_sources/tests/peers/rpms/fake-install %{buildroot}" \
		--define "__os_install_post bash %{_rpmconfigdir}/brp-compress"
}

build_peers()
{
	local peers=$rpms_sources/tests/peers/rpms/peers-spec system

	system=$(rpm -qp --requires "$BATS_FILE_TMPDIR"/ours/*.ppc64le.rpm |
		grep -E '^(libc|libfdt|libjson-c|libncurses|libtinfo|ld64)\.so|^rtld' | sort -u | paste -sd,)
	pack "$BATS_FILE_TMPDIR/1.3.7" "$peers" --with old --define "peer 1.3.7" &&
		pack "$BATS_FILE_TMPDIR/1.3.10" "$peers" --define "peer 1.3.10" &&
		pack "$BATS_FILE_TMPDIR/1.3.13" "$peers" --define "peer 1.3.13" \
			--define "system_provides $system"
}

# Make a root with a shell and the few programs that scriptlets call. Programs whose call
# is all that matters only log it. Its RPM database has "base" and the peer's librtas.
make_base()
{
	local base=$BATS_FILE_TMPDIR/base folder program file

	mkdir -p "$base"/usr/{bin,sbin,lib,lib64} "$base"/{etc,var/lib/rpm,run/systemd/system}
	for folder in bin sbin lib lib64; do
		ln -s usr/$folder "$base/$folder"
	done
	for program in dash ln mv readlink rm; do
		cp "$(command -v $program)" "$base/usr/bin"
		ldd "$(command -v $program)" | grep -o '/[^ ]*' | while read -r file; do
			mkdir -p "$base${file%/*}"
			[[ -e $base$file ]] || cp -L "$file" "$base$file"
		done
	done
	ln -s dash "$base/usr/bin/sh"
	for program in sbin/ldconfig sbin/dkms bin/systemctl; do
		printf '#!/bin/sh\necho "%s $*" >>/etc/called\n' "${program#*/}" >"$base/$program"
		chmod 755 "$base/$program"
	done
	root=$base rpm_in -U "$BATS_FILE_TMPDIR/1.3.13/base.rpm" "$BATS_FILE_TMPDIR/1.3.10/librtas.rpm"
}

# rpm uses only the database in $root of the host's. Debian's rpm first prints a warning
# about itself.
# shellcheck disable=SC2154 # root: of the test
rpm_in() # ARGUMENT...
{
	local all status=0 foreign=

	[[ $1 != -U ]] || foreign=--ignorearch
	all=$(as_root rpm --root "$root" --dbpath /var/lib/rpm $foreign "$@" 2>&1) || status=$?
	grep -vE '^rpm: (RPM should not be used|However assuming)|^$' <<<"$all" || :
	return $status
}

# install PEER-VERSION | ours | upgrade NAME...: all in one transaction
install()
{
	local folder=$1 name files=()

	shift
	for name; do
		files+=("$(package "$folder" "$name")")
	done
	rpm_in -U "${files[@]}"
}

package() # FOLDER NAME
{
	echo "$BATS_FILE_TMPDIR/$1/$2".rpm "$BATS_FILE_TMPDIR/$1/$2"-[0-9]*.rpm | tr ' ' '\n' |
		while read -r file; do [[ ! -e $file ]] || echo "$file"; done
}

transaction() # [+FILE | -NAME]...
{
	as_root /usr/bin/python3 "$rpms_sources/tests/peers/rpms/transaction" "$root" "$@"
}

# Print the owner of a file in the root: ours, the peer's version, or -.
whose() # FILE TARGET
{
	if [[ -L $1 && $(readlink "$1") == "$2" && -e $1 ]]; then
		echo ours
	elif [[ -f $1 && ! -L $1 ]]; then
		sed -n 's/^peer \(.*\) .*/\1/p' "$1"
	elif [[ ! -e $1 && ! -L $1 ]]; then
		echo -
	else
		ls -l "$1"
	fi
}

# names_are WHOSE ASIDE: the usual names of programs and pages lead to WHOSE, and ASIDE is
# diverted.
names_are()
{
	local sbin=$root/usr/sbin man=$root/usr/share/man/man8 name hooks=$1 hooks_aside=-

	[[ $1 == [!1]* || $1 == 1.3.13 ]] || hooks=-
	[[ $2 != 1.3.13 ]] || hooks_aside=$2
	diff <(
		for name in drmgr lsslot ofpathname; do
			echo "$name $1 $2"
		done
		for name in drmgr lsslot ofpathname; do
			echo "$name.8 $1 $2"
		done
		echo "drmgr-hooks.8 $hooks $hooks_aside"
	) <(
		for name in drmgr lsslot ofpathname; do
			echo "$name $(whose "$sbin/$name" "../libexec/papr/$name")" \
				"$(whose "$sbin/$name.powerpc-utils" -)"
		done
		for name in drmgr lsslot ofpathname drmgr-hooks; do
			echo "$name.8 $(whose "$man/$name.8.gz" "$name.8papr.gz")" \
				"$(whose "$man/$name.powerpc-utils.8.gz" -)"
		done
	)
}

# rpm -V reports nothing, or links in place of the peers' files.
verify_is_clean()
{
	run rpm_in -Va
	echo "$output"
	[[ $status -eq 0 && -z $output ]]
}

only_links_differ() # NUMBER
{
	run rpm_in -Va
	echo "$output"
	[[ $(grep -cE '^\.\.\.\.L\.\.\.\. +(d )?/usr/(sbin|share/man/man8)/(drmgr|lsslot|ofpathname)' \
		<<<"$output") -eq $1 && $(wc -l <<<"$output") -eq $1 ]]
}

# Print all files in the root, without the database and the log of calls; of folders,
# which a system shares, only those with our name.
names_of_root()
{
	(cd "$root" && find . ! -path './var/lib/rpm*' ! -path ./etc/called \
		\( ! -type d -o -name '*papr*' \) | LC_ALL=C sort)
}
