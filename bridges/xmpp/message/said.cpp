// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/message/said.h"

#include "bridges/xmpp/message/envelope.h"

namespace waypost::xmpp {
namespace {

std::string words_for_retraction(const Gate& gate, const Target& target) {
    const auto reader =
        target.kind == Target::Kind::Person ? gate.people.resident(target.handle) : std::nullopt;
    return catalogue(reader ? reader->language : std::string()).say("chat_taken_back");
}

std::string text_of(const Gate& gate, const Said& said, const Target& target,
                    const FetchedFile* file) {
    const Chat& chat = said.chat;
    if (!chat.retracts.empty()) return words_for_retraction(gate, target);
    if (!chat.reacts_to.empty()) {
        std::string all;
        for (const std::string& each : chat.reactions) all += each;
        return all;
    }
    if (!chat.corrects.empty()) return "* " + chat.body;
    if (file == nullptr) return chat.body;
    if (!file->attachment) return chat.body + " [" + file->why + ']';
    // A radio shows the file's name and size; who reads elsewhere can follow the link.
    return target.kind == Target::Kind::Outside ? chat.body : std::string();
}

std::vector<std::string> references_of(const Chat& chat) {
    for (const std::string& id : {chat.retracts, chat.reacts_to, chat.corrects, chat.replies_to})
        if (!id.empty()) return {id};
    return {};
}

}  // namespace

Message message_of(const Gate& gate, const Asker& asker, const Said& said, const Target& target,
                   const FetchedFile* file) {
    const Chat& chat = said.chat;
    Message message = message_from(gate, asker);
    const std::string& id = chat.origin_id.empty() ? chat.id : chat.origin_id;
    if (id.size() >= kShortestUniqueId) message.origin_id = id;
    message.written = chat.written;
    message.from_name = chat.nick;
    message.subject = chat.subject;
    message.text = text_of(gate, said, target, file);
    message.references = references_of(chat);
    message.reaction = !chat.reacts_to.empty();
    message.automatic = chat.type == "headline";
    message.privacy = Privacy::InClear;
    if (file != nullptr && file->attachment) {
        message.attachments.push_back(*file->attachment);
        message.body = file->original;
    }
    if (target.kind == Target::Kind::Gateway) return message;
    message.wishes.push_back({chat.wants_receipt, true, true, {}});
    // Only with a wish is a record kept, which costs a write: who asks for nothing hears of a
    // failure in words.
    if (chat.wants_receipt || chat.id != message.origin_id)
        message.envelope_id = write_envelope(
            {chat.id == message.origin_id ? std::string() : chat.id, said.from.resource()});
    return message;
}

Element head_of(const Element& stanza) {
    Element head(stanza.name(), stanza.space());
    for (const char* name : {"from", "to", "id", "type"})
        if (const std::string* value = stanza.find_attribute(name)) head.set(name, *value);
    if (!stanza.lang().empty()) head.set_lang(stanza.lang());
    return head;
}

}  // namespace waypost::xmpp
