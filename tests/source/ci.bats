#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here-sim
# The examples for pipelines: what they install, the options of containers, and the steps of
# the workflow in a new Debian system (make check-ci).

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

setup()
{
	source=$(cd "${top_srcdir:-.}" && pwd)
	workflow=$source/examples/ci/workflow.yml
	containerfile=$source/examples/ci/Containerfile
	page=$source/man/papr-vmm.1
}

# The words of a command, one a line, from its install on
installs() # FILE
{
	sed -n '/apt-get .*install \\/,/[^\\]$/p' "$1" | tr -d '\\&;' | tr -s ' \t' '\n' |
		sed '1,/^install$/d' | grep -E '^[a-z]+[a-z0-9.+-]+$' | grep -vxE 'rm|useradd' | sort -u
}

@test "workflow and Containerfile install what quickstart does" {
	local lists compiling simulating

	lists=$(sed -n '/^compiling=/,/"$/p; /^simulating=/,/"$/p' "$source/quickstart")
	eval "$lists"
	# shellcheck disable=SC2086 # words
	printf '%s\n' $compiling $simulating | sort -u >"$BATS_TEST_TMPDIR/wanted"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/wanted")" -gt 8 ]
	diff "$BATS_TEST_TMPDIR/wanted" <(installs "$workflow")
	diff "$BATS_TEST_TMPDIR/wanted" <(installs "$containerfile")
}

# The options of containers in a line, and the lines that follow
options() # FIRST-LINE FILE LINES
{
	grep -A"$3" -e "$1" "$2" | grep -oE -- '--(device|security-opt) [a-z/=A-Z]+' | sort -u
}

@test "the options of containers are those of the manual" {
	diff <(options '^docker run' "$page" 2) <(options 'options: >-' "$workflow" 4)
	diff <(options '^podman run' "$page" 1) <(options '^#   podman run' "$containerfile" 1)
	[ "$(options '^docker run' "$page" 2 | wc -l)" -eq 4 ]
	[ "$(options '^podman run' "$page" 1 | wc -l)" -eq 3 ]
}

@test "root runs only what installs" {
	run -0 "$source/tests/source/ci-steps" --list
	assert_output "Packages: bash -e {0}
Build, and plug a card in a simulated guest: runuser -u ci -- bash -e {0}
Check what a guest needs here: runuser -u ci -- bash -e {0}
Install: bash -e {0}
Remove and add a card in a guest: runuser -u ci -- bash -e {0}"
}

@test "the steps of the workflow succeed in a new system" {
	[[ ${CI_WORK:-} ]] || skip 'make check-ci runs it'
	[[ $(id -u) -eq 0 ]] || skip 'only root can create a new system'
	run timeout 3600 "$source/tests/in-release" "${top_builddir:-build}" "$CI_WORK" trixie \
		sh -c 'mknod -m 666 /run/fuse c 10 229 && mount --bind /run/fuse /dev/fuse &&
			{ userdel -r ci 2>/dev/null || true; } && rm -rf /srv/checkout &&
			cp -a . /srv/checkout && exec /srv/checkout/tests/source/ci-steps'
	echo "$output"
	assert_success
	assert_line 'C16 (0x40000010): configured 0000:00:02.0 e1000 eth0'
	# Before and after
	assert_equal "$(grep -c '^C16 .* 0000:00:02.0$' <<<"$output")" 2
	assert_line --regexp '^guest +ok$'
}
