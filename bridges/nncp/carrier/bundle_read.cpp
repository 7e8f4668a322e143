// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>

#include "bridges/nncp/carrier/bundle.h"
#include "bridges/nncp/packet/mth.h"
#include "bridges/nncp/packet/tar_block.h"

namespace waypost::nncp {
namespace {

constexpr std::string_view kMark = "NNCP";
constexpr std::size_t kWindowBytes = 128 * 1024;
constexpr std::uint64_t kMostPax = 16 * 1024;
// Going back costs reading: of all that is gone back over, at most so much and this many times what
// the stream itself held.
constexpr std::uint64_t kFreeBack = 64 * 1024 * 1024;
constexpr std::uint64_t kBackPerByte = 4;

struct OwnedText : Source {
    explicit OwnedText(std::string owned) : text(std::move(owned)), source(text) {}
    Result<std::size_t> read(std::span<std::uint8_t> into) override { return source.read(into); }
    std::string text;
    MemorySource source;
};

}  // namespace

// The part of the stream that is in hand, and where more comes from.
class BundleReader::Window {
  public:
    explicit Window(Source& in) : in_(in) {}

    // Has at least `bytes` in hand, or all there is.
    Result<void> fill(std::size_t bytes) {
        if (text_.size() - at_ >= bytes) return {};
        text_.erase(0, at_);
        at_ = 0;
        std::size_t have = text_.size();
        text_.resize(std::max(bytes, kWindowBytes));
        while (have < text_.size()) {
            const auto got =
                pull({reinterpret_cast<std::uint8_t*>(text_.data()) + have, text_.size() - have});
            if (!got.ok() || *got == 0) {
                text_.resize(have);
                return got.ok() ? Result<void>() : got.error();
            }
            have += *got;
        }
        return {};
    }
    std::string_view view() const { return std::string_view(text_).substr(at_); }
    void drop(std::size_t bytes) { at_ += bytes; }
    std::uint64_t pulled() const { return pulled_; }

    bool may_go_back(std::uint64_t bytes) const {
        return back_ + bytes <= kFreeBack + kBackPerByte * pulled_;
    }
    // What this source holds comes next, then what is in hand, then the rest.
    void go_back(std::unique_ptr<Source> source, std::uint64_t bytes) {
        back_ += bytes;
        stack_.push_back(std::make_unique<OwnedText>(std::string(view())));
        stack_.push_back(std::move(source));
        text_.clear();
        at_ = 0;
    }

  private:
    Result<std::size_t> pull(std::span<std::uint8_t> into) {
        while (!stack_.empty()) {
            const auto got = stack_.back()->read(into);
            if (!got.ok() || *got > 0) return got;
            stack_.pop_back();
        }
        const auto got = in_.read(into);
        if (got.ok()) pulled_ += *got;
        return got;
    }

    Source& in_;
    std::vector<std::unique_ptr<Source>> stack_;  // read before it, the last one first
    std::string text_;
    std::size_t at_ = 0;
    std::uint64_t pulled_ = 0, back_ = 0;
};

BundleReader::BundleReader(Source& in) : window_(std::make_unique<Window>(in)) {}
BundleReader::~BundleReader() = default;

std::uint64_t BundleReader::bytes() const { return window_->pulled(); }

Result<std::optional<BundledPacket>> BundleReader::next() {
    current_.reset();
    while (true) {
        if (const auto filled = window_->fill(kMark.size()); !filled.ok()) return filled.error();
        const auto text = window_->view();
        if (text.size() < kMark.size()) return std::optional<BundledPacket>();
        const auto at = text.find(kMark);
        if (at == text.npos) {
            window_->drop(text.size() - (kMark.size() - 1));
            if (const auto more = window_->fill(kMark.size()); !more.ok()) return more.error();
            continue;
        }
        window_->drop(at);
        auto packet = packet_here();
        if (!packet.ok() || *packet) {
            if (packet.ok()) current_ = *packet;
            return packet;
        }
        window_->drop(1);
    }
}

// A folder NNCP, perhaps a pax header, a file, and in it the header of a packet. If it is all there
// what stands before the packet is dropped; if not, nothing is.
Result<std::optional<BundledPacket>> BundleReader::packet_here() {
    const std::optional<BundledPacket> none;
    std::size_t at = 0;
    const auto block = [&]() -> Result<std::string_view> {
        if (const auto filled = window_->fill(at + kTarBlock); !filled.ok()) return filled.error();
        const auto text = window_->view().substr(std::min(at, window_->view().size()), kTarBlock);
        at += kTarBlock;
        return text;
    };
    auto text = block();
    if (!text.ok()) return text.error();
    const auto folder = decode_tar_entry(*text);
    if (!folder.ok() || folder->type != '5' || (folder->path != "NNCP" && folder->path != "NNCP/"))
        return none;
    if (text = block(); !text.ok()) return text.error();
    auto file = decode_tar_entry(*text);
    if (file.ok() && file->type == 'x' && file->bytes <= kMostPax) {
        const auto size = static_cast<std::size_t>(file->bytes);
        const std::size_t from = at;
        at += size + tar_filler(size);
        if (text = block(); !text.ok()) return text.error();
        const std::string records(
            window_->view().substr(std::min(from, window_->view().size()), size));
        file = decode_tar_entry(*text);
        if (file.ok() && !apply_pax(records, *file).ok()) return none;
    }
    if (!file.ok() || file->type != '0' || file->bytes < kPacketHeaderBytes) return none;
    const auto name =
        hash_from_base32(std::string_view(file->path)
                             .substr(std::min(file->path.rfind('/') + 1, file->path.size())));
    if (const auto filled = window_->fill(at + kPacketHeaderBytes); !filled.ok())
        return filled.error();
    if (window_->view().size() < at + kPacketHeaderBytes || !name.ok()) return none;
    const auto header = decode_packet_header(window_->view().substr(at, kPacketHeaderBytes));
    if (!header.ok()) return none;
    window_->drop(at);
    return std::optional(BundledPacket{*header, *name, file->bytes});
}

Result<void> BundleReader::read(Sink& sink, const Again& again) {
    if (!current_) return Error{Code::Conflict, "there is no packet to read", false};
    const BundledPacket packet = *current_;
    current_.reset();
    MthHasher hasher;
    std::uint64_t left = packet.bytes;
    while (left > 0) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, kWindowBytes));
        if (const auto filled = window_->fill(wanted); !filled.ok()) return filled;
        const auto text = window_->view().substr(0, wanted);
        if (text.empty()) break;
        const std::span bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
        hasher.update(bytes);
        if (const auto written = sink.write(bytes); !written.ok()) return written;
        window_->drop(text.size());
        left -= text.size();
    }
    if (left == 0 && hasher.finish() == packet.name) return {};
    const std::uint64_t taken = packet.bytes - left;
    if (again && window_->may_go_back(taken)) {
        auto source = again();
        if (!source.ok()) return source.error();
        window_->go_back(std::move(source).value(), taken);
    }
    return bad_input(left > 0 ? "it is cut" : "its content is not what its name says");
}

}  // namespace waypost::nncp
