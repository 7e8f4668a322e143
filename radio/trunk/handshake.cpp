// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/handshake.h"

namespace waypost::trunk {

FrameKey hello_key(std::string_view psk, bool second, std::string_view salt, Form form) {
    return {psk, std::string(second ? "hello second " : "hello first ").append(salt), form};
}

std::string Handshake::packet(bool epoch, const Hello& ours, std::string_view salt,
                              std::string_view their_salt) const {
    Frame frame;
    frame.type = FrameType::Hello;
    frame.second = second_;
    frame.epoch = epoch;
    frame.link = link_;
    frame.salt = salt;
    const Nonce nonce{ours.answer ? Use::Answer : Use::Hello};
    return hello_key(psk_.reveal(), second_, salt, form_)
        .seal(nonce, encode_head(frame), encode_hello(ours), kHelloTag, their_salt);
}

const std::string& Handshake::question(const Hello& ours) {
    if (question_.empty()) {
        salt_ = random_bytes(random_, kSalt);
        question_ = packet(false, ours, salt_, {});
    }
    return question_;
}

std::optional<Session> Handshake::answered(const Frame& frame) {
    if (!asking() || frame.link != link_) return std::nullopt;
    const auto body = hello_key(psk_.reveal(), !second_, frame.salt, form_)
                          .open({Use::Answer}, frame.head, frame.body, frame.tag, salt_);
    if (!body) return std::nullopt;
    auto hello = parse_hello(*body);
    if (!hello.ok() || !hello->answer) return std::nullopt;
    Session session;
    session.keys = session_keys(psk_.reveal(), link_, salt_, frame.salt, second_, form_);
    session.epoch = frame.epoch;
    session.theirs = std::move(*hello);
    question_.clear();
    return session;
}

std::optional<Hello> Handshake::asked(const Frame& frame) const {
    if (frame.link != link_) return std::nullopt;
    const auto body = hello_key(psk_.reveal(), !second_, frame.salt, form_)
                          .open({Use::Hello}, frame.head, frame.body, frame.tag);
    if (!body) return std::nullopt;
    auto hello = parse_hello(*body);
    if (!hello.ok() || hello->answer) return std::nullopt;
    return std::move(*hello);
}

bool Handshake::asked_in_other_form(const Frame& frame) const {
    const Form other = form_ == Form::Sealed ? Form::Clear : Form::Sealed;
    return frame.link == link_ && hello_key(psk_.reveal(), !second_, frame.salt, other)
                                      .open({Use::Hello}, frame.head, frame.body, frame.tag);
}

Handshake::Answer Handshake::answer(const Frame& frame, Hello ours, Hello theirs, bool epoch) {
    const std::string salt = random_bytes(random_, kSalt);
    ours.answer = true;
    Answer answer{packet(epoch, ours, salt, frame.salt), {}};
    answer.session.keys = session_keys(psk_.reveal(), link_, frame.salt, salt, second_, form_);
    answer.session.epoch = epoch;
    answer.session.theirs = std::move(theirs);
    answered_salt_ = std::string(frame.salt);
    question_.clear();
    return answer;
}

}  // namespace waypost::trunk
