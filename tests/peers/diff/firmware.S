/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * firmware.S - the program of the reference machine: it makes the hypercalls that it
 * finds in memory
 *
 * The box at 16 MiB has a doorbell, then r3..r12 for the call and, at 0x88, r3..r9 after
 * it. A doorbell that is not 0 starts a call, and is 0 again when the call has ended.
 *
 * Loaded at 0 by -bios, entered at 0x100 in 64-bit big-endian real mode. A processor
 * started by start-cpu can be sent to park.
 */
	.set	box, 0x1000000
	.set	in, 8
	.set	out, 0x88

	.machine power9
	.text
	.org	0x100
	lis	%r31, box@h
wait:	ld	%r30, 0(%r31)
	cmpdi	%r30, 0
	beq	wait
	isync

	.irp	n, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
	ld	%r\n, in + 8 * (\n - 3)(%r31)
	.endr
	sc	1
	.irp	n, 3, 4, 5, 6, 7, 8, 9
	std	%r\n, out + 8 * (\n - 3)(%r31)
	.endr

	li	%r30, 0
	sync
	std	%r30, 0(%r31)
	b	wait

	/* The recorded claims of the client interface begin after a firmware of this
	 * size. */
	.org	0x170
park:	b	park
