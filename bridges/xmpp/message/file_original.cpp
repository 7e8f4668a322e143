// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/message/file_original.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "gateway/message/file_name.h"

namespace waypost::xmpp {
namespace {

constexpr std::string_view kMark = "waypost-xmpp-file 1";
constexpr std::size_t kLineBytes = 4096;
constexpr std::size_t kPieceBytes = 64u << 10;

std::string on_one_line(std::string_view text) {
    std::string line(text.substr(0, kLineBytes - 1));
    std::erase_if(line, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    return line;
}

Result<std::string> line_of(std::istream& in) {
    std::string line;
    for (char c = 0; in.get(c) && c != '\n';) {
        line += c;
        if (line.size() >= kLineBytes) return bad_input("a line of a kept file is too long");
    }
    if (!in) return bad_input("a kept file ends in its head");
    return line;
}

class FileContent final : public AttachmentContent {
  public:
    FileContent(std::unique_ptr<std::istream> in, Attachment about, std::istream::pos_type begin)
        : in_(std::move(in)), about_(std::move(about)), begin_(begin) {}

    const Attachment& about() const override { return about_; }

    Result<void> copy_to(std::ostream& out) override {
        in_->clear();
        in_->seekg(begin_);
        std::string piece(kPieceBytes, '\0');
        for (std::uint64_t left = about_.bytes; left > 0;) {
            const auto size =
                static_cast<std::streamsize>(std::min<std::uint64_t>(piece.size(), left));
            in_->read(piece.data(), size);
            if (in_->gcount() == 0) return Error{Code::Internal, "the file ends early", true};
            out.write(piece.data(), in_->gcount());
            if (!out.good()) return Error{Code::Network, "nobody takes the attachment", true};
            left -= static_cast<std::uint64_t>(in_->gcount());
        }
        return {};
    }

  private:
    const std::unique_ptr<std::istream> in_;
    const Attachment about_;
    const std::istream::pos_type begin_;
};

}  // namespace

std::string write_file_head(const FileHead& head) {
    std::string text(kMark);
    for (const std::string& line : {head.url, head.name, head.type})
        text += '\n' + on_one_line(line);
    return text + "\n\n";
}

Result<FileHead> read_file_head(std::istream& in) {
    std::array<std::string, 5> lines;
    for (std::string& each : lines) {
        auto line = line_of(in);
        if (!line.ok()) return line.error();
        each = std::move(*line);
    }
    if (lines[0] != kMark || !lines[4].empty()) return bad_input("this is no kept file of a chat");
    return FileHead{lines[1], clean_file_name(lines[2]), lines[3]};
}

Result<std::unique_ptr<AttachmentContent>> open_file_original(
    std::unique_ptr<std::istream> original, std::size_t number) {
    auto head = read_file_head(*original);
    if (!head.ok()) return head.error();
    if (number != 1) return Error{Code::NotFound, "no attachment " + std::to_string(number), false};
    const auto begin = original->tellg();
    original->seekg(0, std::ios::end);
    const auto end = original->tellg();
    if (!*original || begin < 0 || end < begin) return bad_input("this file cannot be read");
    Attachment about{head->name, head->type, static_cast<std::uint64_t>(end - begin)};
    return {std::make_unique<FileContent>(std::move(original), std::move(about), begin)};
}

std::string link_of_original(Office& office, const Body& body) {
    if (body.bytes.empty() && body.file.empty()) return {};
    std::unique_ptr<std::istream> in;
    if (!body.bytes.empty()) {
        in = std::make_unique<std::istringstream>(body.bytes);
    } else if (auto opened = office.open_body(body); opened.ok()) {
        in = std::move(*opened);
    } else {
        return {};
    }
    const auto head = read_file_head(*in);
    return head.ok() ? head->url : std::string();
}

}  // namespace waypost::xmpp
