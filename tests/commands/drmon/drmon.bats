#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sim-once guest debian drmgr lsslot drmon
# drmon's screen: its first contents, plugged and unplugged cards, operations of drmgr,
# terminals of several kinds, and the state of the terminal at the end.

# shellcheck disable=SC2016,SC2154 # for the guest's shell; set by the verbs

load ../../guest/verbs
load ../../lib/cards
load ../../lib/drmon

setup_file()
{
	terminal_wanted
	guest_boot -smp 2,maxcpus=4 -m 1G,slots=4,maxmem=2G \
		-blockdev node-name=disk0,driver=null-co,size=1048576,read-zeroes=on
}

setup()
{
	cards_setup
	columns=80 rows=24 screen_env=
}

teardown()
{
	screen_stop
	guest_sh 'kill -9 $(pidof drmon drmgr); drmgr --recover; true' >/dev/null
	cards_teardown
	assert_no_oops
}

# The terminal is restored: line mode, echo, and no text of the screen.
ended() # STATUS
{
	shows "^ended $1\$"
	guest_until 'test -s /tmp/stty'
	guest cat /tmp/stty
	assert_stdout --regexp '[^-]icanon'
	assert_stdout --regexp '[^-]echo '
	shows_no 'Events'
	guest rm -f /tmp/stty
}

@test "drmon shows what the partition owns, and q restores the terminal [drmon-start]" {
	screen_start
	shows 'PHB 0'
	keys Home
	shows_file start
	keys q
	ended 0
}

@test "a plugged card is shown as waiting; the plan is refused, then accepted [drmon-add]" {
	local plan=plan
	screen_start
	shows 'PHB 0'
	# newer kernels query the connectors themselves
	[[ $screen != *'backend dlpar '* ]] || plan=plan-dlpar
	plug n0 virtio-net-pci 3 "$nic"
	keys C-l
	shows 'PCI +C24 +0x40000018 +present'
	keys Home
	keys a
	shows_file $plan
	keys n
	shows 'C24 .* present'
	guest lsslot -c pci -s C24
	assert_stdout --partial Empty
	keys a
	shows 'y: yes'
	keys y
	shows 'C24 .* configured'
	shows 'drmgr -c pci -a -s C24 -n +done'
	shows 'pci 0000:00:03.0 added'
	shows_file added
	keys Enter
	shows 'devices\[0\].driver +virtio-pci'
	shows '^last operation'
	keys x r
	shows 'y: yes'
	keys y
	shows 'drmgr -c pci -r -s C24 -n +done'
	shows 'pci 0000:00:03.0 removed'
	shows 'C24 .* present' # the card is still in the slot
	guest lsslot -c pci -s C24
	assert_stdout --partial Empty
}

@test "the plan of a removal lists what is removed [io-remove-lost-drmon]" {
	plug b0 virtio-blk-pci 3 '"drive": "disk0", "romfile": ""'
	guest drmgr -c pci -a -s C24 -n
	guest_until 'test -e /sys/class/block/vda'
	guest_sh -0 'mkdir -p /mnt && mount -t tmpfs /dev/vda /mnt'
	screen_start '-c pci'
	shows 'C24 .* configured'
	keys Home r
	shows '^Linux loses:$'
	shows '^  C24: .* vda, driver virtio-pci$'
	shows '^  in use: /dev/vda is mounted on /mnt'
	shows 'y: yes'
	keys n
	guest umount /mnt
}

@test "C adds all waiting cards, and i switches a light to identify and back [drmon-all]" {
	screen_start '-c pci'
	plug n0 virtio-net-pci 3 "$nic"
	plug n1 virtio-net-pci 4 "$nic"
	keys C-l
	shows 'C32 .*present'
	keys C
	shows '^drmgr -c pci -a -n$'
	keys y
	shows 'C24 .* configured'
	shows 'C32 .* configured'
	keys End i
	shows 'C32: the light is in its identify state \(i: back\)'
	shows 'drmgr -c pci -i -s C32 -n +done'
	keys Home
	shows '  light C32'
	keys End i
	shows 'C32: the light is back in its normal state'
	shows 'drmgr -c pci -i -s C32 +done'
	keys Home
	shows_no '  light'
}

@test "steps and lock of a running drmgr are shown, and after a kill the possible actions [drmon-run]" {
	screen_start
	shows 'lock: free'
	# drmgr waits half a minute for a card that is not plugged.
	guest_sh 'drmgr -c pci -a -s C8 -n >/dev/null 2>&1 & true'
	shows 'drmgr -c pci -a -s C8 -n +pid [0-9]+ +[0-9.]+ s$'
	shows '^ [0-9]+ waits: repeats sense: '
	shows 'lock: pid [0-9]+$'
	guest_sh 'kill -9 $(pidof drmgr)'
	shows 'C8 \(0x40000008\): incomplete since .* of PID [0-9]+ \(d'
	shows '^ run drmgr --recover \(R\)'
	shows 'lock: free  1 incomplete'
	shows 'C8 .* incomplete'
	keys R
	shows 'y: yes'
	keys y
	shows 'drmgr --recover +done'
	keys R
	shows 'R: no run was interrupted'
	guest -0 test ! -e /run/drmgr/journal
}

@test "a failing drmgr and its rollback are shown [drmon-fail]" {
	screen_start
	shows 'lock: free'
	guest_sh 'drmgr -c pci -a -s C8 -n >/dev/null 2>&1 & true'
	shows '[0-9]+ waits: repeats sense: '
	guest_sh 'kill -TERM $(pidof drmgr)'
	shows 'drmgr -c pci -a -s C8 -n +failed: '
	shows 'lock: free'
}

@test "a plan that is impossible asks no question [drmon-no-plan]" {
	screen_start '-c phb'
	keys Home a
	shows '^-- drmgr refuses this'
	shows 'already owned'
	shows '^code: already-there$'
	shows '^hint: Select another connector'
	keys y
	shows 'PHB 0 .*owned'
}

@test "a plan for an empty slot is refused at once [drmon-no-card]" {
	local begin

	screen_start '-A -c pci'
	shows 'C11 '
	keys G
	begin=$SECONDS
	keys a
	shows '^-- drmgr refuses this'
	shows 'No PCI card was detected'
	[ $((SECONDS - begin)) -lt 20 ]
}

@test "filters, types, all connectors, order and numbers are shown as chosen [drmon-filter]" {
	screen_start
	shows 'PHB 0'
	keys / s t a t e : o w n e d
	shows '^ /state:owned_'
	shows_no 'not-owned'
	keys Enter
	shows 'filter state:owned'
	keys Escape
	shows '^ [0-9] of 2[0-9]{2} shown, 2[0-9]{2} not owned \(A: all\)'
	keys A
	shows '^ 2[0-9]{2} of 2[0-9]{2} shown, [0-9] owned \(A: only these\)'
	shows 'page [0-9]+/2[0-9]'
	keys t
	shows 'type pci'
	keys t t t
	shows 'type cpu'
	shows 'CPU 0-1'
	keys Enter
	shows 'CPU +CPU 1 '
	keys Enter
	shows 'CPU 0-1'
	keys t t / p h b Enter s s
	shows 'sorted by Name'
	keys Home
	shows '^>PHB +PHB 0 '
	keys S Home
	shows 'PHB 30'
	shows_no 'LMB 5'
	keys 3 G
	shows '^>PHB +PHB 28'
	keys End
	shows 'page ([0-9])/\1$'
	keys '?'
	shows_file help
}

@test "a row of LMBs is expanded and collapsed [drmon-runs]" {
	screen_start '-A -c mem'
	shows 'LMB 4-7 +0x80000004 +not-owned +- +1 GiB'
	keys End a
	shows 'a: this line is a group: enter opens it, \+ and - count'
	keys Enter
	shows 'LMB 7 +0x80000007 +not-owned +- +256 MiB'
	keys End Enter
	shows 'LMB 4-7'
}

@test "the screen fits terminals of 200 x 60, 80 x 12, 40 x 8, and less [drmon-resize]" {
	screen_start
	shows 'PHB 0'
	terminal resize-window -x 200 -y 60
	shows '^ \? help'
	keys A End
	shows 'PHB +PHB 30'
	keys A Home
	terminal resize-window -x 80 -y 12
	shows '^-- Operation -+$'
	shows_no 'Events'
	terminal resize-window -x 40 -y 8
	shows 'PHB 0'
	shows_no 'Operation'
	terminal resize-window -x 39 -y 8
	shows '^drmon needs 40x8'
	terminal resize-window -x 80 -y 24
	shows 'Events'
	keys '?'
	shows 'Ctrl-L'
	terminal resize-window -x 60 -y 10
	shows '^-- Keys \(PgDn: 1 to [0-9] of [0-9]+\) -+$'
	terminal resize-window -x 20 -y 3
	shows '^drmon needs 40x8'
	terminal resize-window -x 80 -y 24
	shows '^-- Keys -+$'
	keys x +
	shows '^ Add how many LMBs\? _'
	terminal resize-window -x 40 -y 8
	shows '^ Add how many LMBs\? _.*~ page'
	keys Escape q
	ended 0
}

@test "no colour is used with NO_COLOR, or on a terminal without colours [drmon-colour]" {
	plug n0 virtio-net-pci 3 "$nic"
	screen_start
	shows 'C24 .*present'
	keys Down
	shows '^>PHB'
	terminal capture-pane -p -e
	assert_stdout --regexp $'\e\\[[0-9;]*33m.*C24'
	screen_stop
	for screen_env in NO_COLOR=1 TERM=vt100 TERM=xterm-mono; do
		screen_start
		shows 'C24 .*present'
		keys Down
		shows '^>PHB'
		terminal capture-pane -p -e
		refute_stdout --regexp $'\e\\[[0-9;]*3[0-7]m'
		screen_stop
	done
}

# The size of a terminal on a serial line is unknown, so that of its kind is used.
@test "a serial line has no size and no colour [drmon-serial]" {
	[ "${GUEST_KIND:-real}" = sim ] || skip "a real guest's stty knows no terminal without a size"
	screen_env="sh -c 'stty rows 0 cols 0 ispeed 9600 ospeed 9600; TERM=vt100 exec \$0'" screen_start
	shows 'PHB 0'
	shows '^ \? help'
	guest_sh 'stty -a -F "$(tmux -L drmon display-message -p "#{pane_tty}")"'
	assert_stdout --regexp 'speed 9600 baud; rows 0; columns 0;'
	keys q
	# the screen's text stays, except the line with the prompt
	shows '^ended 0$'
	guest_until 'test -s /tmp/stty'
	guest cat /tmp/stty
	assert_stdout --regexp '[^-]icanon'
	guest rm -f /tmp/stty
}

@test "drmon refuses an unknown or missing kind of terminal [drmon-terminal]" {
	screen_env=TERM=nonesuch screen_start
	shows 'ended 1'
	guest cat /tmp/drmon.err
	assert_stdout 'drmon: the terminal has an unknown type: nonesuch'
	guest -1 drmon
	assert_stderr 'drmon: not a terminal: use --once to print the table'
}

@test "a user without privileges can read, and not change [drmon-user]" {
	[[ ${GUEST_KIND:-real} == real || $(id -u) -eq 0 ]] || skip 'only root has other users here'
	guest_sh 'grep -qs ^nobody /etc/passwd || echo nobody:x:65534:65534::/:/bin/sh >>/etc/passwd
		chmod 755 /; su -s /bin/sh -c "drmon --once -c phb" nobody'
	assert_stdout --regexp 'PHB +PHB 0 +0x20000000 +owned'
	terminal -f /dev/null new-session -d -x 80 -y 24 \
		'su -s /bin/sh -c "TERM=$TERM exec drmon" nobody'
	shows 'PHB 0'
	shows ' only root can see the operations of drmgr'
	for key in a r i + - C; do
		keys $key
		shows " [$key]: only root may change connectors"
	done
}

@test "signals and kills leave a usable terminal [drmon-killed]" {
	local signal

	for signal in TERM HUP INT; do
		screen_start
		shows 'PHB 0'
		signal_drmon $signal guard
		ended 0
		screen_stop
	done
	for signal in KILL SEGV; do
		screen_start
		shows 'PHB 0'
		signal_drmon $signal screen
		ended "$((128 + $(kill -l $signal)))"
		screen_stop
	done
	# the process that watches drmon
	screen_start
	shows 'PHB 0'
	signal_drmon KILL guard
	guest_until '! pidof drmon'
	guest_sh 'stty -a -F "$(tmux -L drmon display-message -p "#{pane_tty}")"'
	assert_stdout --regexp '[^-]icanon'
}

@test "drmon does not wake up without an event [drmon-idle]" {
	screen_start --no-clock
	shows 'PHB 0'
	guest_sh 'for p in $(pidof drmon); do grep ctxt_sw /proc/$p/status; done; sleep 3;
		for p in $(pidof drmon); do grep ctxt_sw /proc/$p/status; done'
	[ "$(head -4 <<<"$output")" = "$(tail -4 <<<"$output")" ]
}

of_document() # EXPRESSION
{
	python3 -c 'import json, sys; d = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1" <<<"$output"
}

@test "J writes one JSON document to the file [drmon-file]" {
	screen_start
	keys J
	shows 'drmon.json: written'
	guest cat /tmp/drmon.json
	assert_json_schema drmon
	keys J
	shows 'drmon.json: File exists'
	guest rm /tmp/drmon.json
}

@test "--once prints the table or a document [drmon-once]" {
	plug n0 virtio-net-pci 3 "$nic"
	guest -0 drmon --once
	assert_stdout --regexp 'PCI +C24 +0x40000018 +present'
	refute_stdout --partial C32
	guest drmon --once --all -c pci
	assert_stdout --partial C32
	guest drmon --once -f 'phb state:owned'
	[ "${#lines[@]}" -ge 2 ]
	refute_stdout --partial LMB
	guest -0 drmon --once --json
	assert_json_schema drmon
	[ "$(of_document "[c['sense'] for c in d['connectors'] if c['name'] in ('C24', 'C32', 'PHB 0')]")" = \
		"['present', 'empty', 'present']" ]
	guest drmon --once --json -c mem -f 'not-owned'
	assert_json_schema drmon
	[ "$(of_document "[c['name'] for c in d['connectors']], d['operation'], d['events']")" = \
		"(['LMB 4', 'LMB 5', 'LMB 6', 'LMB 7'], None, [])" ]
	guest_sh 'drmgr -c pci -a -s C8 -n >/dev/null 2>&1 & wait_until "grep -qs ^done /run/drmgr/journal"
		drmon --once --json -f nothing; kill -9 $!; wait $! 2>/dev/null; true'
	assert_json_schema drmon
	[ "$(of_document "[d['operation'][k] for k in ('command', 'state')]")" = \
		"['drmgr -c pci -a -s C8 -n', 'running']" ]
	guest drmon --once --json -f nothing
	[ "$(of_document "d['operation']['state'], d['operation']['steps'][0]['status']")" = \
		"('incomplete', 'done')" ]
}
