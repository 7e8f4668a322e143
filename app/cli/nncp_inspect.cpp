// SPDX-License-Identifier: Apache-2.0
// waypost nncp inspect: what a packet is, layer by layer, as far as our keys go.
#include <fcntl.h>

#include <filesystem>
#include <memory>

#include "app/cli/nncp_cli.h"
#include "app/cli/progress_bar.h"
#include "bridges/nncp/carrier/checked_read.h"
#include "bridges/nncp/node/nice.h"
#include "bridges/nncp/packet/seal.h"
#include "bridges/nncp/packet/zstd.h"
#include "bridges/nncp/spool/sources.h"
#include "bridges/nncp/toss/content.h"

namespace waypost::cli {
namespace {

namespace fs = std::filesystem;
using nncp::PacketType;

constexpr int kMostLayers = 16;
constexpr std::uint64_t kMostUnpacked = std::uint64_t{1} << 40;

struct Layer {
    nncp::PacketHeader header;
    std::optional<nncp::Unsealed> opened;
    std::vector<std::string> words;         // of an exec
    std::optional<std::uint64_t> unpacked;  // bytes
    std::optional<nncp::Hash32> next;       // of trns and area: whom it is for
};

struct Inspection {
    std::uint64_t bytes = 0;
    nncp::Mth name{};
    std::vector<Layer> layers;
    std::string why;     // the next layer cannot be opened; empty: all is open
    bool wrong = false;  // it is none, or ours and damaged
};

struct Counter : nncp::Sink {
    std::uint64_t bytes = 0;
    Result<void> write(std::span<const std::uint8_t> more) override {
        bytes += more.size();
        return {};
    }
};

// Shows how far it is read. Of one pass; each goes over the whole.
class WatchedSource : public nncp::Source {
  public:
    WatchedSource(nncp::Source& from, std::uint64_t bytes, ProgressBar& bar)
        : from_(from), bar_(bar) {
        now_.all_bytes = bytes;
    }
    Result<std::size_t> read(std::span<std::uint8_t> into) override {
        auto got = from_.read(into);
        if (got.ok()) now_.bytes += *got;
        bar_.show(now_);
        return got;
    }

  private:
    nncp::Source& from_;
    ProgressBar& bar_;
    nncp::Progress now_;
};

class Inspector {
  public:
    explicit Inspector(const nncp::NodeConfig* config) : config_(config) {}

    Result<Inspection> look(const std::string& file) {
        const auto fd = nncp::open_packet(file);
        if (!fd.ok()) return fd.error();
        Inspection seen;
        const auto size = nncp::file_size(AT_FDCWD, file);
        const auto name = nncp::read_pieces(fd->get(), [&](auto bytes) -> Result<void> {
            seen.bytes += bytes.size();
            bar_.show({seen.bytes, size.ok() ? *size : 0, 0, 0});
            return {};
        });
        if (!name.ok()) return name.error();
        seen.name = *name;
        nncp::FilePart whole(fd->get(), 0, seen.bytes), again(fd->get(), 0, seen.bytes);
        auto inside = open_layer(whole, again, seen.bytes, seen);
        while (inside && seen.layers.size() < kMostLayers)
            inside = open_layer(*inside->source(), *inside->source(), inside->bytes(), seen);
        return seen;
    }

  private:
    // What is inside it, if that is a packet again. Both sources are of the packet, of `bytes`.
    std::unique_ptr<nncp::Content> open_layer(nncp::Source& beginning, nncp::Source& packet,
                                              std::uint64_t bytes, Inspection& seen) {
        const auto start = nncp::read_start(beginning, nncp::kPacketHeaderBytes);
        const auto header = nncp::decode_packet_header(start.ok() ? *start : std::string());
        if (!header.ok()) {
            is_wrong(seen, header.error());
            return nullptr;
        }
        Layer& layer = seen.layers.emplace_back();
        layer.header = *header;
        if (config_ == nullptr || !config_->self) {
            seen.why = "there are no keys here: name a node configuration with --nncp-config";
            return nullptr;
        }
        auto inside = std::make_unique<nncp::Content>(fs::temp_directory_path(), kMostUnpacked);
        WatchedSource watched(packet, bytes, bar_);
        const auto opened = nncp::unseal(keys(), watched, *inside);
        if (!opened.ok()) {
            seen.why = opened.error().text;
            // One for others is no failure.
            seen.wrong = keys().exchange_secret(header->recipient) != nullptr;
            return nullptr;
        }
        layer.opened = *opened;
        describe(layer, *inside, seen);
        return layer.next ? std::move(inside) : nullptr;
    }

    void describe(Layer& layer, const nncp::Content& inside, Inspection& seen) {
        const nncp::PlainHeader& plain = layer.opened->plain;
        if (plain.type == PacketType::Trns || plain.type == PacketType::Area)
            std::copy(plain.path.begin(), plain.path.end(), layer.next.emplace().begin());
        if (plain.type != PacketType::Exec && plain.type != PacketType::ExecFat) return;
        if (auto words = nncp::words_of(plain); words.ok())
            layer.words = std::move(words).value();
        else
            is_wrong(seen, words.error());
        if (plain.type != PacketType::Exec) return;
        Counter counter;
        nncp::UnzstdSink unpack(counter, kMostUnpacked);
        const auto packed = inside.source();
        WatchedSource watched(*packed, inside.bytes(), bar_);
        auto done = nncp::copy_all(watched, unpack);
        if (done.ok() && inside.bytes() > 0) done = unpack.finish();
        if (done.ok())
            layer.unpacked = counter.bytes;
        else
            is_wrong(seen, done.error());
    }

    static void is_wrong(Inspection& seen, const Error& why) {
        seen.wrong = true;
        seen.why = why.text;
    }

    nncp::Unsealing keys() const {
        nncp::Unsealing keys;
        keys.exchange_secret = [this](const nncp::Hash32& recipient) -> const Secret* {
            if (recipient == config_->self->id) return &config_->self->exchange;
            const nncp::Area* area = config_->area(recipient);
            return area != nullptr && area->exchange ? &*area->exchange : nullptr;
        };
        keys.sign_public = [this](const nncp::NodeId& id) -> std::optional<nncp::Hash32> {
            const nncp::Node* node = config_->by_id(id);
            return node != nullptr ? std::optional(node->signing_public) : std::nullopt;
        };
        return keys;
    }

    const nncp::NodeConfig* config_;
    ProgressBar bar_{"inspecting"};
};

std::string called(const nncp::NodeConfig* config, const nncp::Hash32& id) {
    const std::string name = config == nullptr ? "" : known_name(*config, id);
    return nncp::to_base32(id) + (name.empty() ? "" : " (" + name + ")");
}

std::string path_of(const Layer& layer) {
    const nncp::PlainHeader& plain = layer.opened->plain;
    if (!layer.words.empty()) {
        std::string all;
        for (const std::string& word : layer.words) all += (all.empty() ? "" : " ") + word;
        return all;
    }
    if (plain.path.size() == 32 && (layer.next || plain.type == PacketType::Ack)) {
        nncp::Hash32 hash{};
        std::copy(plain.path.begin(), plain.path.end(), hash.begin());
        return nncp::to_base32(hash);
    }
    return plain.path;
}

// Names that others chose may hold anything.
std::string printable(const std::string& text) {
    std::string out;
    for (const char c : text) out += static_cast<unsigned char>(c) < 32 || c == 127 ? '?' : c;
    return out;
}

void print_words(const nncp::NodeConfig* config, const std::string& file, const Inspection& seen) {
    print(file + ": " + std::to_string(seen.bytes) + " bytes, its name is " +
          nncp::to_base32(seen.name));
    int number = 0;
    for (const Layer& layer : seen.layers) {
        print("layer " + std::to_string(++number) + ": from " +
              called(config, layer.header.sender));
        print("  to " + called(config, layer.header.recipient));
        print("  niceness " + nncp::to_text(layer.header.nice));
        if (!layer.opened) continue;
        const auto& opened = *layer.opened;
        print(std::string("  ") + to_string(opened.plain.type) + ' ' + printable(path_of(layer)));
        print("  holds " + std::to_string(opened.payload_bytes) + " bytes" +
              (layer.unpacked ? ", unpacked " + std::to_string(*layer.unpacked) : "") +
              (opened.pad > 0 ? ", padding " + std::to_string(opened.pad) : ""));
    }
    if (!seen.why.empty()) print("cannot be opened further: " + seen.why);
}

Json object_of(const nncp::NodeConfig* config, const std::string& file, const Inspection& seen) {
    const auto name_of = [config](const nncp::Hash32& id) -> std::string {
        return config == nullptr ? "" : known_name(*config, id);
    };
    Poco::JSON::Array layers;
    for (const Layer& layer : seen.layers) {
        Json one(Poco::JSON_PRESERVE_KEY_ORDER);
        one.set("sender", nncp::to_base32(layer.header.sender));
        one.set("sender_name", name_of(layer.header.sender));
        one.set("recipient", nncp::to_base32(layer.header.recipient));
        one.set("recipient_name", name_of(layer.header.recipient));
        one.set("nice", int{layer.header.nice});
        one.set("opened", layer.opened.has_value());
        if (layer.opened) {
            one.set("type", to_string(layer.opened->plain.type));
            one.set("plain_nice", int{layer.opened->plain.nice});
            one.set("path", printable(path_of(layer)));
            one.set("payload_bytes", Poco::UInt64(layer.opened->payload_bytes));
            one.set("pad", Poco::UInt64(layer.opened->pad));
        }
        if (layer.unpacked) one.set("unpacked_bytes", Poco::UInt64(*layer.unpacked));
        if (!layer.words.empty()) {
            Poco::JSON::Array words;
            for (const std::string& word : layer.words) words.add(word);
            one.set("words", words);
        }
        layers.add(one);
    }
    Json all(Poco::JSON_PRESERVE_KEY_ORDER);
    all.set("file", file);
    all.set("bytes", Poco::UInt64(seen.bytes));
    all.set("packet", nncp::to_base32(seen.name));
    all.set("layers", layers);
    if (!seen.why.empty()) all.set("why", seen.why);
    return all;
}

void inspect(NncpContext& nncp, const std::vector<std::string>& files) {
    const auto config = nncp.config();
    const nncp::NodeConfig* keys = config.ok() ? &*config : nullptr;
    // Without keys the outer header can be read all the same; a wrong configuration is no such
    // case.
    if (!config.ok() && (config.error().code != Code::NotFound || !nncp.file.empty()))
        return fail(nncp.context, config.error());
    for (const std::string& file : files) {
        const auto seen = Inspector(keys).look(file);
        if (!seen.ok()) {
            fail(nncp.context, seen.error());
            continue;
        }
        if (seen->wrong) nncp.context.status = 1;
        if (nncp.json())
            print_json(object_of(keys, file, *seen));
        else
            print_words(keys, file, *seen);
    }
}

}  // namespace

void add_nncp_inspect(CLI::App& group, NncpContext& nncp) {
    auto files = std::make_shared<std::vector<std::string>>();
    auto* command = group.add_subcommand(
        "inspect", "every layer of a packet that our keys open, and why not more");
    command->add_option("FILE", *files)->required();
    command->callback([&nncp, files] { inspect(nncp, *files); });
}

}  // namespace waypost::cli
