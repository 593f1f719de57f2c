// The order in which a mask's lanes come when the others are left out.
#pragma once

#include <array>
#include <cstdint>

namespace labelsieve {

/// For every mask of eight lanes its lanes from the first on, a byte each; 0 behind the last.
inline constexpr std::array<uint64_t, 256> kCompressTable = [] {
  std::array<uint64_t, 256> table{};
  for (uint64_t mask = 0; mask < table.size(); ++mask) {
    int place = 0;
    for (uint64_t lane = 0; lane < 8; ++lane) {
      if ((mask >> lane & 1) != 0) table[mask] |= lane << (8 * place++);
    }
  }
  return table;
}();

}  // namespace labelsieve
