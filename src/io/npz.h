// NumPy's .npz archives: zip files whose members are .npy files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "io/npy.h"

namespace labelsieve::io {

struct NpzMember {
  std::string name;  ///< Without ".npy".
  NpyArray array;
};

/// All arrays of an archive. Stored members stay where they are, deflated ones are inflated into
/// memory. Throws Error{kIo} for a damaged archive and as parse_npy for its members.
std::vector<NpzMember> parse_npz(const FileBytes& bytes, const std::string& file);

}  // namespace labelsieve::io
