// SPDX-License-Identifier: Apache-2.0
// What the kinds of `waypost nncp pack` share.
#pragma once

#include <memory>
#include <optional>

#include "app/cli/nncp_cli.h"
#include "app/cli/progress_bar.h"
#include "bridges/nncp/spool/outbox.h"

namespace waypost::cli {

using nncp::Parcel;
using nncp::Queued;
using nncp::Source;

struct PackOptions {
    std::string nice_words, reply_words;         // as they were given
    std::optional<nncp::Nice> nice, reply_nice;  // what they say
    std::uint64_t minsize = 0, chunk = 0;        // KiB
    bool fat = false;
    std::string node, what, more;
    std::vector<std::string> words, inputs;
};

// Shows how far the reading of `source` is.
class ShownSource : public Source {
  public:
    ShownSource(Source& source, std::uint64_t all) : source_(source), bar_("packing") {
        now_.all_bytes = all;
    }
    Result<std::size_t> read(std::span<std::uint8_t> into) override {
        const auto got = source_.read(into);
        if (got.ok()) now_.bytes += *got;
        bar_.show(now_);
        return got;
    }

  private:
    Source& source_;
    ProgressBar bar_;
    nncp::Progress now_;
};

// Each parcel to this node, or to all subscribers of area:NAME.
Result<std::vector<Queued>> send_parcels(const NncpNode& node, const std::string& to,
                                         std::vector<Parcel> parcels);
// "NODE:NAME", where NODE may be "area:NEWS".
std::pair<std::string, std::string> split_target(const std::string& target);
// As the tools of nncp clean names: "a/../b" is "b". BadInput: it would lead out.
Result<std::string> clean_name(const std::string& wished);

Result<std::vector<Queued>> pack_file(const NncpNode& node, const PackOptions& options);

}  // namespace waypost::cli
