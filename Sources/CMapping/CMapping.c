// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CMapping.h"
#include <errno.h>
#include <link.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

// Captures read at once by one process; the next is read without a mapping.
enum { STRETCHES = 16 };

static struct {
    atomic_int taken;
    atomic_int broken;
    _Atomic(uintptr_t) begin;
    _Atomic(uintptr_t) end;
} stretches[STRETCHES];

static struct sigaction before;
static uintptr_t page_size;
static int is_guarded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void replace(int number, siginfo_t *info, void *context) {
    (void)number;
    (void)context;
    int saved = errno;
    uintptr_t place = (uintptr_t)info->si_addr;
    for (int i = 0; i < STRETCHES; i++) {
        uintptr_t begin = atomic_load(&stretches[i].begin);
        uintptr_t end = atomic_load(&stretches[i].end);
        if (place < begin || place >= end) continue;
        uintptr_t page = place & ~(page_size - 1);
        void *zeros = mmap((void *)page, end - page, PROT_READ,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        if (zeros == MAP_FAILED) break;
        atomic_store(&stretches[i].broken, 1);
        errno = saved;
        return;
    }
    // None of ours: the instruction runs again, and whoever was there before hears of it.
    sigaction(SIGBUS, &before, NULL);
    errno = saved;
}

static void guard(void) {
    struct sigaction action = {.sa_sigaction = replace, .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigemptyset(&action.sa_mask);
    page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
    is_guarded = sigaction(SIGBUS, &action, &before) == 0;
}

// What the kernel maps around a page that was not there, unless it was told otherwise.
enum { AROUND = 64 * 1024 };

// Has all pages mapped: what is asked for ahead in a page not yet mapped is not fetched. One look
// at each 64 KiB takes a quarter less than MAP_POPULATE, which goes page by page.
static void touch(uintptr_t begin, uintptr_t end) {
    for (uintptr_t at = begin; at < end; at = (at | (AROUND - 1)) + 1) (void)*(const volatile char *)at;
}

const void *kuzet_map(int descriptor, long offset, long length, int *stretch) {
    pthread_once(&once, guard);
    if (!is_guarded || length <= 0) return NULL;
    for (int i = 0; i < STRETCHES; i++) {
        if (atomic_exchange(&stretches[i].taken, 1)) continue;
        void *memory = mmap(NULL, (size_t)length, PROT_READ, MAP_SHARED, descriptor, offset);
        if (memory == MAP_FAILED) {
            atomic_store(&stretches[i].taken, 0);
            return NULL;
        }
        atomic_store(&stretches[i].broken, 0);
        atomic_store(&stretches[i].end, (uintptr_t)memory + (uintptr_t)length);
        atomic_store(&stretches[i].begin, (uintptr_t)memory);
        touch((uintptr_t)memory, (uintptr_t)memory + (uintptr_t)length);
        *stretch = i;
        return memory;
    }
    return NULL;
}

void kuzet_return_large_blocks(void) { mallopt(M_MMAP_THRESHOLD, 128 * 1024); }

static int forget(struct dl_phdr_info *object, size_t size, void *data) {
    (void)size;
    (void)data;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    // An object whose code was changed when it was loaded could not be read again as it is.
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type != PT_DYNAMIC) continue;
        const ElfW(Dyn) *entry = (const void *)(object->dlpi_addr + part->p_vaddr);
        for (; entry->d_tag != DT_NULL; entry++) {
            if (entry->d_tag == DT_TEXTREL) return 0;
            if (entry->d_tag == DT_FLAGS && entry->d_un.d_val & DF_TEXTREL) return 0;
        }
    }
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || part->p_flags & PF_W) continue;
        uintptr_t begin = (object->dlpi_addr + part->p_vaddr) & ~(page - 1);
        uintptr_t end = (object->dlpi_addr + part->p_vaddr + part->p_memsz) & ~(page - 1);
        // Refused for what is no file, such as the kernel's own pages: they stay.
        if (end > begin) madvise((void *)begin, end - begin, MADV_DONTNEED);
    }
    return 0;
}

void kuzet_forget_program(void) {
    dl_iterate_phdr(forget, NULL);
    malloc_trim(0);
}

int kuzet_is_broken(int stretch) { return atomic_load(&stretches[stretch].broken); }

void kuzet_unmap(const void *memory, long length, int stretch) {
    // First no longer known, so that what takes its addresses next is not taken for it.
    atomic_store(&stretches[stretch].end, 0);
    atomic_store(&stretches[stretch].begin, 0);
    munmap((void *)memory, (size_t)length);
    atomic_store(&stretches[stretch].taken, 0);
}
