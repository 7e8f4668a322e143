// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/radio/reticulum/vectors.h"

#include <Poco/JSON/Parser.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "gateway/base/encoding.h"

namespace waypost::reticulum {

VectorObject vector_file(const std::string& name) {
    std::ifstream in(WAYPOST_RETICULUM_VECTORS "/" + name, std::ios::binary);
    if (!in) throw std::runtime_error("no vectors " + name);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    return Poco::JSON::Parser().parse(text).extract<VectorObject>();
}

VectorObject vector_labelled(const std::string& file, const std::string& label) {
    const auto all = vector_file(file)->getArray("vectors");
    for (unsigned i = 0; i < all->size(); ++i) {
        const auto one = all->getObject(i);
        if (one->getValue<std::string>("label") == label) return one;
    }
    throw std::runtime_error(file + " has no " + label);
}

std::string bytes_of_hex(const std::string& hex) { return from_hex(hex).value(); }

std::string vector_bytes(const VectorObject& from, const std::string& key) {
    if (!from->has(key)) throw std::runtime_error("no " + key + " in the vector");
    return from->isNull(key) ? std::string() : bytes_of_hex(from->getValue<std::string>(key));
}

Identity vector_identity(const std::string& label) {
    const auto inputs = vector_labelled("identities.json", label)->getObject("inputs");
    return Identity::from_bytes(vector_bytes(inputs, "private_key_hex")).value();
}

Packet packet_from(const std::string& bytes) { return parse_packet(bytes).value(); }

}  // namespace waypost::reticulum
