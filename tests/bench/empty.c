// SPDX-License-Identifier: GPL-2.0-or-later
/* A program that does nothing: what starting any program costs. */
int main(void)
{
	return 0;
}
