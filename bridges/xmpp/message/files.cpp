// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/message/files.h"

#include <algorithm>

#include "bridges/xmpp/message/file_original.h"
#include "bridges/xmpp/stream/stream_parser.h"
#include "gateway/base/log.h"
#include "gateway/base/numbered_key.h"

namespace waypost::xmpp {
namespace {

constexpr char kPrefix[] = "file/";

// The one stanza of a stream that holds nothing else.
class OneStanza final : public StreamEvents {
  public:
    static std::optional<Element> read(const std::string& xml) {
        OneStanza one;
        StreamParser parser(one);
        parser.feed(stream_start(kComponentSpace) + xml);
        return one.stanza_;
    }

  private:
    void stream_opened(const Element&) override {}
    void stream_stanza(Element stanza) override { stanza_ = std::move(stanza); }
    void stream_passed_over(StanzaHead) override {}
    void stream_closed() override {}
    void stream_failed(StreamError) override {}
    std::optional<Element> stanza_;
};

std::optional<Said> read_said(const std::string& xml) {
    auto stanza = OneStanza::read(xml);
    if (!stanza) return std::nullopt;
    auto from = parse_jid(stanza->get("from"));
    auto to = parse_jid(stanza->get("to"));
    if (!from.ok() || !to.ok()) return std::nullopt;
    Chat chat = read_chat(*stanza);
    return Said{std::move(*stanza), std::move(chat), std::move(*from), std::move(*to)};
}

// Into the store's folder as it comes.
class ToBody final : public FetchSink {
  public:
    ToBody(BodyWriter& writer, std::string link) : writer_(writer), link_(std::move(link)) {}

    Result<void> begin(const FetchHead& head) override {
        const std::string type = head.type.empty() ? "application/octet-stream" : head.type;
        attachment.name = head.name;
        attachment.type = type;
        return writer_.write(write_file_head({link_, head.name, type}));
    }
    Result<void> write(std::string_view bytes) override { return writer_.write(bytes); }

    Attachment attachment;

  private:
    BodyWriter& writer_;
    const std::string link_;
};

}  // namespace

Files::Files(const Gate& gate, FilesOptions options, OnReady on_ready)
    : gate_(gate),
      options_(std::move(options)),
      on_ready_(std::move(on_ready)),
      fetcher_(options_.fetch) {}

Files::~Files() { stop(); }

void Files::start() {
    restore();
    for (int i = 0; i < options_.workers; ++i) workers_.emplace_back([this] { work(); });
}

void Files::restore() {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, xml] : gate_.state.with_prefix(kPrefix)) {
        last_key_ = std::max(last_key_, number_of_key(kPrefix, key));
        auto said = read_said(xml);
        if (!said) {
            log(Level::Error, "xmpp", "kept-unreadable", {{"key", key}});
            gate_.state.erase(key);
            continue;
        }
        Sender& sender = sender_of(*said);
        of_strangers_ += sender.stranger;
        const bool fetches = wants(said->chat);
        sender.waiting.push_back({key, std::move(*said), fetches});
        ++count_;
    }
}

void Files::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    fetcher_.cut();
    changed_.notify_all();
    for (std::thread& worker : workers_) worker.join();
    workers_.clear();
}

bool Files::wants(const Chat& chat) const {
    return options_.fetch.most_bytes > 0 && !chat.link.empty() && chat.corrects.empty() &&
           fetcher_.check(chat.link).ok();
}

bool Files::may_fetch(const Said& said) const {
    const Asker asker = asker_of(gate_, said.from);
    if (asker.resident()) return true;
    const Target target = target_of(gate_.names, said.to);
    if (target.kind != Target::Kind::Person) return false;
    if (!gate_.office.check({asker.address(), false}, target.address, 0).kept()) return false;
    const auto consent = gate_.people.consent(target.handle, asker.address());
    return consent.ok() && *consent == Consent::Given;
}

// With the mutex.
Files::Sender& Files::sender_of(const Said& said) {
    const auto [at, fresh] = senders_.try_emplace(said.from.bare_text());
    if (fresh) at->second.stranger = !asker_of(gate_, said.from).resident();
    return at->second;
}

bool Files::holds(const Jid& sender) const {
    const std::lock_guard lock(mutex_);
    return count_ > 0 && senders_.count(sender.bare_text()) > 0;
}

std::size_t Files::waiting() const {
    const std::lock_guard lock(mutex_);
    return count_;
}

bool Files::take(Said said) {
    const bool fetches = wants(said.chat);
    {
        const std::lock_guard lock(mutex_);
        Sender& sender = sender_of(said);
        const bool stranger = sender.stranger;
        const bool room = count_ < options_.most_waiting &&
                          (!stranger || of_strangers_ < options_.most_waiting / 2) &&
                          sender.waiting.size() <
                              (stranger ? options_.most_of_stranger : options_.most_of_sender);
        if (!room) {
            if (sender.waiting.empty() && !sender.at_work) senders_.erase(said.from.bare_text());
            return false;
        }
        const std::string key = numbered_key(kPrefix, ++last_key_);
        gate_.state.put(key, to_xml(said.stanza, kComponentSpace));
        sender.waiting.push_back({key, std::move(said), fetches});
        ++count_;
        of_strangers_ += stranger;
    }
    changed_.notify_one();
    return true;
}

// With the mutex. The last thread that is free fetches for no stranger, where there are two.
Files::Senders::iterator Files::next() {
    const bool strangers_wait = for_strangers_ >= std::max(1, options_.workers - 1);
    return std::find_if(senders_.begin(), senders_.end(), [&](const auto& each) {
        const Sender& sender = each.second;
        if (sender.at_work || sender.waiting.empty()) return false;
        return !sender.stranger || !strangers_wait || !sender.waiting.front().fetches;
    });
}

void Files::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        Senders::iterator turn;
        changed_.wait(lock, [&] { return stopping_ || (turn = next()) != senders_.end(); });
        if (stopping_) return;
        Sender& sender = turn->second;
        sender.at_work = true;  // and thus stays where he is
        Waiting one = std::move(sender.waiting.front());
        sender.waiting.pop_front();
        const bool stranger = sender.stranger;
        const bool fetches = stranger && one.fetches;
        for_strangers_ += fetches;
        lock.unlock();
        pass(std::move(one));
        lock.lock();
        for_strangers_ -= fetches;
        of_strangers_ -= stranger;
        --count_;
        sender.at_work = false;
        if (sender.waiting.empty()) senders_.erase(turn);
        changed_.notify_all();
    }
}

void Files::pass(Waiting one) {
    std::optional<FetchedFile> file;
    if (one.fetches && may_fetch(one.said)) file = fetch(one.said.chat.link);
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;  // it was cut: fetched again after the next start
    }
    on_ready_(std::move(one.said), file ? &*file : nullptr,
              [&state = gate_.state, key = one.key] { state.erase(key); });
}

FetchedFile Files::fetch(const std::string& link) {
    FetchedFile file;
    const auto writer = gate_.office.new_body();
    ToBody sink(*writer, link);
    const auto fetched = fetcher_.fetch({link, {}}, sink);
    if (!fetched.ok()) {
        file.why = fetched.error().text;
        return file;
    }
    auto body = writer->finish();
    if (!body.ok()) {
        file.why = body.error().text;
        return file;
    }
    file.original = std::move(*body);
    file.attachment = sink.attachment;
    file.attachment->bytes = *fetched;
    return file;
}

}  // namespace waypost::xmpp
