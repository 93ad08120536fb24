#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: here-sim papr-vmm
# shellcheck disable=SC2016 # shells in an environment
# papr-vmm doctor, where each of a guest's needs is missing in turn: it names the need and
# the repair, papr-vmm run names the same, and works exactly if doctor says so.

bats_require_minimum_version 1.5.0
load ../../lib/sim
load ../../lib/json

setup()
{
	sim_setup
	open_programs "$GUEST_STAGE/usr/lib/guest/lacking"
	GUEST_VMM=$open_vmm LACKING=$opened/lacking
	T=$BATS_TEST_TMPDIR
	cd "$T" || return
	[[ $(id -u) -eq 0 ]] || skip 'only root can take something away'
	mknod -m 666 fuse c 10 229
	# As an ordinary user, with a /dev/fuse that users may open
	as_user=(unshare -m sh -c 'mount --bind "$0" /dev/fuse && cd / && exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"' "$T/fuse")
}

# With other contents of /proc/sys/kernel, each NAME=VALUE
with_sysctls() # NAME=VALUE... -- COMMAND...
{
	mkdir -p "$T/kernel"
	while [[ $1 != -- ]]; do
		mkdir -p "$(dirname "$T/kernel/${1%=*}")"
		echo "${1#*=}" >"$T/kernel/${1%=*}"
		shift
	done
	unshare -m sh -c 'mount --bind "$1" /proc/sys/kernel && shift && exec "$@"' sh "$T/kernel" "${@:2}"
}

# As root of a user namespace with a range of ids, as in a container
with_ids() # COMMAND...
{
	local child

	rm -f go && mkfifo go
	unshare -U sh -c 'read -r _ <go; exec "$@"' sh "$@" &
	child=$!
	wait_until '! readlink "/proc/$child/ns/user" | grep -qxF "$(readlink /proc/self/ns/user)"'
	echo '0 0 65536' >"/proc/$child/uid_map"
	echo '0 0 65536' >"/proc/$child/gid_map"
	echo >go
	wait "$child"
}

# In a mount namespace after these commands
after() # SCRIPT COMMAND...
{
	unshare -m --propagation private sh -c "$1"' && exec "$@"' sh "${@:2}"
}

# Run doctor and a guest in this environment, whose words precede a command. Both name the
# problem and the command that mends it.
lacks() # NAME PROBLEM REPAIR ENVIRONMENT...
{
	local name=$1 problem=$2 repair=$3 document said

	shift 3
	echo "== $*"
	run -1 --separate-stderr "$@" timeout -k 1 60 "$GUEST_VMM" doctor </dev/null
	echo "$output$stderr"
	[[ -z $stderr && $output == *"$problem"*"$repair"* ]]
	run -1 --separate-stderr "$@" timeout -k 1 60 "$GUEST_VMM" doctor --json </dev/null
	assert_json_schema doctor
	document=$output
	jq -e --arg name "$name" --arg problem "$problem" --arg repair "$repair" \
		'.works == false and (.checks[] | select(.name == $name) |
			.result == "missing" and (.problem | contains($problem)) and
			any(.repairs[]; .command | contains($repair)))' <<<"$document"
	run -125 --separate-stderr "$@" timeout -k 1 60 "$GUEST_VMM" -m 512M run -- true </dev/null
	echo "run: $stderr"
	[[ $stderr != *$'\n'* && $stderr == 'papr-vmm: '*'; see papr-vmm doctor' ]]
	# It names the first need; the others follow in the list.
	said=$(jq -r '[.checks[] | select(.result == "missing")][0].problem' <<<"$document")
	[[ $stderr == *"$said"* ]]
}

works() # ENVIRONMENT...
{
	run -0 --separate-stderr "$@" timeout -k 1 60 "$GUEST_VMM" doctor --json </dev/null
	echo "$output$stderr"
	assert_json_schema doctor
	jq -e '.works and all(.checks[]; .result == "ok")' <<<"$output"
	run -0 "$@" timeout -k 1 60 "$GUEST_VMM" -m 512M run -- true </dev/null
}

@test "nothing is missing: for root, for a user, in a user namespace, without a terminal" {
	works
	works "${as_user[@]}"
	works unshare -Ur
	works with_ids
	works env -i
	works after 'exec <&-; cd /'
	run -125 "$GUEST_VMM" doctor --frob
	assert_output 'papr-vmm: doctor: --frob: unknown option'
	run -125 bash -c "'$GUEST_VMM' doctor >/dev/full"
}

@test "/dev/fuse: missing, another file, of another user" {
	chmod 600 fuse
	lacks fuse 'this user may not open /dev/fuse (mode 600)' 'chmod 666 /dev/fuse' "${as_user[@]}"
	touch file
	lacks fuse '/dev/fuse is not the device of FUSE' 'mknod -m 666 /dev/fuse c 10 229' \
		after 'mount --bind file /dev/fuse'
	lacks fuse '/dev/fuse does not exist' 'modprobe fuse' \
		after 'mkdir -p dev && mount -t tmpfs dev dev && for f in null zero full random urandom tty; do
			touch dev/$f && mount --bind /dev/$f dev/$f; done && mount --move dev /dev'
	lacks fuse '/dev/fuse cannot be used' 'mknod -m 666 /dev/fuse c 10 229' \
		after 'mkdir -p nodev && mount -t tmpfs -o nodev nodev nodev && mknod -m 666 nodev/fuse c 10 229 &&
			mount --bind nodev/fuse /dev/fuse'
}

@test "limits: of namespaces, of processes" {
	local limit='echo "$1" >"/proc/sys/user/max_$0_namespaces" && shift'

	lacks namespaces 'the limit user.max_user_namespaces is 0' 'sysctl -w user.max_user_namespaces=' \
		unshare -Ur sh -c "$limit"' && exec "$@"' user 0
	lacks namespaces 'the limit user.max_user_namespaces is 1' 'sysctl -w user.max_user_namespaces=' \
		unshare -Ur sh -c "$limit"' && exec "$@"' user 1
	lacks namespaces 'the limit user.max_net_namespaces is 0' 'sysctl -w user.max_net_namespaces=' \
		unshare -Ur sh -c "$limit"' && exec "$@"' net 0
	lacks namespaces 'the limit of processes is reached' 'ulimit -u unlimited' \
		"$LACKING" clone3=EAGAIN --
	lacks namespaces 'the limit of open files is reached' 'ulimit -n 1024' "$LACKING" clone3=EMFILE --
}

@test "sysctls of distributions" {
	lacks namespaces 'permits no user namespaces of users' 'sysctl -w kernel.unprivileged_userns_clone=1' \
		with_sysctls unprivileged_userns_clone=0 -- "${as_user[@]}" "$LACKING" clone3=EPERM --
	lacks mounts 'AppArmor restricts user namespaces' 'sysctl -w kernel.apparmor_restrict_unprivileged_userns=0' \
		with_sysctls apparmor_restrict_unprivileged_userns=1 -- "${as_user[@]}" "$LACKING" mount=EPERM --
	lacks memory 'kernel.yama.ptrace_scope is 3' 'reboot' \
		with_sysctls yama/ptrace_scope=3 -- "$LACKING" process_vm_readv=EPERM --
}

@test "what a container hides: a part of /proc, system calls" {
	local call

	# Another procfs in the mount namespace, of a debootstrap for example, would do.
	lacks proc 'mounts hide a part of /proc: /proc/version, /proc/driver' 'umount -l $(awk' \
		after 'awk '"'"'$3 == "proc" && $2 != "/proc" { print $2 }'"'"' /proc/mounts | xargs -r umount -l; mount --bind /dev/null /proc/version; mount -t tmpfs none /proc/driver'
	lacks namespaces 'a seccomp filter refuses new namespaces' 'seccomp=unconfined' "$LACKING" clone3=ENOSYS unshare=EPERM mount=EPERM --
	lacks namespaces 'a seccomp filter refuses new namespaces' 'seccomp=unconfined' "$LACKING" clone3=EPERM --
	lacks namespaces 'a seccomp filter refuses new namespaces' 'seccomp=unconfined' "$LACKING" unshare=EPERM --
	lacks mounts 'a seccomp filter refuses mounts' 'seccomp=unconfined' "$LACKING" mount=EPERM --
	lacks mounts 'a seccomp filter refuses mounts' 'seccomp=unconfined' "$LACKING" mount_setattr=ENOSYS --
	lacks seccomp 'a seccomp filter refuses seccomp' 'seccomp=unconfined' "$LACKING" seccomp=EPERM --
	lacks seccomp 'receives the system calls' 'seccomp=unconfined' "$LACKING" seccomp=EBUSY --
	lacks memory 'a seccomp filter refuses process_vm_readv' 'seccomp=unconfined' "$LACKING" process_vm_readv=EPERM --
	for call in pivot_root setns; do
		lacks guest 'Operation not permitted' 'seccomp=unconfined' "$LACKING" $call=EPERM --
	done
}

# Without this call, doctor and run end within ten seconds, and agree.
agrees() # ENVIRONMENT...
{
	local status document

	echo "== $*"
	run --separate-stderr "$@" timeout -k 1 10 "$GUEST_VMM" doctor --json </dev/null
	status=$status document=$output
	((status == 1))
	run -125 --separate-stderr "$@" timeout -k 1 10 "$GUEST_VMM" -m 512M run -- true </dev/null
	echo "run: $stderr; doctor: $document"
	[[ $stderr == 'papr-vmm: '* && $stderr != *$'\n'* ]]
	[[ $stderr == *"$(jq -r '[.checks[] | select(.result == "missing")][0].problem' <<<"$document")"* ]]
}

@test "calls that a profile of a container does not know" {
	local error call

	for error in EPERM ENOSYS; do
		works "$LACKING" close_range=$error --
		for call in clone3 epoll_create1 eventfd2 memfd_create mount_setattr pivot_root setns signalfd4 socketpair unshare; do
			agrees "$LACKING" $call=$error --
		done
	done
	lacks guest 'cannot start: Operation not permitted' 'seccomp=unconfined' "$LACKING" eventfd2=EPERM --
}

# The limit counts all processes of this user, whom no other test uses. doctor needs one more
# than run.
@test "few processes" {
	local n limited

	for n in 3 4; do
		limited=("${as_user[@]:0:4}" 'mount --bind "$0" /dev/fuse && cd / && N=$1 && shift &&
			exec prlimit --nproc=$N:$N setpriv --reuid '$((60000 + BASHPID % 5000))' --regid 65534 --clear-groups "$@"' "$T/fuse" $n
			timeout -k 1 10 "$GUEST_VMM")
		run -1 "${limited[@]}" doctor </dev/null
		assert_output --partial 'the limit of processes is reached'
		run -125 --separate-stderr "${limited[@]}" -m 512M run -- true </dev/null
		echo "$n: $stderr"
		[[ $stderr == 'papr-vmm: '*'Resource temporarily unavailable'* && $stderr != *$'\n'* ]]
	done
}

@test "sandboxes: Landlock, proot, libraries of LD_PRELOAD" {
	local library=$GUEST_STAGE/usr/lib/guest/failcall.so

	if grep -q '^Seccomp:.*0' /proc/self/status && "$LACKING" landlock -- true; then
		lacks mounts 'probably Landlock' 'outside of the sandbox' "$LACKING" landlock --
	fi
	ln -s "$(command -v strace)" proot
	run -1 ./proot -f -qq -o /dev/null -e trace=mount -e inject=mount:error=ENOENT:when=4+ "$GUEST_VMM" doctor
	assert_line --partial 'proot runs this process'
	assert_line --partial 'without proot'
	cp "$library" libfakeroot-x.so
	run -0 env LD_PRELOAD="$T/libfakeroot-x.so:$library" "$GUEST_VMM" -m 512M run -- sh -c 'echo $LD_PRELOAD; grep -c fakeroot /proc/self/maps; true'
	assert_output "$library"$'\n0'
	LD_PRELOAD=$library "$GUEST_VMM" -m 512M run -- sleep 20 3>&- &
	wait_until '"$GUEST_VMM" attach $! -- true 2>/dev/null'
	refute grep -q failcall "/proc/$!/maps"
	kill $!
	run -0 env LD_PRELOAD=libfakeroot-x.so LD_LIBRARY_PATH="$T" FAKEROOTKEY=1 "$GUEST_VMM" doctor
	assert_line 'guest           ok: fakeroot does not reach into it; start fakeroot in the guest'
}

@test "a read-only /proc, and a root without capabilities" {
	lacks user-ids 'user ids cannot be mapped: Read-only' 'mount -o remount,rw /proc' after 'mount -o remount,bind,ro /proc'
	lacks user-ids 'user ids cannot be mapped' '--cap-add SETUID' setpriv --bounding-set=-all
}

@test "all that a container of docker lacks is listed at once" {
	touch file
	run -1 after 'mount --bind file /dev/fuse; mount --bind /dev/null /proc/version' \
		"$LACKING" clone3=ENOSYS unshare=EPERM mount=EPERM pivot_root=EPERM seccomp=EPERM -- "$GUEST_VMM" doctor
	assert_line --partial 'new namespaces'
	assert_line --partial '/dev/fuse is not the device'
	assert_line --partial 'mounts hide a part of /proc'
	assert_line --partial 'a seccomp filter refuses seccomp'
}

@test "in a guest, and in a chroot" {
	run -1 "$GUEST_VMM" -m 512M run -- "$GUEST_VMM" doctor
	assert_line --partial 'missing: mounts hide a part of /proc'
	assert_line --partial '/dev/fuse does not exist'
	assert_line --partial 'a program receives the system calls of this process already'
	mkdir root
	lacks namespaces 'Linux permits no user namespace in a chroot' 'bwrap or systemd-nspawn' \
		after 'mount --rbind / root' chroot root
}

@test "probes leave nothing" {
	computer()
	{
		sort /proc/self/mounts
		! pgrep -fx "papr-vmm run -- true|$GUEST_VMM doctor.*"
	}
	computer >before
	works
	computer | diff before -
}
