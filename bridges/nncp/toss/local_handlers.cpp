// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/toss/local_handlers.h"

#include <algorithm>
#include <utility>

#include "bridges/nncp/toss/chunks.h"
#include "bridges/nncp/toss/incoming.h"
#include "bridges/nncp/toss/notice_mail.h"
#include "bridges/nncp/toss/reply.h"

namespace waypost::nncp {

namespace {

constexpr std::size_t kTogether = 8;  // programs

using Programs = std::map<std::string, std::vector<std::string>>;

// May be allowed later, by the operator.
Error forbidden(const std::string& what) { return {Code::Refused, what, true}; }

std::string who(const Arrival& arrival) {
    const std::string sender = arrival.sender ? arrival.sender->name : to_base32(arrival.sender_id);
    return arrival.area ? sender + " in " + arrival.area->name : sender;
}

// In an area it is the area that says what may be done, not the sender.
const Programs* exec_of(const Arrival& arrival) {
    if (arrival.area) return &arrival.area->exec;
    return arrival.sender ? &arrival.sender->exec : nullptr;
}

std::string incoming_of(const Arrival& arrival) {
    if (arrival.area) return arrival.area->incoming;
    return arrival.sender ? arrival.sender->incoming : std::string();
}

Result<const std::vector<std::string>*> program_of(const Arrival& arrival,
                                                   const std::string& handle) {
    const Programs* exec = exec_of(arrival);
    const auto found = exec ? exec->find(handle) : Programs::const_iterator();
    if (exec == nullptr || found == exec->end() || found->second.empty()) {
        return forbidden("no handle \"" + handle + "\" is configured for " + who(arrival));
    }
    return &found->second;
}

// Chunks that somebody took away do not come back.
bool worth_a_retry(const Error& error) { return error.retry && error.code != Code::NotFound; }

std::string joined(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& each : words) line += (line.empty() ? "" : " ") + each;
    return line;
}

}  // namespace

LocalHandlers::LocalHandlers(const NodeConfig& config, const Spool& spool, LocalOptions options)
    : config_(config), spool_(spool), options_(std::move(options)), outbox_(config, spool) {}

void LocalHandlers::say(const std::string& line) const {
    if (options_.say) options_.say(line);
}

// A mail that cannot be sent does not bring the packet back.
void LocalHandlers::notify(const Notice& notice, const std::string& subject,
                           const std::string& body) const {
    const auto self = config_.nodes.find("self");
    if (self == config_.nodes.end()) return;
    const auto sendmail = self->second.exec.find("sendmail");
    if (sendmail == self->second.exec.end()) return;
    Content mail(spool_.directory() / "tmp", kNoticeBytes);
    const std::string text = notice_mail(notice, subject, body);
    if (!mail.write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}).ok()) return;
    const auto input = mail.descriptor();
    if (!input.ok()) return;
    Program program{sendmail->second, {}, *input, options_.patience};
    program.words.push_back(notice.to);
    const auto ended = run_program(program);
    if (!ended.ok() || ended->status != 0) say("the mail \"" + subject + "\" could not be sent");
}

const Notice* LocalHandlers::notice_of(const Arrival& arrival, const std::string& handle) const {
    const std::string name = arrival.sender ? arrival.sender->name : std::string();
    for (const std::string& key : {name + "." + handle, "*." + handle}) {
        const auto found = config_.notify_exec.find(key);
        if (found != config_.notify_exec.end()) return &found->second;
    }
    return nullptr;
}

Result<void> LocalHandlers::admit(const Arrival& arrival) {
    switch (arrival.plain.type) {
        case PacketType::Exec:
        case PacketType::ExecFat: {
            const auto words = words_of(arrival.plain);
            if (!words.ok()) return words.error();
            const auto program = program_of(arrival, words->front());
            return program.ok() ? Result<void>() : Result<void>(program.error());
        }
        case PacketType::File: {
            const auto path = path_components(arrival.plain.path);
            if (!path.ok()) return path.error();
            if (incoming_of(arrival).empty()) return forbidden("no files from " + who(arrival));
            return {};
        }
        case PacketType::Freq: {
            const auto path = path_components(arrival.plain.path);
            if (!path.ok()) return path.error();
            if (arrival.area || !arrival.sender || arrival.sender->freq_path.empty()) {
                return forbidden("no requests for files from " + who(arrival));
            }
            return {};
        }
        default:
            return {};
    }
}

std::filesystem::path LocalHandlers::folder_for(const Arrival& arrival) const {
    return arrival.plain.type == PacketType::File ? incoming_of(arrival) : std::string();
}

Result<LocalHandlers::Exec> LocalHandlers::start(const Arrival& arrival,
                                                 const std::vector<std::string>& words,
                                                 Content& input) const {
    const auto configured = program_of(arrival, words.front());
    if (!configured.ok()) return configured.error();
    const auto stdin_of = input.descriptor();
    if (!stdin_of.ok()) return stdin_of.error();
    Program program{**configured, {}, *stdin_of, options_.patience};
    program.words.insert(program.words.end(), words.begin() + 1, words.end());
    program.environment = {"NNCP_SELF=" + to_base32(config_.self->id),
                           "NNCP_SENDER=" + to_base32(arrival.sender_id),
                           "NNCP_NICE=" + std::to_string(arrival.plain.nice)};
    auto running = RunningProgram::start(program);
    if (!running.ok()) return running.error();
    return Exec{arrival.packet.name, words.front(),
                "exec " + joined(words) + " from " + who(arrival),
                notice_of(arrival, words.front()), std::move(*running)};
}

Result<void> LocalHandlers::end(Exec& exec) const {
    const Ended ended = exec.program.wait();
    if (ended.status != 0) {
        return Error{Code::Refused,
                     exec.handle + (ended.too_slow ? " took too long"
                                    : ended.status < 0
                                        ? " was ended by a signal"
                                        : " ended with status " + std::to_string(ended.status)),
                     true};
    }
    say(exec.what);
    if (exec.notice != nullptr) notify(*exec.notice, exec.what, ended.output);
    return {};
}

void LocalHandlers::end_one() {
    std::vector<RunningProgram*> programs;
    for (Exec& each : running_) programs.push_back(&each.program);
    const auto first = std::next(
        running_.begin(), static_cast<std::ptrdiff_t>(RunningProgram::first_to_end(programs)));
    const auto ended = end(*first);
    if (ended.ok())
        finished_.push_back(first->packet);
    else
        failed_.push_back({first->packet, ended.error().text});
    running_.erase(first);
}

// A post of an area is marked as had when this returns: its program is waited for.
Result<void> LocalHandlers::exec(const Arrival& arrival, const std::vector<std::string>& words,
                                 Content& input) {
    auto exec = start(arrival, words, input);
    if (!exec.ok()) return exec.error();
    if (arrival.area != nullptr) return end(*exec);
    running_.push_back(std::move(*exec));
    if (running_.size() >= kTogether) end_one();
    return {};
}

std::vector<Mth> LocalHandlers::finished() { return std::exchange(finished_, {}); }

Result<void> LocalHandlers::settle(std::vector<Failure>& failed) {
    while (!running_.empty()) end_one();
    failed = std::exchange(failed_, {});
    return {};
}

Result<void> LocalHandlers::file(const Arrival& arrival, Content& content) {
    const std::uint64_t bytes = content.bytes();
    const auto placed =
        place_file(incoming_of(arrival), arrival.plain.path, content, options_.sync);
    if (!placed.ok()) return placed.error();
    finished_.push_back(arrival.packet.name);
    const std::string what =
        "file " + *placed + " from " + who(arrival) + " (" + std::to_string(bytes) + " bytes)";
    say(what);
    if (const auto name = name_of_chunked(*placed); name) {
        join_chunks(arrival, *name);
    } else {
        file_came(arrival, what, std::filesystem::path(incoming_of(arrival)) / *placed);
    }
    return {};
}

void LocalHandlers::file_came(const Arrival&, const std::string& what,
                              const std::filesystem::path&) {
    if (config_.notify_file) notify(*config_.notify_file, what, {});
}

void LocalHandlers::join_waits(const Arrival&, const std::string&) {}

// The piece is there; whether the whole can be made is asked again with the next one, and of those
// that have all of theirs by join_again().
void LocalHandlers::join_chunks(const Arrival& arrival, const std::string& name) {
    const auto joined = join(arrival, name);
    if (joined.ok()) return;
    say(joined.error().text);
    if (worth_a_retry(joined.error())) join_later(arrival, name, joined.error());
}

Result<void> LocalHandlers::join(const Arrival& arrival, const std::string& name) {
    const auto place = open_place(incoming_of(arrival), name, false);
    if (!place.ok()) return place.error();
    const auto whole = reassemble(*place, options_.sync);
    if (!whole.ok()) return whole.error();
    if (!*whole) return {};
    const std::string path = std::filesystem::path(name).replace_filename(**whole);
    const std::string what = "file " + path + " from " + who(arrival) + ", all of its chunks";
    say(what);
    file_came(arrival, what, std::filesystem::path(incoming_of(arrival)) / path);
    return {};
}

void LocalHandlers::join_later(const Arrival& arrival, const std::string& name, const Error& why) {
    const auto same = [&](const Joining& each) {
        return each.name == name && incoming_of(each.arrival) == incoming_of(arrival);
    };
    if (std::any_of(joining_.begin(), joining_.end(), same)) return;
    joining_.push_back({arrival, name});
    join_waits(arrival, "file " + name + " from " + who(arrival) +
                            " came in chunks that cannot be joined yet: " + why.text);
}

// Under the lock that its toss had.
void LocalHandlers::join_again() {
    std::erase_if(joining_, [this](const Joining& each) {
        const auto lock = spool_.lock(each.arrival.packet.node, SpoolLock::Kind::Toss);
        if (!lock.ok()) return false;
        const auto joined = join(each.arrival, each.name);
        return joined.ok() || !worth_a_retry(joined.error());
    });
}

Result<void> LocalHandlers::freq(const Arrival& arrival, const std::string& destination) {
    const FileRequest request{arrival.sender, arrival.plain.path, destination, arrival.plain.nice};
    const auto sent = send_requested(request, spool_, outbox_);
    if (!sent.ok()) return sent.error();
    finished_.push_back(arrival.packet.name);
    const std::string what = "request of " + who(arrival) + ": " + *sent;
    say(what);
    if (config_.notify_freq) notify(*config_.notify_freq, what, {});
    return {};
}

// What was kept until it came is needed no more.
Result<void> LocalHandlers::ack(const Arrival& arrival, const Mth& packet) {
    const SpoolPacket kept{arrival.sender_id, Way::Tx, packet, 0, 255};
    const auto removed = spool_.remove(kept);
    if (!removed.ok()) return removed;
    say("ack of " + who(arrival) + " for " + to_base32(packet));
    return {};
}

}  // namespace waypost::nncp
