// SPDX-License-Identifier: Apache-2.0
// What the server of an account may say to a client program. The first byte chooses what it is
// taken for.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "bridges/activitypub/client/event_names.h"
#include "bridges/activitypub/client/letters.h"
#include "bridges/activitypub/vocab/note_text.h"
#include "gateway/message/text.h"

namespace {

void must(bool is) {
    if (!is) std::abort();
}

using namespace waypost::activitypub;

void look_at(const client::Status& status) {
    must(client::is_client_id(status.id) && client::is_client_id(status.account.id));
    must(!status.uri.empty() && status.uri.find(' ') == std::string::npos);
    must(status.in_reply_to_id.empty() || client::is_client_id(status.in_reply_to_id));
    must(waypost::is_utf8(status.account.name));
    NoteTextOptions options;
    options.most = 1000;
    must(waypost::is_utf8(note_text(status.note, options)));
    (void)client::says_the_same(status, "Is it open?", "bob@far.example");
}

template <class T>
void look_at_error(const waypost::Result<T>& result) {
    if (!result.ok()) must(waypost::is_utf8(result.error().text) && !result.error().retry);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 8) {
        case 0: {
            const auto all = client::parse_notifications(text);
            look_at_error(all);
            if (!all.ok()) break;
            for (const auto& each : *all) {
                must(client::is_client_id(each.id));
                if (each.status) look_at(*each.status);
            }
            break;
        }
        case 1: {
            const auto all = client::parse_statuses(text);
            look_at_error(all);
            if (all.ok()) {
                for (const auto& each : *all) look_at(each);
            }
            break;
        }
        case 2: {
            const auto one = client::parse_status(text);
            look_at_error(one);
            if (one.ok()) look_at(*one);
            break;
        }
        case 3: {
            const auto instance = client::parse_instance(text);
            look_at_error(instance);
            if (!instance.ok()) break;
            must(instance->most_letters >= 50 && !instance->domain.empty());
            must(instance->streaming.empty() || instance->streaming.rfind("http", 0) == 0);
            break;
        }
        case 4: {
            look_at_error(client::parse_account(text));
            look_at_error(client::parse_app(text));
            const auto token = client::parse_token(text);
            if (token.ok()) must(token->find_first_of("\r\n ") == std::string::npos);
            break;
        }
        case 6: {
            look_at_error(client::parse_profile(text));
            const auto found = client::parse_found(text);
            look_at_error(found);
            if (!found.ok()) break;
            for (const auto& each : *found) must(client::is_client_id(each.account.id));
            break;
        }
        case 7: {
            // In pieces or whole, the same events.
            client::EventNames whole, pieces;
            auto one_by_one = pieces.take(text.substr(0, text.size() / 2));
            for (auto& name : pieces.take(text.substr(text.size() / 2)))
                one_by_one.push_back(std::move(name));
            const auto names = whole.take(text);
            must(names == one_by_one);
            for (const auto& name : names) must(name.size() <= client::EventNames::kLongestLine);
            break;
        }
        default: {
            const auto media = client::parse_media(text);
            look_at_error(media);
            if (media.ok()) must(client::is_client_id(*media));
            must(waypost::is_utf8(client::parse_refusal(text)));
        }
    }
    return 0;
}
