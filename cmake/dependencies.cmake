# Libraries from the system; CONTRIBUTING.md lists the Debian packages.
find_package(Threads REQUIRED)
find_package(hwy REQUIRED)                       # SIMD with run-time dispatch
find_package(Eigen3 REQUIRED NO_MODULE)          # linear algebra of the noise matrices
find_package(simdjson REQUIRED)                  # JSON lines
find_path(FAST_FLOAT_INCLUDE fast_float/fast_float.h REQUIRED)  # numbers in text
find_package(ZLIB REQUIRED)                      # .gz
find_package(PkgConfig REQUIRED)
pkg_check_modules(minizip REQUIRED IMPORTED_TARGET minizip)  # .npz
if(LABELSIEVE_CLI)
  find_package(CLI11 REQUIRED)
  find_package(fmt REQUIRED)
  find_package(nlohmann_json REQUIRED)
endif()
