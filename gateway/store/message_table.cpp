// SPDX-License-Identifier: Apache-2.0
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <sstream>

#include "gateway/store/columns.h"
#include "gateway/store/prepared.h"
#include "gateway/store/tables.h"

namespace waypost::store {
namespace {

using I64 = std::int64_t;
using Text = std::string;

constexpr char kColumns[] =
    "id, kind, network, transport, origin_id, sender, owner, from_name, subject, text,"
    " attachments, refs, message_id, answers, flags, privacy, priority, created, body, body_file, "
    "body_size, return_path, report, about";

using MessageColumns = Row<I64, int, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text,
                           Text, I64, int, int, int, I64, Blob, Text, I64, Text, int, I64>;

enum Flag { kAutomatic = 1, kBroadcast = 2, kAlert = 4, kReaction = 8, kCut = 16, kVerified = 32 };

int flags_of(const Message& m) {
    return (m.automatic ? kAutomatic : 0) | (m.broadcast ? kBroadcast : 0) |
           (m.alert ? kAlert : 0) | (m.reaction ? kReaction : 0) | (m.cut ? kCut : 0) |
           (m.verified_sender ? kVerified : 0);
}

void set_flags(Message& m, int flags) {
    m.automatic = (flags & kAutomatic) != 0;
    m.broadcast = (flags & kBroadcast) != 0;
    m.alert = (flags & kAlert) != 0;
    m.reaction = (flags & kReaction) != 0;
    m.cut = (flags & kCut) != 0;
    m.verified_sender = (flags & kVerified) != 0;
}

std::string json(const Poco::JSON::Array& array) {
    if (array.size() == 0) return {};
    std::ostringstream out;
    array.stringify(out);
    return out.str();
}

std::string json(const std::vector<Attachment>& attachments) {
    Poco::JSON::Array array;
    for (const Attachment& a : attachments) {
        Poco::JSON::Object object;
        object.set("name", a.name);
        object.set("type", a.type);
        object.set("bytes", a.bytes);
        array.add(object);
    }
    return json(array);
}

std::string json(const std::vector<std::string>& texts) {
    Poco::JSON::Array array;
    for (const std::string& text : texts) array.add(text);
    return json(array);
}

std::vector<Attachment> attachments_of(const std::string& text) {
    std::vector<Attachment> result;
    if (text.empty()) return result;
    const auto array = Poco::JSON::Parser().parse(text).extract<Poco::JSON::Array::Ptr>();
    for (unsigned i = 0; i < array->size(); ++i) {
        const auto o = array->getObject(i);
        result.push_back({o->getValue<std::string>("name"), o->getValue<std::string>("type"),
                          o->getValue<Poco::UInt64>("bytes")});
    }
    return result;
}

std::vector<std::string> texts_of(const std::string& text) {
    std::vector<std::string> result;
    if (text.empty()) return result;
    const auto array = Poco::JSON::Parser().parse(text).extract<Poco::JSON::Array::Ptr>();
    for (const auto& value : *array) result.push_back(value.toString());
    return result;
}

MessageRow row_of(MessageColumns& c) {
    MessageRow row;
    row.id = std::get<0>(c);
    row.kind = static_cast<Kind>(std::get<1>(c));
    Message& m = row.message;
    m.network = std::get<2>(c);
    m.transport = std::get<3>(c);
    m.origin_id = std::get<4>(c);
    m.from = address_of(std::get<5>(c));
    row.owner = std::get<6>(c);
    m.from_name = std::get<7>(c);
    m.subject = std::get<8>(c);
    m.text = std::get<9>(c);
    m.attachments = attachments_of(std::get<10>(c));
    m.references = texts_of(std::get<11>(c));
    row.message_id = std::get<12>(c);
    row.answers = std::get<13>(c);
    set_flags(m, std::get<14>(c));
    m.privacy = static_cast<Privacy>(std::get<15>(c));
    m.priority = static_cast<Priority>(std::get<16>(c));
    row.created_ms = std::get<17>(c);
    m.body.bytes = text_of(std::get<18>(c));
    m.body.file = std::get<19>(c);
    m.body.size = static_cast<std::uint64_t>(std::get<20>(c));
    m.return_path = address_of(std::get<21>(c));
    row.report = static_cast<ReportOf>(std::get<22>(c));
    row.about = std::get<23>(c);
    return row;
}

}  // namespace

struct MessageTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : highest(s, "SELECT COALESCE(MAX(id), 0) FROM messages"),
          insert(s, Text("INSERT INTO messages (") + kColumns +
                        ", ended) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0)"),
          find(s, Text("SELECT ") + kColumns + " FROM messages WHERE id = ?"),
          set_ended(s, "UPDATE messages SET ended = ? WHERE id = ?"),
          ended(s, "SELECT id, body_file FROM messages WHERE ended > 0 AND ended < ? LIMIT ?"),
          forget(s,
                 "UPDATE messages SET ended = 0, sender = '', from_name = '', subject = '',"
                 " text = '', attachments = '', refs = '', origin_id = '', return_path = '',"
                 " body = NULL, body_file = '' WHERE id = ?"),
          replace_text(s,
                       "UPDATE messages SET subject = '', text = ?, attachments = '', body = NULL,"
                       " body_file = '' WHERE id = ?"),
          files(s, "SELECT body_file FROM messages WHERE body_file <> ''"),
          file(s, "SELECT body_file FROM messages WHERE id = ?"),
          drop_body(s, "UPDATE messages SET body = NULL, body_file = '' WHERE id = ?"),
          of_owner(s, "SELECT id FROM messages WHERE owner = ?"),
          disown(s, "UPDATE messages SET owner = '' WHERE id = ?") {}
    Prepared<Params<>, Row<I64>> highest;
    Prepared<Params<I64, int, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text, I64,
                    int, int, int, I64, Blob, Text, I64, Text, int, I64>>
        insert;
    Prepared<Params<I64>, MessageColumns> find;
    Prepared<Params<I64, I64>> set_ended;
    Prepared<Params<I64, int>, Row<I64, Text>> ended;
    Prepared<Params<I64>> forget;
    Prepared<Params<Text, I64>> replace_text;
    Prepared<Params<>, Row<Text>> files;
    Prepared<Params<I64>, Row<Text>> file;
    Prepared<Params<I64>> drop_body;
    Prepared<Params<Text>, Row<I64>> of_owner;
    Prepared<Params<I64>> disown;
};

MessageTable::MessageTable(Poco::Data::Session& session, Ids& ids)
    : s_(std::make_unique<Statements>(session)), ids_(ids) {}
MessageTable::~MessageTable() = default;

void MessageTable::others_wrote() { ids_.message = value_of(s_->highest.one()).value_or(0); }

MessageId MessageTable::insert(const MessageRow& row) {
    const MessageId id = ++ids_.message;
    const Message& m = row.message;
    s_->insert.run(id, static_cast<int>(row.kind), m.network, m.transport, m.origin_id,
                   uri_of(m.from), row.owner, m.from_name, m.subject, m.text, json(m.attachments),
                   json(m.references), row.message_id, row.answers, flags_of(m),
                   static_cast<int>(m.privacy), static_cast<int>(m.priority), row.created_ms,
                   blob_of(m.body.bytes), m.body.file, static_cast<I64>(m.body.size),
                   uri_of(m.return_path), static_cast<int>(row.report), row.about);
    return id;
}

std::optional<MessageRow> MessageTable::find(MessageId id) {
    auto columns = s_->find.one(id);
    if (!columns) return std::nullopt;
    return row_of(*columns);
}

void MessageTable::set_ended(MessageId id, Ms at) { s_->set_ended.run(at, id); }

std::vector<Forgotten> MessageTable::forget_ended(Ms before, int most) {
    std::vector<Forgotten> forgotten;
    for (auto& [id, file] : s_->ended.all(before, most)) {
        s_->forget.run(id);
        forgotten.push_back({id, std::move(file)});
    }
    return forgotten;
}

std::vector<std::string> MessageTable::body_files() { return values_of(s_->files.all()); }

std::string MessageTable::replace_text(MessageId id, const std::string& text) {
    auto named = s_->file.one(id);
    s_->replace_text.run(text, id);
    return named ? std::get<0>(*named) : Text();
}

std::string MessageTable::drop_body(MessageId id) {
    auto named = s_->file.one(id);
    s_->drop_body.run(id);
    return named ? std::get<0>(*named) : Text();
}

std::vector<MessageId> MessageTable::of_owner(const std::string& owner) {
    return values_of(s_->of_owner.all(owner));
}

std::string MessageTable::forget(MessageId id) {
    auto named = s_->file.one(id);
    s_->forget.run(id);
    s_->disown.run(id);
    return named ? std::get<0>(*named) : Text();
}

}  // namespace waypost::store
