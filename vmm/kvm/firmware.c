// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The guest's firmware: it starts the kernel, and passes the calls of the client interface
 * and of RTAS to the host. It places RTAS in memory itself.
 *
 * A guest's firmware runs in big-endian mode. It is assembled for this machine and copied
 * word by word, in the guest's byte order. It begins at address 0x100, where
 * papr_vmm_entry() starts the first processor.
 *
 * Source:  IEEE 1275 (client interface), PAPR+ 7.2.3 (instantiate-rtas); H_OF_CLIENT and /chosen as QEMU 7.2
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "vmm/kvm/kvm_parts.h"
#include "wire/builder.h"

enum { FIRMWARE_AT = 0x100, WORDS_MAX = 128 };

extern const uint32_t firmware_code[], firmware_code_end[];
extern const char firmware_names[], firmware_names_end[];

// clang-format off
asm("	.pushsection .rodata.firmware, \"a\"\n"
"	.balign	8\n"
"	.macro	address number, label\n"
"	li	\\number, 0x100 + \\label - firmware_code\n"
"	.endm\n"
"firmware_code:\n"
	/* r3, r4: the initrd. Keep them for the kernel. */
"	mr	30, 3\n"
"	mr	31, 4\n"
"	address	3, 2f\n"
"	bl	1f\n"
"	address	29, 2f\n"
"	lwz	4, 16(29)\n"
"	address	3, 3f\n"
"	stw	4, 12(3)\n"
"	bl	1f\n"
"	address	29, 4f\n"
"	ld	12, 0(29)\n"
"	mtctr	12\n"
"	mr	3, 30\n"
"	mr	4, 31\n"
"	address	5, 1f\n"
"	bctr\n"
	/* The client interface. r3: the call's cells. */
"1:	mflr	12\n"
"	lwz	5, 0(3)\n"
"	address	6, 9f\n"
"	bl	20f\n"
"	bne	10f\n"
"	lwz	5, 12(3)\n"
"	address	6, 11f\n"
"	bl	20f\n"
"	beq	30f\n"
"10:	mtlr	12\n"
"	mr	4, 3\n"
"	li	3, 0\n"
"	ori	3, 3, 0xf005\n" /* KVMPPC_H_OF_CLIENT */
"	sc	1\n"
"	blr\n"
	/* Compare the strings r5 and r6. */
"20:	lbz	7, 0(5)\n"
"	lbz	8, 0(6)\n"
"	addi	5, 5, 1\n"
"	addi	6, 6, 1\n"
"	cmpw	7, 8\n"
"	bnelr\n"
"	cmpwi	7, 0\n"
"	bne	20b\n"
"	blr\n"
	/* instantiate-rtas: copy RTAS to the third argument, and return its address. */
"30:	mtlr	12\n"
"	lwz	5, 20(3)\n"
"	address	6, 40f\n"
"	li	7, 5\n"
"	mtctr	7\n"
"	mr	8, 5\n"
"31:	lwz	7, 0(6)\n"
"	stw	7, 0(8)\n"
"	addi	6, 6, 4\n"
"	addi	8, 8, 4\n"
"	bdnz	31b\n"
"	dcbst	0, 5\n"
"	sync\n"
"	icbi	0, 5\n"
"	isync\n"
"	li	7, 0\n"
"	stw	7, 24(3)\n"
"	stw	5, 28(3)\n"
"	li	3, 0\n"
"	blr\n"
	/* RTAS. r3: the call's cells. */
"40:	mr	4, 3\n"
"	li	3, 0\n"
"	ori	3, 3, 0xf000\n" /* KVMPPC_H_RTAS */
"	sc	1\n"
"	blr\n"
	/* finddevice("/chosen") */
"2:	.long	0x100 + 5f - firmware_code, 1, 1, 0x100 + 7f - firmware_code, 0\n"
	/* getprop(node, "qemu,boot-kernel", 4f, 8): the kernel's address */
"3:	.long	0x100 + 6f - firmware_code, 4, 1, 0, 0x100 + 8f - firmware_code\n"
"	.long	0x100 + 4f - firmware_code, 8, 0\n"
"	.balign	8\n"
"4:	.long	0, 0\n"
"firmware_code_end:\n"
"firmware_names:\n"
"5:	.asciz	\"finddevice\"\n"
"6:	.asciz	\"getprop\"\n"
"7:	.asciz	\"/chosen\"\n"
"8:	.asciz	\"qemu,boot-kernel\"\n"
"9:	.asciz	\"call-method\"\n"
"11:	.asciz	\"instantiate-rtas\"\n"
"firmware_names_end:\n"
"	.popsection\n");
// clang-format on

static size_t firmware_words(void)
{
	return (size_t)(firmware_code_end - firmware_code);
}

static size_t firmware_names_bytes(void)
{
	return (size_t)(firmware_names_end - firmware_names);
}

size_t firmware_bytes(void)
{
	return FIRMWARE_AT + 4 * firmware_words() + firmware_names_bytes();
}

int firmware_load(struct host *host)
{
	uint8_t image[4 * WORDS_MAX];
	struct builder b = builder_of(image, sizeof(image));
	int err;

	for (size_t i = 0; i < firmware_words(); i++)
		builder_be32(&b, firmware_code[i]);
	if (!builder_fits(&b))
		return -E2BIG;
	err = host_write(host, FIRMWARE_AT, image, b.len);
	return err ? err
		   : host_write(host, FIRMWARE_AT + 4 * firmware_words(), firmware_names,
				firmware_names_bytes());
}
