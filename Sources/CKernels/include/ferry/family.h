// What every kernel family shares: instruction sets, the row of a family's table, the macros that make the table.
#ifndef FERRY_FAMILY_H
#define FERRY_FAMILY_H

#include <stddef.h>
#include <stdint.h>

/// Instruction sets, weakest first: a later one is preferred where the machine has it.
typedef enum ferry_isa {
  ferry_isa_scalar = 0,
  ferry_isa_avx2 = 1,
  ferry_isa_avx512 = 2,
} ferry_isa;

/// The best instruction set that this machine and its operating system support.
ferry_isa ferry_machine_isa(void);

/// What distinguishes the kernels of one family; zero where it says nothing.
typedef struct ferry_kernel_traits {
  int32_t panel;      // output channels side by side in the packed weights
  int32_t kernel;     // side of the only (square) window the kernel takes
  int32_t stride;     // the only stride the kernel takes
  int32_t operation;  // the family's own enumeration
} ferry_kernel_traits;

/// The rows are constants: Swift may share them between threads.
#if defined(__clang__)
#define FERRY_SENDABLE __attribute__((swift_attr("@Sendable")))
#else
#define FERRY_SENDABLE
#endif

/// Declares the table of a family whose arguments are `ferry_<family>_args`.
#define FERRY_DECLARE_FAMILY(family)                                   \
  typedef void (*ferry_##family##_function)(const ferry_##family##_args *); \
  typedef struct FERRY_SENDABLE ferry_##family##_kernel {              \
    const char *name;                                                  \
    ferry_isa isa;                                                     \
    ferry_##family##_function run;                                     \
    ferry_kernel_traits traits;                                        \
  } ferry_##family##_kernel;                                           \
  const ferry_##family##_kernel *ferry_##family##_kernels(size_t *count);

/// In a family's header, before its `.inc`: one line of the table declares one function.
#define FERRY_DECLARE_KERNEL(family, tile, set) \
  void ferry_##family##_##tile##__##set(const ferry_##family##_args *);

#endif
