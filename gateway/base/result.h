// SPDX-License-Identifier: Apache-2.0
// Expected failures are values. A function that can fail for a reason outside the program
// (bad bytes, a peer that says no, a full disk) returns Result<T>; exceptions are kept for a
// bad configuration at start and for our own bugs.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

namespace waypost {

enum class Code {
    BadInput,  // malformed bytes or text; the same input will fail again
    NotFound,  // no such person, message, file
    TooLarge,  // over a limit that the receiver states
    Refused,   // understood, and not allowed
    Busy,      // try again soon
    Full,      // no room: disk or quota
    Network,   // connection lost or never made
    Timeout,   // no answer in time
    Conflict,  // somebody else holds it, or the state does not allow it
    Internal,  // a bug or a broken invariant, reported instead of hidden
};

const char* to_string(Code code);

struct Error {
    Code code = Code::Internal;
    std::string text;    // one sentence for a person: what is wrong and what to do
    bool retry = false;  // the same call may succeed later
};

// A value or an Error. Taking the value of a failed Result throws std::logic_error: a bug of the
// caller, who must ask ok() first.
template <class T>
class [[nodiscard]] Result {
  public:
    Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}      // NOLINT
    Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

    bool ok() const { return held_.index() == 0; }
    const T& value() const& { return const_cast<Result*>(this)->checked(); }
    T& value() & { return checked(); }
    T&& value() && { return std::move(checked()); }
    const T& operator*() const& { return value(); }
    T& operator*() & { return value(); }
    const T* operator->() const { return &value(); }
    T* operator->() { return &value(); }
    const Error& error() const { return std::get<1>(held_); }

  private:
    T& checked() {
        if (!ok()) throw std::logic_error("value of a failed Result: " + error().text);
        return std::get<0>(held_);
    }
    std::variant<T, Error> held_;
};

template <>
class [[nodiscard]] Result<void> {
  public:
    Result() = default;
    Result(Error error) : error_(std::move(error)), ok_(false) {}  // NOLINT

    bool ok() const { return ok_; }
    const Error& error() const { return error_; }

  private:
    Error error_;
    bool ok_ = true;
};

inline Error bad_input(std::string text) { return {Code::BadInput, std::move(text), false}; }

}  // namespace waypost
