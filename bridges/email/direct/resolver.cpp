// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/direct/resolver.h"

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>

#include "gateway/message/text.h"

namespace waypost::email {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// One question costs at most this, however many servers and tries.
constexpr milliseconds kLongestWait{15'000};
constexpr int kServerWaitMs = 3'000;
constexpr int kTries = 2;
constexpr std::size_t kMostTxt = 4096;

struct CloseChannel {
    void operator()(ares_channel channel) const { ares_destroy(channel); }
};
using Channel = std::unique_ptr<std::remove_pointer_t<ares_channel>, CloseChannel>;

template <class Record>
struct FreeRecords {
    void operator()(Record* record) const { ares_free_data(record); }
};
template <class Record>
using Records = std::unique_ptr<Record, FreeRecords<Record>>;

// The library counts its initialisations; the first one must not race.
void start_library() {
    static const int started = ares_library_init(ARES_LIB_INIT_ALL);
    if (started != ARES_SUCCESS) throw std::runtime_error("c-ares does not start");
}

Result<Channel> open_channel(const std::string& nameserver) {
    ares_options options{};
    options.timeout = kServerWaitMs;
    options.tries = kTries;
    options.flags = ARES_FLAG_EDNS;
    ares_channel raw = nullptr;
    if (ares_init_options(&raw, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_FLAGS) !=
        ARES_SUCCESS) {
        return Error{Code::Internal, "the resolver does not start", true};
    }
    Channel channel(raw);
    if (!nameserver.empty() &&
        ares_set_servers_ports_csv(raw, nameserver.c_str()) != ARES_SUCCESS) {
        return bad_input(nameserver + ": no address of a name server");
    }
    return {std::move(channel)};
}

struct Answer {
    std::optional<int> status;
    std::string packet;
};

void on_answer(void* to, int status, int, unsigned char* bytes, int length) {
    auto* answer = static_cast<Answer*>(to);
    answer->status = status;
    if (bytes != nullptr && length > 0)
        answer->packet.assign(reinterpret_cast<const char*>(bytes),
                              static_cast<std::size_t>(length));
}

std::vector<pollfd> sockets_of(ares_channel channel) {
    ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
    const auto wanted = static_cast<unsigned>(ares_getsock(channel, sockets, ARES_GETSOCK_MAXNUM));
    std::vector<pollfd> all;
    for (unsigned i = 0; i < ARES_GETSOCK_MAXNUM; ++i) {
        short events = 0;
        if (ARES_GETSOCK_READABLE(wanted, i)) events |= POLLIN;
        if (ARES_GETSOCK_WRITABLE(wanted, i)) events |= POLLOUT;
        if (events != 0) all.push_back({sockets[i], events, 0});
    }
    return all;
}

milliseconds wait_of(ares_channel channel, milliseconds most) {
    timeval longest{most.count() / 1000, (most.count() % 1000) * 1000};
    timeval room{};
    const timeval* next = ares_timeout(channel, &longest, &room);
    return milliseconds(next->tv_sec * 1000 + next->tv_usec / 1000 + 1);
}

// Until the answer is there, the time is over or `cut_fd` is readable.
void run(ares_channel channel, const Answer& answer, int cut_fd) {
    const auto end = steady_clock::now() + kLongestWait;
    while (!answer.status) {
        const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now());
        if (left <= milliseconds(0)) return;
        std::vector<pollfd> fds = sockets_of(channel);
        fds.push_back({cut_fd, POLLIN, 0});
        const auto wait = std::min(wait_of(channel, left), left);
        ::poll(fds.data(), fds.size(), static_cast<int>(wait.count()));
        if (fds.back().revents != 0) return;
        fds.pop_back();
        bool any = false;
        for (const pollfd& fd : fds) {
            if (fd.revents == 0) continue;
            any = true;
            const bool broken = (fd.revents & (POLLERR | POLLHUP)) != 0;
            ares_process_fd(channel, (fd.revents & POLLIN) != 0 || broken ? fd.fd : ARES_SOCKET_BAD,
                            (fd.revents & POLLOUT) != 0 || broken ? fd.fd : ARES_SOCKET_BAD);
        }
        if (!any) ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);  // its timers
    }
}

Error error_of(int status, const std::string& name) {
    if (status == ARES_ENOTFOUND) return {Code::NotFound, "no such domain: " + name, false};
    // A name that cannot be asked for will not exist tomorrow either.
    if (status == ARES_EBADNAME || status == ARES_EBADQUERY)
        return {Code::NotFound, "no such domain: " + name, false};
    if (status == ARES_ETIMEOUT) return {Code::Timeout, "no answer from the DNS for " + name, true};
    return {Code::Network, "the DNS does not answer for " + name + ": " + ares_strerror(status),
            true};
}

std::string host_name(const char* text) {
    std::string name = lower_ascii(text == nullptr ? "" : text);
    if (!name.empty() && name.back() == '.') name.pop_back();
    return name;
}

const unsigned char* data_of(const std::string& packet) {
    return reinterpret_cast<const unsigned char*>(packet.data());
}

bool is_address(const std::string& text) {
    unsigned char room[16];
    return ::inet_pton(AF_INET, text.c_str(), room) == 1 ||
           ::inet_pton(AF_INET6, text.c_str(), room) == 1;
}

bool leads_here_v4(const unsigned char* bytes) {
    return bytes[0] == 0 || bytes[0] == 127 || (bytes[0] == 169 && bytes[1] == 254);
}

}  // namespace

bool leads_here(const std::string& address) {
    unsigned char four[4];
    if (::inet_pton(AF_INET, address.c_str(), four) == 1) return leads_here_v4(four);
    in6_addr six{};
    if (::inet_pton(AF_INET6, address.c_str(), &six) != 1) return false;
    if (IN6_IS_ADDR_V4MAPPED(&six)) return leads_here_v4(six.s6_addr + 12);
    return IN6_IS_ADDR_LOOPBACK(&six) || IN6_IS_ADDR_UNSPECIFIED(&six) ||
           IN6_IS_ADDR_LINKLOCAL(&six);
}

Resolver::Resolver(std::string nameserver) : nameserver_(std::move(nameserver)) {
    start_library();
    if (const auto channel = open_channel(nameserver_); !channel.ok())
        throw std::runtime_error(channel.error().text);
    cut_fd_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (cut_fd_ < 0) throw std::runtime_error("no eventfd");
}

Resolver::~Resolver() { ::close(cut_fd_); }

void Resolver::cut() noexcept {
    const eventfd_t one = 1;
    (void)::eventfd_write(cut_fd_, one);
}

// A channel of its own for each question: no lock is held while somebody waits, and each question
// leaves from another port with another number, which makes forging harder (RFC 5452).
Result<std::string> Resolver::ask(const std::string& name, int type) {
    Answer answer;  // outlives the channel, which calls back when it goes
    auto channel = open_channel(nameserver_);
    if (!channel.ok()) return channel.error();
    ares_query(channel->get(), name.c_str(), ns_c_in, type, on_answer, &answer);
    run(channel->get(), answer, cut_fd_);
    if (!answer.status) return error_of(ARES_ETIMEOUT, name);
    if (*answer.status == ARES_ENODATA) return std::string();
    if (*answer.status != ARES_SUCCESS) return error_of(*answer.status, name);
    return std::move(answer.packet);
}

Result<std::vector<MxRecord>> Resolver::mx(const std::string& name) {
    std::vector<MxRecord> all;
    auto packet = ask(name, ns_t_mx);
    if (!packet.ok()) return packet.error();
    if (packet->empty()) return all;
    ares_mx_reply* first = nullptr;
    const int status =
        ares_parse_mx_reply(data_of(*packet), static_cast<int>(packet->size()), &first);
    const Records<ares_mx_reply> records(first);
    if (status == ARES_ENODATA) return all;
    if (status != ARES_SUCCESS) return error_of(status, name);
    for (const ares_mx_reply* each = first; each != nullptr && all.size() < kMostRecords;
         each = each->next) {
        all.push_back({each->priority, host_name(each->host)});
    }
    return all;
}

Result<std::vector<std::string>> Resolver::txt(const std::string& name) {
    std::vector<std::string> all;
    auto packet = ask(name, ns_t_txt);
    if (!packet.ok()) return packet.error();
    if (packet->empty()) return all;
    ares_txt_ext* first = nullptr;
    const int status =
        ares_parse_txt_reply_ext(data_of(*packet), static_cast<int>(packet->size()), &first);
    const Records<ares_txt_ext> records(first);
    if (status == ARES_ENODATA) return all;
    if (status != ARES_SUCCESS) return error_of(status, name);
    for (const ares_txt_ext* each = first; each != nullptr; each = each->next) {
        if (each->record_start != 0) {
            if (all.size() == kMostRecords) break;
            all.emplace_back();
        }
        if (all.empty() || all.back().size() + each->length > kMostTxt) continue;
        all.back().append(reinterpret_cast<const char*>(each->txt), each->length);
    }
    return all;
}

Result<std::vector<std::string>> Resolver::addresses(const std::string& host) {
    std::vector<std::string> all;
    if (is_address(host)) return std::vector<std::string>{host};
    std::optional<Error> error;
    for (const int type : {ns_t_aaaa, ns_t_a}) {
        auto packet = ask(host, type);
        if (!packet.ok()) {
            error = packet.error();
            if (!error->retry) return *error;  // the name is not there: of whatever type
            continue;
        }
        if (packet->empty()) continue;
        ares_addr6ttl six[kMostRecords];
        ares_addrttl four[kMostRecords];
        int count = kMostRecords;
        const auto length = static_cast<int>(packet->size());
        const int status =
            type == ns_t_a ? ares_parse_a_reply(data_of(*packet), length, nullptr, four, &count)
                           : ares_parse_aaaa_reply(data_of(*packet), length, nullptr, six, &count);
        if (status == ARES_ENODATA) continue;
        if (status != ARES_SUCCESS) {
            error = error_of(status, host);
            continue;
        }
        for (int i = 0; i < count; ++i) {
            char text[INET6_ADDRSTRLEN] = {};
            const void* bytes = type == ns_t_a ? static_cast<const void*>(&four[i].ipaddr)
                                               : static_cast<const void*>(&six[i].ip6addr);
            ares_inet_ntop(type == ns_t_a ? AF_INET : AF_INET6, bytes, text, sizeof text);
            all.emplace_back(text);
        }
    }
    if (all.empty() && error) return *error;
    return all;
}

Result<bool> Resolver::is_zone(const std::string& zone) {
    auto packet = ask(zone.empty() ? "." : zone, ns_t_ns);
    if (!packet.ok()) {
        if (packet.error().code == Code::NotFound) return false;
        return packet.error();
    }
    if (packet->empty()) return false;
    hostent* raw = nullptr;
    const int status =
        ares_parse_ns_reply(data_of(*packet), static_cast<int>(packet->size()), &raw);
    const std::unique_ptr<hostent, decltype(&ares_free_hostent)> servers(raw, ares_free_hostent);
    return status == ARES_SUCCESS && servers->h_aliases != nullptr &&
           servers->h_aliases[0] != nullptr;
}

}  // namespace waypost::email
