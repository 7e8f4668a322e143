// SPDX-License-Identifier: Apache-2.0
// Ports on 127.0.0.1 for servers of the demo and of the tests.
#pragma once

namespace waypost {

// A socket that listens on a free port. The caller closes it. Throws std::runtime_error.
struct Listening {
    int fd = -1;
    int port = 0;
};
Listening listen_on_loopback(int backlog = 64);
// A socket to who listens on this port, -1: nobody does. The caller closes it.
int connect_on_loopback(int port);

// For a program that opens it itself: free just now, and nobody else's but by chance.
int free_port();

}  // namespace waypost
