// SPDX-License-Identifier: Apache-2.0
#include "web/tls/acme_client.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "gateway/base/durable_file.h"
#include "gateway/certificates/certificate.h"
#include "gateway/message/text.h"

namespace waypost::tls {
namespace {

namespace fs = std::filesystem;

constexpr char kBegin[] = "-----BEGIN CERTIFICATE-----";
constexpr char kEnd[] = "-----END CERTIFICATE-----";
constexpr std::size_t kMostToken = 128;
constexpr std::size_t kMostAnswer = 512;
constexpr std::size_t kMostWhy = 300;
constexpr int kTries = 3;  // an authority may refuse any nonce (RFC 8555 6.5): once more, at once

bool is_token(std::string_view token) {
    return !token.empty() && token.size() <= kMostToken &&
           std::all_of(token.begin(), token.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_';
           });
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

// The first line that begins so, without that.
std::string line_with(const std::string& output, const std::string& begin) {
    std::size_t at = output.rfind(begin, 0) == 0 ? 0 : output.find('\n' + begin);
    if (at == std::string::npos) return {};
    at = output.find(begin, at) + begin.size();
    return output.substr(at, output.find('\n', at) - at);
}

// The value of a JSON member "detail", which tells a person what is wrong (RFC 7807 3.1);
// dehydrated shows it as `"detail": "..."` or `"detail"]<tab>"..."`.
std::string detail_in(const std::string& output) {
    const std::size_t at = output.find("\"detail\"");
    if (at == std::string::npos) return {};
    const std::size_t from = output.find('"', at + 8);
    if (from == std::string::npos || output.find('\n', at) < from) return {};
    std::string text;
    for (std::size_t i = from + 1; i < output.size() && output[i] != '"' && output[i] != '\n';
         ++i) {
        if (output[i] == '\\' && i + 1 < output.size()) ++i;
        text += output[i];
    }
    return text;
}

std::string said(const std::string& text) {
    std::string clean;
    for (const char c : clean_utf8(text)) clean += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    const std::size_t from = clean.find_first_not_of(' ');
    return from == std::string::npos ? std::string()
                                     : std::string(cut_bytes(clean.substr(from), kMostWhy));
}

std::string path_of_programs() {
    const char* path = std::getenv("PATH");
    return std::string("PATH=") + (path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin");
}

}  // namespace

std::string quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + '\'';
}

std::string chain_in(const std::string& output) {
    std::string chain;
    for (std::size_t at = output.find(kBegin); at != std::string::npos;) {
        const std::size_t end = output.find(kEnd, at);
        if (end == std::string::npos) break;
        chain += output.substr(at, end - at) + kEnd + '\n';
        at = output.find(kBegin, end);
    }
    return chain;
}

NotIssued why_not(const Ended& ended, std::chrono::seconds patience) {
    if (ended.too_slow)
        return {"the authority did not finish within " + std::to_string(patience.count()) + " s",
                true};
    if (has(ended.output, "curl returned with"))
        return {"the authority cannot be reached: " + said(line_with(ended.output, "ERROR: ")),
                false};
    std::string why = said(detail_in(ended.output));
    if (why.empty()) why = said(line_with(ended.output, "ERROR: "));
    if (why.empty()) why = "the client ended with status " + std::to_string(ended.status);
    return {"the authority gave no certificate: " + why, true};
}

std::optional<std::string> AcmeClient::challenge(std::string_view token) const {
    if (!is_token(token)) return std::nullopt;
    std::ifstream file(options_.folder + "/challenges/" + std::string(token), std::ios::binary);
    std::array<char, kMostAnswer> bytes{};
    if (!file) return std::nullopt;
    file.read(bytes.data(), bytes.size());
    return std::string(bytes.data(), static_cast<std::size_t>(file.gcount()));
}

// The configuration is a shell script to the client.
Result<void> AcmeClient::prepare(const std::string& request) const {
    const std::string& folder = options_.folder;
    std::error_code failed;
    for (const char* each : {"", "/challenges", "/tmp"}) {
        fs::create_directories(folder + each, failed);
        if (failed)
            return Error{Code::Internal, "cannot make " + folder + each + ": " + failed.message(),
                         true};
    }
    fs::permissions(folder, fs::perms::owner_all, failed);
    for (const auto& left : fs::directory_iterator(folder + "/tmp", failed))
        fs::remove(left.path(), failed);  // of a run that was cut off
    const std::string config =
        "# Waypost writes this file anew before each use.\n"
        "BASEDIR=" +
        quoted(folder) + "\nWELLKNOWN=" + quoted(folder + "/challenges") +
        "\nCA=" + quoted(options_.directory) + "\nCHALLENGETYPE=http-01\n" +
        "CURL_OPTS='--connect-timeout 30 --max-time 90'\n" +
        (options_.mail.empty() ? "" : "CONTACT_EMAIL=" + quoted(options_.mail) + '\n');
    if (auto wrote = write_durably({folder + "/config", config, 0600}); !wrote.ok()) return wrote;
    return write_durably({folder + "/request.pem", request, 0600});
}

Result<Ended> AcmeClient::run(const std::vector<std::string>& arguments, int stop) const {
    Program program;
    program.words = {options_.program, "--config", options_.folder + "/config", "--no-lock"};
    program.words.insert(program.words.end(), arguments.begin(), arguments.end());
    program.environment = {path_of_programs(), "LC_ALL=C", "HOME=" + options_.folder,
                           "TMPDIR=" + options_.folder + "/tmp"};
    if (!options_.ca_file.empty())
        program.environment.push_back("CURL_CA_BUNDLE=" + options_.ca_file);
    program.patience = options_.patience;
    program.stop = stop;
    return run_program(program);
}

std::variant<Issued, NotIssued> AcmeClient::ask(const std::vector<std::string>& names,
                                                int stop) const {
    auto request = make_request(names);
    if (!request.ok()) return NotIssued{request.error().text, false};
    if (const auto ready = prepare(request->text); !ready.ok())
        return NotIssued{ready.error().text, false};
    const std::vector<std::vector<std::string>> steps = {
        {"--register", "--accept-terms"}, {"--signcsr", options_.folder + "/request.pem"}};
    std::string output;
    for (const auto& step : steps) {
        for (int left = kTries; left > 0; --left) {
            const auto ended = run(step, stop);
            if (!ended.ok())
                return NotIssued{ended.error().text + "; is the package dehydrated installed?",
                                 false};
            output = ended->output;
            if (ended->status == 0) break;
            if (left == 1 || ended->too_slow || !has(output, "badNonce"))
                return why_not(*ended, options_.patience);
        }
    }
    std::string chain = chain_in(output);
    if (chain.empty()) return NotIssued{"the authority gave no certificate", true};
    return Issued{std::move(request->key), std::move(chain)};
}

}  // namespace waypost::tls
