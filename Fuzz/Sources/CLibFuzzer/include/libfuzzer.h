/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KUZET_LIBFUZZER_H
#define KUZET_LIBFUZZER_H

#include <stddef.h>
#include <stdint.h>

/* The entry of libFuzzer for programs that have a main of their own. The toolchain brings the
   function with -sanitize=fuzzer, and no header for it. */
int LLVMFuzzerRunDriver(int *argc, char ***argv,
                        int (*run)(const uint8_t *octets, size_t count));

#endif
