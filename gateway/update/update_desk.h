// SPDX-License-Identifier: Apache-2.0
// Updates of a box that is an image: takes bundles in, from whoever brings one, hands them to the
// image's side, which alone looks into them, and passes on the administrator's word. Nothing of a
// bundle is believed here. Thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "gateway/update/facts.h"
#include "gateway/update/incoming.h"

namespace waypost {

struct UpdateUpload {
    std::string name;
    std::uint64_t bytes = 0, there = 0;
};

class UpdateDesk {
  public:
    static constexpr std::uint64_t kMostBytes = 2ull << 30;  // of a bundle

    // `folder`: of the image's side, which may not be there; in it `in` is the gateway's.
    explicit UpdateDesk(std::filesystem::path folder);

    // nullopt: this box is no image.
    std::optional<UpdateFacts> facts() const;
    std::optional<UpdateUpload> upload() const;  // that goes on

    // By pieces, each at the place where the one before ended; a new one takes the place of one
    // that goes on. Busy: something is looked at or installed; Full: there is no room.
    Result<void> begin(const std::string& name, std::uint64_t bytes);
    // How many bytes are there now; with the last one it is handed over. Conflict: `at` is not
    // where it goes on, or none goes on.
    Result<std::uint64_t> add(std::uint64_t at, std::string_view piece);
    void cancel();

    // What is offered is installed, or dropped; the machine restarts. Conflict: there is nothing to
    // install, or the release that runs is not marked good yet.
    Result<void> install();
    Result<void> discard();
    Result<void> restart_machine();

    // What couriers may bring: from whom ("nncp:dale"), and how much of the disk stays free.
    void settings_are(std::set<std::string> senders, std::uint64_t keep_free);
    // Whether a file of that name from there is one.
    bool wants(const std::string& sender, const std::string& file_name) const;
    // A whole file that came so is copied and handed over.
    Result<void> bring(const std::filesystem::path& file, const std::string& sender);

  private:
    Result<void> wish(const char* what) const;
    Result<UpdateFacts> may_begin() const;
    Result<void> hand_over(IncomingBundle bundle);

    const std::filesystem::path folder_, in_;
    mutable std::mutex mutex_;
    std::optional<IncomingBundle> upload_;
    std::string upload_name_;
    std::set<std::string> senders_;
    std::uint64_t keep_free_ = 0;
};

// A transport by which files come is one of these too.
class BringsUpdates {
  public:
    virtual ~BringsUpdates() = default;
    // Before start(); the desk outlives the transport.
    virtual void bring_updates_to(UpdateDesk& desk) = 0;
};

}  // namespace waypost
