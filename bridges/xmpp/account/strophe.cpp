// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/account/strophe.h"

#include "bridges/xmpp/account/account_stream.h"

namespace waypost::xmpp {
namespace {

std::string attribute(xmpp_stanza_t* stanza, const char* name) {
    const char* value = xmpp_stanza_get_attribute(stanza, name);
    return value == nullptr ? std::string() : value;
}

}  // namespace

StropheStanzas::StropheStanzas(xmpp_ctx_t* context, Reader& reader, const StreamLimits& limits)
    : context_(context), reader_(reader), limits_(limits) {
    begin();
}

void StropheStanzas::begin() {
    broken_ = false;
    StreamEvents& events = *this;
    parser_ = std::make_unique<StreamParser>(events, limits_);
    parser_->feed(stream_start(kClientSpace));
}

void StropheStanzas::stream_failed(StreamError error) {
    broken_ = true;
    why_ = std::move(error.text);
}

void StropheStanzas::read(xmpp_stanza_t* stanza) {
    char* text = nullptr;
    std::size_t size = 0;
    if (xmpp_stanza_to_text(stanza, &text, &size) != XMPP_EOK) throw std::bad_alloc();
    const std::string xml(text, size);
    xmpp_free(context_, text);
    parser_->feed(xml);
    if (!broken_) return;
    begin();
    reader_.passed_over({xmpp_stanza_get_name(stanza), std::string(kClientSpace),
                         attribute(stanza, "id"), attribute(stanza, "from"),
                         attribute(stanza, "to"), attribute(stanza, "type"), why_});
}

}  // namespace waypost::xmpp
