# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # set by run
#
# json.bash - check documents of --json with the installed schemas
#
# guest/verbs checks every document that a command in the guest prints. Tests of commands
# on this machine call these functions.

_json_tests=$(dirname "${BASH_SOURCE[0]}")

json_check() # [--lines] [NAME] <DOCUMENT
{
	local status=0 options=() wanted=()

	if [[ ${1-} == --lines ]]; then
		options=("$1")
		shift
	fi
	[[ -z ${1-} ]] || wanted=("$1")

	"$_json_tests/json-check" "${options[@]}" "$_json_tests/../../data/schema" "${wanted[@]}" ||
		status=$?
	[[ $status -ne 77 ]] || return 0
	return "$status"
}

# Fail unless $output is a document of schema papr.NAME/1; with --lines, after its events.
assert_json_schema() # [--lines] [NAME]
{
	local problems

	if ! problems=$(json_check "$@" <<<"$output"); then
		batslib_print_kv_single_or_multi 8 problems "$problems" document "$output" |
			batslib_decorate "not a document of its schema" | fail
	fi
}
