// SPDX-License-Identifier: Apache-2.0
#pragma once

// A stretch of a file in memory that does not end the process when the file is cut off.
//
// A page of a mapping that the file no longer has, or that its disk does not give, raises SIGBUS.
// Here zeros take the place of the rest of the stretch, and whoever reads it can ask whether that
// happened. A handler of signals may do little else; it is in C because Swift promises nothing
// about what its code does in one.

/// Maps `length` octets of a file from `offset`, a multiple of the page size, to be read; NULL if
/// that cannot be. `stretch` becomes what the others ask by.
const void *_Nullable kuzet_map(int descriptor, long offset, long length, int *_Nonnull stretch);

/// Whether zeros had to take the place of a part of the file.
int kuzet_is_broken(int stretch);

/// Makes blocks of 128 KiB and more go back to the system whenever they are freed. By default the
/// allocator of glibc begins to keep such blocks once the first of them was freed.
void kuzet_return_large_blocks(void);

/// Gives back the pages of the program and its libraries that were read so far; those that are
/// needed again are mapped again from the page cache. So does memory that was freed. For the seams between parts of a run that
/// use little of each other's code: starting alone reads more than all that follows.
void kuzet_forget_program(void);

/// Ends a mapping.
void kuzet_unmap(const void *_Nonnull memory, long length, int stretch);
