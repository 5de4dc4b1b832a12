// The processor's CRC32C instruction, which Swift cannot name: inline wrappers and nothing else.
#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)

static inline int crc32c_is_available(void) { return __builtin_cpu_supports("sse4.2") ? 1 : 0; }

__attribute__((target("sse4.2"))) static inline uint32_t crc32c_update(
    uint32_t state, const void *bytes, size_t count) {
  const unsigned char *next = (const unsigned char *)bytes;
  uint64_t wide = state;
  for (; count >= 8; count -= 8, next += 8) {
    uint64_t word;
    __builtin_memcpy(&word, next, 8);
    wide = __builtin_ia32_crc32di(wide, word);
  }
  uint32_t narrow = (uint32_t)wide;
  for (; count > 0; count -= 1, next += 1) narrow = __builtin_ia32_crc32qi(narrow, *next);
  return narrow;
}

#elif defined(__aarch64__)

#if defined(__linux__)
extern unsigned long getauxval(unsigned long type);
// AT_HWCAP and HWCAP_CRC32.
static inline int crc32c_is_available(void) { return (getauxval(16) >> 7) & 1; }
#else
static inline int crc32c_is_available(void) { return 1; }
#endif

__attribute__((target("crc"))) static inline uint32_t crc32c_update(
    uint32_t state, const void *bytes, size_t count) {
  const unsigned char *next = (const unsigned char *)bytes;
  for (; count >= 8; count -= 8, next += 8) {
    uint64_t word;
    __builtin_memcpy(&word, next, 8);
    state = __builtin_arm_crc32cd(state, word);
  }
  for (; count > 0; count -= 1, next += 1) state = __builtin_arm_crc32cb(state, *next);
  return state;
}

#else

static inline int crc32c_is_available(void) { return 0; }
static inline uint32_t crc32c_update(uint32_t state, const void *bytes, size_t count) {
  (void)bytes;
  (void)count;
  return state;
}

#endif
