# Compiler settings that every target of the project shares, as the interface target
# labelsieve_compiler (never installed).
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(labelsieve_compiler INTERFACE)
target_compile_options(labelsieve_compiler INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wnon-virtual-dtor
  # A fused multiply-add would make the instruction sets disagree in the last bit.
  -ffp-contract=off
  # Nothing here reads errno; without it rounding is one instruction, not a call.
  -fno-math-errno
  # Nor does anything catch floating-point exceptions; without them loops that compare become
  # vectors.
  -fno-trapping-math
  # g++'s -Wconversion does not include signs, and its std::stable_sort calls what is deprecated.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-sign-conversion;-Wno-deprecated-declarations>)
if(LABELSIEVE_WERROR)
  target_compile_options(labelsieve_compiler INTERFACE -Werror)
endif()
if(LABELSIEVE_SANITIZE)
  target_compile_options(labelsieve_compiler INTERFACE
    -fsanitize=${LABELSIEVE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
    # The checks put branches into code that confuse g++'s flow analysis, also in its own headers.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  target_link_options(labelsieve_compiler INTERFACE -fsanitize=${LABELSIEVE_SANITIZE})
  if(LABELSIEVE_SANITIZE STREQUAL "address,undefined")
    # What these find, the address sanitizer finds when it is used; leaving them to it takes a
    # third off g++'s time to compile. Fuzzing, which clang does, keeps them.
    target_compile_options(labelsieve_compiler INTERFACE
      $<$<CXX_COMPILER_ID:GNU>:-fno-sanitize=null,pointer-overflow,object-size,vptr>)
  endif()
  # Each instruction set is the kernels once more, and slow to compile. Threads do the same on all;
  # memory is gone through in vectors of the same size on the two oldest that have vectors.
  set(disabled "HWY_SSSE3")
  if(LABELSIEVE_SANITIZE STREQUAL "thread")
    string(APPEND disabled "|HWY_SSE4|HWY_AVX3")
  endif()
  target_compile_definitions(labelsieve_compiler INTERFACE "HWY_DISABLED_TARGETS=(${disabled})")
endif()
