// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest; links: */
/* A program that does nothing: the cost of starting a program. */
int main(void)
{
	return 0;
}
