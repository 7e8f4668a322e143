# SPDX-License-Identifier: Apache-2.0
# What a machine needs at run time. Programs find each other beside themselves, so all are in one
# folder, and links lead to what people type: both to one program, which does what it is called by.
include(GNUInstallDirs)

install(TARGETS waypostd waypost-nncp waypost-shrink
        RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/waypost)
install(TARGETS waypost-postgresql LIBRARY DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/waypost)
foreach(link bin/waypost sbin/waypostd)
    get_filename_component(folder ${link} DIRECTORY)
    install(CODE "
        set(prefix \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}\")
        file(MAKE_DIRECTORY \"\${prefix}/${folder}\")
        file(CREATE_LINK ../${CMAKE_INSTALL_LIBEXECDIR}/waypost/waypostd \"\${prefix}/${link}\" SYMBOLIC)")
endforeach()

# The console's page, which `./dev build` makes.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/build/console/ DESTINATION ${CMAKE_INSTALL_DATADIR}/waypost/console)
# What the text models of links between boxes learn from; they are built from it where they are used.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/radio/trunk/pack/training/
        DESTINATION ${CMAKE_INSTALL_DATADIR}/waypost/trunk-training FILES_MATCHING PATTERN "*.txt.zst")
