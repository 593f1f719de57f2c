# cmake --install: headers, library, command, and a package for find_package(labelsieve).
include(CMakePackageConfigHelpers)

install(TARGETS labelsieve EXPORT labelsieveTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/labelsieve DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT labelsieveTargets NAMESPACE labelsieve::
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/labelsieve)
configure_package_config_file(cmake/labelsieveConfig.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/labelsieveConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/labelsieve)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/labelsieveConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/labelsieveConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/labelsieveConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/labelsieve)
