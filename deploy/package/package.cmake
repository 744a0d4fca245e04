# `cmake --install` and `cpack -G DEB` (docs/operations.md): everything that a Debian 12 machine needs
# to run the program as a hardened systemd service.
include(GNUInstallDirs)
set(package ${CMAKE_SOURCE_DIR}/deploy/package)
install(TARGETS countersign RUNTIME DESTINATION bin)
install(FILES ${package}/countersign.service DESTINATION lib/systemd/system)
install(FILES ${package}/sysusers.conf DESTINATION lib/sysusers.d RENAME countersign.conf)
install(FILES ${package}/tmpfiles.conf DESTINATION lib/tmpfiles.d RENAME countersign.conf)
install(FILES ${package}/countersign.json DESTINATION /etc/countersign)
install(FILES ${package}/countersign.1 DESTINATION share/man/man1)
install(FILES ${package}/countersign.bash-completion DESTINATION share/bash-completion/completions
  RENAME countersign)
install(FILES LICENSE NOTICE DESTINATION share/doc/countersign)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME countersign)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The maintainers of Countersign <maintainers@countersign.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
  "CDS Hooks service that checks medication orders before they are signed")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "systemd | systemd-standalone-sysusers, tzdata, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${package}/postinst ${package}/prerm ${package}/postrm
  ${CMAKE_BINARY_DIR}/package/conffiles)
file(WRITE ${CMAKE_BINARY_DIR}/package/conffiles "/etc/countersign/countersign.json\n")
include(CPack)
