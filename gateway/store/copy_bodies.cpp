// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/copy_bodies.h"

#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <sodium.h>

#include <array>
#include <stdexcept>

#include "gateway/store/body_stream.h"

namespace waypost::store {
namespace {

using namespace Poco::Data::Keywords;

// nullptr: it is gone.
std::unique_ptr<std::istream> open_body(const Bodies& bodies, const std::string& name) {
    auto opened = bodies.open(Body{{}, name, 0});
    if (opened.ok()) return std::move(*opened);
    if (opened.error().code == Code::NotFound) return nullptr;
    throw std::runtime_error("body " + name + ": " + opened.error().text);
}

}  // namespace

std::vector<std::string> named_bodies(Poco::Data::Session& session) {
    std::vector<std::string> names;
    session << "SELECT DISTINCT body_file FROM messages WHERE body_file <> '' ORDER BY body_file",
        into(names), now;
    return names;
}

BodiesSum sum_bodies(const Bodies& bodies, const std::vector<std::string>& names,
                     const EachBody& told) {
    BodiesSum result;
    std::uint64_t done = 0;
    for (const std::string& name : names) {
        const auto in = open_body(bodies, name);
        if (!in) {
            result.gone.push_back(name);
            continue;
        }
        std::uint64_t size = 0;
        crypto_generichash_state hash;
        crypto_generichash_init(&hash, nullptr, 0, crypto_generichash_BYTES);
        const bool whole = each_piece(*in, [&](std::string_view piece) {
            size += piece.size();
            crypto_generichash_update(&hash, reinterpret_cast<const unsigned char*>(piece.data()),
                                      piece.size());
            return true;
        });
        if (!whole) throw std::runtime_error("cannot read the body " + name + " to its end");
        std::array<unsigned char, crypto_generichash_BYTES> digest{};
        crypto_generichash_final(&hash, digest.data(), digest.size());
        result.sum.add({name, static_cast<std::int64_t>(size),
                        std::string(reinterpret_cast<const char*>(digest.data()), digest.size())});
        result.bytes += size;
        told(++done);
    }
    return result;
}

void copy_bodies(const Bodies& from, Bodies& to, const std::vector<std::string>& names,
                 const EachBody& told) {
    std::uint64_t done = 0;
    for (const std::string& name : names) {
        const auto in = open_body(from, name);
        if (!in) continue;
        const auto put = to.put(name, *in);
        if (!put.ok()) throw std::runtime_error("body " + name + ": " + put.error().text);
        told(++done);
    }
}

}  // namespace waypost::store
