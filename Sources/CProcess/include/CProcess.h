// SPDX-License-Identifier: Apache-2.0
#pragma once

// Calls about the process itself that Swift cannot make, because they take a varying number of
// arguments or have no header of the C library.

/// The capabilities that the calling thread can use, one bit each as the kernel numbers them
/// (capabilities(7)); all bits if the kernel does not tell.
unsigned long long kuzet_capabilities(void);

/// Gives up every capability of the calling thread for good, and the means to gain any by starting
/// a program (PR_SET_NO_NEW_PRIVS). 0, or -1 with errno.
int kuzet_drop_capabilities(void);

/// Names the calling thread; 15 octets are kept.
void kuzet_name_thread(const char *_Nonnull name);
