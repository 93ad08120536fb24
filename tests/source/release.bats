#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here
#
# build-aux/release, which "make release" calls, in a small project with the same files about
# the version.

# shellcheck disable=SC2154 # set by bats

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

setup()
{
	local source
	source=$(cd "${top_srcdir:-.}" && pwd)

	command -v git >/dev/null || skip 'git is missing'
	cd "$BATS_TEST_TMPDIR"
	mkdir -p p/build-aux p/debian home
	export HOME=$PWD/home GNUPGHOME=$PWD/home
	chmod 700 home
	cd p
	cp "$source/configure.ac" .
	cp "$source/debian/changelog" debian
	cp "$source/build-aux/release" build-aux
	echo 'papr-toolkit 1.2.3 (2026-11-23)' >ChangeLog
	sed -i 's/^AC_INIT(\[papr-toolkit\], \[[^]]*/AC_INIT([papr-toolkit], [1.2.3/' configure.ac
	sed -i '1s/(.*)/(1.2.3)/; s/^\( -- .*>  \).*/\1Mon, 23 Nov 2026 00:00:00 +0000/' debian/changelog
	printf 'distdir:\n\tmkdir $(distdir)\n\tcp -R ChangeLog debian $(distdir)\n' >Makefile
	echo /release >.gitignore
	git init -q
	git config user.name tester
	git config user.email tester@test.example
	commit
	unset RELEASE_KEY
}

teardown()
{
	gpgconf --kill gpg-agent 2>/dev/null || true
}

commit()
{
	git add -A
	git commit -q -m change
}

# Nothing is left.
refused() # LINE
{
	run -1 build-aux/release .
	assert_output "release: $1"
	run -0 git status --porcelain --ignored
	refute_output --partial release
}

@test "a release is refused if versions or dates differ, or a change is not committed" {
	echo >>ChangeLog
	refused 'there are uncommitted changes; see git status'
	sed -i '1s/2026-11-23/not yet released/' ChangeLog
	commit
	refused 'ChangeLog: 1.2.3 has no date'
	sed -i '1s/not yet released/2026-11-24/' ChangeLog
	commit
	refused 'debian/changelog and ChangeLog have different dates of 1.2.3'
	sed -i 1s/1.2.3/1.2.4/ debian/changelog
	commit
	refused 'debian/changelog does not begin with 1.2.3, the version of configure.ac'
	sed -i 1s/1.2.3/1.2.4/ ChangeLog
	commit
	refused 'ChangeLog does not begin with papr-toolkit 1.2.3, the version of configure.ac'
	rm -rf .git
	run -1 build-aux/release .
	assert_output "release: $PWD: not a checkout with git"
}

@test "a release that cannot be made or signed leaves nothing" {
	command -v gpg >/dev/null || skip 'gpg is missing'
	RELEASE_KEY=nobody refused 'RELEASE_KEY: gpg has no secret key nobody'
	echo 'distdir: ; mkdir $(distdir); echo no space; exit 1' >Makefile
	commit
	run -1 build-aux/release .
	assert_line 'no space'
	assert_line 'release: make distdir failed'
	[ -z "$(git status --porcelain --ignored)" ]
}

@test "a commit always has the same tarball, with its checksum and signature" {
	command -v gpg >/dev/null || skip 'gpg is missing'
	gpg --batch --quiet --passphrase '' --quick-gen-key tester@test.example ed25519 sign
	RELEASE_KEY=tester@test.example run -0 build-aux/release .
	cd release
	run -0 ls
	assert_output $'SHA256SUMS\npapr-toolkit-1.2.3.tar.xz\npapr-toolkit-1.2.3.tar.xz.asc'
	sha256sum --check SHA256SUMS
	gpg --verify papr-toolkit-1.2.3.tar.xz.asc papr-toolkit-1.2.3.tar.xz
	run -0 tar tf papr-toolkit-1.2.3.tar.xz
	assert_line papr-toolkit-1.2.3/ChangeLog
	cd ..
	mv release ../first
	touch ChangeLog
	(umask 077 && TZ=Pacific/Auckland build-aux/release .)
	cmp release/papr-toolkit-1.2.3.tar.xz ../first/papr-toolkit-1.2.3.tar.xz
	[ ! -e release/papr-toolkit-1.2.3.tar.xz.asc ]
}
