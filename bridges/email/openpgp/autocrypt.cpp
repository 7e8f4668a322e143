// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/openpgp/autocrypt.h"

#include "gateway/base/encoding.h"
#include "gateway/message/text.h"

namespace waypost::email::openpgp {
namespace {

constexpr std::size_t kLine = 76;
constexpr std::size_t kMostAttributes = 20;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t from = text.find_first_not_of(kSpace);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(kSpace) - from + 1);
}

}  // namespace

Result<Autocrypt> parse_autocrypt(std::string_view value) {
    if (value.size() > 2 * kMostCertificateBytes)
        return Error{Code::TooLarge, "an Autocrypt header of more than 32 KiB", false};
    Autocrypt found;
    std::size_t count = 0;
    for (std::size_t from = 0; from < value.size();) {
        const std::size_t end = std::min(value.find(';', from), value.size());
        const std::string_view attribute = trimmed(value.substr(from, end - from));
        from = end + 1;
        if (attribute.empty()) continue;
        if (++count > kMostAttributes) return bad_input("too many attributes");
        const std::size_t equals = attribute.find('=');
        if (equals == std::string_view::npos) return bad_input("an attribute without a value");
        const std::string_view name = trimmed(attribute.substr(0, equals));
        const std::string_view what = trimmed(attribute.substr(equals + 1));
        if (name == "addr") {
            auto address = parse_address("mailto:" + std::string(what));
            if (!address.ok()) return address.error();
            found.address = std::move(*address);
        } else if (name == "keydata") {
            auto key = from_base64(what);
            if (!key.ok()) return key.error();
            found.key = std::move(*key);
        } else if (name != "prefer-encrypt" && (name.empty() || name[0] != '_')) {
            return bad_input("an unknown attribute that must be understood");
        }
    }
    if (found.address.empty() || found.key.empty()) return bad_input("no address or no key");
    return found;
}

std::string autocrypt_field(std::string_view name, const Address& address,
                            const Certificate& certificate) {
    std::string field = std::string(name) + ": addr=" + lower_ascii(address.value) +
                        "; prefer-encrypt=mutual; keydata=\r\n";
    const std::string key = to_base64(certificate.bytes);
    for (std::size_t at = 0; at < key.size(); at += kLine)
        field += ' ' + key.substr(at, kLine) + "\r\n";
    return field;
}

}  // namespace waypost::email::openpgp
