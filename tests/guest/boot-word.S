/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boot-word.S - a program that firmware boots from a disk: it prints 16 bytes on the
 * console, and loops, or returns to the firmware
 *
 * Loaded by its program header, entered in 32-bit big-endian mode with the address of the
 * client interface in r5. The bytes are the symbol "word" of another source file. With the
 * symbol "returns", the program ends by the service "exit".
 */
	.set	h_put_term_char, 0x58

	.machine power8
	.text
	.globl	_start
_start:	mr	%r30, %r5
	lis	%r31, word@ha
	addi	%r31, %r31, word@l
	ld	%r6, 0(%r31)
	ld	%r7, 8(%r31)
	li	%r3, h_put_term_char
	li	%r4, 0
	li	%r5, 16
	sc	1
	.ifdef	returns
	lis	%r3, exit@ha
	addi	%r3, %r3, exit@l
	mtctr	%r30
	bctrl
	.endif
stay:	b	stay

	.ifdef	returns
	.balign	8
exit:	.long	service, 0, 0
service: .asciz	"exit"
	.endif
