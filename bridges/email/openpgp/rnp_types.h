// SPDX-License-Identifier: Apache-2.0
// Owners for what librnp hands out, and the one rule of its use here: librnp 0.16 promises nothing
// about two contexts at work at once, so every call is made while an RnpTurn is held. A context
// lives for one operation only and holds no key that the operation does not need.
#pragma once

#include <rnp/rnp.h>
#include <rnp/rnp_err.h>

#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <type_traits>

#include "gateway/base/result.h"

namespace waypost::email::openpgp {

template <class Handle, auto destroy>
struct RnpDestroy {
    void operator()(Handle handle) const noexcept { (void)destroy(handle); }
};
template <class Handle, auto destroy>
using RnpOwner = std::unique_ptr<std::remove_pointer_t<Handle>, RnpDestroy<Handle, destroy>>;

using RnpContext = RnpOwner<rnp_ffi_t, rnp_ffi_destroy>;
using RnpInput = RnpOwner<rnp_input_t, rnp_input_destroy>;
using RnpOutput = RnpOwner<rnp_output_t, rnp_output_destroy>;
using RnpKey = RnpOwner<rnp_key_handle_t, rnp_key_handle_destroy>;
using RnpGenerate = RnpOwner<rnp_op_generate_t, rnp_op_generate_destroy>;
using RnpVerify = RnpOwner<rnp_op_verify_t, rnp_op_verify_destroy>;
using RnpEncrypt = RnpOwner<rnp_op_encrypt_t, rnp_op_encrypt_destroy>;

// Held for a whole operation, from context to result. Meanwhile C's stderr leads nowhere: Debian's
// librnp writes a line there for each thing it does not know, which with any key of Delta Chat is
// dozens per mail, and it has no switch for it. Our log and C++ streams do not go that way.
class RnpTurn {
  public:
    RnpTurn();
    ~RnpTurn();
    RnpTurn(const RnpTurn&) = delete;
    RnpTurn& operator=(const RnpTurn&) = delete;

  private:
    std::unique_lock<std::mutex> lock_;
    FILE* stderr_;
};

// Null only without memory.
RnpContext new_context();
RnpInput input_of(std::string_view bytes);  // not copied: the bytes outlive it
RnpOutput output_of(std::size_t most);      // writing more than `most` fails
// What was written so far.
std::string bytes_of(const RnpOutput& output);

// The text that one of librnp's getters allocates; empty if it has none.
template <class Handle>
std::string text_of(rnp_result_t (*getter)(Handle, char**), Handle handle) {
    char* text = nullptr;
    if (getter(handle, &text) != RNP_SUCCESS || text == nullptr) return {};
    std::string copy = text;
    rnp_buffer_destroy(text);
    return copy;
}

Error rnp_error(const char* doing, rnp_result_t code);

}  // namespace waypost::email::openpgp
