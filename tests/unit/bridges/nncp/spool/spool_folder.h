// SPDX-License-Identifier: Apache-2.0
// A spool of its own for each test, and packets to put in it.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "bridges/nncp/spool/spool.h"

namespace waypost::nncp {

namespace fs = std::filesystem;

class SpoolFolder : public ::testing::Test {
  protected:
    ~SpoolFolder() override { fs::remove_all(folder_); }

    static std::span<const std::uint8_t> bytes_of(std::string_view text) {
        return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
    }
    static std::string text_of(const fs::path& file) {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    static std::size_t files_in(const fs::path& folder) {
        std::error_code none;
        std::size_t files = 0;
        for (const auto& each : fs::directory_iterator(folder, none))
            files += each.is_regular_file() ? 1 : 0;
        return files;
    }
    static Mth hash_of(const std::string& text) {
        MthHasher hasher;
        hasher.update(bytes_of(text));
        return hasher.finish();
    }
    // Only its header is sound.
    static std::string packet(Nice nice, const std::string& body = "body") {
        PacketHeader header;
        header.nice = nice;
        return encode(header) + body;
    }
    Spool::Finished finished(const std::string& text, Way way = Way::Tx) const {
        auto made = std::move(spool_.begin()).value();
        EXPECT_TRUE(made->write(bytes_of(text)).ok());
        return {std::move(made), node_, way};
    }
    Mth put(const std::string& text, Way way = Way::Tx) const {
        std::vector<Spool::Finished> one;
        one.push_back(finished(text, way));
        const auto names = spool_.publish(std::move(one));
        EXPECT_TRUE(names.ok());
        return names->front();
    }

    const fs::path folder_ = [] {
        std::string name = testing::TempDir() + "nncp-spool-XXXXXX";
        return fs::path(::mkdtemp(name.data()));
    }();
    const Spool spool_ = *Spool::open(folder_ / "spool");
    const NodeId node_ = [] {
        NodeId id{};
        id.fill(7);
        return id;
    }();
};

}  // namespace waypost::nncp
