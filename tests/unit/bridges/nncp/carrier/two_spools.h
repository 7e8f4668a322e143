// SPDX-License-Identifier: Apache-2.0
// Two nodes of the vectors, each with a spool, and a folder between them.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "bridges/nncp/carrier/transfer.h"
#include "bridges/nncp/spool/outbox.h"
#include "tests/unit/bridges/nncp/vectors.h"

namespace waypost::nncp {

namespace fs = std::filesystem;
using Outcome = Transfer::Outcome;

struct TestSpool {
    TestSpool(const std::string& name, const fs::path& folder)
        : config(parse_node_config(vector_file(name + ".hjson")).value()),
          spool(Spool::open(folder / name, false).value()) {}

    // One packet for the other node, its name.
    Mth queue(const std::string& to, const std::string& text, Nice nice = kNiceFile) const {
        MemorySource source(text);
        return Outbox(config, spool).file(*config.find(to), "file", source, nice)->name;
    }
    std::size_t count(const std::string& node, Way way) const {
        return spool.list(config.find(node)->id, way)->size();
    }

    NodeConfig config;
    Spool spool;
};

class TwoSpools : public ::testing::Test {
  protected:
    ~TwoSpools() override { fs::remove_all(folder_); }
    static std::string text_of(const fs::path& file) {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    static std::vector<fs::path> files_in(const fs::path& folder) {
        std::vector<fs::path> files;
        for (const auto& each : fs::recursive_directory_iterator(folder))
            if (each.is_regular_file()) files.push_back(each.path());
        return files;
    }
    const fs::path folder_ = [] {
        std::string name = testing::TempDir() + "nncp-carrier-XXXXXX";
        return fs::path(::mkdtemp(name.data()));
    }();
    TestSpool village_{"village", folder_}, relay_{"relay", folder_};
};

}  // namespace waypost::nncp
