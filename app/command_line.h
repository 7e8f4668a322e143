// SPDX-License-Identifier: Apache-2.0
// The command `waypost`. It links all that the daemon does, so a package has one program for both
// names and each does what it is called by: half the room on a small box's disk.
#pragma once

namespace waypost {

bool called_as_command_line(const char* name);  // argv[0]
// Exit status: 0, 1 failed, 2 usage.
int command_line(int argc, char** argv);

}  // namespace waypost
