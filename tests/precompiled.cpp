// Nothing: a target needs a source to have its headers precompiled (CMakeLists.txt here).
