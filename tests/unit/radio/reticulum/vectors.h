// SPDX-License-Identifier: Apache-2.0
// The vectors of tests/data/reticulum, for the tests of all rooms.
#pragma once

#include <Poco/JSON/Object.h>

#include <string>

#include "radio/reticulum/wire/identity.h"
#include "radio/reticulum/wire/packet.h"

namespace waypost::reticulum {

using VectorObject = Poco::JSON::Object::Ptr;

VectorObject vector_file(const std::string& name);
// The one with this label in a file that has "vectors".
VectorObject vector_labelled(const std::string& file, const std::string& label);
// The bytes of a value in hex; null: none.
std::string vector_bytes(const VectorObject& from, const std::string& key);
std::string bytes_of_hex(const std::string& hex);

Identity vector_identity(const std::string& label);  // "alice", "bob"
// The packet of good bytes.
Packet packet_from(const std::string& bytes);

}  // namespace waypost::reticulum
