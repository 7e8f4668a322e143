// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/openpgp/rnp_types.h"

namespace waypost::email::openpgp {

namespace {

std::mutex& one_at_a_time() {
    static std::mutex mutex;
    return mutex;
}

FILE* nowhere() {
    static FILE* const kNowhere = std::fopen("/dev/null", "we");
    return kNowhere;
}

}  // namespace

// glibc's stderr is a variable that may be set ("Standard Streams" in its manual).
RnpTurn::RnpTurn() : lock_(one_at_a_time()), stderr_(stderr) {
    if (FILE* const silent = nowhere()) stderr = silent;
}

RnpTurn::~RnpTurn() { stderr = stderr_; }

RnpContext new_context() {
    rnp_ffi_t context = nullptr;
    if (rnp_ffi_create(&context, "GPG", "GPG") != RNP_SUCCESS) return {};
    return RnpContext(context);
}

RnpInput input_of(std::string_view bytes) {
    rnp_input_t input = nullptr;
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    if (rnp_input_from_memory(&input, data, bytes.size(), false) != RNP_SUCCESS) return {};
    return RnpInput(input);
}

RnpOutput output_of(std::size_t most) {
    rnp_output_t output = nullptr;
    if (rnp_output_to_memory(&output, most) != RNP_SUCCESS) return {};
    return RnpOutput(output);
}

std::string bytes_of(const RnpOutput& output) {
    std::uint8_t* data = nullptr;
    std::size_t size = 0;
    if (rnp_output_memory_get_buf(output.get(), &data, &size, false) != RNP_SUCCESS) return {};
    return {reinterpret_cast<const char*>(data), size};
}

Error rnp_error(const char* doing, rnp_result_t code) {
    return {code == RNP_ERROR_OUT_OF_MEMORY ? Code::TooLarge : Code::BadInput,
            std::string(doing) + ": " + rnp_result_to_string(code), false};
}

}  // namespace waypost::email::openpgp
